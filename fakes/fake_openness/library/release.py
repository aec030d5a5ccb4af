"""The life of a version in work: Edit makes it, Release commits it, Discard deletes it (V20 and later).

Facts: docs/facts/openness-libraries.md#types-and-versions, docs/facts/tia-operations.md#libraries (Edit in project
libraries only); names from the type list of V21. That a release needs a consistent test instance and a number above the
others is not documented. The second member of the enumeration is a guess.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import simatic_xml
from fake_dotnet.system import NetEnum, Version, require_type
from fake_openness.library import instances, placement
from fake_openness.library.instances import LibraryTypeInstanceInfo
from fake_openness.library.kinds import LibraryTypeVersionState
from fake_openness.library.library_object import refusal
from fake_openness.program.elements import _Element

if TYPE_CHECKING:
    from fake_openness.library.versions import LibraryTypeVersion


class CreateOrReleaseDependenciesMode(NetEnum):
    """Whether Release releases what the version depends on as well."""

    DoNotAutomaticallyCreateOrReleaseDependencies = 0
    AutomaticallyCreateOrReleaseDependencies = 1


def edit(version: LibraryTypeVersion, instance: LibraryTypeInstanceInfo | None) -> LibraryTypeVersion:
    """Make a version in work from a committed one."""
    version._require_writable()
    if version._library._is_global:
        msg = "A type can be edited in the project library only: copy it there first."
        raise refusal("global_edit", msg, version._title())
    version._require_committed("is being edited already")
    version._type._require_none_in_work()
    siblings = version._type._versions
    made = siblings._make(siblings._next_number(), "", version._author)
    made._dependencies = version._dependencies
    made._keep(version._data())
    if instance is not None:
        instances.tie(instance._element, made)
    return made


def release(
    version: LibraryTypeVersion, mode: CreateOrReleaseDependenciesMode, number: Version, author: str, comment: str
) -> None:
    """Commit a version in work."""
    require_type(mode, CreateOrReleaseDependenciesMode, "dependenciesMode")
    require_type(author, str, "author")
    require_type(comment, str, "comment")
    version._require_writable()
    if version._committed:
        raise refusal("committed", f"'{version._title()}' is released already: edit it to create another version.")
    _require_number(version, require_type(number, Version, "version"))
    with version._context.whole():
        _take_over(version, _test_instance(version))
        _settle_dependencies(version, mode)
        version._assign("_number", number)
        version._assign("_author", author)
        version._assign("_comment", {version._library._culture(): comment} if comment else {})
        version._assign("_state", LibraryTypeVersionState.Committed)
        version._assign("_modified", version._context.now())
        version._make_default()


def discard(version: LibraryTypeVersion) -> None:
    """Discard a version in work."""
    version._require_writable()
    if version._committed:
        raise refusal("committed", f"'{version._title()}' is released and cannot be discarded: delete it.")
    earlier = version._type._default()
    for element in version._instances():
        if earlier is None:
            instances.tie(element, None)
        else:
            instances.rewrite(element, placement.content_of(earlier), earlier)
    version._remove()
    if not version._type._versions._items:
        version._type._drop()


def _require_number(version: LibraryTypeVersion, number: Version) -> None:
    if number.Build < 0 or number.Revision >= 0:
        raise refusal(
            "number", f"'{number.ToString()}' is not a version of a type: write three numbers, such as 1.0.0."
        )
    others = [each._number for each in version._type._versions._items if each is not version]
    if others and number <= max(others):
        msg = f"The version {number.ToString()} is not above {max(others).ToString()}: choose a higher one."
        raise refusal("number", msg, version._title())


def _test_instance(version: LibraryTypeVersion) -> _Element | None:
    found: list[_Element] = version._instances()
    for element in found:
        if not element._state.consistent:
            msg = f"The test instance '{element._name}' of '{version._title()}' is inconsistent: compile it first."
            raise refusal("inconsistent", msg, element._name)
    return found[0] if found else None


def _take_over(version: LibraryTypeVersion, element: _Element | None) -> None:
    """Give the version the content of its test instance."""
    if element is None:
        return
    needed = instances.dependencies_of(element)
    version._assign("_dependencies", tuple(sorted({each._guid for each in needed})))
    content = element._content()
    content.name = version._type._name
    document = simatic_xml.Document(version._context.version.engineering, [content])
    version._keep(simatic_xml.dump(document))


def _settle_dependencies(version: LibraryTypeVersion, mode: CreateOrReleaseDependenciesMode) -> None:
    for needed in version._find_needed():
        if needed._committed:
            continue
        if mode is not CreateOrReleaseDependenciesMode.AutomaticallyCreateOrReleaseDependencies:
            msg = f"'{version._title()}' depends on '{needed._title()}', which is in work: release that one first."
            raise refusal("dependency_in_work", msg, needed._title())
        release(needed, mode, needed._number, needed._author, "")
