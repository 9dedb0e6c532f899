"""Requests with faults, one and many at once, as browsers and as programs send them.

Part of what `recorded_requests.py` asks: what is wrong with a request is said in words that people read.
"""

from __future__ import annotations

from collections.abc import Iterator

from asked_requests import FILE, FORM, JSON, PAGES, Asked, Corpus, upload

TAKING_BODIES = ("/api/v1/similar", "/api/v1/gaps", "/similar", "/gaps/own")
METHODS = ("POST", "PUT", "DELETE", "BREW", "OPTIONS")
HOSTS = ("evil.example", "localhost:abc", "[", "a..b", "LOCALHOST", "127.0.0.1:9", "[::1]:80", "-", "")
WRONG = (
    "page=-1", "nonsense=1&nonsense=2", "page=1.5&page=2", "limit=0", "evaluated=maybe&from=12&to=9999",
    "&&=&;", "from=2020&to=2010", "q=%ff%00%zz", "a=1&" * 1001, "page=10000&per_page=100", "letter=%C3%9F",
    "id=none&id=",
    f"q={'x' * 1001}&sort=up&page=0&per_page=1000&theme=none&from=abc&to=1800&evaluated=perhaps&other=1",
    "limit=ten&region=nowhere&promising=perhaps&not_organisation=nobody&theme=none&id=none",
    "&".join(f"id=none-{number}" for number in range(60)) + f"&title={'t' * 121}&q={'q' * 1001}",
    "reference=none&rows=none&columns=none&sort=-up",
    f"reference={'r' * 81}&rows=theme&columns=theme&sort=gap",
)  # fmt: skip
"""Queries with faults, one and many at once, that every route is asked with."""

UNKNOWN = (
    "/none", "/practices/none", "/practices/none.md", "/practices/none/related", "/themes/none",
    "/static/none.css", "/static/../app.py", "/gaps/none.csv-metadata.json", "/api/none", "/api/v1/none",
    "/api/v1/practices/none", "/search/", "/API/v1/search", "/api/v1/practices/none/related",
    "/practices/%ff", "/practices/%3Cscript%3E", "/practices/a%00b", "/gaps/", "/robots.txt",
    *(f"{base}/{'x' * 300}" for base in ("/practices", "/themes", "/api/v1/practices")),
)  # fmt: skip
BODIES = (
    b"", b"{", b"[]", b"null", b'"text"', b"NaN", b"[" * 3000, b"\xff\xfe", b"text=a",
    b'{"text": 1, "limit": "x"}',
    b'{"text": "", "limit": 0, "promising": 3, "region": "wales", "theme": ["none"], "x": 1}',
    b'{"text": "short"}',
    b'{"weights": [{"theme": "none", "weight": -1}, {"theme": 1}, 3, {"weight": "x", "z": 0}]}',
    b'{"weights": []}', b'{"weights": [{"theme": "fraud", "weight": 0}]}', b"theme,weight\nfraud,x",
    b"x" * 700_000, b"text=theme%2Cweight%0Anone%2C1%0Afraud%2C-1%0Afraud%2Cx&as=none",
)  # fmt: skip
FILES = (
    ("empty.txt", b""), ("noise.docx", b"PK\x03\x04" + b"x" * 90), ("noise.pdf", b"%PDF-1.4 no"),
    ("a.exe", b"MZ\0"), ("short.md", b"Too short."), ("latin.csv", b"theme,weight\nfraud,2\n\xe9"),
    ("", b"no name"), ("large.txt", b"A constable visits them at home. " * 70_000),
    ("long.txt", b"Officers visit children. " * 9_000),
)  # fmt: skip
"""Bodies, and files, that cannot be read or are of no use."""


def wrong(_corpus: Corpus) -> Iterator[Asked]:
    """Ask wrongly in every way there is, as a browser and as a program."""
    several = [("limit", "ten"), ("theme", "none"), ("as", "x")]
    for head in (("Accept", "text/html"), ("Accept", JSON)):
        for path in (*PAGES, *TAKING_BODIES):
            yield from (Asked(f"{path}?{query}", headers=(head,)) for query in WRONG)
            yield from (Asked(path, method, headers=(head,)) for method in METHODS)
        yield from (Asked(path, headers=(head,)) for path in UNKNOWN)
        yield from (Asked(path, headers=(head, ("Host", host))) for host in HOSTS for path in PAGES[::9])
        for path in TAKING_BODIES:
            for body in BODIES:
                for kind in (JSON, FORM, FILE, "text/plain"):
                    yield Asked(path, "POST", body, (head, ("Content-Type", kind)))
                yield Asked(f"{path}?nonsense=1", "POST", body, (head, ("Content-Type", JSON)))
            for name, content in FILES:
                yield from (upload(path, name, content, fields, head) for fields in ((), several))
