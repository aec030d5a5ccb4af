"""What TIA Portal raises becomes one kind of problem: told apart by type, coded by the operation."""

import pytest

from fake_openness.core import errors as tia
from openness_bridge.errors import Place, Problem, from_openness, refused_as

TYPES = [
    (tia.EngineeringTargetInvocationException("no"), "tia.refused", 422),
    (tia.EngineeringNotSupportedException("no"), "tia.not_supported", 501),
    (tia.EngineeringObjectDisposedException("no"), "tia.object_gone", 410),
    (tia.EngineeringSecurityException("no"), "tia.access_refused", 403),
    (tia.LicenseNotFoundException("no"), "tia.licence_missing", 403),
    (tia.EngineeringUserAbortException("no"), "tia.aborted", 409),
    (tia.EngineeringOutOfMemoryException("no"), "tia.out_of_memory", 503),
    (tia.NonRecoverableException("no"), "tia.portal_lost", 503),
    (tia.ArgumentException("no"), "tia.argument", 400),
    (tia.ArgumentNullException("no"), "tia.argument", 400),
]


@pytest.mark.parametrize(("error", "code", "status"), TYPES)
def test_each_type_has_its_code(error: Exception, code: str, status: int) -> None:
    problem = from_openness(error)
    assert problem is not None
    assert (problem.code, problem.status, problem.message) == (code, status, "no")


def test_an_error_of_ours_is_no_problem_of_theirs() -> None:
    assert from_openness(ValueError("x")) is None


def test_details_are_all_kept() -> None:
    problem = from_openness(tia.EngineeringTargetInvocationException("refused", "first", "second"))
    assert problem is not None
    assert [detail.message for detail in problem.details] == ["first", "second"]


def test_a_refusal_gets_the_code_of_its_operation_and_its_place() -> None:
    with pytest.raises(Problem) as caught, refused_as("block.import_refused", 409, device="PLC_1"):
        raise tia.EngineeringTargetInvocationException("no")
    assert (caught.value.code, caught.value.status) == ("block.import_refused", 409)
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
