"""The terms in which operations are declared: rights, locks, places, reach, dry runs, tasks, undo and routes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import Annotated, Literal

import msgspec

PARAMETER = re.compile(r"\{(\w+)\}")
RightWord = Annotated[
    Literal["public", "viewer", "engineer", "operator", "administrator"], msgspec.Meta(title="RightWord")
]
_RIGHT_WORDS: tuple[RightWord, ...] = ("public", "viewer", "engineer", "operator", "administrator")


class Right(IntEnum):
    """What a caller must be allowed to do; each right includes those below it."""

    PUBLIC = 0
    VIEW = 1
    ENGINEER = 2
    OPERATE = 3
    ADMINISTER = 4

    @property
    def word(self) -> RightWord:
        """The word that people know it by, as in security.roles."""
        return _RIGHT_WORDS[self]


class Lock(Enum):
    """What an operation keeps others from meanwhile.

    NONE: nothing. PORTAL: it uses the portal but changes no project. PROJECT: it
    is the only writer of the project.
    """

    NONE = "none"
    PORTAL = "portal"
    PROJECT = "project"


class Place(Enum):
    """Where an operation runs.

    LOOP: on the event loop, for answers that cost microseconds. WORKER: in a
    worker thread. PORTAL: on the portal's own thread.
    """

    LOOP = "loop"
    WORKER = "worker"
    PORTAL = "portal"


class Site(Enum):
    """Where an operation belongs when there is a gateway in front of several machines.

    GATEWAY: what the service itself has: jobs, audit, users, settings, webhooks, documentation. WORKER: what a machine
    has: portals, projects, PLCSIM, files.
    """

    GATEWAY = "gateway"
    WORKER = "worker"


class Reach(Enum):
    """What an operation works on, as far as projects go.

    NOTHING: no project. PROJECT: the open one. NAMED: the one that its request names. OWN: what the caller made. TAGS: tags
    of the runtime, each of which runtime_data/rules.py checks. ALL: what belongs to nobody's project alone, such as portals,
    simulated PLCs, pipelines and settings.
    """

    NOTHING = "nothing"
    PROJECT = "project"
    NAMED = "named"
    OWN = "own"
    TAGS = "tags"
    ALL = "all"


class Login(Enum):
    """How the callers of a route may identify themselves.

    OWN: a key as X-API-Key, or a token as Authorization: Bearer. IGNITION: also a key as X-Ignition-API-Token, or as
    Authorization: Bearer. BASIC: also a name with its password as Authorization: Basic, where nobody else can read it.
    """

    OWN = "own"
    IGNITION = "ignition"
    BASIC = "basic"


class Mode(Enum):
    """Whether a route waits for the result or answers with a job."""

    WAIT = "wait"
    JOB = "job"


class Trial(Enum):
    """How a dry run finds out what an operation would do.

    UNDONE: it is done in a transaction of the portal that is rolled back. PLANNED: the operation itself finds that it is
    tried (`Context.trial`), keeps nothing, and answers what it would. CHECKED: what it would change is read, because a
    transaction does not allow it or cannot undo it.
    """

    UNDONE = "undone"
    PLANNED = "planned"
    CHECKED = "checked"


class Task(Enum):
    """What a user wants to do for whom the tool of an operation is listed; profiles of tools are sets of tasks.

    READ: find out what is there. PROJECT: open, make and save a project. CODE: write blocks, data types and tags.
    HARDWARE: add stations. SIMULATE: run the program in PLCSIM Advanced. TEST: run tests. ONLINE: reach a CPU.
    """

    READ = "read"
    PROJECT = "project"
    CODE = "code"
    HARDWARE = "hardware"
    SIMULATE = "simulate"
    TEST = "test"
    ONLINE = "online"


class Undo(Enum):
    """How an operation that changes something is taken back.

    KEPT: by undo_change. What it makes is a part of the project that can be deleted again; blocks, data types and tag
    tables that it changes are named in the request and kept first. NEEDLESS: it leaves all that was there as it was; it
    only adds, reads, starts or ends. NEVER: nothing here takes it back.
    """

    KEPT = "kept"
    NEEDLESS = "needless"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Route:
    """One method and path at which an operation is offered.

    Attributes:
        alias: A further spelling that older clients use; not in the printed list.
    """

    method: str
    path: str
    mode: Mode
    alias: bool = False

    @property
    def parameters(self) -> list[str]:
        """The names in the path, in camelCase."""
        return PARAMETER.findall(self.path)

    def __str__(self) -> str:
        """Return method and path as they are printed."""
        return f"{self.method} {self.path}"


TOLD = ""
"""Instead of a fixed sentence: the answer's own `message` is what the envelope says."""


def shape(path: str) -> str:
    """Return a path without the names of its parameters: two routes of one shape are the same to a router."""
    return PARAMETER.sub("{}", path)
