"""What TIA Portal raises becomes one kind of problem: told apart by type, coded by the operation."""

import pytest

from fake_dotnet import errors as system
from fake_openness.core import errors as tia
from openness_bridge.errors import Detail, Kind, Place, Problem, from_openness, refused_as

TYPES = [
    (tia.EngineeringTargetInvocationException("no"), "tia.refused", Kind.REFUSED),
    (tia.EngineeringNotSupportedException("no"), "tia.not_supported", Kind.UNSUPPORTED),
    (tia.EngineeringObjectDisposedException("no"), "tia.object_gone", Kind.GONE),
    (tia.EngineeringSecurityException("no"), "tia.access_refused", Kind.FORBIDDEN),
    (tia.LicenseNotFoundException("no"), "tia.licence_missing", Kind.FORBIDDEN),
    (tia.EngineeringUserAbortException("no"), "tia.aborted", Kind.CONFLICT),
    (tia.EngineeringOutOfMemoryException("no"), "tia.out_of_memory", Kind.UNAVAILABLE),
    (tia.NonRecoverableException("no"), "tia.portal_lost", Kind.UNAVAILABLE),
    (system.ArgumentException("no"), "tia.argument", Kind.INVALID),
    (system.ArgumentNullException("no"), "tia.argument", Kind.INVALID),
]


@pytest.mark.parametrize(("error", "code", "kind"), TYPES)
def test_each_type_has_its_code(error: Exception, code: str, kind: Kind) -> None:
    problem = from_openness(error)
    assert problem is not None
    assert (problem.code, problem.kind, problem.message) == (code, kind, "no")


def test_an_error_of_ours_is_no_problem_of_theirs() -> None:
    assert from_openness(ValueError("x")) is None


def test_details_are_all_kept() -> None:
    problem = from_openness(tia.EngineeringTargetInvocationException("refused", "first", "second"))
    assert problem is not None
    assert [detail.message for detail in problem.details] == ["first", "second"]


def test_a_refusal_gets_the_code_of_its_operation_and_its_place() -> None:
    with pytest.raises(Problem) as caught, refused_as("block.import_refused", Kind.CONFLICT, device="PLC_1"):
        raise tia.EngineeringTargetInvocationException("no")
    assert (caught.value.code, caught.value.kind) == ("block.import_refused", Kind.CONFLICT)
    assert caught.value.place == Place(device="PLC_1")


def test_other_errors_keep_their_code() -> None:
    with pytest.raises(Problem) as caught, refused_as("block.import_refused", block="B"):
        raise tia.EngineeringObjectDisposedException("gone")
    assert caught.value.code == "tia.object_gone"
    with pytest.raises(KeyError), refused_as("x"):
        raise KeyError("not theirs")


def test_what_is_known_of_a_place_stays() -> None:
    problem = Problem("c", "m", place=Place(block="Inner")).at(device="PLC_1", block="Outer")
    assert problem.place == Place(device="PLC_1", block="Inner")


def test_a_code_of_the_stand_in_is_not_told() -> None:
    problem = from_openness(tia.EngineeringTargetInvocationException("no", code="secret.rule"))
    assert problem is not None
    assert problem.code == "tia.refused"


def test_the_text_of_a_problem_has_its_details() -> None:
    details = [Detail("a.b", "It fails."), Detail("a.c", "Row 3: no name."), Detail("a.c", "Row 4: no name.")]
    assert str(Problem("a.b", "It fails.", details=details)) == "It fails.\n  Row 3: no name.\n  Row 4: no name."
    assert str(Problem("a.b", "It fails.")) == "It fails."
    changed = Problem("a.b", "It fails.")
    changed.message = "x.scl: It fails."
    assert str(changed) == "x.scl: It fails."
