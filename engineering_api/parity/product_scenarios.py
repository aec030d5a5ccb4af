"""Scenarios of texts, panels, libraries, CAx and downloads; the download writes a folder and reaches no CPU."""

from __future__ import annotations

from functools import partial
from typing import Any

from engineering_api.parity.bench import Bench
from openness_bridge.errors import Problem
from openness_bridge.values import boxed, delegate, di, enum_names, fi, service, set_attribute

UNIFIED_PANEL = "OrderNumber:6AV2 128-3GB06-0AXx/17.0.0.0"
FUNCTION = 'FUNCTION "Add_1" : Int\nBEGIN\n  #Add_1 := 1;\nEND_FUNCTION\n'
PLAIN, FORMATTED = "Start", "<body><p>Start</p></body>"


def texts(bench: Bench) -> None:
    """Read the languages of a project, and write texts in them."""
    languages = bench.project.LanguageSettings
    bench.attempt("active languages", lambda: [str(each.Culture.Name) for each in languages.ActiveLanguages])
    bench.attempt("editing language", lambda: languages.EditingLanguage.Culture.Name)
    comment = bench.project.Comment
    bench.attempt("items of a comment", lambda: comment.Items.Count)
    item = comment.Items.Find(languages.EditingLanguage)
    bench.attempt("an empty text", lambda: item.Text)
    bench.attempt("write a text", lambda: set_attribute(bench.model, item, "Text", "Line & <more>"))
    bench.attempt("the text", lambda: item.Text)
    bench.attempt("the culture of an item", lambda: item.Language.Culture.Name)
    bench.attempt("a culture as text", lambda: languages.Languages.Find("en-US"))


def hmi(bench: Bench) -> None:
    """Make a screen with a button on a Unified panel, and write texts with and without format."""
    bench.attempt("a Unified panel", lambda: bench.project.Devices.CreateWithItem(UNIFIED_PANEL, "HMI_1", "HMI_1").Name)
    software = _software(bench, "HMI_1")
    bench.attempt("tables of a new panel", lambda: [str(each.Name) for each in software.TagTables])
    bench.attempt("alarm classes of a new panel", lambda: sorted(str(each.Name) for each in software.AlarmClasses))
    screen = software.Screens.Create("Screen_A")
    for name, kind in (("Width", "UInt32"), ("Height", "UInt32"), ("ScreenNumber", "UInt16")):
        bench.attempt(f"{name} of a new screen", partial(screen.GetAttribute, name))
        bench.attempt(f"set {name}", partial(set_attribute, bench.model, screen, name, boxed(bench.model, kind, 600)))
    wrong = boxed(bench.model, "Int32", 700)
    bench.attempt("set a number of another type", lambda: set_attribute(bench.model, screen, "Width", wrong))
    button = screen.ScreenItems.Create[bench.model.HmiButton]("Go")
    text = button.Text.Items[0]
    bench.attempt("the text of a new button", lambda: text.Text)
    for name, value in (("a plain text", PLAIN), ("a text with format", FORMATTED), ("an empty text", "")):
        bench.attempt(name, partial(set_attribute, bench.model, text, "Text", value))
        bench.attempt(f"{name}, read", lambda: text.Text)
    bench.attempt("a tag", lambda: software.Tags.Create("Level").DataType)
    comment = software.Tags.Find("Level").Comment.Items[0]
    bench.attempt("a plain comment of a tag", lambda: set_attribute(bench.model, comment, "Text", PLAIN))
    alarm = software.DiscreteAlarms.Create("High").EventText.Items[0]
    bench.attempt("a plain text of an alarm", lambda: set_attribute(bench.model, alarm, "Text", PLAIN))
    moved = button.Dynamizations.Create[bench.model.TagDynamization]("Visible")
    bench.attempt("a property that a tag sets", lambda: [moved.PropertyName, moved.Tag])


def libraries(bench: Bench) -> None:
    """Put a block into the project library and into a global one, and take it out again."""
    bench.generate(FUNCTION)
    block = bench.plc.BlockGroup.Blocks.Find("Add_1")
    library = bench.project.ProjectLibrary
    copies = library.MasterCopyFolder.MasterCopies
    bench.attempt("types of a new library", lambda: library.TypeFolder.Types.Count)
    bench.attempt("a master copy", lambda: copies.Create(block).Name)
    bench.attempt("the same master copy again", lambda: copies.Create(block).Name)
    bench.attempt("master copies", lambda: sorted(str(each.Name) for each in copies))
    block.Delete()
    bench.attempt("a block from it", lambda: bench.plc.BlockGroup.Blocks.CreateFrom(copies[0]).Name)
    bench.attempt("the name is used", lambda: bench.plc.BlockGroup.Blocks.CreateFrom(copies[0]).Name)
    shelf = bench.session.portal.GlobalLibraries
    create = shelf.Create[bench.model.UserGlobalLibrary]
    bench.attempt("a global library", lambda: create(di(bench.model, bench.folder), "Shelf").Name)
    bench.attempt("open global libraries", lambda: "Shelf" in [str(each.Name) for each in shelf])


def cax(bench: Bench) -> None:
    """Export a station as AutomationML."""
    provider = service(bench.project, bench.model.CaxProvider)
    device = bench.project.Devices.Find("Station_1")
    target, log = bench.file(".aml"), bench.file(".log")
    bench.attempt("what an export returns", lambda: type(_export(bench, provider, device, target, log)).__name__)
    bench.attempt("the file", target.is_file)
    bench.attempt("the log", log.is_file)
    bench.attempt("export over a file", lambda: type(_export(bench, provider, device, target, log)).__name__)


def download(bench: Bench) -> None:
    """Write the memory card of PLC_1 into a folder, and keep the questions with their choices (from V19)."""
    bench.generate(FUNCTION)
    cpu = next(item for item in bench.project.Devices.Find("Station_1").DeviceItems if str(item.Name) == "PLC_1")
    loader = service(cpu, bench.model.DownloadProvider)
    asked: list[str] = []

    def answer(question: Any) -> None:
        choices = (
            [] if not hasattr(question, "CurrentSelection") else enum_names(bench.model, question.CurrentSelection)
        )
        asked.append(f"{type(question).__name__}: {', '.join(choices)}")

    bench.attempt("is configured", lambda: loader.Configuration.IsConfigured)
    bench.attempt("modes", lambda: [str(each.Name) for each in loader.Configuration.Modes])
    answers = delegate(bench.model, "DownloadConfigurationDelegate", answer)
    card = di(bench.model, bench.folder / "card")
    bench.attempt("to a folder", lambda: loader.Download(card, answers).State)
    bench.attempt("its questions", lambda: asked)
    bench.attempt("again", lambda: loader.Download(card, answers).State)
    bench.attempt("its questions again", lambda: asked)


def _export(bench: Bench, provider: Any, device: Any, target: Any, log: Any) -> Any:
    return provider.Export(device, fi(bench.model, target), fi(bench.model, log))


def _software(bench: Bench, name: str) -> Any:
    """Return the software of a panel.

    Raises:
        Problem: The panel has none.
    """
    waiting = list(bench.project.Devices.Find(name).DeviceItems)
    while waiting:
        item = waiting.pop()
        container = service(item, bench.model.SoftwareContainer)
        if container is not None:
            return container.Software
        waiting.extend(item.DeviceItems)
    raise Problem("parity.no_software", f"'{name}' has no software.")
