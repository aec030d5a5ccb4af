"""Reads the examples of the pages back: each as the HTTP request that its language would send."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import msgspec
import tree_sitter
import tree_sitter_powershell

from engineering_api.documentation.calls import Call

_OPERATION = re.compile(r"^Operation `([\w.]+)`;", re.MULTILINE)
_CODE = re.compile(r"^```(sh|powershell|python)\n(.*?)\n```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Example:
    """One block of code of a page, and the operation that it is about."""

    operation: str
    language: str
    code: str


def examples(content: str) -> Iterator[Example]:
    """The examples of a page, in their order."""
    starts = [*_OPERATION.finditer(content)]
    ends = [*(found.start() for found in starts[1:]), len(content)]
    for found, end in zip(starts, ends, strict=True):
        for language, code in _CODE.findall(content[found.start() : end]):
            yield Example(found[1], language, code)


def sent_by_curl(code: str, url: str, key: str) -> Call:
    """The request of a call of curl.

    Raises:
        AssertionError: It is none, or not authorised by the key.
    """
    words = [word.replace("$URL", url).replace("$KEY", key) for word in shlex.split(code.replace("\\\n", " "))]
    assert words.pop(0) == "curl"
    method, headers, body, target = "GET", [], "", ""
    while words:
        match words.pop(0):
            case "-X":
                method = words.pop(0)
            case "-H":
                headers.append(words.pop(0))
            case "-d":
                body = words.pop(0)
            case word:
                assert not target
                target = word
    assert headers == [f"X-API-Key: {key}", *(["Content-Type: application/json"] if body else [])]
    return _call(method, target, body, url)


def sent_by_powershell(code: str, url: str) -> Call:
    """The request of a call of Invoke-RestMethod.

    Raises:
        AssertionError: It is none, or no PowerShell.
    """
    given = _parameters(code, {"Url": url, "Headers": "the headers"})
    assert given.pop("-Headers") == "the headers"
    if "-Body" in given:
        assert given.pop("-ContentType") == "application/json; charset=utf-8"
    method, uri, body = given.pop("-Method"), given.pop("-Uri"), given.pop("-Body", "")
    assert not given
    return _call(method.upper(), uri, body, url)


def _call(method: str, address: str, body: str, url: str) -> Call:
    assert address.startswith(url), address
    return Call(
        method, address.removeprefix(url), msgspec.json.encode(msgspec.json.decode(body)).decode() if body else ""
    )


def _parameters(code: str, variables: dict[str, str]) -> dict[str, str]:
    """The parameters of the one command that a script is."""
    tree = _powershell().parse(code.encode())
    assert not tree.root_node.has_error, code
    (command,) = (node for node in _nodes(tree.root_node) if node.type == "command")
    name, elements = command.named_children
    assert _text(name) == "Invoke-RestMethod"
    words = [node for node in elements.named_children if node.type != "command_argument_sep"]
    assert [word.type == "command_parameter" for word in words] == [True, False] * (len(words) // 2)
    return {_text(words[n]): _value(words[n + 1], variables) for n in range(0, len(words), 2)}


def _value(word: tree_sitter.Node, variables: dict[str, str]) -> str:
    """What a word means: a bare word, a variable, or a string of one of the two kinds."""
    node = word
    while node.type not in {"verbatim_string_characters", "expandable_string_literal", "variable", "generic_token"}:
        (node,) = node.named_children
    text = _text(node)
    match node.type:
        case "verbatim_string_characters":
            return text[1:-1].replace("''", "'")
        case "expandable_string_literal":
            assert "`" not in text
            for part in node.named_children:
                text = text.replace(_text(part), variables[_text(part)[1:]])
            return text[1:-1]
        case "variable":
            return variables[text[1:]]
    return text


def _nodes(node: tree_sitter.Node) -> Iterator[tree_sitter.Node]:
    yield node
    for child in node.children:
        yield from _nodes(child)


def _text(node: tree_sitter.Node) -> str:
    assert node.text is not None
    return node.text.decode()


@cache
def _powershell() -> tree_sitter.Parser:
    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_powershell.language()))
