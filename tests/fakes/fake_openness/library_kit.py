"""What tests of libraries do again and again: types made of documents, versions released, global libraries made."""

from __future__ import annotations

from typing import Any

from simatic_xml.model import Block, PlcType
from tests.fakes.fake_openness.plc import Plant


def library(plant: Plant) -> Any:
    """The project library."""
    return plant.project.ProjectLibrary


def copies(plant: Plant) -> Any:
    """The master copies in the root folder of the project library."""
    return library(plant).MasterCopyFolder.MasterCopies


def types(plant: Plant) -> Any:
    """The types in the root folder of the project library."""
    return library(plant).TypeFolder.Types


def make_global(plant: Plant, name: str = "Shared") -> Any:
    """A new global library, open for writing."""
    directory = plant.types["DirectoryInfo"](str(plant.folder / "libraries"))
    return plant.portal.GlobalLibraries.Create[plant.types["UserGlobalLibrary"]](directory, name)


def document(plant: Plant, name: str) -> tuple[Any, str]:
    """Folder and name of a document of a block or data type of the PLC."""
    folder = plant.new_path("")
    element = plant.plc._program.find(name)
    assert element is not None
    result = element.ExportAsDocuments(plant.types["DirectoryInfo"](str(folder)), "content")
    assert result.State.ToString() == "Success", [each.Message for each in result.Messages]
    return plant.types["DirectoryInfo"](str(folder)), "content"


def make_type(plant: Plant, content: Block | PlcType, *, at: Any = None, number: str = "1.0.0") -> Any:
    """A type of an object that is put into the PLC, with one released version."""
    plant.put(content, tolerate=True)
    return type_of(plant, content.name, at=at, number=number)


def type_of(plant: Plant, name: str, *, at: Any = None, number: str = "1.0.0") -> Any:
    """A type of a block or data type of the PLC, with one released version, or in work without a number."""
    options = plant.types["LibraryImportOptions"].None_
    home = types(plant) if at is None else at
    made = home.CreateFromDocuments(*document(plant, name), environment(plant, name), options).CreatedType
    if number:
        release(plant, made.Versions[0], number)
    return made


def new_version(plant: Plant, made: Any, number: str = "") -> Any:
    """A version of a type as the PLC's object of its name is now; released when a number is given."""
    kinds = plant.types
    directory, name = document(plant, made.Name)
    result = made.Versions.CreateFromDocuments(
        directory,
        name,
        environment(plant, made.Name),
        kinds["CreateOptions"].None_,
        kinds["LibraryImportOptions"].None_,
    )
    if number:
        release(plant, result.CreatedVersion, number)
    return result.CreatedVersion


def release(plant: Plant, version: Any, number: str) -> None:
    """Compile the program and release a version."""
    plant.compile()
    mode = plant.types["CreateOrReleaseDependenciesMode"].DoNotAutomaticallyCreateOrReleaseDependencies
    version.Release(mode, plant.types["Version"](number), "tester", "a note")


def environment(plant: Plant, name: str) -> Any:
    """The folder of a block or data type."""
    element = plant.plc._program.find(name)
    assert element is not None
    return element._group


def numbers(made: Any) -> list[tuple[str, str, bool]]:
    """Number, state and default of all versions of a type."""
    return [(each.VersionNumber.ToString(), each.State.ToString(), each.IsDefault) for each in made.Versions]
