"""Reads corpus files: bytes in, plain values out; faults are collected, never raised.

A practice file is YAML front matter between two lines of `---`, then one `## Heading` per section. Whether
the values are right is for `checks` to say.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest
from pathlib import Path
from typing import Any

import yaml

from search_service.errors import Fault
from search_service.practices.model import NOT_STATED, SECTIONS
from search_service.practices.yaml_values import read_yaml

PRACTICES_FOLDER = "practices"
LISTS = ("taxonomy.yaml", "vocabulary.yaml", "synonyms.yaml", "calls.yaml", "references.yaml")
MAX_FILE_BYTES = 1_000_000
"""A practice is a few kilobytes and a list some thirty; a megabyte is a mistake."""

_FENCE = re.compile(r"^---[ \t]*$", re.MULTILINE)
_HEADING = re.compile(r"^##[ \t]+(.+)$", re.MULTILINE)
_KEY_BY_HEADING = {section.heading.casefold(): section.key for section in SECTIONS}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")


@dataclass(frozen=True)
class CorpusBytes:
    """Every file of a corpus, read once, so that what is hashed is what is built."""

    folder: Path
    lists: Mapping[str, bytes]
    practices: Mapping[str, bytes]

    @cached_property
    def fingerprints(self) -> Mapping[str, str]:
        """SHA-256 over the name and content of each practice's file, by name."""
        return {
            name: hashlib.sha256(f"{name}\0".encode() + content).hexdigest()
            for name, content in self.practices.items()
        }

    @cached_property
    def lists_digest(self) -> str:
        """SHA-256 over names and contents of the lists, in a fixed order (hexadecimal)."""
        total = hashlib.sha256()
        for name, content in sorted(self.lists.items()):
            total.update(f"{name}\0{len(content)}\0".encode())
            total.update(content)
        return total.hexdigest()

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the lists and every practice, in a fixed order (hexadecimal)."""
        marks = (self.lists_digest, *(mark for _, mark in sorted(self.fingerprints.items())))
        return hashlib.sha256("\0".join(marks).encode()).hexdigest()


def read_corpus_bytes(folder: Path) -> tuple[CorpusBytes, list[Fault]]:
    """Read every corpus file under `folder`; faults name those that are missing or too large."""
    if not folder.is_dir():
        message = (
            "this folder does not exist, so there is no corpus to read; set PRACTICE_FINDER_CORPUS to the "
            "folder that holds practices/ and taxonomy.yaml."
        )
        right = "PRACTICE_FINDER_CORPUS=/srv/corpus"
        return CorpusBytes(folder, {}, {}), [Fault(str(folder), message, right)]
    lists, missing = _read_lists(folder)
    practices, unread = _read_practices(folder)
    return CorpusBytes(folder, lists, practices), missing + unread


def _read_lists(folder: Path) -> tuple[dict[str, bytes], list[Fault]]:
    """Read the five lists; faults name those that are missing or too large."""
    faults: list[Fault] = []
    lists: dict[str, bytes] = {}
    for name in LISTS:
        path = folder / name
        if not path.is_file():
            faults.append(Fault(name, "this file is missing from the corpus."))
        elif path.stat().st_size > MAX_FILE_BYTES:
            faults.append(_too_large(name))
        else:
            lists[name] = path.read_bytes()
    return lists, faults


def _too_large(name: str) -> Fault:
    return Fault(name, f"the file is larger than {MAX_FILE_BYTES:,} bytes.")


def _read_practices(folder: Path) -> tuple[dict[str, bytes], list[Fault]]:
    """Read the practice files; faults name entries that are no practice file, or too large."""
    faults: list[Fault] = []
    practices: dict[str, bytes] = {}
    for entry in _entries(folder / PRACTICES_FOLDER):
        name = f"{PRACTICES_FOLDER}/{entry.name}".encode(errors="replace").decode()
        if not entry.name.endswith(".md"):
            faults.append(Fault(name, "the name of a practice ends in .md.", "practices/my-practice.md"))
        elif not entry.is_file():
            faults.append(Fault(name, "this is not a file.", "practices/my-practice.md"))
        elif entry.stat().st_size > MAX_FILE_BYTES:
            faults.append(_too_large(name))
        else:
            with open(entry.path, "rb") as file:  # noqa: PTH123 - likewise
                practices[name] = file.read()
    return practices, faults


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    """Return the entries of a folder by name, except hidden ones; none if there is no such folder."""
    if not folder.is_dir():
        return []
    with os.scandir(folder) as entries:  # half the time of Path's methods: 0.1 s at 10,000
        return sorted((one for one in entries if not one.name.startswith(".")), key=lambda one: one.name)


def decode(name: str, content: bytes) -> tuple[str, list[Fault]]:
    """Return the text of a file, and a fault if it is not clean UTF-8."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return "", [
            Fault(
                f"{name}, line {line}",
                f"byte {content[error.start]:#04x} is not UTF-8; save the file with that encoding.",
                "iconv -f WINDOWS-1252 -t UTF-8 old.md > new.md",
            )
        ]
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    found = _CONTROL.search(text)
    if found:
        line = text[: found.start()].count("\n") + 1
        message = f"there is an invisible control character (U+{ord(found[0]):04X}); delete it."
        return _CONTROL.sub(" ", text), [Fault(f"{name}, line {line}", message, "title: Operation Encompass")]
    return text, []


def parse_yaml(name: str, text: str, first_line: int = 1) -> tuple[Any, list[Fault]]:
    """Return the value of a YAML text, or a fault with its line if it does not parse."""
    try:
        return read_yaml(text), []
    except yaml.MarkedYAMLError as error:
        line = first_line + (error.problem_mark.line if error.problem_mark else 0)
        what = error.problem or "it cannot be read"
        if not error.note:
            what += "; text that holds a colon or a hash must stand in quotation marks"
        right = error.note or 'summary: "Safe: a scheme"'
        return None, [Fault(f"{name}, line {line}", f"this is not valid YAML: {what}.", right)]
    except (yaml.YAMLError, ValueError) as error:
        return None, [Fault(name, f"this is not valid YAML: {error}.")]


def split_front_matter(name: str, text: str) -> tuple[str, str, int, list[Fault]]:
    """Return (front matter, body, line of the body, faults) of a practice file."""
    fences = list(_FENCE.finditer(text))
    if len(fences) < 2 or text[: fences[0].start()].strip():
        return (
            "",
            text,
            1,
            [
                Fault(
                    name,
                    "the front matter must stand between two lines of three hyphens, at the top.",
                    "--- then id: my-practice, and so on, then ---",
                )
            ],
        )
    front = "\n" * text[: fences[0].start()].count("\n") + text[fences[0].end() : fences[1].start()]
    body = text[fences[1].end() :]
    return front, body, text[: fences[1].end()].count("\n") + 1, []


def parse_sections(name: str, body: str) -> tuple[dict[str, str], list[Fault]]:
    """Return the sections of a body by key; faults name unknown, repeated and empty headings."""
    faults: list[Fault] = []
    sections: dict[str, str] = {}
    known = ", ".join(f"## {section.heading}" for section in SECTIONS)
    headings = list(_HEADING.finditer(body))
    if body[: headings[0].start() if headings else None].strip():
        faults.append(Fault(name, "there is text before the first section.", "## Aim"))
    for heading, following in zip_longest(headings, headings[1:]):
        title = heading[1].rstrip("# \t")
        key = _KEY_BY_HEADING.get(title.casefold())
        content = body[heading.end() : following.start() if following else None].strip()
        if key is None:
            faults.append(Fault(name, f"“## {title}” is not one of the sections.", known))
        elif key in sections:
            faults.append(Fault(name, f"“## {title}” is there twice."))
        else:
            sections[key] = content
    for section in SECTIONS:
        if not sections.get(section.key):
            state = "is empty" if section.key in sections else "is missing"
            message = f"“## {section.heading}” {state}; where the sources say nothing of it, say so under it."
            faults.append(Fault(f"{name}, section {section.heading}", message, NOT_STATED))
    return sections, faults
