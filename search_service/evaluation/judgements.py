"""Read judged queries.

They come from a corpus's `judgements.csv` (docs/judgements.md) or from a test collection: a folder with
docs.jsonl.gz (id, title, text), queries.jsonl (id, text) and qrels.tsv (query, document, grade). All faults
are reported at once, with file, line and field.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from search_service.errors import Fault, InvalidRequest
from search_service.limits import MAX_QUERY_LENGTH

COLUMNS = ("query_id", "query", "practice", "grade")
"""The columns of judgements.csv."""

EXAMPLE = "q001,fgm,national-fgm-centre,3"
"""A valid row of judgements.csv."""

EXAMPLE_DOCUMENT = '{"id": "1", "text": "heat in slip flow"}'
"""A valid line of a collection's documents or queries."""

MAX_PRACTICE_GRADE = 3
"""The scale of docs/judgements.md: 0 not relevant, 1 touches it, 2 clearly useful, 3 exactly it."""

MAX_DOCUMENT_GRADE = 100
"""Collections have their own scales; a float can represent the gain 2^100 - 1."""

RELEVANT_PRACTICE = 2
"""A practice is relevant if at least "clearly useful"."""

RELEVANT_DOCUMENT = 1
"""In collections every grade above 0 is relevant; most have only one."""


@dataclass(frozen=True, slots=True)
class JudgedQuery:
    """A query and the grade of everything judged for it, by id."""

    id: str
    text: str
    grades: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Judgements:
    """Judged queries, their source, and the lowest grade that is relevant."""

    source: str
    queries: tuple[JudgedQuery, ...]
    relevant: int


@dataclass(frozen=True, slots=True)
class Document:
    """A text of a test collection."""

    id: str
    title: str
    text: str


def read_judgements(path: Path, practices: Collection[str]) -> Judgements:
    """Read a judgements.csv about `practices` (ids); raises InvalidRequest with every fault."""
    faults: list[Fault] = []
    wordings: dict[str, str] = {}
    grades = Grades("query", "practice", "practice", MAX_PRACTICE_GRADE, practices, faults)
    for where, row in csv_rows(path, COLUMNS, EXAMPLE, faults):
        key, text = row["query_id"], row["query"]
        if wordings.setdefault(key, text) != text:
            message = f"{key} is also worded “{wordings[key]}”; a query_id has one wording."
            faults.append(Fault(f"{where}, query", message, wordings[key][:80]))
        if len(text) > MAX_QUERY_LENGTH:
            message = f"it has {len(text):,} characters; at most {MAX_QUERY_LENGTH:,} are searched."
            faults.append(Fault(f"{where}, query", message, "kids running away"))
        grades.add(where, key, row["practice"], row["grade"])
    return build_judgements(path, wordings, grades, RELEVANT_PRACTICE, EXAMPLE)


def read_collection(folder: Path) -> tuple[Judgements, tuple[Document, ...]]:
    """Read a test collection; raises InvalidRequest with every fault."""
    if not folder.is_dir():
        message = "there is no such folder; give one that holds docs.jsonl.gz, queries.jsonl and qrels.tsv."
        raise InvalidRequest([Fault(str(folder), message, "--collection ./cranfield")])
    faults: list[Fault] = []
    documents = _json_lines(folder / "docs.jsonl.gz", faults)
    queries = _json_lines(folder / "queries.jsonl", faults)
    grades = Grades("query", "document", "document", MAX_DOCUMENT_GRADE, documents, faults)
    path, example = folder / "qrels.tsv", "1\t184\t3"
    for number, line in enumerate(_lines(path, example, faults), start=1):
        where, cells = f"{path}, line {number}", line.split("\t")
        if len(cells) != 3:
            message = f"it has {len(cells)} columns, not 3 (query, document, grade; tabs between)."
            faults.append(Fault(where, message, example))
        elif queries and cells[0] not in queries:
            faults.append(Fault(where, f"there is no query “{cells[0][:80]}”.", next(iter(queries))))
        else:
            grades.add(where, *cells)
    wordings = {key: row["text"] for key, row in queries.items()}
    judgements = build_judgements(folder, wordings, grades, RELEVANT_DOCUMENT, example)
    return judgements, tuple(Document(key, r["title"], r["text"]) for key, r in documents.items())


def read_documents(path: Path) -> dict[str, dict[str, str]]:
    """Return the documents of a JSON lines file by id; raises InvalidRequest."""
    faults: list[Fault] = []
    rows = _json_lines(path, faults)
    if faults:
        raise InvalidRequest(faults)
    return rows


@dataclass(slots=True)
class Grades:
    """Collects the grades of items, which messages call `noun` and `asked` calls what they are judged for.

    Items must be in `known`, unless it is empty.
    """

    asked: str
    noun: str
    column: str
    max_grade: int
    known: Collection[str]
    faults: list[Fault]
    by_query: dict[str, dict[str, int]] = field(default_factory=dict)

    def add(self, where: str, query: str, item: str, grade: str) -> None:
        """Add a judgement, or its faults."""
        judged = self.by_query.setdefault(query, {})
        before = len(self.faults)
        if self.known and item not in self.known:
            message = f"there is no {self.noun} “{item[:80]}”."
            self.faults.append(Fault(f"{where}, {self.column}", message, next(iter(self.known))))
        if item in judged:
            message = (
                f"{item} was judged for {query} before; each {self.noun} is judged once for a {self.asked}."
            )
            unjudged = next((key for key in self.known if key not in judged), item)
            self.faults.append(Fault(where, message, unjudged))
        is_number = grade.isascii() and grade.isdecimal() and len(grade) <= len(str(self.max_grade))
        if not is_number or int(grade) > self.max_grade:
            message = f"“{grade[:80]}” is not a whole number from 0 to {self.max_grade}."
            self.faults.append(Fault(f"{where}, grade", message, "3"))
        if len(self.faults) == before:
            judged[item] = int(grade)


def build_judgements(
    source: Path, wordings: Mapping[str, str], grades: Grades, relevant: int, example: str
) -> Judgements:
    """Combine queries and grades; raises InvalidRequest with every fault so far."""
    queries = tuple(
        JudgedQuery(key, wordings[key], judged) for key, judged in grades.by_query.items() if judged
    )
    faults = list(grades.faults)
    if not faults and not any(max(query.grades.values()) >= relevant for query in queries):
        message = f"no {grades.asked} has a {grades.noun} of grade {relevant} or more"
        faults.append(Fault(str(source), f"{message}, so nothing can be measured.", example))
    if faults:
        raise InvalidRequest(faults)
    return Judgements(str(source), queries, relevant)


def csv_rows(
    path: Path, columns: Sequence[str], example: str, faults: list[Fault]
) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each row's location and cells by column; only the last cell may be empty."""
    reader = csv.DictReader(io.StringIO("\n".join(_lines(path, example, faults))))
    try:
        present: Sequence[str] = reader.fieldnames or ()
        missing = [name for name in columns if name not in present]
        if missing and present:
            header = ",".join(columns)
            faults += [Fault(str(path), f"there is no column “{name}”.", header) for name in missing]
            return
        for cells in reader:
            where = f"{path}, line {reader.line_num}"
            row = {name: (cells[name] or "").strip() for name in columns}
            empty = [name for name in columns[:-1] if not row[name]]
            faults += [Fault(f"{where}, {name}", "it is empty.", example) for name in empty]
            if not empty:
                yield where, row
    except csv.Error as error:
        where = f"{path}, line {reader.line_num}"
        faults.append(Fault(where, f"this is not CSV: {error}.", example))


def _json_lines(path: Path, faults: list[Fault]) -> dict[str, dict[str, str]]:
    """Return the objects of a JSON lines file by id."""
    found: dict[str, dict[str, str]] = {}
    for number, line in enumerate(_lines(path, EXAMPLE_DOCUMENT, faults), start=1):
        where = f"{path}, line {number}"
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            value = None
        row = value if isinstance(value, dict) else {}
        row = {
            "title": "",
            **{name: _replace_surrogates(text) for name, text in row.items() if isinstance(text, str)},
        }
        if not row.get("id") or "text" not in row:
            message = "it is not a JSON object with an id and a text, both strings."
            faults.append(Fault(where, message, EXAMPLE_DOCUMENT))
        elif row["id"] in found:
            message = f"“{row['id'][:80]}” was there before; each line has an id of its own."
            faults.append(Fault(f"{where}, id", message, f'"id": "{row["id"][:80]}-2"'))
        else:
            found[row["id"]] = row
    return found


def _lines(path: Path, example: str, faults: list[Fault]) -> list[str]:
    """Return the lines of a UTF-8 file, decompressed if its name ends in .gz, and add its faults."""
    try:
        content = path.read_bytes()
        text = (gzip.decompress(content) if path.suffix == ".gz" else content).decode("utf-8-sig")
    except FileNotFoundError:
        message = "this file is not there; docs/judgements.md says what it holds."
    except UnicodeDecodeError:
        message = "this is not UTF-8 text; save it as UTF-8."
    except (OSError, EOFError, zlib.error) as error:
        message = f"it cannot be read: {error}."
    else:
        lines = text.replace("\r\n", "\n").removesuffix("\n").split("\n")
        if any(lines):
            return lines
        message = "it is empty; docs/judgements.md says what it holds."
    faults.append(Fault(str(path), message, example))
    return []


def _replace_surrogates(text: str) -> str:
    """Replace lone surrogates, which JSON allows and no terminal prints, with "?"."""
    return text.encode("utf-8", "replace").decode("utf-8")
