"""SCL of the blocks that are made for one module: alarms and interlocks, each with its own list."""

from __future__ import annotations

from collections.abc import Iterable

from engineering_api.features.design.model import Alarm, Alarms, Interlocks
from engineering_api.features.design.wires import time

INDENT = "    "


def comment(text: str) -> str:
    """Return a text as the comment of a line; nothing for none."""
    one_line = " ".join(text.split())
    return f" // {one_line}" if one_line else ""


def header(keyword: str, name: str, title: str, text: str = "") -> list[str]:
    """Return the first lines of a block."""
    title = " ".join(title.split()).replace("'", "’")
    about = [f"//{' '.join(text.split())}"] if text.strip() else []
    return [
        f'{keyword} "{name}"',
        f"TITLE = '{title}'",
        "{ S7_Optimized_Access := 'TRUE' }",
        "AUTHOR : Design",
        "VERSION : 1.0",
        *about,
    ]


def section(keyword: str, members: Iterable[str]) -> list[str]:
    """Return a VAR section; nothing without members."""
    lines = [f"{INDENT}{each}" for each in members]
    return [keyword, *lines, "END_VAR"] if lines else []


def indent(lines: Iterable[str], depth: int = 1) -> list[str]:
    """Return lines of a body, moved in."""
    return [f"{INDENT * depth}{line}" if line else "" for line in lines]


def alarms(name: str, module: Alarms) -> str:
    """Return the block of a list of alarms."""
    each = module.alarms
    lines = header("FUNCTION_BLOCK", name, f"Alarms of {module.name}", module.comment)
    lines += section(
        "VAR_INPUT",
        [
            "acknowledge : Bool; // Acknowledges all alarms, with its rising edge",
            *(f"{alarm.name}Condition : Bool;{comment(f'Raises the alarm {alarm.name}')}" for alarm in each),
        ],
    )
    lines += section(
        "VAR_OUTPUT",
        [
            "group : Bool; // At least one alarm",
            "horn : Bool; // At least one error that is not acknowledged",
            "count : Int; // How many alarms there are",
            *(f"{alarm.name} : Bool;{comment(alarm.text or alarm.name)}" for alarm in each),
        ],
    )
    lines += section(
        "VAR",
        [
            "statAcknowledgeBefore : Bool; // acknowledge of the cycle before",
            *(line for alarm in each for line in _alarm_state(alarm)),
        ],
    )
    lines += section("VAR_TEMP", ["tempAcknowledged : Bool; // The rising edge of acknowledge"])
    body = [
        "#tempAcknowledged := #acknowledge AND NOT #statAcknowledgeBefore;",
        "#statAcknowledgeBefore := #acknowledge;",
        "#count := 0;",
        "#horn := FALSE;",
        "",
    ]
    for alarm in each:
        body += [*_alarm_logic(alarm), ""]
    body += ["#group := #count > 0;"]
    return "\n".join([*lines, "BEGIN", *indent(body), "END_FUNCTION_BLOCK", ""])


def interlocks(name: str, module: Interlocks) -> str:
    """Return the block of shared interlocks."""
    numbered = list(enumerate(module.interlocks, 1))
    lines = header("FUNCTION_BLOCK", name, f"Interlocks {module.name}", module.comment)
    lines += section(
        "VAR_INPUT",
        [
            "acknowledge : Bool; // Forgets which was lost first, with its rising edge",
            *(f"condition{number} : Bool;{comment(each.name)}" for number, each in numbered),
        ],
    )
    lines += section(
        "VAR_OUTPUT",
        [
            "ok : Bool; // All hold",
            "first : Int; // Number of the one that was lost first; 0 while none was",
        ],
    )
    lines += section("VAR", ["statAcknowledgeBefore : Bool; // acknowledge of the cycle before"])
    body = [
        "IF #acknowledge AND NOT #statAcknowledgeBefore THEN",
        f"{INDENT}#first := 0;",
        "END_IF;",
        "#statAcknowledgeBefore := #acknowledge;",
        "",
        "IF #first = 0 THEN",
    ]
    for number, each in numbered:
        word = "IF" if number == 1 else "ELSIF"
        body += indent([f"{word} NOT #condition{number} THEN{comment(each.name)}", f"{INDENT}#first := {number};"])
    body += [f"{INDENT}END_IF;", "END_IF;", ""]
    conditions = [f"#condition{number}" for number, _ in numbered]
    body += [f"#ok := {conditions[0]}" + "".join(f"\n{INDENT * 2}AND {each}" for each in conditions[1:]) + ";"]
    return "\n".join([*lines, "BEGIN", *indent(body), "END_FUNCTION_BLOCK", ""])


def _alarm_state(alarm: Alarm) -> list[str]:
    part = f"{alarm.name[0].upper()}{alarm.name[1:]}"
    timer = "{InstructionName := 'TON_TIME'; LibVersion := '1.0'} : TON_TIME;"
    return [
        f"stat{part}Before : Bool; // The delayed condition of the cycle before",
        f"stat{part}Open : Bool; // Not acknowledged",
        f"inst{part}Delay {timer} // Delay",
    ]


def _alarm_logic(alarm: Alarm) -> list[str]:
    part = f"{alarm.name[0].upper()}{alarm.name[1:]}"
    lines = [
        f"#inst{part}Delay(IN := #{alarm.name}Condition, PT := {time(alarm.delay)});",
        "IF #tempAcknowledged THEN",
        f"{INDENT}#stat{part}Open := FALSE;",
        "END_IF;",
        f"IF #inst{part}Delay.Q AND NOT #stat{part}Before THEN",
        f"{INDENT}#stat{part}Open := TRUE;",
        "END_IF;",
        f"#stat{part}Before := #inst{part}Delay.Q;",
        f"#{alarm.name} := #inst{part}Delay.Q OR #stat{part}Open;",
        f"IF #{alarm.name} THEN",
        f"{INDENT}#count := #count + 1;",
        "END_IF;",
    ]
    if alarm.severity == "error":
        lines.append(f"#horn := #horn OR #stat{part}Open;")
    return [f"REGION {alarm.name}", *indent(lines), "END_REGION"]
