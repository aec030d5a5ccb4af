"""Tag tables, watch tables and force tables in JSON."""

from simatic_xml.json_form.reader import Reader
from simatic_xml.json_form.texts import Cultures, Json, entries_to_json, put, put_given, put_rest
from simatic_xml.model import ForceTable, Tag, TagTable, UserConstant, WatchEntry, WatchTable


def tag_table_to_json(table: TagTable, cultures: Cultures) -> Json:
    """Return a tag table."""
    result: Json = {"kind": "TagTable", "name": table.name}
    put(
        result,
        tags=[_tag_to_json(tag, cultures) for tag in table.tags],
        constants=[_constant_to_json(constant, cultures) for constant in table.constants],
        attributes=entries_to_json(table.attributes),
    )
    put_rest(result, table.extra)
    return result


def tag_table_from_json(reader: Reader) -> TagTable:
    """Return the tag table for its JSON."""
    table = TagTable(
        reader.name(),
        [_tag_from_json(each) for each in reader.children("tags")],
        [_constant_from_json(each) for each in reader.children("constants")],
        reader.entries("attributes"),
        reader.extra(),
    )
    reader.refuse_unread()
    return table


def _tag_to_json(tag: Tag, cultures: Cultures) -> Json:
    result: Json = {"name": tag.name, "type": tag.data_type, "address": tag.address}
    cultures.put(result, "comment", tag.comment)
    put_given(
        result,
        externalAccessible=tag.external_accessible,
        externalVisible=tag.external_visible,
        externalWritable=tag.external_writable,
    )
    put(result, attributes=entries_to_json(tag.attributes))
    put_rest(result, tag.extra)
    return result


def _tag_from_json(reader: Reader) -> Tag:
    tag = Tag(
        reader.name(),
        _data_type(reader),
        reader.text("address") or "",
        reader.texts("comment"),
        reader.flag("externalAccessible"),
        reader.flag("externalVisible"),
        reader.flag("externalWritable"),
        reader.entries("attributes"),
        reader.extra(),
    )
    reader.refuse_unread()
    return tag


def _constant_to_json(constant: UserConstant, cultures: Cultures) -> Json:
    result: Json = {"name": constant.name, "type": constant.data_type, "value": constant.value}
    cultures.put(result, "comment", constant.comment)
    put(result, attributes=entries_to_json(constant.attributes))
    put_rest(result, constant.extra)
    return result


def _constant_from_json(reader: Reader) -> UserConstant:
    constant = UserConstant(
        reader.name(),
        _data_type(reader),
        reader.read_spelling("value") or "",
        reader.texts("comment"),
        reader.entries("attributes"),
        reader.extra(),
    )
    reader.refuse_unread()
    return constant


def _data_type(reader: Reader) -> str:
    data_type = reader.text("type")
    if data_type is None:
        raise reader.error('A data type is missing; add "type": "Bool" or another.')
    return data_type


def watch_table_to_json(table: WatchTable, cultures: Cultures) -> Json:
    """Return a watch or force table."""
    result: Json = {"kind": table.kind, "name": table.name}
    put(
        result,
        entries=[_entry_to_json(entry, cultures) for entry in table.entries],
        attributes=entries_to_json(table.attributes),
    )
    put_rest(result, table.extra)
    return result


def watch_table_from_json(kind: str, reader: Reader) -> WatchTable:
    """Return the watch or force table for its JSON."""
    table = (ForceTable if kind == "ForceTable" else WatchTable)(
        reader.name(),
        [_entry_from_json(each) for each in reader.children("entries")],
        reader.entries("attributes"),
        reader.extra(),
    )
    reader.refuse_unread()
    return table


def _entry_to_json(entry: WatchEntry, cultures: Cultures) -> Json:
    result: Json = {}
    put_given(result, name=entry.name, address=entry.address, displayFormat=entry.display_format)
    cultures.put(result, "comment", entry.comment)
    put(result, attributes=entries_to_json(entry.attributes))
    put_rest(result, entry.extra)
    return result


def _entry_from_json(reader: Reader) -> WatchEntry:
    entry = WatchEntry(
        reader.text("name"),
        reader.text("address"),
        reader.text("displayFormat"),
        reader.texts("comment"),
        reader.entries("attributes"),
        reader.extra(),
    )
    reader.refuse_unread()
    return entry
