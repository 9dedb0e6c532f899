"""The judged queries are of this corpus, well formed, and as many as the documentation says."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict

from paths import CORPUS, ROOT

from search_service.library import Library
from search_service.practices.personal_data import PERSONAL_DATA

FILE = CORPUS / "judgements.csv"
DOCUMENT = ROOT / "docs" / "judgements.md"
ROWS = list(csv.DictReader(FILE.read_text(encoding="utf-8").splitlines()))


def test_every_judgement_is_of_a_practice_that_exists_and_none_is_given_twice(library: Library) -> None:
    """A renamed practice takes its judgements with it."""
    pairs = Counter((row["query_id"], row["practice"]) for row in ROWS)
    assert [row["practice"] for row in ROWS if not library.practices.has(row["practice"])] == []
    assert [pair for pair, count in pairs.items() if count > 1] == []
    assert {row["grade"] for row in ROWS} == {"0", "1", "2", "3"}


def test_every_query_has_one_wording_and_something_to_find() -> None:
    """A query that nothing answers measures nothing."""
    wordings, best = defaultdict(set), defaultdict(int)
    for row in ROWS:
        wordings[row["query_id"]].add(row["query"])
        best[row["query_id"]] = max(best[row["query_id"]], int(row["grade"]))
    assert len(wordings) >= 100
    assert {len(found) for found in wordings.values()} == {1}
    assert min(best.values()) >= 2
    assert not any(pattern.search(row["query"]) for row in ROWS for pattern in PERSONAL_DATA.values())


def test_the_documentation_gives_the_counts_there_are() -> None:
    """Figures in the document are those of the file."""
    counts = Counter(row["grade"] for row in ROWS)
    documented = DOCUMENT.read_text(encoding="utf-8")
    assert f"There are {len(ROWS):,} judgements" in documented
    for grade in "0123":
        assert f"{counts[grade]:,} of grade {grade}" in documented
