"""A program as one C text: structures, memory, a function for each block and what calls it from outside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from simatic_xml.program import typed_blocks
from simatic_xml.program.diagnostics import Diagnostic, Place, Severity
from simatic_xml.program.types.types import Structure, Variable
from virtual_plc.code.c_text import EMPTY, C, c, c_literal, join_pieces, text_of
from virtual_plc.code.naming import Name
from virtual_plc.memory.memory import Memory
from virtual_plc.memory.program import Program, ProgramError
from virtual_plc.memory.shapes import is_plain
from virtual_plc.memory.storage import new
from virtual_plc.native_tier import calls, statements
from virtual_plc.native_tier.block_text import BlockText, Context, NotNative, local_name, number_text, own_variables
from virtual_plc.native_tier.forms import Form, member_name
from virtual_plc.native_tier.helpers import HEAD, definitions

_MOST_TEMPORARY = 1 << 17
"""Bytes of temporary data of one block, so that the stack of a thread holds the deepest nesting (a CPU has 64 KB)."""


_ENTER = c_literal("""jmp_buf escape, *outer = c->escape; int64_t budget = c->budget;
c->escape = &escape;
if (setjmp(escape)) { c->escape = outer; return 1; }
while (count--) { c->budget = budget; enter(c);""")
_LEAVE = c_literal("""c->depth--; if (count) c->now += period; }
c->escape = outer; return 0; }""")


class ProgramText:
    """A program in C.

    Attributes:
        context: types, data blocks and places.
        text: the C text.
        frames: for each FC and OB the structure of its parameters and result, by casefolded name.
        offsets: where each data block is in native memory, by casefolded name.
        size: bytes of native memory.
    """

    def __init__(self, program: Program, memory: Memory) -> None:
        """Translate a program.

        Raises:
            ProgramError: names what native code does not have, one thing for each block.
        """
        self.context = Context(program, memory)
        self.frames: dict[str, Structure] = {}
        self.offsets: dict[str, int] = {}
        self.size = self._place_data()
        functions = self._functions()
        for structure in self.frames.values():
            self.context.forms.record(structure)
        self.text = text_of((*HEAD, *self._head(), *functions, *self._entries()))

    # Data -------------------------------------------------------------------------------------------------------------

    def _place_data(self) -> int:
        """Give each data block its place; one that native code does not have stays in Python."""
        end = 0
        for key, declaration in self.context.program.data_blocks.items():
            form = self.context.forms.of(declaration.type)
            if form is None:
                continue
            end = -(-end // form.align) * form.align
            self.offsets[key] = end
            self.context.data[key] = (Name("d", len(self.context.data)), form)
            end += form.size
        return max(-(-end // 8) * 8, 8)

    def _head(self) -> Iterator[C]:
        yield from definitions(self.context.forms.records)
        members = [c("{};", form.declaration(name)) for name, form in self.context.data.values()]
        yield c("struct memory {{ {} }} __attribute__((aligned(8)));", join_pieces("{} {}", members or [EMPTY]))
        for key, (name, _) in self.context.data.items():
            yield c('_Static_assert(__builtin_offsetof(struct memory, {}) == {}, "place");', name, self.offsets[key])
        for content, name in self.context.images.items():
            yield c("static const unsigned char {}[] = {{{}}};", name, content)
        yield from (c("{};", calls.head(self.context, block)) for block in self.context.program.blocks.values())

    # Blocks -----------------------------------------------------------------------------------------------------------

    def _functions(self) -> list[C]:
        lines: list[C] = []
        problems = []
        for key, block in self.context.program.blocks.items():
            try:
                lines += _function(self.context, block)
                if block.kind != "FB" and not calls.is_open(block):
                    self.frames[key] = _frame(block)
            except NotNative as refused:
                message = f"{refused.what} is not available in native code: execute the program with the tier 'python'."
                problems.append(Diagnostic(Severity.ERROR, "program.not_native", message, refused.place))
        if problems:
            raise ProgramError(problems)
        return lines

    def _entries(self) -> Iterator[C]:
        """Yield the functions that are called from outside: a block, several times, each time at a later moment."""
        for key, block in self.context.program.blocks.items():
            if calls.is_open(block):
                continue
            name = calls.function_name(block)
            yield c("int32_t run_{}(struct cpu *c, void *given, int64_t count, int64_t period) {{", name)
            yield _ENTER
            yield c("{}({});", name, [calls.CPU, *self._list_arguments(key, block)])
            yield _LEAVE

    def _list_arguments(self, key: str, block: typed_blocks.Block) -> Iterator[C]:
        if block.kind == "FB":
            yield c("given")
            return
        record = self.context.forms.record(self.frames[key])
        members = {variable.name.casefold(): (variable, form) for variable, form, _ in record.members}
        for parameter in calls.parameters(block):
            variable, form = members[frame_name(parameter).casefold()]
            here = c("((struct {} *)given)->{}", record.name, member_name(variable))
            yield here if calls.is_by_value(parameter) or form.count else c("&{}", here)


def frame_name(parameter: Variable) -> str:
    """Return the name that a parameter has in a frame; the result may have that of another parameter otherwise."""
    name = parameter.name
    return f"{name} (result)" if parameter.section == "Return" else name


def _frame(block: typed_blocks.Block) -> Structure:
    """Return a structure that holds the parameters and the result of a block."""
    members = (replace(each, name=frame_name(each), section="None", overlays="") for each in calls.parameters(block))
    return Structure("", "struct", tuple(members))


def _function(context: Context, block: typed_blocks.Block) -> list[C]:
    """Return the C function of a block.

    Raises:
        NotNative: native code does not support a part of it.
    """
    if block.graph is not None:
        raise NotNative("GRAPH", Place(block.name))
    code = BlockText(context, block)
    for network in block.networks:
        statements.body(code, network.body)
    prologue = BlockText(context, block)
    _declare(prologue, block)
    size = prologue.size + code.size
    if size > _MOST_TEMPORARY:
        raise NotNative(f"'{block.name}' with {size} bytes of temporary data", Place(block.name))
    lines = [*prologue.lines, *code.wires.values(), *code.lines]
    return [c("{} {{", calls.head(context, block)), c("uint8_t eno = 1;"), *lines, c("return eno; }}")]


def _declare(code: BlockText, block: typed_blocks.Block) -> None:
    """Write the variables of a function with their initial values.

    What native code does not have is left out: a block that uses it has been refused.
    """
    given = {id(each) for each in calls.parameters(block)}
    for variable in own_variables(block):
        form = code.context.forms.of(variable.type)
        if form is None or variable.overlays:
            continue
        if id(variable) not in given:
            code.declare(local_name(variable), variable.type, Place(block.name), variable.start)
        elif variable.section in ("Output", "Return"):
            _begin(code, variable, form)


def _begin(code: BlockText, variable: Variable, form: Form) -> None:
    """Give an output or the result its initial value; an output with parts is the caller's own."""
    name = local_name(variable)
    if is_plain(variable.type):
        code.line("*{} = {};", name, number_text(new(variable.type, variable.start), form))
    elif variable.section == "Return":
        image = code.image(variable.type, form)
        if image is None:
            code.line("memset({}, 0, {});", name, form.size)
        else:
            code.line("memcpy({}, {}, {});", name, image, form.size)
