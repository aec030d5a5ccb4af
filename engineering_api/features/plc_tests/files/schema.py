"""Writes docs/plc-tests.schema.json: `python -m engineering_api.features.plc_tests.files.schema FILE`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from engineering_api.features.plc_tests.files.model import schema

if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps(schema(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
