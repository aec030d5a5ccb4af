"""What changed between two versions of a program, as an engineer sees it, and programs as plain text.

Numbers that only the file needs (IDs, UIds), dates, the list of installed products, the order of attributes and the
layout do not count.
"""

from simatic_xml.diff.changes import Change, Diff, Kind
from simatic_xml.diff.documents import diff
from simatic_xml.diff.listing import to_text

__all__ = ["Change", "Diff", "Kind", "diff", "to_text"]
