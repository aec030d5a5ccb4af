"""Embedded documents are validated by the schemas that the user has; these here were written for the test."""

import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from simatic_xml import SimaticMLError, load, validate
from simatic_xml.checking.validation import find_schemas
from tests.simatic_xml.corpus import fixture

HEAD = '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" elementFormDefault="qualified">'
SECTIONS = (
    HEAD
    + """
  <xs:include schemaLocation="Common.xsd"/>
  <xs:element name="Sections">
    <xs:complexType><xs:sequence>
      <xs:element name="Section" maxOccurs="unbounded">
        <xs:complexType>
          <xs:sequence><xs:any minOccurs="0" maxOccurs="unbounded" processContents="skip"/></xs:sequence>
          <xs:attribute name="Name" type="SectionName" use="required"/>
        </xs:complexType>
      </xs:element>
    </xs:sequence></xs:complexType>
  </xs:element>
</xs:schema>"""
)
COMMON = (
    HEAD
    + """
  <xs:simpleType name="SectionName">
    <xs:restriction base="xs:string">
      <xs:pattern value="Input|Output|InOut|Static|Temp|Constant|None"/>
    </xs:restriction>
  </xs:simpleType>
</xs:schema>"""
)
LOGIC = HEAD + '<xs:element name="FlgNet"/></xs:schema>'
TEXT = HEAD + '<xs:element name="StructuredText"/></xs:schema>'


@pytest.fixture
def schemas(tmp_path: Path) -> Path:
    for name, content in {
        "Sections_v5.xsd": SECTIONS,
        "Common.xsd": COMMON,
        "Logic_v4.xsd": LOGIC,
        "Text_v3.xsd": TEXT,
    }.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    return tmp_path


def test_a_valid_file(schemas: Path, tmp_path: Path) -> None:
    path = tmp_path / "motor.xml"
    path.write_bytes(fixture("motor_v18.xml"))
    assert validate(path, schemas) == []
    assert validate(fixture("motor_v18.xml").decode("utf-8-sig"), schemas) == []


def test_findings_have_owner_and_line(schemas: Path) -> None:
    data = fixture("motor_v18.xml").replace(b'<Section Name="Temp" />', b'<Section Name="Tempo" />')
    problems = validate(data, schemas)
    line = data[: data.index(b"Tempo")].count(b"\n") + 1
    assert {(each.severity, each.code, each.owner, each.line) for each in problems} == {
        ("error", "schema", "Motor", line)
    }
    assert "Tempo" in problems[0].message


def test_an_embedded_document_without_schema_is_said(schemas: Path) -> None:
    (schemas / "Text_v3.xsd").unlink()
    [problem] = validate(load(fixture("motor_v18.xml")), schemas)
    assert (problem.severity, problem.code, problem.network) == ("warning", "no-schema", 2)
    assert "StructuredText" in problem.message


def test_the_version_counts(schemas: Path) -> None:
    (schemas / "Sections_v5.xsd").rename(schemas / "Sections.xsd")
    assert [(each.code, each.network) for each in validate(fixture("motor_v18.xml"), schemas)] == [("no-schema", None)]


@pytest.mark.parametrize(
    "content", [None, "no schema", HEAD + "</xs:schema>", HEAD + '<xs:element name="Sections" type="x"/></xs:schema>']
)
def test_folders_without_usable_schemas(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "Sections_v5.xsd").write_text(content, encoding="utf-8")
    with pytest.raises(SimaticMLError) as error:
        validate(fixture("motor_v18.xml"), tmp_path)
    assert error.value.code == "schemas"


def test_the_environment_names_the_folder(schemas: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIA_SCHEMAS", str(schemas))
    assert find_schemas() == schemas
    assert validate(fixture("motor_v18.xml")) == []


class Key:
    """An open key."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> "Key":
        return self

    def __exit__(self, *_: object) -> None:
        self.name = "closed"


class Registry(ModuleType):
    """The part of winreg that is asked, over a dict of keys."""

    HKEY_LOCAL_MACHINE = object()

    def __init__(self, keys: dict[str, dict[str, str]]) -> None:
        super().__init__("winreg")
        self.__spec__ = SimpleNamespace(name="winreg")
        self.keys = keys

    def OpenKey(self, root: object, path: str) -> Key:  # noqa: N802
        assert root is self.HKEY_LOCAL_MACHINE
        if not any(key == path or key.startswith(path + "\\") for key in self.keys):
            raise FileNotFoundError(path)
        return Key(path)

    def _children(self, key: Key) -> list[str]:
        prefix = key.name + "\\"
        return sorted({each[len(prefix) :].partition("\\")[0] for each in self.keys if each.startswith(prefix)})

    def QueryInfoKey(self, key: Key) -> tuple[int, int, int]:  # noqa: N802
        return len(self._children(key)), 0, 0

    def EnumKey(self, key: Key, index: int) -> str:  # noqa: N802
        return self._children(key)[index]

    def QueryValueEx(self, key: Key, name: str) -> tuple[str, int]:  # noqa: N802
        values = self.keys[key.name]
        if name not in values:
            raise FileNotFoundError(name)
        return values[name], 1


def test_the_newest_installed_portal_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = "SOFTWARE\\Siemens\\Automation\\_InstalledSW"
    keys = {
        f"{root}\\{name}\\Global": {"Path": str(tmp_path / name)} for name in ("TIAP15_1", "TIAP9", "TIAP19", "STEP7")
    }
    for folder in ("TIAP19/PublicAPI/V18/Schemas", "TIAP19/PublicAPI/V19/Schemas", "TIAP15_1/PublicAPI/V15.1/Schemas"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "A.xsd").write_text(LOGIC, encoding="utf-8")
    monkeypatch.delenv("TIA_SCHEMAS", raising=False)
    monkeypatch.setitem(sys.modules, "winreg", Registry(keys | {f"{root}\\TIAP20\\Global": {}}))
    assert find_schemas() == tmp_path / "TIAP19" / "PublicAPI" / "V19" / "Schemas"
    (tmp_path / "TIAP19/PublicAPI/V19/Schemas/A.xsd").unlink()
    assert find_schemas() == tmp_path / "TIAP19" / "PublicAPI" / "V18" / "Schemas"


@pytest.mark.parametrize("registry", [None, Registry({})])
def test_nothing_installed(registry: Registry | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TIA_SCHEMAS", raising=False)
    if registry is not None:
        monkeypatch.setitem(sys.modules, "winreg", registry)
    elif sys.platform == "win32":
        pytest.skip("Windows has a registry.")
    assert find_schemas() is None
    with pytest.raises(SimaticMLError, match="TIA_SCHEMAS"):
        validate(fixture("motor_v18.xml"))
