"""Speaks to a running server for the command line, with nothing but the standard library."""

from __future__ import annotations

import os
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

import msgspec

from engineering_api.settings import from_environment

ENDED = {"Completed", "Failed", "Cancelled"}


class RemoteProblem(Exception):  # noqa: N818 - shown to a person
    """What the server refused, or that it cannot be reached.

    Attributes:
        exit_code: 1 refused, 3 not reached.
    """

    def __init__(self, message: str, exit_code: int = 1) -> None:
        """Keep both."""
        super().__init__(message)
        self.exit_code = exit_code


class Remote:
    """A running server."""

    def __init__(self, url: str, key: str) -> None:
        """Know its address and key."""
        self._url, self._key = url.rstrip("/"), key

    @classmethod
    def found(cls) -> Remote:
        """The server that the environment names; its key from there or from the data folder.

        Raises:
            RemoteProblem: There is no key.
        """
        settings = from_environment()
        key = settings.api_key
        file = settings.data_dir / "api.key"
        if not key and file.exists():
            key = file.read_text(encoding="ascii").strip()
        if not key:
            raise RemoteProblem(
                f"There is no API key: set TIA_API_KEY, or TIA_DATA_DIR to the server's folder ({file}).", 3
            )
        return cls(os.environ.get("TIA_URL", f"http://{settings.host}:{settings.port}"), key)

    def run(self, operation: str, arguments: dict[str, Any], *, as_job: bool, write: Callable[[str], None]) -> None:
        """Run an operation and write its answer; as a job, write the job's id.

        Raises:
            RemoteProblem: It was refused, it failed, or the server cannot be reached.
        """
        path = "/api/jobs/execute" if as_job else "/api/jobs/execute-sync"
        data = self.call("POST", path, {"operation": operation, "arguments": arguments})
        if not as_job and isinstance(data, dict) and set(data) == {"jobId"} and operation != "jobs.execute":
            data = self.follow(data["jobId"])
        write(msgspec.json.format(msgspec.json.encode(data), indent=2).decode())

    def follow(self, job_id: str) -> Any:
        """Wait for a job's end and return its result.

        Raises:
            RemoteProblem: It failed or was cancelled.
        """
        while (job := self.call("GET", f"/api/jobs/{job_id}"))["status"] not in ENDED:
            time.sleep(0.5)
        if job["status"] != "Completed":
            raise RemoteProblem(f"{job['status']}: {job['error'] or job['message']}")
        return job["result"]

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Send a request and return the answer's data.

        Raises:
            RemoteProblem: It was refused, or the server cannot be reached.
        """
        request = urllib.request.Request(  # noqa: S310 - the user's own server
            self._url + path, method=method, data=None if body is None else msgspec.json.encode(body),
            headers={"X-API-Key": self._key, "X-Client-Id": "tia-cli", "Content-Type": "application/json"},
        )  # fmt: skip
        try:
            with urllib.request.urlopen(request) as answer:  # noqa: S310 - the user's own server
                return msgspec.json.decode(answer.read())["data"]
        except urllib.error.HTTPError as error:
            raise RemoteProblem(_explain(error.read(), error.code)) from None
        except (urllib.error.URLError, OSError) as error:
            raise RemoteProblem(
                f"{self._url} does not answer ({error}): start the server with `tia serve`.", 3
            ) from None


def _explain(body: bytes, status: int) -> str:
    try:
        fault = msgspec.json.decode(body)["error"]
    except (msgspec.MsgspecError, KeyError, TypeError):
        return f"The server answered with status {status}."
    lines = [f"{fault['message']} [{fault['code']}]"]
    lines += [f"  {detail['message']}  {_place(detail.get('place'))}".rstrip() for detail in fault.get("details", [])]
    if fault.get("place"):
        lines.append(f"  at {_place(fault['place'])}")
    return "\n".join(lines)


def _place(place: dict[str, Any] | None) -> str:
    return ", ".join(f"{name} {value}" for name, value in (place or {}).items())
