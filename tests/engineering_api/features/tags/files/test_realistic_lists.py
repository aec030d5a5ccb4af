"""I/O lists of several countries and tools, each with what a person expects of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from engineering_api.features.tags.files import Reading, TableFileError, TagRow, TagSheet, read, read_xlsx
from tests.engineering_api.features.tags.files.lists import Row, one_sheet, text, workbook

CONVERT = Reading("convert")
GERMAN = [
    ["Anlage 4711", "", "", "", "", ""],
    ["Stand", "2024-01-05", "", "", "", ""],
    [],
    ["Nr.", "Symbolischer Name", "SPS-Adresse", "Datentyp", "Bemerkung", "Variablentabelle"],
    [1, "Motor_1", "E 3.0", "BOOL", "läuft", "Antriebe"],
    [],
    ["Füllstände"],
    [2, "Niveau", "PEW 256", "Int", "Behälter", "Analog"],
    [3, "Ventil_1", "a 4,0", "bool", "", "Antriebe"],
    ["Summe", "", "", "", "3 Signale", ""],
]
GERMAN_TAGS = [
    ("Motor_1", "Bool", "%I3.0", "läuft", "Antriebe"),
    ("Niveau", "Int", "%IW256", "Behälter", "Analog"),
    ("Ventil_1", "Bool", "%Q4.0", "", "Antriebe"),
]
ROW_12 = [*[[f"Title {number}"] for number in range(11)], ["Tag", "Address", "Type"], ["Run", "I0.0", "Bool"]]
FRENCH = [["Mnémonique", "Opérande", "Type de données", "Commentaire"], ["Marche", "E 0.0", "BOOL", "départ"]]
SPANISH = [["Símbolo", "Dirección", "Tipo de datos", "Comentario"], ["Marcha", "% E 0.0", "Bool", "arranque"]]
ITALIAN = [["Commento", "Indirizzo", "Nome", "Tipo di dati"], ["avvio", "E0.0", "Marcia", "BOOL"]]
BILINGUAL = [
    ["Symbol / Symbol", "Adresse / Address", "Datentyp (TIA)", "Kommentar\nComment"],
    ["Run", "A 0.1", "Bool", "c"],
]
UNKNOWN_TITLES = [
    ["Pos", "Bezug", "SPS", "Format", "Was"],
    [1, "Pump_1", "E 0.0", "BOOL", "Pump on"],
    [2, "Pump_2", "E 0.1", "BOOL", "Pump on"],
    [3, "Level", "EW 64", "INT", "Tank"],
]
NO_HEADER = [["Pump_1", "I0.0", "Bool"], ["Pump_2", "I0.1", "Bool"], ["Level", "IW64", "Int"]]
NO_HEADER_WITH_COMMENT = [["A", "E 0.0", "BOOL", "uno"], ["B", "E 0.1", "BOOL", "dos"]]
RUNTIME = [
    ["Runtime Name", "Path", "Data Type", "Node Name", "Comment", "Hmi Visible"],
    ["High", "Table_1", "Bool", "%I0.0", "", "True"],
    ["Low", "Table_1", "Bool", "%I0.1", "", "True"],
]
INITIAL_VALUE = [
    ["Name", "DataType", "Adress", "Comment", "InitialValue", "Scope"],
    ["Start", "BOOL", "%I0.0", "Start button", "", "Global"],
    ["Speed", "INT", "%MW100", "", 1500, "Global"],
]
CHINESE = [["功能", "位址", "類型"], ["馬達（Y0）", "Q0.0", "Bool"], ["回授（X0）", "I0.0", "Bool"]]
TWO_ADDRESSES = [
    ["Master TAG", "Address", "IO", "Data type"],
    ["Pump_1", "Rack 1 slot 4", "E 0.0", "BOOL"],
    ["Pump_2", "Rack 1 slot 4", "E 0.1", "BOOL"],
]
MIXED = [
    ["Name", "Data Type", "Logical Address"],
    ["A", "Bool", "E0.0"],
    ["B", "Bool", "%I0.1"],
    ["C", "Int", "AW 4"],
    ["D", "Int", "QW6"],
]


def rows_of(sheet: TagSheet) -> list[tuple[str, str, str, str, str]]:
    assert sheet.errors == []
    return [(tag.name, tag.data_type, tag.address, tag.comment, tag.table) for tag in sheet.tags]


def as_cp1252(rows: Sequence[Row]) -> bytes:
    return text(rows).encode("cp1252")


def as_utf16(rows: Sequence[Row]) -> bytes:
    return text(rows, "\t").encode("utf-16")


def as_utf8(rows: Sequence[Row]) -> bytes:
    return text(rows, ",").encode("utf-8-sig")


@pytest.mark.parametrize("written", [one_sheet, as_cp1252, as_utf16, as_utf8])
@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (GERMAN, GERMAN_TAGS),
        (ROW_12, [("Run", "Bool", "%I0.0", "", "")]),
        (FRENCH, [("Marche", "Bool", "%I0.0", "départ", "")]),
        (SPANISH, [("Marcha", "Bool", "%I0.0", "arranque", "")]),
        (ITALIAN, [("Marcia", "Bool", "%I0.0", "avvio", "")]),
        (BILINGUAL, [("Run", "Bool", "%Q0.1", "c", "")]),
        (
            UNKNOWN_TITLES,
            [
                ("Pump_1", "Bool", "%I0.0", "", ""),
                ("Pump_2", "Bool", "%I0.1", "", ""),
                ("Level", "Int", "%IW64", "", ""),
            ],
        ),
        (
            NO_HEADER,
            [
                ("Pump_1", "Bool", "%I0.0", "", ""),
                ("Pump_2", "Bool", "%I0.1", "", ""),
                ("Level", "Int", "%IW64", "", ""),
            ],
        ),
        (NO_HEADER_WITH_COMMENT, [("A", "Bool", "%I0.0", "uno", ""), ("B", "Bool", "%I0.1", "dos", "")]),
        (RUNTIME, [("High", "Bool", "%I0.0", "", "Table_1"), ("Low", "Bool", "%I0.1", "", "Table_1")]),
        (INITIAL_VALUE, [("Start", "Bool", "%I0.0", "Start button", ""), ("Speed", "Int", "%MW100", "", "")]),
        (TWO_ADDRESSES, [("Pump_1", "Bool", "%I0.0", "", ""), ("Pump_2", "Bool", "%I0.1", "", "")]),
        (
            MIXED,
            [
                ("A", "Bool", "%I0.0", "", ""),
                ("B", "Bool", "%I0.1", "", ""),
                ("C", "Int", "%QW4", "", ""),
                ("D", "Int", "%QW6", "", ""),
            ],
        ),
    ],
    ids=[
        "german",
        "row 12",
        "french",
        "spanish",
        "italian",
        "bilingual",
        "unknown titles",
        "no header",
        "no header, comment",
        "runtime names",
        "initial values",
        "two addresses",
        "mixed",
    ],
)
def test_a_list_is_read_as_its_writer_means_it(
    written: Callable[[Sequence[Row]], bytes], rows: Sequence[Row], expected: list[tuple[str, ...]]
) -> None:
    assert rows_of(read(written(rows))) == expected


def test_a_list_in_another_language_is_read_by_its_content() -> None:
    expected = [("馬達（Y0）", "Bool", "%Q0.0", "", ""), ("回授（X0）", "Bool", "%I0.0", "", "")]
    assert rows_of(read(as_utf8(CHINESE))) == rows_of(read(one_sheet(CHINESE))) == expected


def test_what_was_understood_is_reported() -> None:
    sheet = read_xlsx(one_sheet(GERMAN, "Signale"))
    (use,) = sheet.sheets
    assert (use.sheet, use.header_row, use.tags, use.constants, use.wrong, use.skipped) == ("Signale", 4, 3, 0, 0, 2)
    assert [(each.column, each.title, each.field, each.by) for each in use.columns] == [
        (1, "Nr.", "", ""),
        (2, "Symbolischer Name", "name", "title"),
        (3, "SPS-Adresse", "logicalAddress", "title"),
        (4, "Datentyp", "dataType", "title"),
        (5, "Bemerkung", "comment", "title"),
        (6, "Variablentabelle", "path", "title"),
    ]
    assert [(note.code, note.row) for note in sheet.skipped] == [("tag_row.comment", 7), ("tag_row.total", 10)]
    assert [(note.code, note.row, note.column) for note in sheet.notes] == [
        ("tag_address.peripheral", 8, "SPS-Adresse")
    ]
    assert [tag.row for tag in sheet.tags] == [5, 8, 9]


def test_columns_found_by_content_are_reported_as_such() -> None:
    (use,) = read_xlsx(one_sheet(UNKNOWN_TITLES)).sheets
    assert {each.title: (each.field, each.by) for each in use.columns if each.field} == {
        "Bezug": ("name", "content"),
        "SPS": ("logicalAddress", "content"),
        "Format": ("dataType", "content"),
    }


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (["Ventile", "", "", ""], "tag_row.section"),
        (["Station 1: infeed", "", "", ""], "tag_row.section"),
        (["# old", "", "", ""], "tag_row.comment"),
        (["", "", "", "only a remark"], "tag_row.comment"),
        (["Total", "", "", "12"], "tag_row.total"),
        (["Summe Eingänge: 16", "", "", ""], "tag_row.total"),
        (["Sous-total", "", "", "3"], "tag_row.total"),
        (["Name", "Data type", "Address", "Comment"], "tag_row.header"),
        (["", "", "E 0.7", ""], "tag_row.spare"),
        (["", "BOOL", "E 0.7", "Reserve"], "tag_row.spare"),
        (["Riserva", "", "E 0.7", ""], "tag_row.spare"),
        (["Main", "FB 1", "FB 1", ""], "tag_row.block"),
        (["Recipes", "DB 10", "DB 10", ""], "tag_row.block"),
    ],
)
def test_rows_that_are_no_tags_are_left_out_and_reported(row: Row, code: str) -> None:
    rows = [["Name", "Data type", "Address", "Comment"], ["A", "Bool", "E 0.0", ""], row, ["B", "Bool", "E 0.1", ""]]
    sheet = read(text(rows).encode())
    assert [tag.name for tag in sheet.tags] == ["A", "B"]
    assert [(note.code, note.row, note.sheet) for note in sheet.skipped] == [(code, 3, "")]
    assert sheet.errors == []


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (["Pump_1", "", "", ""], "tag_type.missing"),
        (["Pump1", "", "", ""], "tag_type.missing"),
        (["Pump", "", "", "starts the pump"], "tag_type.missing"),
        (["", "Bool", "E 0.2", ""], "tag_name.empty"),
        (["Pump", "", "E 0.2", ""], "tag_type.missing"),
    ],
)
def test_rows_that_may_be_incomplete_tags_stay_errors(row: Row, code: str) -> None:
    rows = [["Name", "Data type", "Address", "Comment"], ["A", "Bool", "E 0.0", ""], row]
    sheet = read(text(rows).encode())
    assert ([error.code for error in sheet.errors], sheet.skipped) == ([code], [])


def test_repeated_names_of_spare_channels_are_left_out() -> None:
    rows = [["Symbol", "Datentyp", "Adresse"], ["Reserve", "Bool", "E 0.0"], ["Reserve", "Bool", "E 0.1"]]
    sheet = read(text(rows).encode())
    assert ([tag.address for tag in sheet.tags], sheet.errors) == (["%I0.0"], [])
    assert [(note.code, note.row) for note in sheet.skipped] == [("tag_row.spare", 3)]


def test_sheets_that_are_not_read_are_reported() -> None:
    content = workbook(
        {
            "Cover": [["Project", "4711"]],
            "Inputs": [["Tag", "Type", "Address"], ["A", "Bool", "I0.0"]],
            "Modules": [
                ["Name", "Type", "I/O", "Name"],
                ["DI 16", "Module", "I0.0", "x"],
                ["DI 16", "Module", "I2.0", "y"],
            ],
            "Outputs": [["Tag", "Type", "Address"], ["B", "Bool", "Q0.0"]],
        }
    )
    sheet = read_xlsx(content)
    assert [(tag.name, tag.sheet, tag.row) for tag in sheet.tags] == [("A", "Inputs", 2), ("B", "Outputs", 2)]
    ignored = {use.sheet: use.ignored for use in sheet.sheets if use.ignored}
    assert ignored.keys() == {"Cover", "Modules"}
    assert "mean the same" in ignored["Modules"]


def test_a_workbook_about_something_else_has_no_tags() -> None:
    content = workbook({"Parts": [["Name", "Type", "Note", "Function"], ["Relay", "3RT2", "spare part", "pump"]]})
    with pytest.raises(TableFileError) as refused:
        read_xlsx(content)
    assert refused.value.code == "tag_file.no_tags"


def test_one_sheet_can_be_chosen() -> None:
    rows = {
        name: [["Tag", "Type", "Address"], ["A", "Bool", address]]
        for name, address in (("Old", "I0.0"), ("New", "I0.1"))
    }
    assert [error.code for error in read_xlsx(workbook(rows)).errors] == ["tag_name.duplicate"]
    sheet = read_xlsx(workbook(rows), reading=Reading(sheet="New"))
    assert [tag.address for tag in sheet.tags] == ["%I0.1"]
    with pytest.raises(TableFileError, match="Its sheets are: Old, New") as refused:
        read_xlsx(workbook(rows), reading=Reading(sheet="Newer"))
    assert refused.value.code == "tag_file.no_sheet"


def test_a_better_title_wins_and_equal_ones_are_refused() -> None:
    better = [
        ["Description", "Signal", "Comment", "Type", "Data type", "Address", "Name"],
        ["d", "s", "c", "sensor", "Bool", "I0.0", "A"],
    ]
    assert rows_of(read(text(better).encode())) == [("A", "Bool", "%I0.0", "c", "")]
    first = [["Name", "Data type", "Address", "Description", "Beschreibung"], ["A", "Bool", "I0.0", "one", "eins"]]
    assert rows_of(read(text(first).encode())) == [("A", "Bool", "%I0.0", "one", "")]
    with pytest.raises(TableFileError, match="'Tag' and 'Signal'"):
        read(b"Tag;Signal;Data type;Address\nA;B;Bool;I0.0\n")


def test_content_decides_between_equal_titles() -> None:
    rows = [["Name", "Type", "Signal type", "Address", "PLC address"], ["A", "Sensor X1", "Bool", "Rack 3", "I0.0"]]
    assert rows_of(read(text(rows).encode())) == [("A", "Bool", "%I0.0", "", "")]


def test_the_symbol_table_of_step_7() -> None:
    content = (
        b'"Automatic_On            ","I      0.5 ","BOOL      ","For the memory function"\r\n'
        b'"Level                   ","PIW  256   ","INT       ",""\r\n'
        b'"Cycle                   ","OB     1   ","OB     1  ","Main"\r\n'
        b'"Motor_DB                ","DB     5   ","FB     5  ",""\r\n'
        b'" "," "," ","made by a tool"\r\n'
    )
    sheet = read(content, file="symbols.sdf")
    assert sheet.tags == [
        TagRow(1, "", "Automatic_On", "Bool", "%I0.5", "For the memory function"),
        TagRow(2, "", "Level", "Int", "%IW256"),
    ]
    assert sheet.errors == []
    assert [(note.code, note.row) for note in sheet.skipped] == [
        ("tag_row.block", 3),
        ("tag_row.block", 4),
        ("tag_row.comment", 5),
    ]
    assert sheet.tags[0].absent == {"hmi_visible", "hmi_accessible", "hmi_writeable"}


def test_the_assignment_list_of_step_7_without_types_and_titles() -> None:
    rows = [
        ["", "T 2", "green", "Duration of green"],
        ["", "E 4.1", "SK23", "safety"],
        ["", "E 4.2", "SK24", "brake"],
        ["", "Z 1", "parts", "Parts made"],
    ]
    sheet = read(text(rows, "\t").encode("cp1252"), file="list.seq", reading=CONVERT)
    assert rows_of(sheet) == [
        ("green", "Timer", "%T2", "Duration of green", ""),
        ("SK23", "Bool", "%I4.1", "safety", ""),
        ("SK24", "Bool", "%I4.2", "brake", ""),
        ("parts", "Counter", "%C1", "Parts made", ""),
    ]
    assert sheet.sheets[0].header_row == 0


def test_a_list_without_data_types_gets_those_of_the_addresses_when_asked() -> None:
    rows = [
        ["Symbol", "Adresse"],
        ["A", "E 0.0"],
        ["B", "EW 2"],
        ["C", "MD 4"],
        ["D", "T 5"],
        ["E", "AB 1"],
        ["F", "Z 2"],
    ]
    with pytest.raises(TableFileError, match="typeNames 'convert'") as refused:
        read(one_sheet(rows, "PLC Tags"))
    assert refused.value.code == "tag_file.missing_columns"
    sheet = read(one_sheet(rows, "PLC Tags"), reading=CONVERT)
    assert [(tag.name, tag.data_type) for tag in sheet.tags] == [
        ("A", "Bool"), ("B", "Word"), ("C", "DWord"), ("D", "Timer"), ("E", "Byte"), ("F", "Counter"),
    ]  # fmt: skip
    assert {note.code for note in sheet.notes} == {"tag_type.from_address"}


def test_the_one_problem_of_the_only_list_is_the_answer() -> None:
    content = workbook({"Cover": [["Project"]], "Signals": [["Tag", "Address", "Description"], ["A", "I0.0", "a"]]})
    with pytest.raises(
        TableFileError, match=r"has no column 'Data Type'.*in row 1 are 'Tag', 'Address', 'Description'"
    ) as refused:
        read_xlsx(content)
    assert (refused.value.code, refused.value.sheet) == ("tag_file.missing_columns", "Signals")


def test_a_decimal_comma_of_a_constant() -> None:
    rows = [
        ["Name", "Datentyp", "Wert"],
        ["A", "Real", "2,5"],
        ["B", "LReal", "-1,25e3"],
        ["C", "Real", "1,234"],
        ["D", "Int", "2,5"],
    ]
    sheet = read(text(rows).encode())
    assert [constant.value for constant in sheet.constants] == ["2.5", "-1.25e3", "1,234", "2,5"]
    assert [note.row for note in sheet.notes] == [2, 3]


@pytest.mark.parametrize("yes", ["ja", "Oui", "sí", "sì", "VERO", "Verdadero", "x", "yes"])
@pytest.mark.parametrize("no", ["nein", "Non", "no", "FALSO", "Faux"])
def test_flags_in_five_languages(yes: str, no: str) -> None:
    sheet = read(
        text([["Name", "Data type", "Address", "Hmi Visible", "Hmi Writeable"], ["A", "Bool", "", yes, no]]).encode()
    )
    assert [(tag.hmi_visible, tag.hmi_writeable) for tag in sheet.tags] == [(True, False)]
