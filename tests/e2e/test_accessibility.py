"""WCAG 2.2 AA as far as a machine can tell, on every page and state, in light and dark."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from page_addresses import EVERY_PAGE

from .conftest import OpenPage, watched_windows

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.e2e

IDEA = (
    "We visit every child who has been missing from a care home, ask why they ran away and agree "
    "a plan with the carers and the police."
)
SAME = (
    "A form that families and carers of people with dementia fill in ahead of time, so that police have a "
    "photograph, habits and likely destinations at once if the person goes missing. Family or carers fill in "
    "the form and keep it where they can find it. If the person goes missing they hand it to the police."
)
"""Nearly what the collection holds, so that a draft is told so."""

THIN = (
    "Trained volunteers in GP surgeries teach staff to spot the signs of female genital mutilation and of "
    "honour-based abuse, and to refer girls at risk."
)
"""On two themes on which there is little."""

UNLIKE = "Gluon propagators, lattice fermions, renormalised hadrons, quantum chromodynamics, bosons."

FRENCH = (
    "La police rend visite à chaque enfant qui a fugué, et convient d'un plan avec les éducateurs du foyer."
)

THREE = "id=operation-encompass&id=philomena-protocol&id=herbert-protocol"

LOOKS = (("light", 1280), ("dark", 320))
"""Colours do not depend on the width, nor the rules of structure on the colours: two looks at each
state see all that four would, in half the time."""


@dataclass(frozen=True)
class State:
    """A page in one of its states: where it is, what was done or chosen on it, what is unfolded."""

    path: str
    pasted: str | None = None
    uploaded: tuple[str, bytes] | None = None
    chosen: tuple[str, ...] = ()
    unfolded: bool = False
    typed: str = ""
    ticked: str = ""
    box: str = "Your text"
    button: str = "Find similar practice"

    def show(self, page: Page) -> None:
        """Bring the page into this state."""
        page.goto(self.path)
        if self.pasted is not None:
            page.get_by_label(self.box).fill(self.pasted)
        if self.uploaded is not None:
            name, content = self.uploaded
            page.get_by_label("Or a file").set_input_files(
                {"name": name, "mimeType": "application/octet-stream", "buffer": content}
            )
        for box in self.chosen:
            page.locator(f"#{box}").evaluate("box => { box.checked = true; }")
        if self.pasted is not None or self.uploaded is not None:
            page.get_by_role("button", name=self.button, exact=True).click()
            page.wait_for_load_state()
        if self.typed:
            page.get_by_role("combobox").first.press_sequentially(self.typed)
            page.get_by_role("option").first.wait_for()
            page.keyboard.press("ArrowDown")
        if self.ticked:
            page.locator(self.ticked).check()
            page.locator(".chips").wait_for()
        if self.unfolded:
            page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true; })")


STATES = {
    "home": State("/"),
    "suggestions on the first page": State("/", typed="missing"),
    "suggestions on a shortlist": State(f"/shortlist?{THREE}", typed="child"),
    "results": State("/search?q=kids+running+away+from+care+homes&per_page=4"),
    "filtered results": State("/search?q=missing&theme=missing-people&evidence=promising&page=1"),
    "results filtered in place": State("/search?q=missing", ticked="#theme-missing-people", unfolded=True),
    "results with every filter unfolded": State("/search?q=children&per_page=1", unfolded=True),
    "results with notes": State("/search?q=the+stalking+xyzzyx+theme:nonsense&per_page=1"),
    "a page in the middle": State("/search?page=5&per_page=4"),
    "a page beyond the last": State("/search?page=999"),
    "no results": State("/search?q=xyzzyx"),
    "a search with faults": State("/search?q=missing&page=-1&colour=red"),
    "a practice": State("/practices/philomena-protocol", unfolded=True),
    "similar": State("/similar"),
    "similar with results": State("/similar", pasted=IDEA),
    "similar with nothing alike": State("/similar", pasted=UNLIKE),
    "similar, what is already here": State("/similar", pasted=SAME),
    "similar on thin themes, all unfolded": State("/similar", pasted=THIN, unfolded=True),
    "similar, narrowed": State("/similar", pasted=IDEA, chosen=("promising", "region-wales")),
    "similar, narrowed to nothing": State("/similar", pasted=IDEA, chosen=("theme-fraud", "region-wales")),
    "similar before, all unfolded": State("/similar", unfolded=True),
    "similar with an error": State("/similar", pasted="too short"),
    "similar with results of a file": State("/similar", uploaded=("draft.txt", IDEA.encode())),
    "similar with a wrong file": State("/similar", uploaded=("draft.docx", IDEA.encode())),
    "similar in another language": State("/similar", pasted=FRENCH),
    "all related practice, unfolded": State(
        "/practices/philomena-protocol/related?region=wales&not_organisation=kent-police", unfolded=True
    ),
    "related practice, narrowed to nothing": State(
        "/practices/philomena-protocol/related?region=wales&theme=fraud&promising=yes"
    ),
    "related practice with faults": State("/practices/philomena-protocol/related?region=atlantis&theme=nope"),
    "an empty shortlist": State("/shortlist"),
    "a shortlist with a search": State(f"/shortlist?{THREE}&q=stalking"),
    "a shortlist, narrowed": State(f"/shortlist?{THREE}&promising=yes"),
    "a shortlist with faults": State("/shortlist?id=philomena-protocol&id=long-gone"),
    "an event pack": State(f"/shortlist/pack?{THREE}&title=A+regional+learning+event"),
    "an event pack with faults": State(f"/shortlist/pack?{THREE}&id=long-gone&title={'x' * 130}"),
    "an event pack of nothing": State("/shortlist/pack"),
    "style guide": State("/styleguide", unfolded=True),
    "practices side by side": State(f"/compare?{THREE}"),
    "too few to compare": State("/compare?id=philomena-protocol"),
    "gaps against equal shares": State("/gaps?reference=equal"),
    "gaps against staff priorities": State("/gaps?reference=staff-priorities"),
    "gaps against recorded volumes": State("/gaps?reference=recorded-volumes"),
    "gaps sorted, all unfolded": State("/gaps?sort=-practices", unfolded=True),
    "a reference of one's own": State("/gaps/own", unfolded=True),
    "gaps against one's own": State(
        "/gaps/own",
        pasted="theme,weight\nfraud,2\nmissing-people,1\n",
        box="Your reference",
        button="Compare",
    ),
    "a wrong reference": State(
        "/gaps/own", pasted="theme,weight\nfraud,-2\n", box="Your reference", button="Compare"
    ),
    "suggested themes": State("/gaps/suggestions"),
    "draft of the next call": State("/gaps/brief"),
    "what the columns mean": State("/gaps/columns"),
    "gap map": State("/gaps/map"),
    "gap map with empty cells named": State("/gaps/map", unfolded=True),
    "gap map on other axes": State("/gaps/map?rows=target_group&columns=evidence"),
    "browse": State("/browse"),
    "practices under a letter": State("/browse/a-z?letter=P"),
    "a theme": State("/themes/missing-people"),
    "about": State("/about"),
    "accessibility": State("/accessibility"),
    "API reference": State("/api/docs"),
    "not found": State("/nothing/here"),
    "no such practice": State("/practices/no-such-practice"),
    "a problem": State("/gaps?colour=red"),
}
LISTED = {state.path for state in STATES.values()}
STATES |= {path: State(path) for path in EVERY_PAGE if path not in LISTED}

CONTROLS = (
    "button, summary, select, textarea, input:not([type=hidden]), "
    ".menu a, .chips a, .tabs a, .pages a, .choose, .themes a, .map td a"
)
"""What is pressed or chosen; links within a sentence are as high as its lines."""

AXE_OPTIONS = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
"""Target size is the one rule of WCAG 2.2 that axe leaves off unless asked."""


@pytest.fixture(scope="module", params=STATES.values(), ids=STATES.keys())
def shown(browser: Browser, address: str, app: Flask, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Give each page in each state, loaded once for all rules."""
    with pytest.MonkeyPatch.context() as patch, watched_windows(browser, address) as open_window:
        patch.setitem(app.config, "DEVELOPMENT", True)
        page = open_window()
        request.param.show(page)
        yield page


def test_no_page_breaks_a_rule_of_axe(shown: Page) -> None:
    """Zero violations, in light on a wide screen and in dark on a narrow one."""
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 - an extra; may be missing

    for scheme, width in LOOKS:
        shown.emulate_media(color_scheme=scheme)
        shown.set_viewport_size({"width": width, "height": 900})
        found = Axe().run(shown, options=AXE_OPTIONS).response["violations"]
        assert [_brief(violation) for violation in found] == [], f"{scheme}, {width} px"


def test_no_page_scrolls_sideways(shown: Page) -> None:
    """Wide tables scroll inside their own region, also with text at 200 %."""
    for width, text_size in ((1280, "200%"), (640, "100%"), (320, "100%")):
        shown.set_viewport_size({"width": width, "height": 900})
        shown.evaluate("size => { document.documentElement.style.fontSize = size; }", text_size)
        needed = shown.evaluate("document.documentElement.scrollWidth")
        assert needed <= width, f"{needed} px are needed at {width} px with text at {text_size}"


def test_every_control_is_large_enough_to_hit(shown: Page) -> None:
    """24 px either way at least; axe lets smaller ones pass where there is room around them."""
    shown.set_viewport_size({"width": 320, "height": 900})
    small = shown.evaluate(
        """controls => [...document.querySelectorAll(controls)]
            .filter(it => it.checkVisibility())
            .map(it => [it.getBoundingClientRect(), it.outerHTML.slice(0, 120)])
            .filter(([box]) => box.width < 24 || box.height < 24)
            .map(([box, html]) => `${box.width} x ${box.height}: ${html}`)""",
        CONTROLS,
    )
    assert small == []


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/search?q=missing&evidence=promising",
        "/similar",
        "/practices/philomena-protocol",
        f"/shortlist?{THREE}",
        f"/compare?{THREE}",
        "/gaps",
        "/gaps/map",
    ],
)
def test_every_stop_of_the_keyboard_can_be_seen(open_page: OpenPage, path: str) -> None:
    """Whatever has the focus is on the screen and has an outline."""
    page = open_page()
    page.goto(path)
    for _ in range(20):
        page.keyboard.press("Tab")
        seen = page.evaluate(
            """() => {
                const it = document.activeElement, box = it.getBoundingClientRect();
                const drawn = getComputedStyle(it).outlineStyle !== 'none' && box.width > 2 && box.height > 2;
                const inView = box.bottom > 0 && box.top < innerHeight;
                return it === document.body || drawn && inView || it.outerHTML.slice(0, 200);
            }"""
        )
        assert seen is True


def _brief(violation: dict[str, object]) -> str:
    """Say which rule was broken, and where first."""
    nodes = violation["nodes"]
    assert isinstance(nodes, list)
    return f"{violation['id']}: {violation['help']} {json.dumps(nodes[0]['target'])} ({len(nodes)} in all)"
