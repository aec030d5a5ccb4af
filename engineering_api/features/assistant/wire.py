"""Sends prompts to a provider and reads what streams back: retries where it is busy, clear outcomes for everything else."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec

from engineering_api.features.assistant.anthropic_dialect import AnthropicDialect
from engineering_api.features.assistant.messages import Prompt, Reply
from engineering_api.features.assistant.openai_dialect import OpenAiDialect
from engineering_api.features.assistant.provider import PRESETS, Dialect, Endpoint, MalformedAnswer, ProviderFault
from openness_bridge.errors import Kind, Problem
from simatic_xml.lazy import import_later

if TYPE_CHECKING:
    import httpx
else:
    httpx = import_later("httpx")

DIALECTS: dict[str, Dialect] = {"openai": OpenAiDialect(), "anthropic": AnthropicDialect()}
BUSY = {429, 503, 529}
WAITS = (15.0, 30.0, 45.0)
"""Seconds before the second, third and fourth attempt where the provider names none.

Facts: docs/facts/t-ia-connect.md#assistant.
"""
LONGEST_WAIT = 120.0
"""Seconds that a provider may ask to wait; above it the user gets an error."""
CONNECT = 10.0
"""Seconds in which a provider takes a connection."""
LARGEST_ANSWER = 16 << 20
DIRECTLY = ("all://localhost", "all://127.0.0.1", "all://[::1]")
"""What is reached without the proxy that the system names for everything else."""
REFUSALS = {
    401: ("assistant.key_refused", "The provider refuses the key"),
    403: ("assistant.key_refused", "The provider refuses the key"),
    404: ("assistant.model_unknown", "The provider does not know this model or address"),
}
Say = Callable[[str], None]
Wait = Callable[[float, str], None]
pause = asyncio.sleep


class Retry(Exception):  # noqa: N818
    """The attempt may be made again; `problem` is what it comes to when it is not."""

    def __init__(self, problem: Problem, after: float | None = None) -> None:
        """Give the outcome, and the seconds that the provider asked for."""
        super().__init__(problem.message)
        self.problem, self.after = problem, after


class Wire:
    """The connections to providers."""

    def __init__(self, waits: tuple[float, ...] = WAITS) -> None:
        """Wait so many seconds between attempts."""
        self._waits = waits

    async def ask(self, endpoint: Endpoint, prompt: Prompt, said: Say, waiting: Wait) -> Reply:
        """Send a prompt and read the answer.

        Args:
            endpoint: The provider to ask.
            prompt: What.
            said: Gets each piece of text as it comes.
            waiting: Gets the seconds and the reason when the provider is busy.

        Raises:
            Problem: There is no whole answer; its code says why.
        """
        for wait in self._waits:
            try:
                return await self._attempt(endpoint, prompt, said)
            except Retry as retry:
                seconds = wait if retry.after is None else retry.after
                if seconds > LONGEST_WAIT:
                    raise retry.problem from None
                waiting(seconds, retry.problem.message)
            await pause(seconds)
        try:
            return await self._attempt(endpoint, prompt, said)
        except Retry as retry:
            raise retry.problem from None

    async def models(self, endpoint: Endpoint) -> list[str]:
        """Return the models that a provider offers, by name.

        Raises:
            Problem: It does not list them.
        """
        headers = _dialect(endpoint).headers(endpoint.key)
        try:
            answer = await self._http.get(f"{endpoint.url}/models", headers=headers, timeout=15.0)
            await _require_ok(answer, endpoint)
            return sorted({str(each["id"]) for each in answer.json()["data"]})
        except Retry as retry:
            raise retry.problem from None
        except httpx.HTTPError as error:
            raise _unreachable(endpoint, error) from None
        except (ValueError, KeyError, TypeError):
            raise _bad(endpoint, "its list of models is not one") from None

    async def close(self) -> None:
        """Close the connections."""
        if "_http" in vars(self):
            await self._http.aclose()

    @cached_property
    def _http(self) -> httpx.AsyncClient:
        """Made when a provider is asked first: most services never do."""
        return httpx.AsyncClient(follow_redirects=False, mounts=dict.fromkeys(DIRECTLY))

    async def _attempt(self, endpoint: Endpoint, prompt: Prompt, said: Say) -> Reply:
        dialect, url = _dialect(endpoint), endpoint.url
        body = dialect.body(endpoint.model, prompt, endpoint.sampling)
        headers = dialect.headers(endpoint.key)
        reader, heard, veil = dialect.reader(), False, Veil(endpoint.key)
        timeout = httpx.Timeout(CONNECT, read=endpoint.silence)
        sending = self._http.stream("POST", f"{url}{dialect.path}", json=body, headers=headers, timeout=timeout)
        try:
            async with sending as answer:
                await _require_ok(answer, endpoint)
                async for event in _events(answer):
                    text, heard = reader.take(event), True
                    if shown := veil.release(text):
                        said(shown)
                if shown := veil.rest():
                    said(shown)
        except MalformedAnswer as error:
            raise _bad(endpoint, str(error)) from None
        except ProviderFault as fault:
            raise _convert_fault(endpoint, fault, heard=heard) from None
        except httpx.ReadTimeout:
            msg = f"The provider '{endpoint.provider}' has not answered for {endpoint.silence:g} s: try again, or increase 'maxSilence'."
            raise Problem("assistant.silent", msg, kind=Kind.TIMED_OUT) from None
        except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError):
            raise _cut(endpoint, heard=heard) from None
        except httpx.HTTPError as error:
            raise _unreachable(endpoint, error) from None
        if not reader.complete:
            raise _cut(endpoint, heard=heard)
        reply = reader.reply()
        calls = tuple(replace(call, arguments=veil.over(call.arguments)) for call in reply.calls)
        return replace(reply, text=veil.over(reply.text), calls=calls)


class Veil:
    """Hides the key in what a provider says that repeats it, in any pieces."""

    def __init__(self, key: str) -> None:
        """Hide this key; nothing without one."""
        self._key, self._held = key, ""

    def over(self, text: str) -> str:
        """Return a whole text without the key."""
        return text.replace(self._key, "…") if self._key else text

    def release(self, piece: str) -> str:
        """Return what of the text so far can be shown: an end that may begin the key is held back."""
        text = self.over(self._held + piece)
        ends = (size for size in range(min(len(self._key) - 1, len(text)), 0, -1) if self._key.startswith(text[-size:]))
        kept = len(text) - next(ends, 0)
        self._held = text[kept:]
        return text[:kept]

    def rest(self) -> str:
        """Return the text that is still held back at the end."""
        held, self._held = self._held, ""
        return held


async def _events(answer: httpx.Response) -> AsyncIterator[dict[str, Any]]:
    """Yield the JSON documents of a stream of server-sent events.

    Lines are split at line feeds alone: the text inside a document may hold the other line separators of Unicode.

    Raises:
        MalformedAnswer: It is another kind of stream, not JSON, or without end.
    """
    kind = answer.headers.get("content-type", "")
    if "event-stream" not in kind:
        raise MalformedAnswer(f"its answer is '{kind}', no stream of events")
    rest, size = b"", 0
    async for piece in answer.aiter_bytes():
        size += len(piece)
        if size > LARGEST_ANSWER:
            raise MalformedAnswer(f"its answer is larger than {LARGEST_ANSWER} bytes")
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            data = line.removeprefix(b"data:").strip()
            if line.startswith(b"data:") and data != b"[DONE]":
                yield _document(data)


def _document(data: bytes) -> dict[str, Any]:
    try:
        found = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedAnswer(f"an event is not JSON ({error})") from None
    if not isinstance(found, dict):
        raise MalformedAnswer("an event is not a JSON object")
    return found


async def _require_ok(answer: httpx.Response, endpoint: Endpoint) -> None:
    """Pass an answer with status 200.

    Raises:
        Retry: The provider is busy.
        Problem: It refuses, or has failed.
    """
    if answer.status_code == httpx.codes.OK:
        return
    said = _redact(_message(await answer.aread()), endpoint)
    if answer.status_code in BUSY:
        raise Retry(_busy(endpoint, said), _after(answer.headers.get("retry-after")))
    if answer.status_code in REFUSALS:
        code, what = REFUSALS[answer.status_code]
        raise Problem(code, f"{what} ({said}): see the settings of the assistant.", kind=Kind.BAD_ANSWER)
    if answer.is_client_error:
        raise Problem("assistant.request_refused", f"The provider refused the request: {said}.", kind=Kind.BAD_ANSWER)
    msg = f"The provider '{endpoint.provider}' failed with status {answer.status_code}: {said}. Try again later."
    raise Problem("assistant.provider_failed", msg, kind=Kind.BAD_ANSWER)


def _message(body: bytes) -> str:
    """Return what an error answer says: its message, or its beginning."""
    try:
        error = msgspec.json.decode(body)["error"]
        return str(error["message"] if isinstance(error, dict) else error)
    except (msgspec.DecodeError, UnicodeDecodeError, LookupError, TypeError):
        return body.decode("utf-8", "replace")


def _redact(text: str, endpoint: Endpoint) -> str:
    """Return a text of the provider's that the user may see: short, and never with the key that was sent to it."""
    return " ".join(Veil(endpoint.key).over(text).split())[:300].rstrip(".") or "no reason given"


def _after(header: str | None) -> float | None:
    """Return the seconds of a Retry-After header, which is a number or a date."""
    if not header:
        return None
    try:
        return max(0.0, float(header))
    except ValueError:
        pass
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    return max(0.0, (aware - dt.datetime.now(dt.UTC)).total_seconds())


def _dialect(endpoint: Endpoint) -> Dialect:
    return DIALECTS[PRESETS[endpoint.provider].dialect]


def _busy(endpoint: Endpoint, said: str) -> Problem:
    msg = f"The provider '{endpoint.provider}' is overloaded, or your quota is used up ({said}): try again later."
    return Problem("assistant.busy_provider", msg, kind=Kind.UNAVAILABLE)


def _convert_fault(endpoint: Endpoint, fault: ProviderFault, *, heard: bool) -> Problem | Retry:
    said = _redact(str(fault), endpoint)
    if fault.busy and not heard:
        return Retry(_busy(endpoint, said))
    return Problem(
        "assistant.provider_failed", f"The provider broke off its answer: {said}. Try again.", kind=Kind.BAD_ANSWER
    )


def _cut(endpoint: Endpoint, *, heard: bool) -> Problem | Retry:
    msg = f"The connection to the provider '{endpoint.provider}' was cut before the answer was whole: try again."
    problem = Problem("assistant.cut", msg, kind=Kind.BAD_ANSWER)
    return problem if heard else Retry(problem)


def _bad(endpoint: Endpoint, what: str) -> Problem:
    msg = f"The answer of the provider '{endpoint.provider}' cannot be read: {what}. Is its address the right one?"
    return Problem("assistant.bad_answer", _redact(msg, endpoint) + ".", kind=Kind.BAD_ANSWER)


def _unreachable(endpoint: Endpoint, error: Exception) -> Problem:
    msg = (
        f"The provider '{endpoint.provider}' cannot be reached at {endpoint.url} ({type(error).__name__}): does it run, "
        "and may this computer reach it?"
    )
    return Problem("assistant.unreachable", msg, kind=Kind.BAD_ANSWER)
