"""A small corpus of what nobody should write: long, broken, foreign and harmful text in every field.

Everything in it passes the checks of a corpus, so it can reach every page.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from builders import make_lists, practice_file, write_corpus

MARK = "hostile-script-ran"
"""What a script of ours would write, if a page let it run: the title of the page, or the console."""

RUNS = f"document.title='{MARK}';console.error('{MARK}')"

HARM = (
    f'<script>{RUNS}</script><img src=x onerror="{RUNS}"><svg onload="{RUNS}"></svg>'
    f'<iframe srcdoc="<script>{RUNS}</script>"></iframe></title></textarea></style>&lt;b&gt;'
    f'"><a href="javascript:{RUNS}">a</a>{{{{ 7*7 }}}}{{% raw %}}'
)
"""Ways to run a script from a text that is put into a page, an attribute or a template unescaped."""

MARKDOWN = (
    f"{HARM}\n\n"
    f"[click](javascript:{RUNS}) [tab](java&#09;script:{RUNS}) "
    f"[data](data:text/html,<script>{RUNS}</script>) "
    f"![picture](https://tracker.example.org/pixel.png) ![x](javascript:{RUNS}) <javascript:{RUNS}>\n\n"
    f"[reference][r] and [home](//evil.example.org)\n\n[r]: javascript:{RUNS}\n\n"
    f'<div onclick="{RUNS}">block</div>\n\n'
    "# A heading that is none of ours\n\n```html\n<script>alert(1)</script>\n```\n\n"
    "| a | b |\n|---|---|\n| 1 | 2 |\n"
)
"""The same through what Markdown makes of a text."""

LONG_WORD = "Donaudampfschifffahrt" * 9 + "sgesellschaft"
"""202 characters without a place to break."""

ARABIC = "مبادرة الشرطة لحماية الأطفال المفقودين من دور الرعاية"
HEBREW = "פרוטוקול משטרה לילדים נעדרים"
OVERRIDE = "\u202egnp.exe\u202c"
"""Text that a browser is told to show from right to left, as a forged ending of a file name is."""

FORMULAS = ("=cmd|'/c calc'!A1", "+1+1", "-2+3", "@SUM(A1)", "\t=1+1")
"""What a spreadsheet would run; the last loses its tab when it is read."""

SHARED = (
    "Officers visit each missing child after a return home and agree a plan with the carers and the school."
)
"""What every practice also says, so that each is like the others and all are found together."""

MANY = 40


IDS = (
    "long-title",
    "forty-themes",
    "no-facts",
    "right-to-left",
    "w" * 80,
    "harm",
    *(f"formula-{number}" for number in range(len(FORMULAS))),
)
"""The practices of the corpus."""


def write_hostile_corpus(folder: Path) -> Path:
    """Write the corpus into `folder` and return it."""
    lists = make_lists()
    themes = lists["taxonomy"]["themes"]
    themes[0]["label"] = f"<b>Abuse</b> {HARM}"[:200]
    themes[0]["definition"] = f"What it is. {HARM}"
    themes += [_theme(number) for number in range(MANY - len(themes))]
    return write_corpus(folder, dict(_practices([theme["id"] for theme in themes])), themes=themes)


def _theme(number: int) -> dict[str, Any]:
    label = (
        f"Theme {number} {LONG_WORD if number == 0 else 'of a rather long and wordy name, as themes have'}"
    )
    return {
        "id": f"theme-{number}",
        "label": label,
        "definition": "One of many.",
        "signals": [f"word{number}"],
    }


def _practices(themes: list[str]) -> dict[str, str]:
    """Return what each practice file holds, by id."""
    title = "A very long title that goes on and on about everything that the practice does "
    texts = {
        "long-title": {"title": (title * 8).strip()[:600], "summary": "Short."},
        "forty-themes": {"title": "Forty themes", "themes": themes, "summary": "On everything."},
        "no-facts": {
            "title": "x",
            "summary": "x",
            "themes": [],
            "approaches": None,
            "partners": None,
            "target_groups": None,
            "focus": None,
            "start": None,
            "call": None,
            "recognition": None,
            "evaluations": None,
        },
        "right-to-left": {"title": f"{ARABIC} {HEBREW}", "summary": f"{ARABIC}. {OVERRIDE}"},
        "w" * 80: {"title": LONG_WORD, "summary": LONG_WORD},
        "harm": {"title": f"Harm {HARM}", "summary": f"Harm {HARM}"},
    }
    for number, formula in enumerate(FORMULAS):
        texts[f"formula-{number}"] = {"title": f"{formula} title", "summary": f"{formula} summary"}
    return {key: _file(key, **values) for key, values in texts.items()}


def _file(key: str, **values: Any) -> str:
    """Write a practice whose other texts are of the kind of its title."""
    text = values["summary"]
    body = MARKDOWN if key == "harm" else text
    said = {
        "evidence": {"rating": "promising", "basis": text},
        "evaluations": [{"by": text, "method": text, "finding": text, "url": "https://example.org/e"}],
        "sources": [{"url": f"https://example.org/{'a' * 200}", "title": text, "read": "2026-11-23"}],
    }
    keys = ("aim", "intended_outcome", "impact", "learning", "cost")
    sections = dict.fromkeys(keys, body)
    return practice_file(key, body=f"{body}\n\n{SHARED}", sections=sections, **{**said, **values})
