"""What `recorded_requests.py` asks: some thousands of requests, the same each time.

They come from the files of a corpus, from the tables below and from seeded chance, never from the code that
answers, so that what became of the code changes no request.
"""

from __future__ import annotations

import csv
import io
import json
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import docx
import yaml

Pairs = Sequence[tuple[str, str]]
FACETS = {
    "theme": "themes", "approach": "approaches", "evidence": "evidence", "organisation": "organisation",
    "region": "region", "stage": "stage", "target_group": "target_group", "call": "calls",
}  # fmt: skip
"""Filters of a search, by the name of their list in the corpus."""

BRIEFS = ("/gaps/brief", "/gaps/brief.md", "/gaps/brief.docx", "/api/v1/gaps/brief")
BY_REFERENCE = ("/gaps", "/gaps.csv", "/api/v1/gaps", *BRIEFS)
CSV_FILES = ("gaps", "reach", "calls", "map", "suggestions", "topics", "search", "shortlist")
MAPS = ("/gaps/map", "/gaps/map.svg", "/gaps/map.csv", "/api/v1/gap-map")
PAGES = (
    "/", "/about", "/accessibility", "/browse", "/browse/a-z", "/search", "/search.atom", "/search.csv",
    "/similar", "/gaps/columns", "/gaps/own", "/gaps/reach.csv", "/gaps/calls.csv", "/gaps/suggestions",
    "/gaps/suggestions.csv", "/gaps/topics.csv", "/shortlist", "/shortlist.csv", "/shortlist/pack",
    "/compare", "/api/docs", "/healthz", "/readyz", "/scripts.js", "/favicon.ico", "/styleguide",
    "/static/style.css", "/static/favicon.svg", "/themes/fraud", "/practices/ask-for-angela",
    "/practices/ask-for-angela.md", "/practices/ask-for-angela/related", "/gaps/gaps.csv-metadata.json",
    "/api/v1/compare", "/api/v1/facets", "/api/v1/gaps/calls", "/api/v1/gaps/reach",
    "/api/v1/gaps/suggestions", "/api/v1/openapi.json", "/api/v1/practices/ask-for-angela", "/api/v1/related",
    "/api/v1/practices/ask-for-angela/related", "/api/v1/search", "/api/v1/suggest", "/api/v1/themes",
    *BY_REFERENCE, *MAPS,
)  # fmt: skip
"""An address of every route that answers GET."""

ODD_QUERIES = (
    " ", "the of and", '"', "NOT NOT *", "(" * 40, "-", "a*", "theme:", "theme:none", "zzzxqy",
    "title:angela", "<script>alert(1)</script>", "中文 дети", "ﬁre Straße e\u0301",
    "what works for stalking?", "has anyone tried body worn cameras to help victims of domestic abuse",
    "1 2 3", "'; DROP", "a" * 1000, "theme:Fraud -bank",
)  # fmt: skip
MORE = ("", "&from=2014", "&to=2019&from=2012", "&evaluated=yes", "&utm_source=x")
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
FILE = "multipart/form-data; boundary=edge"
COMMANDS = """--version|--help|build --help|check --help|compare --help|doctor --help|eval --help|gaps --help
search --help|serve --help|similar --help|themes --help|themes suggest --help|themes review --help|check
check --json|doctor|doctor --json|build|search stalking|search stalking --json
search kids -theft --theme fraud --sort newest|search missing --from 2015 --evaluated --per-page 3 --page 2
search stalkng|search a --theme none --page 0|search --nonsense|search "ask for" angela --json
similar --practice ask-for-angela|similar --practice none
similar --practice ask-for-angela --json --limit 3 --promising|similar --file draft.txt
similar --file draft.txt --json|similar --text short|similar --file none.txt|similar
similar --file draft.docx --region wales --theme none|compare ask-for-angela ask-for-ani
compare ask-for-angela ask-for-ani --json|compare ask-for-angela|compare none nil|gaps|gaps --json|gaps --csv
gaps --brief|gaps --reference none|gaps --brief --csv|gaps --reference-file own.csv
gaps --reference-file own.csv --json|gaps --reference-file draft.txt|themes suggest|themes suggest --json
themes review --practice none|eval|eval --json|eval --related|nonsense|serve --port x|--corpus nowhere check
--index nowhere search a""".replace("\n", "|").split("|")
"""Command lines, run where the files that they name are."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request; `told` names a body that is never the same twice, `site` the application that is asked."""

    path: str
    method: str = "GET"
    body: bytes = b""
    headers: Pairs = ()
    told: str = ""
    site: str = "plain"

    @property
    def key(self) -> str:
        """What names the request in every record."""
        headers = " ".join(f"{name}: {value}" for name, value in self.headers)
        body = self.told or self.body[:2_000].decode("latin-1")
        return f"{self.method} {self.path} {headers} {body} {self.site}"


class Corpus:
    """What the files of a corpus hold that can be asked for."""

    def __init__(self, folder: Path) -> None:
        lists: dict[str, Any] = {}
        for name in ("taxonomy", "vocabulary", "calls", "references"):
            lists |= yaml.safe_load((folder / f"{name}.yaml").read_text("utf-8"))
        self.values = {facet: {v["id"]: v["label"] for v in lists[key]} for facet, key in FACETS.items()}
        self.references = ["", *(one["id"] for one in lists["references"])]
        files = [path.read_text("utf-8") for path in sorted((folder / "practices").glob("*.md"))]
        fronts = [yaml.safe_load(file[4 : file.index("\nsummary:")]) for file in files]
        self.titles = {front["id"]: str(front["title"]) for front in fronts}
        self.texts = [re.sub(r"^## .*\n", "", file.split("---\n", 2)[2], flags=re.M) for file in files]
        judgements = csv.DictReader(io.StringIO((folder / "judgements.csv").read_text("utf-8")))
        self.judged = list(dict.fromkeys(row["query"] for row in judgements))
        self.chance = random.Random(20)

    def pairs(self, *names: str, most: int = 2) -> list[tuple[str, str]]:
        """Return some filters with values that there are."""
        chosen = self.chance.choices(names, k=self.chance.randint(1, most))
        return [(name, self.chance.choice(list(self.values[name]))) for name in chosen]

    def ids(self, number: int) -> str:
        """Return the ids of some practices as parameters."""
        return urlencode([("id", one) for one in self.chance.sample(list(self.titles), number)])


def pages(corpus: Corpus) -> Iterator[Asked]:
    """Ask for every page, theme, letter, reference, order and map, in whole and in part."""
    for path in PAGES:
        yield from (Asked(path), Asked(path, "HEAD"), Asked(path, headers=(("Accept-Encoding", "gzip"),)))
        yield Asked(path, headers=(("If-None-Match", "*"), ("Range", "bytes=0-9")))
    yield from (Asked(f"/gaps/{name}.csv-metadata.json") for name in CSV_FILES)
    yield from (Asked(f"/themes/{theme}") for theme in corpus.values["theme"])
    yield from (Asked(f"/browse/a-z?letter={quote(letter)}") for letter in "abcdefghijklmnopqrstuvwxyz0193#")
    yield from (Asked(path, site="development") for path in ("/styleguide", "/", "/none"))
    for reference in corpus.references:
        yield from (Asked(f"{path}?reference={reference}") for path in BY_REFERENCE)
        for sort in ("gap", "theme", "practices", "expected", "ratio"):
            yield from (Asked(f"/gaps?reference={reference}&sort={sign}{sort}") for sign in ("", "-"))
    for rows, columns in permutations([name for name in FACETS if name != "call"], 2):
        yield from (Asked(f"{path}?rows={rows}&columns={columns}") for path in MAPS)


def practices(corpus: Corpus) -> Iterator[Asked]:
    """Ask for every practice in every form, and for what is like it."""
    chance = corpus.chance
    for key in corpus.titles:
        yield from (Asked(f"/practices/{key}{ending}") for ending in ("", ".md", "/related"))
        yield from (Asked(f"/api/v1/practices/{key}{ending}") for ending in ("", "/related"))
        given = urlencode([*corpus.pairs("region", "theme"), ("promising", chance.choice(("yes", "")))])
        yield Asked(f"/practices/{key}/related?{given}&without={chance.choice(('', 'region theme'))}")
        other = urlencode([("not_organisation", corpus.pairs("organisation")[0][1])])
        yield Asked(f"/api/v1/practices/{key}/related?{given}&{other}&limit={chance.randint(1, 20)}")


def _queries(corpus: Corpus) -> Iterator[str]:
    """Yield judged queries, odd ones, and such as people type: misspelt, phrases, exclusions, fields."""
    chance = corpus.chance
    yield from (*corpus.judged, *ODD_QUERIES)
    for title, text in chance.sample(list(zip(corpus.titles.values(), corpus.texts, strict=True)), 40):
        words, at = re.findall(r"[A-Za-z]{4,}", text), chance.randrange(5, len(title))
        yield from (title, title[: at - 2].lower() + title[at - 1] + title[at - 2] + title[at:].lower())
        yield f'"{" ".join(text[chance.randrange(len(text) // 2) :].split()[1:4])}"'
        yield f"{chance.choice(words)} {chance.choice(words)} -{chance.choice(words)}"
        yield f"{chance.choice(words)[:4]}* {chance.choice(words)}"
        yield " ".join(chance.sample(words, 8))
    yield from sorted(set(re.findall(r"\b[A-Z]{3,6}\b", " ".join(corpus.texts))))
    for facet, values in corpus.values.items():
        for key, label in chance.sample(list(values.items()), min(len(values), 6)):
            yield from (f"{facet}:{key}", f'{label} {facet}:"{label}"', f"-{facet}:{key} police")


def searches(corpus: Corpus) -> Iterator[Asked]:
    """Search by page and API, with and without filters, years, orders and pages; type and be prompted."""
    chance = corpus.chance
    for number, text in enumerate(dict.fromkeys(_queries(corpus))):
        query = urlencode({"q": text})
        yield from (Asked(f"{path}?{query}") for path in ("/search", "/api/v1/search"))
        if number % 2:
            query += f"&{urlencode(corpus.pairs(*FACETS, most=3))}{chance.choice(MORE)}"
            query += f"&sort={chance.choice(('newest', 'evidence', ''))}&page={chance.choice('1129')}"
            query += f"&per_page={chance.choice((1, 10, 100))}"
            yield from (Asked(f"{path}?{query}") for path in ("/search", "/api/v1/search"))
        yield Asked(f"{('/search.csv', '/search.atom')[number // 2 % 2]}?{query}")
    for facet, values in corpus.values.items():
        yield from (Asked(f"/api/v1/search?{facet}={key}&sort=evidence") for key in list(values)[:30])
    for text in (*corpus.titles.values(), *corpus.judged):
        typed = quote(text[: chance.randint(1, len(text))])
        yield Asked(f"/api/v1/suggest?q={typed}&limit={chance.randint(1, 20)}")


def post(path: str, sent: object, *head: tuple[str, str]) -> Asked:
    """Return a request that posts a form (pairs) or JSON (anything else)."""
    body, kind = (urlencode(sent), FORM) if isinstance(sent, list) else (json.dumps(sent), JSON)
    return Asked(path, "POST", body.encode(), (*head, ("Content-Type", kind)))


def upload(path: str, name: str, content: bytes, fields: Pairs = (), *head: tuple[str, str]) -> Asked:
    """Return a request that posts a form with a file; two Word files of one text are the same request."""
    parts = [(f'file"; filename="{name}', content), *((key, value.encode()) for key, value in fields)]
    start, between = b'--edge\r\nContent-Disposition: form-data; name="', b'"\r\n\r\n'
    body = b"".join(start + key.encode() + between + value + b"\r\n" for key, value in parts)
    told = f"{name} {fields}" if name.endswith(".docx") else ""
    return Asked(path, "POST", body + b"--edge--\r\n", (*head, ("Content-Type", FILE)), told)


def word_file(text: str) -> bytes:
    """Return a text as a Word document, with a table."""
    document = docx.Document()
    for line in text.splitlines():
        document.add_paragraph(line)
    document.add_table(1, 2).cell(0, 1).text = "Evaluated in 2019"
    document.save(written := io.BytesIO())
    return written.getvalue()


def texts(corpus: Corpus) -> Iterator[Asked]:
    """Compare pasted texts and files; measure gaps against references of one's own."""
    chance = corpus.chance
    for number, whole in enumerate(chance.sample(corpus.texts, 60)):
        text = whole if number % 3 == 0 else " ".join(chance.sample(re.split(r"(?<=\.)\s", whole), 3))
        fields = corpus.pairs("region", "theme") if number % 2 else []
        lists = {name: [value for key, value in fields if key == name] for name, _ in fields}
        limits = {"limit": 1 + number % 20, "promising": number % 5 == 0}
        yield post("/api/v1/similar", {"text": text, **limits, **lists})
        fields += [("promising", "yes")] * limits["promising"]
        yield post("/similar", [("text", text), *fields])
        name = f"draft{number}.{('txt', 'md', 'docx')[number // 2 % 3]}"
        plain = text.encode(("utf-8", "utf-16")[number % 7 == 0])
        content = word_file(text) if name.endswith("docx") else plain
        yield from (upload(path, name, content, fields) for path in ("/api/v1/similar", "/similar"))
    themes = list(corpus.values["theme"].items())
    for number in range(12):
        rows = [(*names, str(chance.randint(0, 9))) for names in chance.sample(themes, 2 * number + 2)]
        weights = [{"theme": row[number % 2], "weight": row[2], "source": "A survey"} for row in rows]
        yield post("/api/v1/gaps", {"weights": weights})
        table = "theme\tweight\tyear\n" + "\n".join(f"{key}\t{weight}\t2024" for key, _, weight in rows)
        for form in ("page", "csv", "md", "docx"):
            yield post("/gaps/own", [("text", table), ("as", form)])
            yield upload("/gaps/own", "own.csv", table.encode(), [("as", form)])


def shortlists(corpus: Corpus) -> Iterator[Asked]:
    """Keep, pack, compare and enlarge sets of practices."""
    for number in range(40):
        ids, few = corpus.ids(1 + number % 20), corpus.ids(2 + number % 2)
        given = urlencode(corpus.pairs("region", "theme")) if number % 3 == 0 else ""
        yield Asked(f"/shortlist?{ids}&q={quote(corpus.judged[number])}&{given}")
        yield Asked(f"/shortlist.csv?{ids}")
        yield Asked(f"/shortlist/pack?{ids}&title=Learning+event+{number}")
        yield Asked(f"/api/v1/related?{ids}&{given}&limit={1 + number % 20}")
        yield from (Asked(f"{path}?{few}") for path in ("/compare", "/api/v1/compare"))


KINDS: tuple[Callable[[Corpus], Iterator[Asked]], ...] = (pages, practices, searches, texts, shortlists)
