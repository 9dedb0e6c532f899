"""Finds personal data in a corpus by its form, and reports its kind without repeating it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from search_service.errors import Fault

PERSONAL_DATA = {
    "an e-mail address": re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    "a telephone number": re.compile(
        r"(?<![\w/-])(?:(?:\+|00)44[\s()-]*(?:0[\s()-]*)?|\(?0)\d(?:[\s()-]*\d){8,9}(?![\w-])"
        r"|(?<![\w/.-])0\d{2,4}\.\d{3,4}\.?\d{3,4}(?![\w-])|\b0800\s?1111\b"
    ),
    "a postcode": re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[ABD-HJLNP-UW-Z]{2}\b"),
    "a national insurance number": re.compile(
        r"(?i)\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\s?\d{2}\s?\d{2}\s?\d{2}\s?[A-D]\b"
    ),
    "a person's name": re.compile(
        r"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof|PC|DC|DS|DI|DCI|Sgt|Insp|Supt)\.?[ \u00a0]+"
        r"(?:[A-Z](?:\.[ \u00a0]?|[ \u00a0])){0,3}[A-Z]['’]?[A-Za-z]*[a-z]"
    ),
}
"""Kinds of personal data, with their patterns. A name can be recognised only by a title before it."""

_HINTS = {
    "an e-mail address": re.compile("@"),
    "a telephone number": re.compile(r"(?<!\w)(?:0|44)[\d\s().-]{7}"),
    "a postcode": re.compile(r"\d[A-Z]{2}\b"),
    "a national insurance number": re.compile(r"\d\d\s?[A-Da-d]\b"),
    "a person's name": re.compile(PERSONAL_DATA["a person's name"].pattern.removeprefix(r"\b")),
}
"""A necessary part of each kind, quick to search for in a whole text: the full patterns are tried, line by
line, only in the few texts that have it. This halves the time of checking a corpus."""

_ADDRESS = re.compile(r"https?://\S+")
_PERSONAL = "this looks like {kind}; remove it, for the corpus holds no personal data."
_WITHOUT = {
    "an e-mail address": "People write to the team through the form on the force's website.",
    "a telephone number": "People ring the charity's helpline.",
    "a postcode": "The hub is in Durham.",
    "a national insurance number": "Each person is known by the number of their case.",
    "a person's name": "The chief constable asked for a review.",
}
"""A sentence that says the same without each kind."""

_WITH_DIGITS = ("a telephone number", "a postcode", "a national insurance number")


def personal_data_faults(name: str, lines: Iterable[tuple[int, str]]) -> list[Fault]:
    """Return a fault for each kind of personal data in each line, without repeating the data."""
    numbered = list(lines)
    text = "\n".join(line for _, line in numbered)
    without_addresses = _ADDRESS.sub(" ", text)
    kinds = [
        kind
        for kind, hint in _HINTS.items()
        if hint.search(without_addresses if kind in _WITH_DIGITS else text)
    ]
    return [
        Fault(f"{name}, line {number}", _PERSONAL.format(kind=kind), _WITHOUT[kind])
        for number, line in (numbered if kinds else ())
        for kind in kinds
        if PERSONAL_DATA[kind].search(_ADDRESS.sub(" ", line) if kind in _WITH_DIGITS else line)
    ]


def without_personal_data(fault: Fault) -> Fault:
    """Return the fault with personal data removed from its message: reports end up in logs and mail."""
    message = fault.message
    for pattern in PERSONAL_DATA.values():
        message = pattern.sub("…", message)
    return replace(fault, message=message)
