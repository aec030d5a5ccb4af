"""Rules by which the service refuses a request as invalid (400), and which the description does not express.

Each has a reason and an example: a request that the description calls valid and that the rule refuses.
`test_unexpressed.py` sends the examples, so a row that is not needed any more fails.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.support.state.api import Step
from tests.support.state.needs import example


@dataclass(frozen=True)
class Unexpressed:
    """A rule.

    Attributes:
        code: The code of the refusal.
        example: A request that it refuses.
        why: Why no schema has it.
        pointer: The field that breaks it, for a code that many rules have.
        everywhere: Whether it is a rule of many operations, and not only of that of the example.
        alone: Whether the example is sent without what examples of its operation need, because then it would be right.
    """

    code: str
    example: Step
    why: str
    pointer: str = ""
    everywhere: bool = False
    alone: bool = False

    def covers(self, operation: str, code: str, pointer: str) -> bool:
        """Whether a refusal comes from this rule."""
        is_there = self.everywhere or operation == self.example[0]
        return is_there and code == self.code and pointer.startswith(self.pointer)


RULES = (
    Unexpressed(
        "runtime.data_type",
        example("runtime_tags.define", dataType="nonsense"),
        "The types of a single value are a grammar with lengths, such as String[20].",
    ),
    Unexpressed(
        "runtime.limits",
        example("runtime_tags.define", dataType="String[20]", minimum=1, initialValue=""),
        "The value of `dataType` decides whether there are limits.",
    ),
    Unexpressed(
        "runtime.alarm_definition",
        example("runtime_alarm_definitions.create", bit=3),
        "The value of `trigger` decides which other fields there are.",
    ),
    Unexpressed(
        "path.invalid",
        example("blocks.export", exportPath="C:\\Motor.xml"),
        "Which paths a machine can have depends on its system and on the folders that are allowed.",
        everywhere=True,
    ),
    Unexpressed(
        "request.unknown_field",
        example("tags.list_all", filter="nonsense=1"),
        "A filter is a language. Its description names the fields; a pattern could not search a text that has operators.",
        pointer="/filter",
        everywhere=True,
    ),
    Unexpressed(
        "template.parameter",
        example("block_generation.fill_template", parameters={"nonsense": 1}),
        "The template that the path names has the parameters.",
    ),
    Unexpressed(
        "template.parameter",
        example("block_generation.instantiate", parameters={"nonsense": 1}),
        "The template that the path names has the parameters.",
    ),
    Unexpressed(
        "prompt.unknown",
        example("online.compare", prompts={"nonsense": True}),
        "The version of TIA Portal decides which questions there are.",
        everywhere=True,
    ),
    Unexpressed(
        "plc_test.none",
        example("design_spec.run_tests", only="nonsense"),
        "The design that is loaded has the tests.",
    ),
    Unexpressed(
        "request.missing_field",
        ("security.master_secret", {"deviceName": "PLC_1", "action": "change", "password": "Old-secret-1"}),
        "The value of `action` decides which passwords are needed.",
    ),
    Unexpressed(
        "runtime.no_default_source",
        example("runtime_alarm_definitions.create", tag="Tank.level"),
        "The sources that there are decide whether the name of a tag may leave out its source.",
        everywhere=True,
    ),
    Unexpressed(
        "runtime.source_name",
        ("runtime_sources.create", {"kind": "memory", "name": "a/b"}),
        "Patterns of JSON Schema know no letters of all languages.",
    ),
    Unexpressed(
        "runtime.source_connection",
        ("runtime_sources.create", {"kind": "memory", "name": "ERP", "connection": {"host": "192.168.0.1"}}),
        "The value of `kind`, also of a source that exists, decides whether there is a connection.",
        pointer="/connection",
        everywhere=True,
    ),
    Unexpressed(
        "runtime.source_instance",
        ("runtime_sources.create", {"kind": "memory", "name": "ERP", "instance": "PLC_1"}),
        "The value of `kind` decides whether there is an instance.",
    ),
    Unexpressed(
        "runtime.source_kind",
        ("runtime_sources.create", {"kind": "pigeon", "name": "Press"}),
        "The installed plugins decide which kinds there are.",
        pointer="/kind",
    ),
    Unexpressed(
        "request.missing_field",
        ("runtime_sources.create", {"kind": "s7", "name": "Press"}),
        "The value of `kind` decides which fields `connection` has.",
        pointer="/connection",
    ),
    Unexpressed(
        "request.missing_field",
        example("runtime_sinks.create", send={}),
        "The kind of the receiver decides which fields `send` has.",
        pointer="/send",
    ),
    Unexpressed(
        "source_control.bad_revision",
        example("source_control.restore", commitSha="no commit"),
        "The grammar of git decides which texts name a commit.",
        everywhere=True,
    ),
    Unexpressed(
        "plcsim.not_connected",
        ("simulation.connect", {}),
        "The instances that are registered decide whether one must be named.",
        everywhere=True,
        alone=True,
    ),
)


def is_unexpressed(operation: str, code: str, pointer: str) -> bool:
    """Return whether a rule is known to be unexpressed."""
    return any(rule.covers(operation, code, pointer) for rule in RULES)
