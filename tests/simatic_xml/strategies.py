"""Random documents, as large a part of the model as a file can say."""

from hypothesis import strategies as st

from simatic_xml import (
    Block,
    Document,
    ForceTable,
    Member,
    MemberAttribute,
    Network,
    PlcType,
    Section,
    Subelement,
    Tag,
    TagTable,
    UserConstant,
    WatchEntry,
    WatchTable,
)
from simatic_xml.model.blocks import BLOCK_KINDS
from simatic_xml.versions import VERSIONS

_CHARACTERS = st.characters(exclude_categories=["Cs", "Cc", "Cn"], exclude_characters="\ufffe\uffff")
texts = st.text(_CHARACTERS | st.sampled_from("&<>\"'\n\r\t ]"), max_size=12)
names = st.text(_CHARACTERS, min_size=1, max_size=12)
entries = st.dictionaries(
    st.sampled_from(["HeaderAuthor", "IsIECCheckEnabled", "MemoryReserve", "Zone"]), texts, max_size=3
)
cultures = st.dictionaries(st.sampled_from(["en-US", "de-DE", "zh-CN"]), texts, max_size=3)
optional_texts = st.none() | texts
attributes = st.one_of(
    st.builds(
        MemberAttribute,
        st.sampled_from(["ExternalWritable", "SetPoint", "Offset"]),
        values,
        st.just(kind),
        st.booleans(),
        st.booleans(),
    )
    for kind, values in (
        ("Boolean", st.sampled_from(["true", "false"])),
        ("Integer", st.integers(-(2**31), 2**31 - 1).map(str)),
        ("String", texts),
    )
)
subelements = st.builds(Subelement, st.from_regex(r"\A[0-9](,[0-9])?\Z"), optional_texts, cultures)


def _members(inner: st.SearchStrategy[Member]) -> st.SearchStrategy[Member]:
    sections = st.builds(Section, st.sampled_from(["Input", "Static", "None"]), st.lists(inner, max_size=2))
    return st.builds(
        Member,
        names,
        texts,
        optional_texts,
        st.none() | st.sampled_from(["Retain", "SetInIDB"]),
        st.none() | st.sampled_from(["Public", "Internal"]),
        st.booleans(),
        st.lists(attributes, max_size=2),
        cultures,
        st.just(value=False),
        optional_texts,
        st.just(value=False),
        st.lists(inner, max_size=2),
        st.lists(sections, max_size=2),
        st.lists(subelements, max_size=2),
    )


_leaves = st.builds(Member, names, texts)
members = st.recursive(_leaves, _members, max_leaves=4)
sections = st.builds(
    Section, st.sampled_from(["Input", "Output", "Static", "Temp", "Return"]), st.lists(members, max_size=2)
)
networks = st.builds(Network, st.sampled_from(["LAD", "SCL", "FBD"]), cultures, cultures)
blocks = st.builds(
    Block,
    st.sampled_from(BLOCK_KINDS),
    names,
    st.none() | st.integers(0, 65535),
    st.none() | st.booleans(),
    st.none() | st.sampled_from(["LAD", "SCL", "DB", "F_LAD"]),
    st.none() | st.sampled_from(["Optimized", "Standard"]),
    cultures,
    cultures,
    st.lists(sections, max_size=3),
    st.lists(networks, max_size=2),
    entries,
    secondary_type=st.none() | st.sampled_from(["ProgramCycle", "Startup"]),
    instance_of=st.none() | names,
    instance_of_type=st.none() | st.sampled_from(["FB", "UDT"]),
    interface_version=st.none(),
)
flags = st.none() | st.booleans()
tags = st.builds(Tag, names, texts, texts, cultures, flags, flags, flags)
constants = st.builds(UserConstant, names, texts, texts, cultures)
watch_entries = st.builds(WatchEntry, optional_texts, optional_texts, optional_texts, cultures)
objects = (
    blocks
    | st.builds(PlcType, names, st.lists(members, max_size=3), cultures, cultures, entries)
    | st.builds(TagTable, names, st.lists(tags, max_size=3), st.lists(constants, max_size=2))
    | st.builds(WatchTable, names, st.lists(watch_entries, max_size=3))
    | st.builds(ForceTable, names, st.lists(watch_entries, max_size=3))
)
documents = st.builds(Document, st.sampled_from(list(VERSIONS)), st.lists(objects, max_size=3))
