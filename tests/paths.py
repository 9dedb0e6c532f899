"""Where the parts of the repository are."""

from pathlib import Path

ROOT = Path(__file__).parent.parent
CORPUS = ROOT / "corpus"
PACKAGE = ROOT / "search_service"
