"""The comparison of the manifest with public listings, on small ones; and on real ones where the user names their folder.

TIA_LISTINGS is a list of version=folder, separated as in PATH: `17=/data/stubs/typings`.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from openness_bridge.manifest.reading import merge, read
from tests.openness_bridge.manifest.listings import compare, of_documentation, of_stubs

MANIFEST = merge([{
    "product": "", "version": "1", "root": "Siemens.Engineering", "assembly": "Siemens.Engineering",
    "types": {
        "HW.Device": {"kind": "class", "bases": ["Named"], "documented": ["Items: ?", "Gone()"]},
        "HW.Colour": {"kind": "enum", "documented": ["None = 0", "Red = 1", "Blue = 3"]},
        "Named": {"kind": "interface", "documented": ["Name*: string"]},
    },
}])  # fmt: skip
STUB = '''
class Device(Named):
    @property
    def Items(self): ...
    @property
    def Name(self): ...
    def Extra(self): ...
    def __eq__(self, other): ...

class Colour(Enum):
    """enum Colour, values: Blue (2), None (0), Red (1)"""
    Blue: Colour = ...
    Red: Colour = ...

class Unknown: ...
'''
DOCUMENTATION = """<doc><members>
<member name="T:Siemens.Engineering.HW.Device"/><member name="P:Siemens.Engineering.HW.Device.Items"/>
<member name="M:Siemens.Engineering.HW.Device.Extra(System.String)"/><member name="M:Other.Thing.Run"/>
<member name="T:Siemens.Engineering.AddIn.Menu"/>
</members></doc>"""
LISTINGS = [entry.partition("=")[::2] for entry in os.environ.get("TIA_LISTINGS", "").split(os.pathsep) if entry]


def test_stubs_are_compared_by_type_member_and_number(tmp_path: Path) -> None:
    folder = tmp_path / "Siemens" / "Engineering" / "HW"
    folder.mkdir(parents=True)
    (folder / "__init__.pyi").write_text(STUB, encoding="utf-8")
    found = compare(MANIFEST, of_stubs(tmp_path))
    assert (found.types, found.types_only_listed) == (["HW.Colour", "HW.Device"], ["HW.Unknown"])
    assert found.confirmed == ["HW.Colour.None", "HW.Colour.Red", "HW.Colour.Blue", "HW.Device.Items"]
    assert (found.not_listed, found.not_known) == (["HW.Device.Gone"], ["HW.Device.Extra"])
    assert (found.numbers, found.other_numbers) == (2, ["HW.Colour.Blue"])
    assert str(found).startswith("2 types in both, 1 only in the listing; members: 4 in both, 1 only in the manifest")


def test_documentation_files_are_compared_by_type_and_member(tmp_path: Path) -> None:
    (tmp_path / "Siemens.Engineering.Base.xml").write_text(DOCUMENTATION, encoding="utf-8")
    (tmp_path / "Other.xml").write_text("<doc/>", encoding="utf-8")
    found = compare(MANIFEST, of_documentation(tmp_path))
    assert (found.types, found.types_only_listed, found.confirmed) == (["HW.Device"], [], ["HW.Device.Items"])
    assert (found.not_listed, found.not_known) == (["HW.Device.Gone"], ["HW.Device.Extra"])


@pytest.mark.skipif(not LISTINGS, reason="TIA_LISTINGS names no folder of a public listing")
@pytest.mark.parametrize(("version", "folder"), LISTINGS)
def test_no_number_of_an_enum_differs_from_a_listing(version: str, folder: str) -> None:
    listing = of_stubs(Path(folder)) or of_documentation(Path(folder))
    found = compare(read(version), listing)
    assert len(found.types) >= 50
    assert len(found.confirmed) > len(found.not_listed)
    assert found.other_numbers == []
