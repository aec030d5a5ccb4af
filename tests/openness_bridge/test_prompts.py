"""Questions of TIA Portal: answered by a policy, never agreed to without one, and reported."""

from __future__ import annotations

from typing import Any

import pytest

from fake_openness.online.legitimation import OnlineAuthenticationConfiguration, UserType
from fake_openness.online.prompts import PROMPTS
from openness_bridge.errors import Kind, Problem
from openness_bridge.model import Model
from openness_bridge.online.prompts import HARMLESS, NAMES, Policy, Questions, list_prompts
from openness_bridge.portal.loader import load


@pytest.fixture(scope="module")
def model() -> Model:
    return load("fake", "20")


def asked(model: Model, policy: Policy, *names: str) -> tuple[list[Any], Questions]:
    questions = Questions(model, policy)
    raised = [PROMPTS[name](f"About {name}.") for name in names]
    for question in raised:
        questions.answer(question)
    return raised, questions


def test_what_is_named_is_agreed_to_whatever_its_case(model: Model) -> None:
    policy = Policy({"stopmodules": "STOPALL", "CheckBeforeDownload": "True"})
    (stop, check), questions = asked(model, policy, "StopModules", "CheckBeforeDownload")
    assert (stop.CurrentSelection.name, check.Checked) == ("StopAll", True)
    assert [(each.answer, each.answered) for each in questions.asked] == [("StopAll", True), ("true", True)]
    assert questions.open == []


@pytest.mark.parametrize("name", sorted(set(NAMES) - set(HARMLESS)))
def test_nothing_is_agreed_to_without_being_named(name: str) -> None:
    raised, questions = asked(load("fake", "21"), Policy(), name)
    (prompt,) = questions.asked
    assert (prompt.type, prompt.message, prompt.answered) == (name, f"About {name}.", False)
    assert questions.open == [prompt]
    if prompt.kind == "selection":
        assert raised[0].CurrentSelection is raised[0]._standing()


def test_passwords_are_set_and_not_shown(model: Model) -> None:
    policy = Policy(passwords={"ModuleWriteAccessPassword": "open sesame"})
    (question,), questions = asked(model, policy, "ModuleWriteAccessPassword")
    assert question._password == policy.passwords["ModuleWriteAccessPassword"]
    assert "sesame" not in str(questions.asked)


def test_a_choice_that_there_is_not_is_noted(model: Model) -> None:
    _, questions = asked(
        model, Policy({"StopModules": "Maybe", "CheckBeforeDownload": "Maybe"}), "StopModules", "CheckBeforeDownload"
    )
    assert all(prompt.note and not prompt.answered for prompt in questions.asked)


def test_a_question_of_an_unknown_kind_is_reported_and_nothing_raised(model: Model) -> None:
    class Surprise:
        Message = "Well?"

    class Broken:
        @property
        def Message(self) -> str:  # noqa: N802
            raise RuntimeError("gone")

    questions = Questions(model, Policy())
    questions.answer(Surprise())
    questions.answer(Broken())
    assert [(each.type, each.kind, bool(each.note)) for each in questions.asked] == [
        ("Surprise", "unknown", True),
        ("Broken", "unknown", True),
    ]


def test_a_policy_for_a_question_that_this_version_has_not(model: Model) -> None:
    with pytest.raises(Problem) as caught:
        Questions(model, Policy({"DataBlockReinitializationOrKeepActualValues": "KeepActualValues"}))
    assert caught.value.code == "prompt.unknown"
    Questions(load("fake", "21"), Policy({"DataBlockReinitializationOrKeepActualValues": "KeepActualValues"}))


@pytest.mark.parametrize(("version", "count"), [("17", 28), ("19", 33), ("21", 34)])
def test_the_known_questions_are_those_of_the_version(version: str, count: int) -> None:
    found = list_prompts(load("fake", version))
    assert sum(each.kind != "unknown" for each in found) == len(found)
    assert len([each for each in found if each.type in PROMPTS]) in range(count, count + 8)
    assert next(each for each in found if each.type == "StopModules").choices == ["NoAction", "StopAll"]


def test_a_refusal_is_explained_by_what_was_left_open(model: Model) -> None:
    _, questions = asked(model, Policy(), "StopModules", "AllBlocksDownload")
    problem = questions.explain(Problem("download.refused", "No."), "download.prompt_open")
    assert (problem.code, problem.kind) == ("download.prompt_open", Kind.CONFLICT)
    assert [detail.place.object for detail in problem.details if detail.place] == ["StopModules"]
    _, questions = asked(model, Policy(), "AllBlocksDownload")
    assert questions.explain(problem, "x") is problem


# -- legitimation -------------------------------------------------------------------------

OFFERED = (UserType.AnonymousUser, UserType.ProjectUser, UserType.PasswordOnly)
QUESTION = "OnlineAuthenticationConfiguration"


@pytest.mark.parametrize(
    ("policy", "user_type", "name", "password"),
    [
        (Policy(passwords={QUESTION: "secret 1"}), "PasswordOnly", "", "secret 1"),
        (Policy(passwords={QUESTION: "secret 1"}, user="Anna"), "ProjectUser", "Anna", "secret 1"),
        (Policy({QUESTION: "anonymoususer"}), "AnonymousUser", "", None),
    ],
)
def test_a_cpu_learns_who_goes_online(
    model: Model, policy: Policy, user_type: str, name: str, password: str | None
) -> None:
    question = OnlineAuthenticationConfiguration(OFFERED, secure=True)
    questions = Questions(model, policy)
    questions.answer(question)
    given = question.OnlineCredentials
    assert (given.Type.name, given.Name, given._password) == (user_type, name, password)
    assert [(each.answer, each.answered) for each in questions.asked] == [(user_type, True)]
    assert "secret 1" not in str(questions.asked)


@pytest.mark.parametrize("policy", [Policy(), Policy({QUESTION: "GlobalUser"}, {QUESTION: "secret 1"}, "Anna")])
def test_no_credentials_are_given_without_a_request_or_to_a_cpu_that_does_not_take_them(
    model: Model, policy: Policy
) -> None:
    question = OnlineAuthenticationConfiguration(OFFERED, secure=False)
    questions = Questions(model, policy)
    questions.answer(question)
    given = question.OnlineCredentials
    assert (given.Type, given.Name, given._password) == (UserType.None_, "", None)
    (prompt,) = questions.open
    assert prompt.choices == ["AnonymousUser", "ProjectUser", "PasswordOnly"]
    assert "without TLS" in prompt.message
    assert bool(prompt.note) == bool(policy.user)
    assert "userName" in questions.explain(Problem("x", "No."), "x").details[0].message


def test_legitimation_by_users_came_with_v19() -> None:
    assert QUESTION not in {each.type for each in list_prompts(load("fake", "18"))}
    (found,) = [each for each in list_prompts(load("fake", "19")) if each.type == QUESTION]
    assert (found.kind, found.choices[-1]) == ("user", "PasswordOnly")
