"""AI Assistant: a language model of the user's choice that works on the project with the service's own tools."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

from msgspec import UNSET, UnsetType

from engineering_api.features.assistant import stream, writing
from engineering_api.features.assistant.assistant import Assistant, Question
from engineering_api.features.assistant.history import Said
from engineering_api.features.assistant.messages import Message
from engineering_api.features.assistant.provider import PRESETS
from engineering_api.features.assistant.settings import Limits, StoredSettings
from engineering_api.features.assistant.turn import TurnInfo
from engineering_api.operations.context import Context, Service
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import Model, Nothing, Request, named, secret
from engineering_api.operations.streaming import streams
from engineering_api.operations.streaming.streams import Listening
from engineering_api.operations.terms import Lock, Reach, Right, Site, Undo
from openness_bridge.errors import Kind, Place, Problem

section = Section(
    "AI Assistant", Site.GATEWAY, reach=Reach.ALL, no_tool="a model must not call another one", lock=Lock.NONE
)
PROVIDER = f"Who offers the model: {', '.join(PRESETS)}; empty for none."
ENDPOINT = "Base address, such as http://127.0.0.1:11434/v1; empty for the provider's usual one."
KEY = "The key for that address; it is stored encrypted and never returned."


class Earlier(Model):
    """A contribution to the conversation so far."""

    role: Literal["user", "assistant"]
    content: str


class Chat(Request):
    """A question, and what its answer may do."""

    message: Annotated[str, named("What the user says.", "prompt", "text", min_length=1, max_length=100_000)]
    history: (
        Annotated[list[Earlier], named("The conversation so far; by default the one that is kept.", max_length=200)]
        | None
    ) = None
    project_key: Annotated[
        str, named("Whose conversation it belongs to, such as the project's file.", "projectPath", max_length=1000)
    ] = ""
    locale: Annotated[str, named("Language of the answer, such as en or de-DE.", pattern=r"^[A-Za-z0-9_-]{2,20}$")] = (
        "en"
    )
    allow_changes: Annotated[
        bool, named("Whether tools may change something in this turn. They only read by default.")
    ] = False
    confirmed: Annotated[
        list[str],
        named("Tokens of previewed changes that the user agreed to, from `pending` of an earlier turn.", "confirm"),
    ] = []


class ProjectKey(Request):
    """Whose conversation."""

    project_key: Annotated[str, named("Whose conversation it is, such as the project's file.", "projectPath")] = ""


class Stop(Request):
    """Which turns; all by default."""

    turn_id: Annotated[str | None, named("Only this turn.")] = None
    project_key: Annotated[str | None, named("Only those of this project.", "projectPath")] = None


class TurnAddress(Request):
    """Which turn."""

    turn_id: Annotated[str, named("The turn's id.")]


class Models(Request):
    """Which provider; the one that is set up by default."""

    provider: Annotated[str | UnsetType, named(PROVIDER)] = UNSET
    endpoint: Annotated[str | UnsetType, named(ENDPOINT, "customEndpoint", "baseUrl")] = UNSET
    api_key: Annotated[str, secret(KEY, "key")] = ""
    model: Annotated[str | UnsetType | None, named("The chosen model; this operation ignores it.")] = UNSET


class SaveSettings(Request):
    """The settings; those that are left out keep their values."""

    provider: Annotated[str | UnsetType, named(PROVIDER)] = UNSET
    endpoint: Annotated[str, named(ENDPOINT, "customEndpoint", "baseUrl", max_length=1000)] | UnsetType = UNSET
    model: Annotated[str, named("The model, by the provider's name for it.", max_length=200)] | UnsetType = UNSET
    api_key: Annotated[str, secret(f"{KEY} Empty to keep the stored key, unless the address changes.", "key")] = ""
    forget_key: Annotated[bool, named("Whether the key is removed.")] = False
    temperature: (
        Annotated[float, named("How freely the model chooses its words; null for the provider's default.", ge=0, le=2)]
        | UnsetType
        | None
    ) = UNSET
    max_tokens: Annotated[int, named("Tokens of one answer of the model.", ge=16, le=200_000)] | UnsetType = UNSET
    max_total_tokens: (
        Annotated[int, named("Tokens of all prompts and answers of a turn.", ge=1000, le=100_000_000)] | UnsetType
    ) = UNSET
    max_context: (
        Annotated[
            int,
            named("Tokens of a conversation that the model can hold; older answers of tools are left out.", ge=1000),
        ]
        | UnsetType
    ) = UNSET
    max_rounds: Annotated[int, named("How often the model is asked in a turn.", ge=1, le=200)] | UnsetType = UNSET
    max_tool_calls: Annotated[int, named("How many tools are called in a turn.", ge=0, le=1000)] | UnsetType = UNSET
    max_seconds: Annotated[float, named("Seconds that a turn may take.", ge=1, le=86400)] | UnsetType = UNSET
    max_silence: (
        Annotated[float, named("Seconds that the model may take until its next word.", ge=1, le=3600)] | UnsetType
    ) = UNSET


class SettingsInfo(Limits, kw_only=True):
    """The settings of the assistant.

    Attributes:
        endpoint: The address that is asked.
        has_key: Whether a key is stored. The key itself is never returned.
        ready: Whether a model can be asked.
        missing: What has to be done first; empty when ready.
        providers: The providers that can be named, with their usual addresses.
    """

    provider: str
    endpoint: str
    model: str
    temperature: float | None
    has_key: bool
    ready: bool
    missing: str
    providers: dict[str, str]


class Removed(Model):
    """How many contributions were removed."""

    removed: int


class StoppedTurns(Model):
    """The turns that were stopped."""

    stopped: list[str]


def _project_of_conversation(_: Service, request: Chat | ProjectKey | Stop) -> list[str]:
    """The project whose conversation it is; without a key it is nobody's."""
    return [request.project_key or "?"]


@section.operation(
    destroys=False,
    undo=Undo.NEVER,
    wait="POST /api/assistant/chat",
    right=Right.VIEW,
    done="The assistant is answering",
    example={"message": "Which blocks does PLC_1 have?", "projectKey": "D:\\Lines\\Line1.ap20", "locale": "en"},
    projects=_project_of_conversation,
)
async def chat(ctx: Context, request: Chat) -> TurnInfo:
    """Ask the assistant. The answer follows as events: in the turn's stream, in /api/events and in `assistanthub`.

    The assistant reads with the caller's rights; it changes nothing unless `allowChanges` is set. What removes something
    or reaches a PLC is only previewed; it runs when the token of its preview is sent in `confirmed`. Without a
    language model the answer names the reason and lists what a search of documentation and operations finds.
    """
    earlier = None if request.history is None else [Message(each.role, each.content) for each in request.history]
    question = Question(
        message=request.message,
        project=request.project_key.strip(),
        locale=request.locale,
        earlier=earlier,
        changes=request.allow_changes,
        confirmed=tuple(request.confirmed),
    )
    return ctx.service.part(Assistant).begin(question, ctx.caller, ctx.instance).info()


@section.operation(
    also="GET /api/assistant/turns/{turnId}",
    right=Right.VIEW,
    changes=False,
    example={"turnId": "784f4bc8-332e-4c26-a366-10db37298890"},
    reach=Reach.NOTHING,
)
async def turn(ctx: Context, request: TurnAddress) -> TurnInfo:
    """Get the state of a turn: whether it is done, its text, the called tools and the number of tokens."""
    return ctx.service.part(Assistant).turn(request.turn_id, ctx.caller).info()


@section.operation(
    wait="GET /api/assistant/history",
    right=Right.VIEW,
    changes=False,
    example={"projectKey": "D:\\Lines\\Line1.ap20"},
    projects=_project_of_conversation,
)
async def history(ctx: Context, request: ProjectKey) -> list[Said]:
    """Get the conversation about a project, oldest contribution first."""
    return await ctx.service.part(Assistant).history.of(request.project_key.strip())


@section.operation(
    wait="DELETE /api/assistant/history",
    example={"projectKey": "D:\\Lines\\Line1.ap20"},
    destroys=True,
    undo=Undo.NEVER,
    done="Conversation removed",
    projects=_project_of_conversation,
)
async def forget(ctx: Context, request: ProjectKey) -> Removed:
    """Remove the conversation about a project."""
    return Removed(removed=await ctx.service.part(Assistant).history.remove(request.project_key.strip()))


@section.operation(
    wait="POST /api/assistant/stop",
    right=Right.VIEW,
    example={},
    done="Stopped",
    destroys=False,
    undo=Undo.NEEDLESS,
    projects=_project_of_conversation,
)
async def stop(ctx: Context, request: Stop) -> StoppedTurns:
    """Stop the assistant immediately. Changes that its tools made are kept."""
    project = None if request.project_key is None else request.project_key.strip()
    return StoppedTurns(stopped=ctx.service.part(Assistant).stop(project=project, turn_id=request.turn_id))


@section.operation(
    wait="POST /api/assistant/models",
    right=Right.VIEW,
    changes=False,
    example={"provider": "ollama"},
    reach=Reach.NOTHING,
)
async def models(ctx: Context, request: Models) -> list[str]:
    """List the models that the provider offers. Name another provider to see its models before you choose it."""
    assistant = ctx.service.part(Assistant)
    given = _collect_given(request, "provider", "endpoint")
    if given or request.api_key:
        ctx.require(
            ctx.caller.right >= Right.ADMINISTER,
            "auth.right",
            "Another provider needs the right 'administrator'.",
            Kind.FORBIDDEN,
        )
    kept = assistant.configuration.read()
    if request.api_key and not kept.provider and not given:
        given = {"provider": "openai"}
    proposed = assistant.configuration.propose(_spell_provider(given), request.api_key, kept=kept)
    return await assistant.wire.models(assistant.configuration.endpoint(proposed, model=False))


@section.operation(also="GET /api/assistant/settings", right=Right.ADMINISTER, changes=False)
def settings(ctx: Context, _: Nothing) -> SettingsInfo:
    """Get the settings of the assistant: provider, address, model, limits. The key is never returned."""
    return _describe_settings(ctx, ctx.service.part(Assistant).configuration.read())


@section.operation(
    also="POST /api/assistant/settings",
    right=Right.ADMINISTER,
    destroys=True,
    undo=Undo.NEVER,
    example={"provider": "ollama", "model": "qwen3:8b"},
    done="Settings saved",
)
def save_settings(ctx: Context, request: SaveSettings) -> SettingsInfo:
    """Change the settings of the assistant. A key belongs to its address: if you change the address, enter the key again."""
    given = _collect_given(
        request, *(name for name in request.__struct_fields__ if name not in {"api_key", "forget_key"})
    )
    kept = ctx.service.part(Assistant).configuration.change(
        _spell_provider(given), request.api_key, forget_key=request.forget_key
    )
    return _describe_settings(ctx, kept)


def _collect_given(request: Request, *names: str) -> dict[str, Any]:
    return {name: value for name in names if (value := getattr(request, name)) is not UNSET}


def _spell_provider(given: dict[str, Any]) -> dict[str, Any]:
    """The values, with the provider in the spelling that is known.

    Raises:
        Problem: There is no such provider.
    """
    if not given.get("provider"):
        return given
    provider = given["provider"].strip().lower()
    if provider not in PRESETS:
        msg = f"There is no provider '{provider}': use one of {', '.join(PRESETS)}; 'custom' is any other one with the API of OpenAI."
        raise Problem("assistant.provider", msg, kind=Kind.REFUSED, place=Place(pointer="/provider"))
    return given | {"provider": provider}


def _describe_settings(ctx: Context, kept: StoredSettings) -> SettingsInfo:
    missing = ""
    try:
        ctx.service.part(Assistant).configuration.endpoint(kept)
    except Problem as problem:
        missing = problem.message
    limits = {name: getattr(kept, name) for name in Limits.__struct_fields__}
    return SettingsInfo(
        **limits,
        provider=kept.provider,
        endpoint=kept.url,
        model=kept.model,
        temperature=kept.temperature,
        has_key=bool(kept.sealed_key),
        ready=not missing,
        missing=missing,
        providers={name: preset.endpoint for name, preset in PRESETS.items()},
    )


class Describe(Request, kw_only=True):
    """The description of a block."""

    device_name: Annotated[str, named("Name of the station, its CPU or its program.")]
    block_name: Annotated[str, named("The block's name.", "name", min_length=1, max_length=125)]
    block_type: Annotated[Literal["FB", "FC", "OB", "DB"], named("Kind of the block.", "kind", "type")] = "FB"
    description: Annotated[
        str, named("What the block does, in your own words.", "prompt", min_length=1, max_length=20_000)
    ]
    language: Annotated[str, named("SCL or STL.")] = "SCL"


@section.operation(
    destroys=False,
    undo=Undo.NEVER,
    also="POST /api/blocks/generate",
    done="Block generated",
    example={
        "deviceName": "PLC_1",
        "blockType": "FB",
        "blockName": "Blinker",
        "language": "SCL",
        "description": "Turns its output on and off each second while it is enabled.",
    },
    reach=Reach.NOTHING,
)
async def write_block(ctx: Context, request: Describe) -> writing.Written:
    """Let the language model write a block from a description, and generate it. Refused where no model is set up."""
    return await writing.write_block(
        ctx, request.device_name, request.block_type, request.block_name, request.description, request.language
    )


@section.stream("GET /api/assistant/turns/{turnId}/events", reach=Reach.NOTHING)
async def events(listening: Listening) -> AsyncIterator[streams.Message]:
    """Stream the events of a turn of the assistant, from its beginning or after Last-Event-ID, to its end."""
    turn = listening.context.service.part(Assistant).turn(listening.path["turnId"], listening.context.caller)
    return stream.messages(turn, listening.after or 0)
