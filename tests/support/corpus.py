"""Where the collection of real exports and sources lies, which is not part of the repository.

Tests that need it are skipped where it is absent. CONTRIBUTING.md says what it holds.
"""

import os
from pathlib import Path

from tests import ROOT

CORPUS = Path(os.environ.get("TIA_CORPUS") or ROOT.parent / "shared" / "corpus")
