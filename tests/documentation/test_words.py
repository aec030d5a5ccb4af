"""Our prose avoids the words that CONTRIBUTING.md lists, because readers know the words of TIA Portal and not ours."""

from __future__ import annotations

import ast
import io
import itertools
import re
import tokenize
from collections.abc import Callable, Iterator

import pytest

from tests import ROOT

LIST = "| do not write | write |"
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
NO_PROSE = re.compile(r"`[^`]+`|\]\([^)]*\)")
NO_TEXT = re.compile(r"""`[^`\n]+`|\{[^{}\n]*\}|\b[rbfu]{1,2}(?=["'])|["'#]""", re.IGNORECASE)
STRINGS = {tokenize.COMMENT, tokenize.STRING, getattr(tokenize, "FSTRING_MIDDLE", tokenize.STRING)}


def markdown(text: str) -> str:
    """Return a page with blanks instead of code spans, targets of links and the list of words itself."""
    ends = [0, *(end for fence in FENCE.finditer(text) for end in fence.span()), len(text)]
    parts = [text[start:end] for start, end in itertools.pairwise(ends)]
    prose = "".join(part if number % 2 else NO_PROSE.sub(_blank, part) for number, part in enumerate(parts))
    start = text.find(LIST)
    if start < 0:
        return prose
    end = start + len(text[start:].partition("\n\n")[0])
    return prose[:start] + re.sub(r"[^\n]", " ", text[start:end]) + prose[end:]


def python(text: str) -> str:
    """Return a module with blanks instead of everything but comments, docstrings and other strings."""
    lines = text.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    shown = bytearray(len(text))
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type in STRINGS:
            start, end = (starts[row - 1] + column for row, column in (token.start, token.end))
            shown[start:end] = b"\1" * (end - start)
    kept = "".join(each if seen or each == "\n" else " " for each, seen in zip(text, shown, strict=True))
    return NO_TEXT.sub(_blank, kept)


def texts(text: str) -> str:
    """Return the texts of a table of texts."""
    return text


Reader = Callable[[str], str]
SCOPE: dict[str, Reader] = {
    "README.md": markdown,
    "CONTRIBUTING.md": markdown,
    "CHANGELOG.md": markdown,
    "docs/**/*.md": markdown,
    "benchmarks/**/*.py": python,
    "console/*.py": python,
    "console/texts/en.json": texts,
    "engineering_api/*.py": python,
    "engineering_api/audit/**/*.py": python,
    "engineering_api/cli/**/*.py": python,
    "engineering_api/client/*.py": python,
    "engineering_api/doctor/**/*.py": python,
    "engineering_api/documentation/**/*.py": python,
    "engineering_api/files/**/*.py": python,
    "engineering_api/gateway/**/*.py": python,
    "engineering_api/observability/**/*.py": python,
    "engineering_api/operations/**/*.py": python,
    "engineering_api/parity/**/*.py": python,
    "engineering_api/peers/**/*.py": python,
    "engineering_api/security/**/*.py": python,
    "engineering_api/storage/**/*.py": python,
    "engineering_api/web/**/*.py": python,
    "examples/**/*.py": python,
    "openness_bridge/**/*.py": python,
    "simatic_xml/**/*.py": python,
    "fakes/**/*.py": python,
    "engineering_api/execution/**/*.py": python,
    "engineering_api/features/**/*.py": python,
    "runtime_data/ignition/**/*.py": python,
    "runtime_data/native/**/*.py": python,
    "runtime_data/unified/**/*.py": python,
    "runtime_data/wincc/**/*.py": python,
}
"""Files whose prose is checked, with the reader of their prose. To add code: `"engineering_api/**/*.py": python`."""
GENERATED = "docs/api/"
PAGES = ("README.md", "CONTRIBUTING.md", "docs/*.md", "console/texts/en.json")
"""Pages and texts in which a negation belongs to the verb: a file "is not a trace", not "is no trace"."""
NEGATED_NOUN = re.compile(
    r"(?<!there)\s(?:is|are|was|were)\s+no(?:\s+(?!more\b|less\b|longer\b)\w|thing\s+that\b)", re.IGNORECASE
)
PRODUCT = ("engineering_api", "runtime_data", "openness_bridge", "simatic_xml", "fakes")
PLURAL = re.compile(r"\w\(e?s\)")
"""A plural that does not know its number, as in "2 file(s)"."""

NAME = "open engineering API for SIMATIC PLCs"
"""The product, after its title in README; in sentences also the short form, "the engineering API"."""
NAMED = ("engineering_api/**/*.py", "console/*.html", "console/*.js", "mkdocs.yml", "pyproject.toml")
"""Further files that name the product."""
TITLES = "engineering_api/web/openapi/forms.py"
"""Its titles stay: generators make the name of a client's package of them (`simatic_engineering_api_client`)."""
OTHER_NAME = re.compile(
    r"(?:SIMATIC|TIA)\s+engineering\s+API\b|open\s+engineering\s+API\b(?!\s+for\s+SIMATIC\s+PLCs)"
    r"|(?<!open\s)engineering\s+API\s+for\b",
    re.IGNORECASE,
)


def words() -> list[str]:
    """Return the words that CONTRIBUTING.md does not allow."""
    table = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition(LIST)[2].partition("\n\n")[0]
    cells = [row.split("|")[1] for row in table.splitlines()[2:]]
    return [word.strip() for cell in cells for word in cell.split(",")]


def pattern(listed: list[str]) -> re.Pattern[str]:
    """Return a pattern that finds the words, also over the end of a line."""
    texts = [r"\s+".join(map(re.escape, word.split())) for word in listed]
    return re.compile(rf"(?<!\w)(?:{'|'.join(texts)})(?!\w)", re.IGNORECASE)


def found(name: str, text: str, reader: Reader) -> Iterator[str]:
    """Yield file, line and word of each word in a text that is not allowed."""
    prose = reader(text)
    for each in pattern(words()).finditer(prose):
        yield f"{name}:{prose.count(chr(10), 0, each.start()) + 1}: {' '.join(each[0].split())}"


def test_the_list_has_words() -> None:
    assert {"told", "mended", "anew", "says so", "at hand"} <= set(words())
    assert len(words()) == len(set(words())) > 20


def test_our_prose_has_none_of_the_words() -> None:
    wrong: list[str] = []
    count = 0
    for files, reader in SCOPE.items():
        for path in sorted(ROOT.glob(files)):
            name = path.relative_to(ROOT).as_posix()
            if not name.startswith(GENERATED):
                count += 1
                wrong += found(name, path.read_text(encoding="utf-8"), reader)
    assert wrong == []
    assert count > 60


def test_a_negation_belongs_to_the_verb() -> None:
    read = {path: SCOPE.get(files, markdown)(path.read_text("utf-8")) for files in PAGES for path in ROOT.glob(files)}
    wrong = [
        (path.name, " ".join(each[0].split())) for path, prose in read.items() for each in NEGATED_NOUN.finditer(prose)
    ]
    assert wrong == []
    assert len(read) > 40


def test_the_product_has_one_name() -> None:
    paths = {path for files in (*SCOPE, *NAMED) for path in ROOT.glob(files)} - {ROOT / TITLES}
    read = {path: path.read_text("utf-8") for path in paths}
    assert [(path.name, each[0]) for path, text in read.items() for each in OTHER_NAME.finditer(text)] == []
    assert f"# The {NAME}\n" in read[ROOT / "README.md"]
    assert f"site_name: {NAME[0].upper()}{NAME[1:]}\n" in read[ROOT / "mkdocs.yml"]


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("The open engineering API\nfor SIMATIC PLCs; the engineering API; engineering_api", False),
        ("SIMATIC engineering API", True),
        ("the open engineering API", True),
        ("Engineering API for PLCs", True),
    ],
)
def test_another_name_is_found(text: str, is_found: bool) -> None:
    assert bool(OTHER_NAME.search(text)) is is_found


def messages(code: str) -> Iterator[str]:
    """Yield the strings of a module that are not docstrings; a value in a string is an X."""
    tree = ast.parse(code)
    read = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            read.update(node.values)
            yield "".join(str(each.value) if isinstance(each, ast.Constant) else "X" for each in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in read:
            yield node.value


def test_a_negation_of_a_message_belongs_to_the_verb_and_a_plural_knows_its_number() -> None:
    wrong: list[tuple[str, str]] = []
    count = 0
    for path in (path for package in PRODUCT for path in (ROOT / package).rglob("*.py")):
        text = path.read_text("utf-8")
        if NEGATED_NOUN.search(text) or PLURAL.search(text) or " is no {" in text:
            count += 1
            wrong += [(path.name, each) for each in messages(text) if NEGATED_NOUN.search(each) or PLURAL.search(each)]
    assert wrong == []
    assert count > 10


def test_messages_are_not_docstrings() -> None:
    code = '"""It is no list."""\nraise ValueError(f"{a} is no {b}.", "2 file(s)")\n'
    assert list(messages(code)) == ["X is no X.", "2 file(s)"]


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("A file that is no trace fails.", True),
        ("They are\nno tools", True),
        ("This is nothing that can be imported.", True),
        ("There is no trace, and there are\nno tools.", False),
        ("The limit is no longer kept; it is no more.", False),
        ("A file that is not a trace fails.", False),
    ],
)
def test_a_negated_noun_is_found(text: str, is_found: bool) -> None:
    assert bool(NEGATED_NOUN.search(text)) is is_found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The log is\nbegun anew.", ["x:2: anew"]),
        ("TOLD, and the page says\nso.", ["x:1: TOLD", "x:1: says so"]),
        ("`told` is code, [this](anew.md) a link, and standard no stands-in: told_apart", ["x:1: stands"]),
        ("```sh\nls  # anew\n```\n`a\nb` told", ["x:2: anew", "x:5: told"]),
        (f"told\n\n{LIST}\n|---|---|\n| told | named |\n\ntold", ["x:1: told", "x:7: told"]),
        ("Nothing is wrong.", []),
    ],
)
def test_a_planted_word_is_found_on_a_page(text: str, expected: list[str]) -> None:
    assert list(found("x", text, markdown)) == expected


def test_a_planted_word_is_found_in_code() -> None:
    code = '"""Mend\nit."""\ntold = 1  # told\nraise ValueError(f"{told} says " "so anew")\n# it says\n# so\n'
    assert list(found("x", code, python)) == ["x:1: Mend", "x:3: told", "x:4: says so", "x:4: anew", "x:5: says so"]


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match[0])
