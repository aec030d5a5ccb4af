"""The tests, in folders that mirror the packages, and next to them what concerns several packages."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
"""The folder of the repository."""
