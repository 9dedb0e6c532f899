"""The rule kept here: Markdown becomes safe HTML or plain words, and nothing else gets through."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_service.text.markup import to_html, to_plain

TAGS = {"p", "ul", "ol", "li", "strong", "em", "a", "blockquote", "code", "br", "h3", "h4"}
ATTRIBUTES = {("a", "href"), ("a", "rel"), ("a", "title"), ("ol", "start")}


class _Seen(HTMLParser):
    """Collects every tag and attribute of a page as a browser would meet them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str, str]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(f"a declaration got through: {decl}")

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment got through: {data}")

    def handle_pi(self, data: str) -> None:
        raise AssertionError(f"an instruction got through: {data}")


def assert_safe(html: str) -> None:
    """Assert that a page holds only the tags, attributes and addresses that may be shown."""
    seen = _Seen(html)
    assert seen.tags <= TAGS
    for tag, name, value in seen.attributes:
        assert (tag, name) in ATTRIBUTES
        if name == "href":
            scheme = re.match(r"\s*([a-z][a-z0-9+.-]*):", re.sub(r"[\x00-\x20]", "", value), re.IGNORECASE)
            assert scheme is None or scheme[1].lower() in ("http", "https")


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("Two *words* and **more**.", "<p>Two <em>words</em> and <strong>more</strong>.</p>\n"),
        ("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n"),
        ("3. three\n4. four", '<ol start="3">\n<li>three</li>\n<li>four</li>\n</ol>\n'),
        ("> said", "<blockquote>\n<p>said</p>\n</blockquote>\n"),
        ("`a < b`", "<p><code>a &lt; b</code></p>\n"),
        ("### Detail", "<h3>Detail</h3>\n"),
        ("5 < 6 & 7 > 3", "<p>5 &lt; 6 &amp; 7 &gt; 3</p>\n"),
        ("", ""),
    ],
)
def test_plain_markdown_is_shown_as_it_is_meant(markdown: str, html: str) -> None:
    """Paragraphs, lists, quotations, emphasis and small headings are all a practice needs."""
    assert to_html(markdown) == html


def test_a_link_to_a_practice_leads_to_its_page() -> None:
    """The corpus names practices by id, not by address."""
    html = to_html("See [the scheme](practice:safe-home-scheme).")
    assert 'href="/practices/safe-home-scheme"' in html
    assert "practice:" not in html


def test_a_web_link_gives_nothing_away_about_where_it_was_followed_from() -> None:
    """Links lead out without a way back for the page they open."""
    html = to_html("[A page](https://www.example.org/a?b=1&c=2)")
    assert 'href="https://www.example.org/a?b=1&amp;c=2"' in html
    assert 'rel="noopener noreferrer"' in html


NASTY = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "text <b onclick=alert(1)>bold</b>",
    "<svg/onload=alert(1)>",
    "<iframe src='https://example.org'></iframe>",
    "<style>body{display:none}</style>",
    "<!-- comment --> <!DOCTYPE x> <?php x ?>",
    "<div>\n\n<script>x</script>\n\n</div>",
    "![picture](https://www.example.org/a.png)",
    "![picture](javascript:alert(1))",
    "[![picture](https://www.example.org/a.png)](https://www.example.org)",
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt:alert(1))",
    "[a](java\nscript:alert(1))",
    "[a](&#106;avascript:alert(1))",
    "[a](javascript&colon;alert(1))",
    "[a](\x01javascript:alert(1))",
    "[a](vbscript:x) [b](file:///etc/passwd) [c](data:text/html;base64,PHNjcmlwdD4=)",
    "[a](data:image/png;base64,x)",
    "<javascript:alert(1)>",
    "<mailto:a@example.org>",
    "[a]: javascript:alert(1)\n[a]",
    '[a](https://www.example.org "title\\" onmouseover=alert(1)")',
    '[a](https://www.example.org/"onmouseover="alert(1))',
    '[a](practice:x"onclick=alert(1))',
    "[a](practice:javascript:alert(1))",
    "[a](practice:../../etc)",
    "`<script>`",
    "```html\n<script>alert(1)</script>\n```",
    "    <script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\\<script>alert(1)\\</script>",
    "<a href='javascript:alert(1)'>a</a>",
    "<<script>script>alert(1)<</script>/script>",
    "<scr\x00ipt>alert(1)</scr\x00ipt>",
]


@pytest.mark.parametrize("markdown", NASTY)
def test_nothing_that_could_run_or_load_gets_through(markdown: str) -> None:
    """Raw HTML, pictures and every scheme but http and https end as text or as nothing."""
    assert_safe(to_html(markdown))


PIECES = st.one_of(
    st.sampled_from(NASTY),
    st.sampled_from(
        [*"<>\"'`&;:()[]!\\/=#*_-\n \t\x00", "javascript:", "](", "![", "<a ", "&#x", "\n\n", "    ", "```"]
    ),
    st.text(max_size=6),
)


@given(st.lists(PIECES, max_size=12).map("".join))
def test_no_mixture_of_nasty_pieces_gets_through(markdown: str) -> None:
    """Whatever is put together, the page holds only what may be shown."""
    assert_safe(to_html(markdown))


@given(st.lists(PIECES, max_size=12).map("".join))
def test_no_text_makes_the_plain_words_fail(markdown: str) -> None:
    """Plain text can be had of anything, and has no empty line at its ends."""
    plain = to_plain(markdown)
    assert plain == plain.strip()


@pytest.mark.parametrize(
    ("markdown", "plain"),
    [
        ("Two *words*,\nand **more**.", "Two words, and more."),
        ("One.\n\nTwo.", "One.\nTwo."),
        ("- one\n- two\n\n1. three", "one\ntwo\nthree"),
        ("> said\n\n### Detail", "said\nDetail"),
        (
            "See [the scheme](practice:safe-home-scheme) or [a page](https://www.example.org).",
            "See the scheme or a page.",
        ),
        ("`code` and &amp; and \\*stars\\*", "code and & and *stars*"),
        ("```\nblock\n```", "block"),
        ("line  \nbreak", "line break"),
        ("", ""),
        ("***", ""),
    ],
)
def test_plain_text_holds_the_words_and_not_their_marks(markdown: str, plain: str) -> None:
    """What is indexed and quoted is what is read, one line for each paragraph or list item."""
    assert to_plain(markdown) == plain


@given(st.lists(st.text(alphabet="abcdefgh", min_size=1), min_size=1, max_size=8))
def test_plain_words_pass_through_unchanged(words: list[str]) -> None:
    """Text without marks is its own plain text."""
    assert to_plain(" ".join(words)) == " ".join(words)


@given(
    st.text(alphabet=st.one_of(st.sampled_from("aZé1 .-+=#!:;\"'()|~{}$%/\v\f\u2028\xa0"), st.characters()))
)
def test_a_line_without_marks_is_what_parsing_makes_of_it(text: str) -> None:
    """What is not parsed because it has no marks is the same parsed: a line end makes it be."""
    assert to_plain(text) == to_plain(f"{text}\n")
