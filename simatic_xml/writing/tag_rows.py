"""The rows of a tag table in regular layout, written in one pass: a table of 100,000 tags costs no tree.

The text is the one that the general writer gives. Rows with anything beyond the plain model are left to that one.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from simatic_xml.model import Tag, TagTable, Texts, UserConstant
from simatic_xml.xml.escape import text
from simatic_xml.xml.layout import spell

Row = Tag | UserConstant
Written = tuple[str, int]
"""The text of some rows, and the number of the object after them."""

_CHUNK = 1000
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LONGEST = 5_000_000
"""Most text of a thousand rows, in characters; the general writer knows the limits of XML."""


class NotPlain(Exception):  # noqa: N818 - a signal to the caller, never an error of the input
    """A row needs the general writer."""


def row_chunks(table: TagTable) -> Iterator[str]:
    """Yield the rows of a table in regular layout, a thousand at a time.

    Raises:
        NotPlain: A row has attributes beyond the model, edits, or characters that XML does not allow.
    """
    number = 1
    for start in range(0, len(table.tags), _CHUNK):
        chunk, number = tags_text(table.tags[start : start + _CHUNK], number)
        yield chunk
    for start in range(0, len(table.constants), _CHUNK):
        chunk, number = constants_text(table.constants[start : start + _CHUNK], number)
        yield chunk


def tags_text(tags: Sequence[Tag], number: int) -> Written:
    """Return tags in regular layout, the first one with the ID `number`.

    Raises:
        NotPlain: As `row_chunks`.
    """
    escape = _escape_for(tags, "".join([tag.address for tag in tags]))
    result = []
    for tag in tags:
        shared = _type_and_flags(tag.data_type, tag.external_accessible, tag.external_visible, tag.external_writable)
        address = f">{escape(tag.address)}</LogicalAddress>" if tag.address else " />"
        comment, following = _comment(tag.comment, number + 1, escape)
        result.append(
            f'      <SW.Tags.PlcTag ID="{number:X}" CompositionName="Tags">\n'
            f"        <AttributeList>\n{shared}"
            f"          <LogicalAddress{address}\n"
            f"          <Name>{escape(tag.name)}</Name>\n"
            f"        </AttributeList>\n{comment}"
            "      </SW.Tags.PlcTag>\n"
        )
        number = following
    return "".join(result), number


def constants_text(constants: Sequence[UserConstant], number: int) -> Written:
    """Return user constants as `tags_text` does tags."""
    escape = _escape_for(constants, "".join([constant.value for constant in constants]))
    result = []
    for constant in constants:
        comment, following = _comment(constant.comment, number + 1, escape)
        result.append(
            f'      <SW.Tags.PlcUserConstant ID="{number:X}" CompositionName="UserConstants">\n'
            "        <AttributeList>\n"
            f"          {_leaf('DataTypeName', constant.data_type)}\n"
            f"          <Name>{escape(constant.name)}</Name>\n"
            f"          {_leaf('Value', constant.value)}\n"
            f"        </AttributeList>\n{comment}"
            "      </SW.Tags.PlcUserConstant>\n"
        )
        number = following
    return "".join(result), number


def _comment(comment: Texts, number: int, escape: Callable[[str], str]) -> Written:
    if not comment:
        return "", number
    items = ""
    following = number + 1
    for culture, value in comment.items():
        items += (
            f'              <MultilingualTextItem ID="{following:X}" CompositionName="Items">\n'
            "                <AttributeList>\n"
            f"                  <Culture>{culture}</Culture>\n"
            f"                  <Text{f'>{escape(value)}</Text>' if value else ' />'}\n"
            "                </AttributeList>\n"
            "              </MultilingualTextItem>\n"
        )
        following += 1
    return (
        "        <ObjectList>\n"
        f'          <MultilingualText ID="{number:X}" CompositionName="Comment">\n'
        f"            <ObjectList>\n{items}            </ObjectList>\n"
        "          </MultilingualText>\n"
        "        </ObjectList>\n"
    ), following


@lru_cache(maxsize=4096)
def _leaf(name: str, value: str) -> str:
    return f"<{name}>{_escape(value)}</{name}>" if value else f"<{name} />"


@lru_cache(maxsize=4096)
def _type_and_flags(data_type: str, accessible: bool | None, visible: bool | None, writable: bool | None) -> str:
    """Return the entries that many tags have in common."""
    flags = {"ExternalAccessible": accessible, "ExternalVisible": visible, "ExternalWritable": writable}
    leaves = [_leaf("DataTypeName", data_type)]
    leaves += [_leaf(name, str(flag).lower()) for name, flag in flags.items() if flag is not None]
    return "".join(f"          {leaf}\n" for leaf in leaves)


def _escape_for(rows: Sequence[Row], more: str) -> Callable[[str], str]:
    """Return how texts of these rows are escaped, which few need at all."""
    if any(row.attributes or row.extra or not row.name for row in rows):
        raise NotPlain
    comments = [row.comment for row in rows if row.comment]
    values = [value for comment in comments for value in comment.values()]
    whole = "".join([more, *[row.name for row in rows], *[row.data_type for row in rows], *values])
    if len(whole) > _LONGEST or not _are_cultures(comments) or _has_no_xml(whole):
        raise NotPlain
    return _escape if any(mark in whole for mark in "&<>\r") else str


def _are_cultures(comments: Sequence[Texts]) -> bool:
    return all(name.replace("-", "").isalnum() for name in {name for comment in comments for name in comment})


def _has_no_xml(whole: str) -> bool:
    return not whole.isprintable() and _NO_XML.search(whole) is not None


def _escape(value: str) -> str:
    return spell(text(value))
