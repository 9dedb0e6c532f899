"""The text of a PDF, read in a process of its own.

A PDF can be made so that reading it never ends or takes all memory, and a thread cannot be stopped. A
process can: it is given a few seconds, and on systems that have such limits a bound on its memory.
"""

from __future__ import annotations

import subprocess  # nosec B404  # runs our own module, which may do little (pdf_process)
import sys
import threading

from search_service.drafts.faults import refused

SECONDS = 10
"""Sixty full pages took 0.4 on an idle core; the rest is for a machine that is busy."""

MAX_PAGES = 60
"""A longer PDF is a report; the part that describes the practice is a page or two."""

MEMORY_MB = 512
"""Address space; reading thirty full pages took 34."""

_TURN = threading.Lock()
WAIT_SECONDS = 1.0
"""One PDF is read at a time, in each process of the service, and the next waits so long for its turn. Four at
once that take their whole time would leave no thread for anybody else, and two gigabytes to find."""

PROTECTED, LONG = 3, 4
"""How the reading process says why it did not read; any other failure is a file that is damaged."""

_REASONS = {
    PROTECTED: ("it is protected by a password or against copying", "save it without, or paste its text"),
    LONG: (f"it has more than {MAX_PAGES} pages", "paste the part that says what is done"),
}
_UNREADABLE = ("it is damaged, or too intricate to read", "save it again as PDF, or paste its text")
_BUSY = ("another PDF is being read at this moment", "send it again in ten seconds, or paste its text")
_PICTURES = ("there is no text in it: it may hold pictures of pages", "paste the text, or save it as .docx")


def text_of(content: bytes, seconds: float = SECONDS) -> str:
    """Return the text of a PDF, read within `seconds`; raises InvalidRequest."""
    if not _TURN.acquire(timeout=WAIT_SECONDS):
        raise refused(*_BUSY)
    try:
        return _read(content, seconds)
    finally:
        _TURN.release()


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
