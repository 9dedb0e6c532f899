"""Requests as nobody would send them on purpose, except to do harm; the same for the same number.

Made below what test clients do to a request: the path, the query and the headers reach the application as
they would through a server that lets everything through.
"""

from __future__ import annotations

import io
import json
import random
import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote_to_bytes

from draft_files import IDEA, docx, pdf, upload
from flask import Flask

from search_service.web.http import params

METHODS = ("GET",) * 12 + ("POST",) * 6 + (
    "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "BREW", "get", "G" * 300, "", "GET\x00",
)  # fmt: skip

TEXTS = (
    "", " ", "\x00", "a", "stalking", '"ask for angela"', "kids -theft exploit*", "theme:fraud", "NOT NOT *",
    "../../etc/passwd", "..\\..\\manifest.json", "<script>alert(1)</script>", "'\"><img src=x onerror=a>",
    "=cmd|' /C calc'!A0", "%0d%0aSet-Cookie: a=b", "\r\nSet-Cookie: a=b", "{{7*7}}", "${jndi:ldap://x}",
    "\u202e\u200b\ufeff", "e\u0301" * 40, "\U0001f642" * 90, "\ud800", "Łódź ﬁre Straße", "中文 дети العربية",
    "9" * 40, "-1", "0", "1e999", "NaN", "0x10", "１", "1_000", "2015", "true", "null", "[]", "{}",
    "(" * 200, '"' * 200, "a*" * 200, "theme:" * 100, "x" * 1_001, "x" * 60_000, "-relevance", "-ratio",
)  # fmt: skip

RAW = (
    "%",
    "%zz",
    "%ff%fe",
    "%00",
    "%c0%ae%c0%ae%2f",
    "%u0041",
    "%%%",
    "\xff\xfe",
    "a=b=c",
    "&&&&",
    ";;",
    "+++",
)
"""What is put into an address as it stands."""

STRANGE_HOSTS = (
    "evil.example",
    "",
    "[",
    "[::1]:99999999",
    "localhost:abc",
    "a" * 9_000,
    "\xff",
    "a..b",
    "xn--z--",
)

DATES = ("yesterday", "Thu, 99 Foo 99999 99:99:99 GMT", "Thu, 01 Jan 1970 00:00:00 GMT")

HEADERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("HTTP_HOST", ("localhost",) * 9 + STRANGE_HOSTS),
    ("HTTP_ACCEPT", ("*/*", "application/json", "text/html;q=abc", "\x00", "," * 900)),
    ("HTTP_RANGE", ("bytes=0-1", "bytes=-99999999999999999999", "bytes=9-1,2-3", "lines=1", "bytes=a-b")),
    ("HTTP_IF_MODIFIED_SINCE", DATES),
    ("HTTP_IF_NONE_MATCH", ("*", '"a', "W/", '"\xff"')),
    ("HTTP_COOKIE", ("a=b", "session=" + "A" * 5_000, ";;;=", '"\xff')),
    ("HTTP_X_FORWARDED_FOR", ("203.0.113.9", "not an address", "1, 2, 3", "\x00", "::1%eth0")),
    ("HTTP_X_FORWARDED_HOST", ("evil.example", "[", "a, b", "\xff")),
    ("HTTP_X_FORWARDED_PROTO", ("https", "gopher", "https, http", "java script:")),
    ("HTTP_AUTHORIZATION", ("Basic !!!", "Bearer " + "x" * 3_000, "Digest a=")),
    ("HTTP_ORIGIN", ("null", "https://evil.example", "\xff")),
    ("HTTP_TRANSFER_ENCODING", ("chunked", "gzip, chunked", "x")),
    ("HTTP_EXPECT", ("100-continue", "200-maybe")),
    ("HTTP_X_HTTP_METHOD_OVERRIDE", ("DELETE",)),
    ("HTTP_ACCEPT_ENCODING", ("gzip", "br;q=9", "*;q=0")),
)  # fmt: skip

CONTENT_TYPES = (
    "application/json", "application/json; charset=utf-7", "application/json; charset=", "text/plain", "",
    "application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=\xff", "/", ";;;=",
    "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=edge",
    'multipart/form-data; boundary="' + "a" * 300, "application/problem+json", "application/csv", "\x00",
)  # fmt: skip

SOUND = ("application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=edge")

LENGTHS = ("", "abc", "-1", "0", "1", "99999999999999999999", "5000000")
"""Lengths of a body that are not its own."""

BROKEN = (b"{", b"[" * 3_000, b'{"text":', b"NaN", b"-Infinity", b'"\\ud800"', b'{"a":1e999}', b"1" * 5_000)
"""Bodies that are not JSON, or hardly."""

UPLOADS: tuple[Callable[[], dict[str, Any]], ...] = (
    lambda: upload("draft.txt", IDEA.encode()),
    lambda: upload("draft.docx", docx()),
    lambda: upload("draft.docx", docx()[:200]),
    lambda: upload("../../draft.md", b"\xff\xfe" * 500, limit="ten"),
    lambda: upload("draft.\r\nX: y", b"x" * 5_000, text=IDEA),
    lambda: upload("a\"; filename*=utf-8''b.txt; x=\"", IDEA.encode(), file="x", weights="y"),
)

COSTLY = 0.002
"""Share of bodies that are a PDF, which a process of its own reads: a third of a second each."""


@dataclass(frozen=True)
class Hostile:
    """A request: what a WSGI server would hand over, and the address for whoever must look into it."""

    environ: dict[str, Any]
    told: str


class Maker:
    """Makes requests to every route of an application, about what is there and what is not."""

    def __init__(self, app: Flask, ids: Sequence[str]) -> None:
        self._rules = sorted({rule.rule for rule in app.url_map.iter_rules()})
        self._ids = tuple(ids)
        models = [model for model in vars(params).values() if isinstance(model, type)]
        fields = {name for model in models for name in getattr(model, "model_fields", {})}
        self._names = (*sorted(fields), "letter", "v", "utm_source", "__proto__", "q[]", "")

    def make(self, number: int) -> Hostile:
        """Return request number `number`."""
        chance = random.Random(number)
        path, query = self._path(chance), self._query(chance)
        method = chance.choice(METHODS)
        content_type, body = self._body(chance)
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(path.encode("utf-8", "surrogatepass")).decode("latin-1"),
            "QUERY_STRING": query.encode("utf-8", "surrogatepass").decode("latin-1"),
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": chance.choice(("127.0.0.1", "203.0.113.9", "::1", "")),
            "HTTP_HOST": "localhost",
            "CONTENT_TYPE": content_type,
            "CONTENT_LENGTH": chance.choice(LENGTHS) if chance.random() < 0.1 else str(len(body)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": chance.choice(("http", "http", "https")),
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": False,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            "wsgi.input_terminated": chance.random() < 0.1,
        }
        environ |= {name: chance.choice(values) for name, values in HEADERS if chance.random() < 0.15}
        return Hostile(environ, f"request {number}: {method[:20]!r} {path[:200]!r} ?{query[:200]!r}")

    def _text(self, chance: random.Random) -> str:
        drawn = chance.random()
        if drawn < 0.3:
            return chance.choice(self._ids)
        if drawn < 0.85:
            return chance.choice(TEXTS)
        return "".join(chr(chance.randrange(0x110000)) for _ in range(chance.randrange(1, 30)))

    def _quoted(self, chance: random.Random, text: str) -> str:
        if chance.random() < 0.1:
            return text + chance.choice(RAW)
        return quote(text.encode("utf-8", "surrogatepass"), safe=chance.choice(("", "/")))

    def _path(self, chance: random.Random) -> str:
        if chance.random() < 0.05:
            return "/" + self._quoted(chance, self._text(chance)) * chance.randrange(1, 4)
        path = chance.choice(self._rules)
        while "<" in path:
            before, _, rest = path.partition("<")
            path = before + self._quoted(chance, self._text(chance)) + rest.partition(">")[2]
        return path + (chance.choice(("/", "//", ".md", "%2e", "\x00")) if chance.random() < 0.03 else "")

    def _query(self, chance: random.Random) -> str:
        if chance.random() < 0.02:
            return chance.choice((chance.choice(RAW) * 200, "theme=a&" * 1_500, "q=" + "x" * 100_000))
        many = chance.choice((0, 0, 1, 1, 2, 3, 5, 12))
        pairs = [(chance.choice(self._names), self._quoted(chance, self._text(chance))) for _ in range(many)]
        return chance.choice(("&", "&", "&", ";")).join(f"{name}={value}" for name, value in pairs)

    def _body(self, chance: random.Random) -> tuple[str, bytes]:
        if chance.random() < COSTLY:
            sent = upload("draft.pdf", pdf(IDEA)[: chance.choice((None, 300))])
            return sent["content_type"], sent["data"]
        content_type = chance.choice(SOUND if chance.random() < 0.6 else CONTENT_TYPES)
        if chance.random() < 0.2:
            sent = chance.choice(UPLOADS)()
            return sent["content_type"] if chance.random() < 0.8 else content_type, sent["data"]
        made = chance.choice((self._nothing, self._form, self._noise, self._broken, self._json, self._json))
        return content_type, made(chance)

    def _nothing(self, _chance: random.Random) -> bytes:
        return b""

    def _form(self, chance: random.Random) -> bytes:
        return self._query(chance).encode("utf-8", "surrogatepass")

    def _noise(self, chance: random.Random) -> bytes:
        return chance.randbytes(chance.randrange(400))

    def _broken(self, chance: random.Random) -> bytes:
        return chance.choice(BROKEN)

    def _json(self, chance: random.Random) -> bytes:
        weights = [
            {"theme": self._value(chance), "weight": self._value(chance), "year": self._value(chance)}
            for _ in range(chance.randrange(4))
        ]
        values = {
            "text": chance.choice((IDEA, self._value(chance))),
            "limit": chance.choice((3, self._value(chance))),
            "weights": chance.choice((weights, weights, self._value(chance))),
            self._text(chance)[:50]: self._value(chance),
        }
        kept = {name: value for name, value in values.items() if chance.random() < 0.6}
        return json.dumps(kept, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")

    def _value(self, chance: random.Random) -> Any:
        return chance.choice(
            (
                self._text(chance), None, True, 0, -1, 2, 1.5, 10**400, float("inf"), [], {}, [[]],
                {"theme": 1}, "domestic-abuse", "fraud", 3, string.printable,
            )
        )  # fmt: skip
