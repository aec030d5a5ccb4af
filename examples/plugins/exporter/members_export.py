"""The interface of a block as CSV: a row for each member, with its section, name and data type."""

import csv
import io

from simatic_xml.errors import SimaticMLError
from simatic_xml.model import Block, Document


def write(document: Document) -> dict[str, bytes]:
    """Return the rows of the first object."""
    block = document.objects[0]
    if not isinstance(block, Block):
        raise SimaticMLError("members.kind", "Only blocks have members in this form.")
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["section", "name", "type"])
    for section in block.interface:
        rows.writerows([section.name, member.name, member.data_type] for member in section.members)
    return {".members.csv": text.getvalue().encode()}
