"""One connection: it takes messages of a client and gives the answers. It knows no socket, and no message makes it fail."""

from __future__ import annotations

import struct

from runtime_data.servers.s7.machine import Machine
from runtime_data.servers.s7.messages import (
    JOB,
    LARGEST,
    SMALLEST,
    Code,
    Item,
    Message,
    MessageError,
    Refused,
    RefusedError,
    build_answer,
    build_data,
    build_user_data,
    parse,
    parse_data,
    parse_items,
)
from runtime_data.servers.s7.status_lists import count_blocks, list_blocks, show_clock, system_status

_SETUP, _READ, _WRITE, _CONTROL, _STOP = 0xF0, 0x04, 0x05, 0x28, 0x29
_PROGRAM = b"P_PROGRAM"
_BLOCKS, _STATUS, _CLOCK = 3, 4, 7
_NO_LIST = 0xD401
_HEAD = 14
"""Bytes of an answer before its data."""
_USER_HEAD = 26
WAITING = 4
"""Lists that a client has fetched only in part, at most."""


class Session:
    """A connection of a client.

    Attributes:
        size: Bytes of the largest message, as agreed.
    """

    def __init__(self, machine: Machine, client: str) -> None:
        """Begin with the size that needs no agreement.

        Args:
            machine: The PLC.
            client: Address of the client, for the audit log.
        """
        self.size = LARGEST
        self._machine, self._client = machine, client
        self._rest: dict[int, bytes] = {}
        self._sequence = 0

    def answer(self, request: bytes) -> bytes:
        """Return the answer to a message.

        Raises:
            MessageError: It cannot be answered.
        """
        message = parse(request)
        if message.kind != JOB:
            return self._user_data(message)
        try:
            return self._job(message)
        except RefusedError as refused:
            return build_answer(message.reference, message.parameters[:1], error=refused.code)

    def writes(self, request: bytes) -> bool:
        """Return whether a message may change something, which may take longer than a read."""
        return len(request) > 10 and request[1] == JOB and request[10] in (_WRITE, _CONTROL, _STOP)

    def _job(self, message: Message) -> bytes:
        answers = {
            _SETUP: self._set_up,
            _READ: self._read,
            _WRITE: self._write,
            _CONTROL: self._control,
            _STOP: self._control,
        }
        answer = answers.get(message.parameters[0])
        if answer is None:
            raise RefusedError(Refused.NOT_AVAILABLE)
        return answer(message)

    def _set_up(self, message: Message) -> bytes:
        if len(message.parameters) != 8:
            raise RefusedError(Refused.FORMAT)
        calling, called, size = struct.unpack(">HHH", message.parameters[2:])
        if size < SMALLEST:
            raise RefusedError(Refused.FORMAT)
        self.size = min(size, LARGEST)
        agreed = struct.pack(">BBHHH", _SETUP, 0, min(calling, 8), min(called, 8), self.size)
        return build_answer(message.reference, agreed)

    def _read(self, message: Message) -> bytes:
        items = parse_items(message.parameters)
        good = [each for each in items if isinstance(each, Item)]
        wanted = sum(4 + each.range.length for each in good)
        if _HEAD + wanted + 4 * (len(items) - len(good)) > self.size:
            raise RefusedError(Refused.FORMAT)
        found = iter(self._machine.read(good) if good else [])
        results = [(each, next(found) if isinstance(each, Item) else each) for each in items]
        return build_answer(message.reference, bytes((_READ, len(items))), build_data(results))

    def _write(self, message: Message) -> bytes:
        items = parse_items(message.parameters)
        contents = parse_data(message.data, len(items))
        codes = [_fits(item, content) for item, content in zip(items, contents, strict=True)]
        ready = [
            (item, content)
            for item, content, code in zip(items, contents, codes, strict=True)
            if isinstance(item, Item) and code is Code.GOOD
        ]
        done = iter(self._machine.write(ready, self._client) if ready else [])
        outcomes = bytes(next(done) if code is Code.GOOD else code for code in codes)
        return build_answer(message.reference, bytes((_WRITE, len(items))), outcomes)

    def _control(self, message: Message) -> bytes:
        function, name = message.parameters[0], message.parameters[-len(_PROGRAM) :]
        if name != _PROGRAM:
            raise RefusedError(Refused.NOT_AVAILABLE)
        done = self._machine.stop(self._client) if function == _STOP else self._machine.start(self._client)
        if done is not Code.GOOD:
            raise RefusedError(Refused.DENIED if done is Code.DENIED else Refused.STATE)
        return build_answer(message.reference, bytes((function,)))

    def _user_data(self, message: Message) -> bytes:
        head = message.parameters
        if len(head) not in (8, 12) or head[:3] != b"\0\1\x12" or head[3] != len(head) - 4:
            msg = "The parameters of user data do not fit."
            raise MessageError(msg)
        group, function, sequence = head[5] & 0xF, head[6], head[7]
        if len(head) == 12:
            return self._part(message, group, function, sequence, self._rest.pop(sequence, None))
        return self._part(message, group, function, None, self._list(group, function, message.data[4:]))

    def _list(self, group: int, function: int, asked: bytes) -> bytes | None:
        machine = self._machine
        if (group, function) == (_STATUS, 1) and len(asked) == 4:
            number, index = struct.unpack(">HH", asked)
            return system_status(number, index, machine)
        if (group, function) == (_BLOCKS, 1):
            return count_blocks(machine)
        if (group, function) == (_BLOCKS, 2) and len(asked) == 2:
            return list_blocks(asked[1], machine)
        if (group, function) == (_CLOCK, 1):
            return show_clock(machine)
        return None

    def _part(self, message: Message, group: int, function: int, sequence: int | None, content: bytes | None) -> bytes:
        """Return as much of a list as a message takes, and keep the rest until the client asks for it."""
        if sequence is None:
            self._sequence = sequence = self._sequence % 255 + 1
        room = self.size - _USER_HEAD
        part, rest = (content or b"")[:room], (content or b"")[room:]
        if rest:
            if len(self._rest) >= WAITING:
                self._rest.pop(next(iter(self._rest)))
            self._rest[sequence] = rest
        error = _NO_LIST if content is None else 0
        number = 0 if content is None else int(bool(rest))
        head = b"\0\1\x12\x08\x12" + struct.pack(">BBBBBH", 0x80 | group, function, sequence, 0, number, error)
        data = struct.pack(
            ">BBH", Code.MISSING if content is None else Code.GOOD, 0 if content is None else 9, len(part)
        )
        return build_user_data(message.reference, head, data + part)


def _fits(item: Item | Code, content: bytes) -> Code:
    """Return whether as much is written as the item has."""
    if isinstance(item, Code):
        return item
    return Code.GOOD if len(content) == item.range.length else Code.INCONSISTENT
