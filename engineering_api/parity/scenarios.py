"""What is asked of a TIA Portal: small scenarios against the object model, each in a separate project.

A scenario branches on nothing that it was answered, so that both sides are asked the same. Its name and the names of
its facts stay as they are once a recording has them.
"""

from __future__ import annotations

from collections.abc import Callable

from engineering_api.parity.bench import CPU, Bench
from engineering_api.parity.product_scenarios import cax, download, hmi, libraries, texts
from openness_bridge.values import di, enum, fi

FUNCTION = 'FUNCTION "{name}" : Int\nVAR_INPUT\n  x : Int;\nEND_VAR\nBEGIN\n  #{name} := #x + 1;\nEND_FUNCTION\n'
Scenario = Callable[[Bench], None]


def project(bench: Bench) -> None:
    """Create, change, save, close and open a project."""
    opened = bench.project
    bench.attempt("modified after creation", lambda: opened.IsModified)
    opened.Save()
    bench.attempt("modified after saving", lambda: opened.IsModified)
    bench.attempt("file", lambda: opened.Path.Name)
    bench.attempt(
        "create a second primary project",
        lambda: bench.session.portal.Projects.Create(di(bench.model, bench.folder), "Second").Name,
    )
    bench.attempt("write a read-only attribute", lambda: opened.SetAttribute("Name", "Other"))
    bench.attempt("read an unknown attribute", lambda: opened.GetAttribute("Colour"))
    file = fi(bench.model, str(opened.Path.FullName))
    opened.Close()
    bench.attempt("use a closed project", lambda: opened.Devices.Count)
    bench.attempt("open it again", lambda: bench.session.portal.Projects.Open(file).Name)


def devices(bench: Bench) -> None:
    """Add stations under free and taken names."""
    devices = bench.project.Devices
    bench.attempt("station", lambda: [devices.Find("Station_1").Name, devices.Find("Station_1").TypeIdentifier])
    bench.attempt("found by a name in other letters", lambda: devices.Find("STATION_1") is not None)
    bench.attempt("the same station again", lambda: devices.CreateWithItem(CPU, "PLC_1", "Station_1").Name)
    bench.attempt(
        "an unknown article", lambda: devices.CreateWithItem("OrderNumber:6ES7 000-0AA00-0AA0/V1.0", "A", "A").Name
    )
    bench.attempt("items", lambda: sorted(str(item.Name) for item in devices.Find("Station_1").DeviceItems))


def tags(bench: Bench) -> None:
    """Check tag tables and tags: names, addresses, and what is refused."""
    tables = bench.plc.TagTableGroup.TagTables
    bench.attempt("tables of a new PLC", lambda: [str(table.Name) for table in tables])
    table = tables.Create("Motors")
    bench.attempt("a table of the same name", lambda: tables.Create("Motors").Name)
    bench.attempt("delete the default table", lambda: next(each for each in tables if each.IsDefault).Delete())
    tag = table.Tags.Create("Run", "Bool", "%M0.0")
    bench.attempt("a tag", lambda: [tag.Name, tag.DataTypeName, tag.LogicalAddress])
    bench.attempt("the same tag again", lambda: table.Tags.Create("Run", "Bool", "%M0.1").Name)
    bench.attempt("the same name in other letters", lambda: table.Tags.Create("RUN", "Bool", "%M0.1").Name)
    bench.attempt("a tag at a taken address", lambda: table.Tags.Create("Also", "Bool", "%M0.0").Name)
    bench.attempt("an address that does not fit its type", lambda: table.Tags.Create("Wide", "Int", "%M0.0").Name)
    bench.attempt("an unknown data type", lambda: table.Tags.Create("Odd", "NoSuchType", "%M2.0").Name)
    bench.attempt("a quotation mark in a name", lambda: table.Tags.Create('A"B', "Bool", "%M3.0").Name)
    bench.attempt("tags", lambda: sorted(str(each.Name) for each in table.Tags))
    bench.attempt("exported", lambda: bench.export(table))


def blocks(bench: Bench) -> None:
    """Generate, compile, rename, export and import blocks."""
    bench.generate(FUNCTION.format(name="Add_1"))
    blocks = bench.plc.BlockGroup.Blocks
    block = blocks.Find("Add_1")
    bench.attempt("generated", lambda: [block.Name, block.Number, block.ProgrammingLanguage, block.IsConsistent])
    bench.attempt("export before compiling", lambda: len(bench.export(block)) > 0)
    compiled = block.GetService[bench.model.ICompilable]().Compile()
    bench.attempt("compiled", lambda: [compiled.State, compiled.ErrorCount, compiled.WarningCount, block.IsConsistent])
    path = bench.file()
    options = enum(bench.model, "ExportOptions", "WithDefaults")
    block.Export(fi(bench.model, path), options)
    bench.attempt("export over a file", lambda: block.Export(fi(bench.model, path), options))
    none, override = (enum(bench.model, "ImportOptions", each) for each in ("None", "Override"))
    bench.attempt("import without override", lambda: blocks.Import(fi(bench.model, path), none).Count)
    bench.attempt(
        "import with override", lambda: [each.Name for each in blocks.Import(fi(bench.model, path), override)]
    )
    bench.attempt("use the handle that was replaced", lambda: block.Name)
    bench.attempt("consistent after the import", lambda: blocks.Find("Add_1").IsConsistent)
    bench.attempt(
        "an SCL source with an error", lambda: bench.generate("FUNCTION Wrong : Int BEGIN #Wrong := ; END_FUNCTION")
    )
    bench.attempt("blocks", lambda: sorted(str(each.Name) for each in blocks))


def transactions(bench: Bench) -> None:
    """Check what a transaction keeps, undoes and refuses."""
    portal, opened = bench.session.portal, bench.project
    tables = bench.plc.TagTableGroup.TagTables
    with portal.ExclusiveAccess("parity") as access:
        bench.attempt("a second exclusive access", lambda: portal.ExclusiveAccess("again").Text)
        bench.attempt("a transaction without a text", lambda: access.Transaction(opened, "").CanCommit)
        with access.Transaction(opened, "undone"):
            tables.Create("Undone")
        with access.Transaction(opened, "kept") as step:
            tables.Create("Kept")
            bench.attempt("save inside", opened.Save)
            bench.attempt("can commit after a refusal", lambda: step.CanCommit)
            bench.attempt("commit after a refusal", step.CommitOnDispose)
    bench.attempt("tables", lambda: sorted(str(table.Name) for table in tables))


SCENARIOS: dict[str, Scenario] = {
    each.__name__: each for each in (project, devices, tags, blocks, transactions, texts, hmi, libraries, cax, download)
}
"""The scenarios by their names."""
