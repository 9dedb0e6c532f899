"""The process that reads a PDF from standard input and writes its text to standard output."""

from __future__ import annotations

import io
import sys
from contextlib import suppress

from pypdf import PasswordType, PdfReader
from pypdf.errors import DependencyError

from search_service.drafts.pdf import MAX_MEMORY_MB, MAX_PAGES, MAX_SECONDS, PROTECTED, TOO_LONG

MAX_CHARACTERS = 1_000_000
"""Twenty times what can be compared: enough to report by how much a text is too long."""


def main() -> int:
    """Read the PDF and return the exit code; an error of pypdf ends the process with code 1."""
    _limit_resources()
    try:
        reader = PdfReader(io.BytesIO(sys.stdin.buffer.read()))
        if reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED:
            return PROTECTED
        if len(reader.pages) > MAX_PAGES:
            return TOO_LONG
        left = MAX_CHARACTERS
        for page in reader.pages:
            text = page.extract_text()[:left]
            left -= len(text)
            sys.stdout.buffer.write(text.encode("utf-8", errors="replace") + b"\n")
    except DependencyError:
        return PROTECTED  # a cipher for which pypdf needs another library
    return 0


def _limit_resources() -> None:
    """Limit memory and processor time, and forbid writing files, if the system supports it."""
    try:
        import resource  # noqa: PLC0415 - not on Windows, which limits only the time
    except ImportError:
        return
    for kind, limit in (
        (resource.RLIMIT_AS, MAX_MEMORY_MB * 1_000_000),
        (resource.RLIMIT_CPU, MAX_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
    ):
        with suppress(ValueError, OSError):  # some limits cannot be set on macOS
            resource.setrlimit(kind, (limit, limit))


if __name__ == "__main__":
    sys.exit(main())
