"""The states of an alarm, walked at random against a table that was written down apart from the code."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from runtime_data.alarms.alarm import Alarm, EventKind
from runtime_data.alarms.changes import Changes
from runtime_data.alarms.definition import AlarmDefinition
from runtime_data.alarms.state import State, Step, next_state
from runtime_data.values import Value

N, AU, AA, CU, L = "Normal", "ActiveUnacknowledged", "ActiveAcknowledged", "ClearedUnacknowledged", "Latched"
RAISE, CLEAR, ACKNOWLEDGE, RESET = "raise", "clear", "acknowledge", "reset"

# (needs acknowledge, needs reset) -> step -> state before -> state after
TABLE = {
    (True, False): {
        RAISE: {N: AU, CU: AU, L: AU},
        CLEAR: {AU: CU, AA: N},
        ACKNOWLEDGE: {AU: AA, CU: N},
        RESET: {L: N},
    },
    (True, True): {
        RAISE: {N: AU, CU: AU, L: AU},
        CLEAR: {AU: CU, AA: L},
        ACKNOWLEDGE: {AU: AA, CU: L},
        RESET: {L: N},
    },
    (False, False): {
        RAISE: {N: AA, CU: AA, L: AA},
        CLEAR: {AU: CU, AA: N},
        ACKNOWLEDGE: {AU: AA, CU: N},
        RESET: {L: N},
    },
    (False, True): {
        RAISE: {N: AA, CU: AA, L: AA},
        CLEAR: {AU: CU, AA: L},
        ACKNOWLEDGE: {AU: AA, CU: L},
        RESET: {L: N},
    },
}
FLAGS = {N: (False, True), AU: (True, False), AA: (True, True), CU: (False, False), L: (False, True)}


@pytest.mark.parametrize("needs", list(itertools.product((True, False), repeat=2)))
def test_each_state_and_step(needs: tuple[bool, bool]) -> None:
    for state, step in itertools.product(State, Step):
        found = next_state(state, step, needs_acknowledge=needs[0], needs_reset=needs[1])
        assert (found.value if found else None) == TABLE[needs][step.value].get(state.value), (state, step)


@pytest.mark.parametrize("state", list(State))
def test_what_a_state_says(state: State) -> None:
    assert (state.active, state.acknowledged) == FLAGS[state.value]


class Walk(RuleBasedStateMachine):
    """Takes random steps with one alarm, and follows them in the table."""

    @initialize(acknowledge=st.booleans(), reset=st.booleans())
    def begin(self, acknowledge: bool, reset: bool) -> None:
        self.definition = AlarmDefinition(
            name="A", tag="memory:a", trigger="bit", needs_acknowledge=acknowledge, needs_reset=reset
        )
        self.table = TABLE[acknowledge, reset]
        self.alarms: dict[str, Alarm] = {}
        self.state, self.time, self.count = N, 1, 0
        self.hidden = {"shelved": False, "by_design": False, "by_hand": False, "out_of_service": False}

    def _step(self, step: Step) -> None:
        self.time += 1
        changes = Changes(self.alarms, {})
        before = changes.alarm(self.definition)
        done = changes.step(self.definition, step, self.time, value=Value("memory:a", True), user="olga")
        expected = self.table[step.value].get(self.state)
        assert done is (expected is not None)
        assert len(changes.events) == int(done)
        self.alarms |= changes.alarms
        if expected is None:
            return
        after = self.alarms["a"]
        if step is Step.RAISE:
            self.count = 1 if self.state == N else self.count + 1
            assert (after.id == before.id) is (self.state != N) and after.raised_at == self.time
        self.state = expected

    @rule()
    def raised(self) -> None:
        self._step(Step.RAISE)

    @rule()
    def cleared(self) -> None:
        self._step(Step.CLEAR)

    @rule()
    def acknowledged(self) -> None:
        self._step(Step.ACKNOWLEDGE)

    @rule()
    def reset(self) -> None:
        self._step(Step.RESET)

    @rule(seconds=st.integers(0, 5))
    def shelved(self, seconds: int) -> None:
        changes = Changes(self.alarms, {})
        until = self.time + seconds if seconds else 0
        changes.mark(self.definition, EventKind.SHELVED, self.time, {"shelved_until": until})
        self.alarms |= changes.alarms
        self.hidden["shelved"] = seconds > 0

    @rule()
    def time_passes(self) -> None:
        self.time += 10
        changes = Changes(self.alarms, {})
        changes.elapse(self.definition, self.time)
        self.alarms |= changes.alarms
        assert [each.kind for each in changes.events] == [EventKind.UNSHELVED] * self.hidden["shelved"]
        self.hidden["shelved"] = False

    @rule(flag=st.sampled_from(["by_hand", "out_of_service"]), on=st.booleans())
    def marked(self, flag: str, on: bool) -> None:
        changes = Changes(self.alarms, {})
        name = "suppressed_by_hand" if flag == "by_hand" else flag
        changes.mark(self.definition, EventKind.SUPPRESSED, self.time, {name: on})
        self.alarms |= changes.alarms
        self.hidden[flag] = on

    @invariant()
    def agrees_with_the_table(self) -> None:
        alarm = self.alarms.get("a")
        if alarm is not None:
            assert alarm.state.value == self.state
            assert alarm.hidden is any(self.hidden.values())
            assert alarm.matters is (self.state != N or any(self.hidden.values()))
            assert self.state == N or alarm.count == self.count


Walk.TestCase.settings = settings(max_examples=60, stateful_step_count=30)
test_walks = Walk.TestCase
