"""Someone at a browser, with a mouse or with nothing but a keyboard, who sees what a screen shows.

Tasks say what a person does; a person does it with what they have. On every page that they come to, nothing
may need scrolling sideways; with a keyboard, whatever has the focus must be on the screen and be outlined.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page, Response

MOST_STOPS = 150
"""Presses of Tab to get to anything: more is not work by keyboard, but a test of patience."""

BROWSERS_TEXT_SIZE = 16

HAS_FOCUS = "it => it === document.activeElement"

IS_SEEN = """it => {
    const box = it.getBoundingClientRect();
    return getComputedStyle(it).outlineStyle !== 'none' && box.width > 2 && box.height > 2
        && box.bottom > 0 && box.top < innerHeight;
}"""


@dataclass(frozen=True)
class Way:
    """What somebody works with: a window, a zoom, a text size, and a mouse or a keyboard."""

    name: str
    width: int = 1280
    javascript: bool = True
    keyboard: bool = False
    zoom: int = 1
    text_size: int = 1

    def person(self, page: Page) -> Person:
        """Sit somebody down before a window."""
        if self.text_size != 1:
            standard = self.text_size * BROWSERS_TEXT_SIZE
            session = page.context.new_cdp_session(page)
            session.send("Page.setFontSizes", {"fontSizes": {"standard": standard, "fixed": standard}})
        return (WithKeyboard if self.keyboard else WithMouse)(page, self.javascript)


class Person(ABC):
    """What people do with a page, whatever they do it with."""

    def __init__(self, page: Page, javascript: bool) -> None:
        self.page = page
        self.has_javascript = javascript

    def open(self, path: str) -> None:
        """Go to an address that they know."""
        self.page.goto(path)
        self._look()

    def follow(self, control: Locator) -> Response:
        """Use a link or button, and wait for the page that it leads to."""
        with self.page.expect_navigation() as waiting:
            self.use(control)
        self._look()
        response = waiting.value
        assert response is not None
        return response

    def download(self, control: Locator) -> Path:
        """Use what gives a file, and return where it is."""
        with self.page.expect_download() as waiting:
            self.use(control)
        return Path(waiting.value.path())

    def give_file(self, field: Locator, path: Path) -> None:
        """Choose a file in the dialogue that the field opens."""
        with self.page.expect_file_chooser() as waiting:
            self.open_dialogue(field)
        waiting.value.set_files(path)

    def write(self, box: Locator, text: str) -> None:
        """Type into a box in place of what it holds."""
        self.reach(box)
        self.page.keyboard.press("ControlOrMeta+A")
        self.page.keyboard.type(text)

    def paste(self, box: Locator, text: str) -> None:
        """Put a longer text into a box in place of what it holds."""
        self.reach(box)
        self.page.keyboard.press("ControlOrMeta+A")
        self.page.keyboard.insert_text(text)

    def unfold(self, summary: Locator) -> None:
        """Unfold a part that is folded; where there is room for it, it is open and has no handle."""
        if summary.is_visible() and not summary.evaluate("it => it.parentElement.open"):
            self.use(summary)

    def sees(self, part: Locator) -> None:
        """See that a part of the page is on the screen, or comes onto it."""
        from playwright.sync_api import expect  # noqa: PLC0415 - an extra; may be missing

        expect(part).to_be_in_viewport()

    @abstractmethod
    def reach(self, control: Locator) -> None:
        """Get to a control."""

    @abstractmethod
    def use(self, control: Locator) -> None:
        """Use a link, a button or the handle of a folded part."""

    @abstractmethod
    def tick(self, box: Locator) -> None:
        """Turn a box on or off."""

    @abstractmethod
    def choose(self, menu: Locator, option: str) -> None:
        """Choose an option of a menu by its words."""

    @abstractmethod
    def open_dialogue(self, field: Locator) -> None:
        """Open the dialogue that chooses a file."""

    def _look(self) -> None:
        """See that the page fits the window."""
        beyond = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert beyond <= 0, f"{self.page.url} scrolls sideways by {beyond} px"


class WithMouse(Person):
    """Points and clicks; boxes are clicked before anything is typed."""

    def reach(self, control: Locator) -> None:
        """Click into it."""
        control.click()

    def use(self, control: Locator) -> None:
        """Click it."""
        control.click()

    def tick(self, box: Locator) -> None:
        """Click it."""
        box.click()

    def choose(self, menu: Locator, option: str) -> None:
        """Pick the option."""
        menu.select_option(option)

    def open_dialogue(self, field: Locator) -> None:
        """Click it."""
        field.click()


class WithKeyboard(Person):
    """Has Tab, Enter, space, the arrows and the letters; never points."""

    def reach(self, control: Locator) -> None:
        """Press Tab until it has the focus, and see that it has."""
        target = control.element_handle()
        for _ in range(MOST_STOPS):
            if target.evaluate(HAS_FOCUS):
                break
            self.page.keyboard.press("Tab")
        name = target.evaluate("it => it.outerHTML.slice(0, 200)")
        assert target.evaluate(HAS_FOCUS), f"{MOST_STOPS} presses of Tab do not lead to {name}"
        assert target.evaluate(IS_SEEN), f"nothing shows that the focus is on {name}"

    def use(self, control: Locator) -> None:
        """Reach it and press Enter."""
        self.reach(control)
        self.page.keyboard.press("Enter")

    def tick(self, box: Locator) -> None:
        """Reach it and press the space bar."""
        self.reach(box)
        self.page.keyboard.press("Space")

    def choose(self, menu: Locator, option: str) -> None:
        """Press the arrow until the option is chosen, from the first on."""
        self.reach(menu)
        self.page.keyboard.press("Home")
        for _ in range(menu.locator("option").count()):
            if menu.evaluate("it => it.selectedOptions[0].label") == option:
                break
            self.page.keyboard.press("ArrowDown")
        assert menu.evaluate("it => it.selectedOptions[0].label") == option

    def open_dialogue(self, field: Locator) -> None:
        """Reach it and press Enter."""
        self.use(field)
