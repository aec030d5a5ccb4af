"""An audit believes only a service that knows a vulnerability, and what is found stops CI unless it is decided otherwise."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pytest

from tests.supply_chain.audit import PROBE, UNAUDITED, Dependency, Report, Vulnerability, audit, main
from tests.supply_chain.policy import Ignored

TODAY = dt.date(2026, 11, 22)
FLAW = Vulnerability("PYSEC-2026-1", ["2.0"], ["CVE-2026-1"])
PROBED = [Dependency(name, version, [Vulnerability("PYSEC-2019-217")]) for name, version in PROBE.items()]


class Services:
    """Advisory services, told what to answer; keeps who was asked about what."""

    def __init__(self, probed: dict[str, list[Dependency]], *answer: Dependency) -> None:
        self.probed, self.answer = probed, list(answer)
        self.asked: list[tuple[str, int]] = []

    def __call__(self, service: str, versions: Mapping[str, str]) -> list[Dependency]:
        self.asked.append((service, len(versions)))
        return self.probed[service] if versions == PROBE else self.answer


def asked(services: Services, ignored: list[Ignored] | None = None) -> Report:
    return audit({"a": "1", "b": "1", "c": "1"}, ignored or [], services, TODAY)


CLEAN, VULNERABLE = [Dependency(each, "1") for each in "abc"], Dependency("a", "1", [FLAW])


@pytest.mark.parametrize(
    "blind",
    [[], [Dependency("jinja2", "2.10")], [Dependency("jinja2", skip_reason="not found")]],
    ids=["unreachable", "without advisories", "knows nothing"],
)
def test_without_a_service_that_can_be_believed_the_report_says_that_nothing_was_audited(
    blind: list[Dependency],
) -> None:
    services = Services({"pypi": blind, "osv": blind}, VULNERABLE)
    report = asked(services)
    assert (report.service, report.faults) == ("", [])
    assert report.notes[0].startswith("NOT AUDITED")
    assert services.asked == [("pypi", 1), ("osv", 1)]


def test_the_first_service_that_can_be_believed_is_asked() -> None:
    services = Services({"pypi": [], "osv": PROBED}, *CLEAN)
    assert asked(services) == Report("osv", [], [])
    assert services.asked[-1] == ("osv", 3)


def test_a_vulnerability_stops_ci() -> None:
    (fault,) = asked(Services({"pypi": PROBED}, VULNERABLE, *CLEAN[1:])).faults
    assert fault == "a 1 is vulnerable: PYSEC-2026-1, fixed in 2.0."


@pytest.mark.parametrize("name", ["PYSEC-2026-1", "CVE-2026-1"])
def test_a_vulnerability_may_be_ignored_until_a_day(name: str) -> None:
    services = Services({"pypi": PROBED}, VULNERABLE, *CLEAN[1:])
    report = asked(services, [Ignored(name, "a", TODAY, "not reached")])
    assert report.faults == []
    assert report.notes == [f"a: {name} is ignored until 2026-11-22: not reached"]
    assert asked(services, [Ignored(name, "a", TODAY - dt.timedelta(1), "not reached")]).faults
    assert asked(services, [Ignored(name, "b", TODAY, "another package")]).faults


def test_what_the_service_does_not_know_is_said_and_so_is_what_is_ignored_without_need() -> None:
    services = Services({"pypi": PROBED}, CLEAN[0], Dependency("b", skip_reason="not found"))
    report = asked(services, [Ignored("X-1", "a", TODAY, "was there once")])
    assert [note.partition(";")[0] for note in report.notes] == [
        "NOT AUDITED: b",
        "NOT AUDITED: c",
        "X-1 of a is ignored without need.",
    ]


@pytest.mark.parametrize(("arguments", "status"), [([], UNAUDITED), (["--require"], 1)])
def test_no_service_that_answers_is_no_success(
    arguments: list[str], status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments, lambda *_: []) == status
    assert "NOT AUDITED" in capsys.readouterr().err
    assert UNAUDITED not in {0, 1, 2}


@pytest.mark.parametrize("arguments", [[], ["--require"]])
def test_an_answer_without_vulnerabilities_is_success(arguments: list[str]) -> None:
    assert main(arguments, Services({"pypi": PROBED}, *CLEAN)) == 0
