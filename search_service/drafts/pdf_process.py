"""The child process that reads one PDF: from standard input to text on standard output, within limits."""

from __future__ import annotations

import io
import sys
from contextlib import suppress

from pypdf import PasswordType, PdfReader
from pypdf.errors import DependencyError

from search_service.drafts.pdf import LONG, MAX_PAGES, MEMORY_MB, PROTECTED, SECONDS

MAX_CHARACTERS = 1_000_000
"""Twenty times what can be compared: enough to say how much too long a text is."""


def main() -> int:
    """Read, and return how it ended; whatever pypdf raises ends the process, which says as much."""
    _bound()
    try:
        reader = PdfReader(io.BytesIO(sys.stdin.buffer.read()))
        if reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED:
            return PROTECTED
        if len(reader.pages) > MAX_PAGES:
            return LONG
        left = MAX_CHARACTERS
        for page in reader.pages:
            text = page.extract_text()[:left]
            left -= len(text)
            sys.stdout.buffer.write(text.encode("utf-8", errors="replace") + b"\n")
    except DependencyError:
        return PROTECTED  # a cipher that pypdf leaves to another library
    return 0


def _bound() -> None:
    """Limit memory, processor time and files of this process, if the system can."""
    try:
        import resource  # noqa: PLC0415 - not on Windows, where only the time is bounded
    except ImportError:
        return
    for kind, most in (
        (resource.RLIMIT_AS, MEMORY_MB * 1_000_000),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, 0),
    ):
        with suppress(ValueError, OSError):  # macOS has limits that it lets nobody set
            resource.setrlimit(kind, (most, most))


if __name__ == "__main__":
    sys.exit(main())
