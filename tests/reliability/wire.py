"""A client that is quick enough to load a server: one kept connection, JSON in and out."""

from __future__ import annotations

import http.client
import json
from types import TracebackType
from typing import Any
from urllib.parse import quote


class Lost(Exception):  # noqa: N818 - what a killed server looks like to its client
    """The connection ended before the answer came: what was asked for may have been done or not."""


class Refused(Exception):  # noqa: N818 - an answer like any other
    """The server refused.

    Attributes:
        status: Of HTTP.
        code: Of the problem.
    """

    def __init__(self, status: int, code: str, message: str) -> None:
        """State it."""
        super().__init__(f"{status} {code}: {message}")
        self.status, self.code = status, code


class Wire:
    """One connection."""

    def __init__(self, port: int, key: str, patience: float = 60.0) -> None:
        """Connect with the first request."""
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=patience)
        self._headers = {"X-API-Key": key, "Content-Type": "application/json"}

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """The data of the answer.

        Raises:
            Lost: No answer came.
            Refused: The server refused.
        """
        content = None if body is None else json.dumps(body).encode()
        try:
            self._connection.request(method, path, content, self._headers | headers)
            answer = self._connection.getresponse()
            status, text = answer.status, answer.read()
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            raise Lost(f"{method} {path}: {error!r}") from error
        document = json.loads(text)
        if not document["success"]:
            raise Refused(status, document["error"]["code"], document["message"])
        return document["data"]

    def __enter__(self) -> Wire:
        """Use it in a block."""
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        """Close the connection."""
        self._connection.close()


def segment(name: str) -> str:
    """A name as one segment of a path."""
    return quote(name, safe="")
