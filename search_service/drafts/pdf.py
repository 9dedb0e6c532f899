"""Extract the text of a PDF in a separate process.

A malicious PDF can take unlimited time or memory. A process can be stopped, a thread cannot, and most
systems can limit its memory.
"""

from __future__ import annotations

import subprocess  # nosec B404  # runs our own module, which may do little (pdf_process)
import sys
import threading

from search_service.drafts.faults import refused

MAX_SECONDS = 10
"""Sixty full pages took 0.4 s on an idle core; the rest allows for a busy machine."""

MAX_PAGES = 60
"""Longer files are reports; the part that describes the practice is a page or two."""

MAX_MEMORY_MB = 512
"""Address space; reading thirty full pages took 34 MB."""

_LOCK = threading.Lock()
MAX_WAIT_SECONDS = 1.0
"""Each process of the service reads one PDF at a time, and the next waits this long. Four slow ones at once
would occupy every thread and two gigabytes."""

PROTECTED, TOO_LONG = 3, 4
"""Exit codes of the reading process; any other failure means a damaged file."""

_REASONS = {
    PROTECTED: ("it is protected by a password or against copying", "save it without, or paste its text"),
    TOO_LONG: (f"it has more than {MAX_PAGES} pages", "paste the part that says what is done"),
}
_UNREADABLE = ("it is damaged, or too intricate to read", "save it again as PDF, or paste its text")
_BUSY = ("another PDF is being read at this moment", "send it again in ten seconds, or paste its text")
_PICTURES = ("there is no text in it: it may hold pictures of pages", "paste the text, or save it as .docx")


def text_of(content: bytes, seconds: float = MAX_SECONDS) -> str:
    """Return the text of a PDF; raises InvalidRequest, also if it takes longer than `seconds`."""
    if not _LOCK.acquire(timeout=MAX_WAIT_SECONDS):
        raise refused(*_BUSY)
    try:
        return _read(content, seconds)
    finally:
        _LOCK.release()


def _read(content: bytes, seconds: float) -> str:
    command = [sys.executable, "-I", "-W", "ignore", "-m", "search_service.drafts.pdf_process"]
    try:
        done = subprocess.run(  # nosec B603  # noqa: S603 - our own module; the file is its input, not its arguments
            command,
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise refused(*_UNREADABLE) from None
    if done.returncode:
        raise refused(*_REASONS.get(done.returncode, _UNREADABLE))
    text = done.stdout.decode("utf-8", errors="replace")
    if not text.strip():
        raise refused(*_PICTURES)
    return text
