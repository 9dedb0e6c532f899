"""themes: suggested themes, and reviewing them one by one."""

from __future__ import annotations

from typing import Any

import click

from search_service import answers
from search_service.answers.suggested_themes import SuggestedTheme
from search_service.cli.output import labels, out, print_json, quantity
from search_service.cli.root import main, open_library
from search_service.library import Library
from search_service.settings import Settings
from search_service.themes import confirm
from search_service.themes.records import Suggestion

ANSWERS = {"y": "confirmed", "n": "declined", "s": "skipped"}


@main.group()
def themes() -> None:
    """Suggest themes that practices may lack, and confirm them one by one."""


@themes.command()
@click.option("--json", "as_json", is_flag=True, help="Print what the API would answer.")
@click.pass_obj
def suggest(settings: Settings, as_json: bool) -> None:
    """List the themes suggested for practices, and topics that no theme covers."""
    found = answers.suggested_themes(open_library(settings))
    if as_json:
        print_json(found)
        return
    for one in found["suggestions"]:
        _print(one)
    out.print(
        f"\n{quantity(len(found['suggestions']), 'suggestion')}; none is counted until it is confirmed."
    )
    if found["topics"]:
        out.print("\nTopics that no theme covers, for people to judge:", style="bold")
    for topic in found["topics"]:
        practices = ", ".join(practice["id"] for practice in topic["practices"])
        out.print(f"{', '.join(topic['words'])}: {practices}")


@themes.command()
@click.option("--practice", help="Only the suggestions for this practice (its id).")
@click.pass_obj
def review(settings: Settings, practice: str | None) -> None:
    """Ask of each suggestion whether it is right; yes writes it to the practice's file."""
    library = open_library(settings)
    if practice is not None:
        library.practices.by_id(practice)
    waiting = _waiting(settings, library, practice)
    shown = answers.suggested_themes(library)["suggestions"]
    by_key = {(one["practice"]["id"], one["theme"]["id"]): one for one in shown}
    done = dict.fromkeys(ANSWERS.values(), 0)
    for number, one in enumerate(waiting, start=1):
        out.print(f"\n{number} of {len(waiting)}", style="dim")
        _print(by_key[one.practice, one.theme])
        answer = _prompt()
        if answer == "q":
            break
        done[ANSWERS[answer]] += 1
        if answer == "y":
            confirm.confirm(settings.corpus, one.practice, one.theme)
        elif answer == "n":
            confirm.decline(settings.index, [(one.practice, one.theme)])
    totals = ", ".join(f"{number} {what}" for what, number in done.items())
    out.print(f"\n{totals}, {len(waiting) - sum(done.values())} left.")
    if done["confirmed"]:
        out.print("They count from the next build on: practice-finder build")


def _waiting(settings: Settings, library: Library, practice: str | None) -> list[Suggestion]:
    """Return the suggestions not declined before."""
    declined = confirm.declined(settings.index)
    return [
        one
        for one in library.suggestions.suggestions
        if practice in (None, one.practice) and (one.practice, one.theme) not in declined
    ]


def _prompt() -> str:
    """Return the person's answer, y, n, s or q; end of input is q."""
    choice: Any = click.Choice([*ANSWERS, "q"])
    try:
        return str(click.prompt("Is it also about this theme? yes, no, skip or quit", type=choice))
    except click.Abort:
        return "q"


def _print(one: SuggestedTheme) -> None:
    """Print a suggestion with its practice and reasons."""
    out.print(f"\n{one['practice']['label']}  [{one['practice']['id']}]", style="bold")
    out.print(f"has: {labels(one['themes']) or 'no theme'}")
    out.print(f"may also be about: {one['theme']['label']} ({one['probability']:.0%})")
    out.print(f"because it says: {', '.join(one['wording'])}")
    out.print(f"“{one['quote']}”")
