"""Where the files are that the tests read: the project's own, and a collection of exports beside the repository."""

import csv
from pathlib import Path

from tests.support.corpus import CORPUS

FIXTURES = Path(__file__).parent / "fixtures"
OWN = sorted(FIXTURES.glob("*.xml"))
MANIFEST = CORPUS / "manifest.csv"


def fixture(name: str) -> bytes:
    """Return one of the project's own files."""
    return (FIXTURES / name).read_bytes()


def corpus_files(*, genuine: bool | None = None) -> list[Path]:
    """Return the XML files of the collection, by whether TIA Portal wrote them unaided; none where it is absent."""
    if not MANIFEST.exists():
        return []
    with MANIFEST.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["file"].startswith("xml/")]
    return [CORPUS / row["file"] for row in rows if genuine is None or (row["genuine"] == "yes") == genuine]
