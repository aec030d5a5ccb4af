"""Events of operations: one for each change that has ended, with the names of what it was about and nothing else."""

from typing import Any

from tests.support.service import CPU, FIRMWARE, Client


def told(client: Client) -> list[Any]:
    """The events of operations so far."""
    hub = client.http.app.state.service.hub
    return [event for event in hub._recent if "operation" in event.data and not event.kind.startswith("job.")]


def test_what_changed_is_told_and_what_was_refused(project: Client) -> None:
    body = {"orderNumber": CPU, "version": FIRMWARE, "name": "PLC_1"}
    project.ok("POST", "/api/projects/devices/actions/add-sync", body)
    project.job("POST", "/api/devices/PLC_1/actions/compile", {"scope": "software"})
    project.ok("POST", "/api/projects/actions/save-sync", {})
    project.refused(404, "device.not_found", "DELETE", "/api/devices/PLC_9")
    assert [(event.kind, event.subject) for event in told(project)] == [
        ("project.opened", "projects.create"),
        ("project.changed", "devices.add"),
        ("compile.finished", "devices.compile_"),
        ("project.saved", "projects.save"),
        ("operation.failed", "devices.delete"),
    ]
    compiled, failed = told(project)[2], told(project)[-1]
    assert compiled.data["target"] == {"deviceName": "PLC_1", "scope": "software"}
    assert (failed.data["code"], failed.data["target"]) == ("device.not_found", {"deviceName": "PLC_9"})
    assert {event.data["caller"] for event in told(project)} == {"api-key"}


def test_reads_and_dry_runs_tell_nothing(project: Client) -> None:
    before = len(told(project))
    project.ok("GET", "/api/projects/overview")
    project.ok("POST", "/api/projects/actions/save-sync?dryRun=true", {})
    assert len(told(project)) == before


def test_contents_are_not_told(plc: Client) -> None:
    source = 'FUNCTION_BLOCK "Secret recipe"\nBEGIN\nEND_FUNCTION_BLOCK\n' + "// x\n" * 100
    body = {"sclContent": source, "sourceName": "Recipe"}
    plc.ok("POST", "/api/devices/PLC_1/external-sources/import-and-generate", body)
    assert told(plc)[-1].kind == "project.changed"
    assert "recipe" not in str(told(plc)[-1].data).casefold().replace("'sourcename': 'recipe'", "")
