"""`system.net.httpClient`: requests of handlers to other systems."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from simatic_xml.lazy import import_later

if TYPE_CHECKING:
    import httpx
else:
    httpx = import_later("httpx")


LARGEST = 16 << 20
"""Bytes of an answer."""
LONGEST = 60_000
"""Milliseconds that a handler may wait for one answer."""


class HttpError(Exception):
    """A request was not answered, or with more bytes than a handler may read."""


class HttpResponse:
    """An answer."""

    def __init__(self, found: httpx.Response) -> None:
        """Hold an answer that was read."""
        self._found = found

    @property
    def statusCode(self) -> int:
        """The HTTP status."""
        return self._found.status_code

    @property
    def good(self) -> bool:
        """Whether the status is a success."""
        return self._found.is_success

    @property
    def text(self) -> str:
        """The body as text."""
        return self._found.text

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return self._found.json()

    @property
    def body(self) -> bytes:
        """The body."""
        return self._found.content

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers; case of names does not matter."""
        return self._found.headers

    def isGood(self) -> bool:
        """Return whether the status is a success."""
        return self.good

    def getStatusCode(self) -> int:
        """Return the HTTP status."""
        return self.statusCode

    def getText(self) -> str:
        """Return the body as text."""
        return self.text

    def getJson(self) -> Any:
        """Return the body as JSON."""
        return self.json

    def getBody(self) -> bytes:
        """Return the body."""
        return self.body

    def getHeaders(self) -> Mapping[str, str]:
        """Return the headers."""
        return self.headers


class HttpClient:
    """Sends requests, as `system.net.httpClient` does. It follows no redirects and keeps no cookies."""

    def __init__(
        self,
        timeout: int = LONGEST,
        username: str = "",
        password: str = "",
        *,
        bypassCertValidation: bool = False,
    ) -> None:
        """Prepare.

        Args:
            timeout: Milliseconds to wait for an answer, at most 60,000.
            username: For HTTP Basic.
            password: For HTTP Basic.
            bypassCertValidation: Always False: a certificate that is not trusted is refused.

        Raises:
            ValueError: Certificates are not to be checked.
        """
        if bypassCertValidation:
            msg = "bypassCertValidation is not supported: add the authority's certificate to those that the system trusts."
            raise ValueError(msg)
        self._timeout = min(timeout, LONGEST) / 1000
        self._auth = httpx.BasicAuth(username, password) if username else None
        self._context = ssl.create_default_context()

    def request(
        self,
        url: str,
        method: str = "GET",
        params: Mapping[str, Any] | None = None,
        data: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> HttpResponse:
        """Send a request and return its answer, also where its status is an error.

        Args:
            url: The address: http or https.
            method: The method.
            params: The query.
            data: The body: text, bytes, or anything else, which is sent as JSON.
            headers: The headers.

        Raises:
            HttpError: Nothing answers in time, or the answer is too large.
        """
        body = {"content": data} if isinstance(data, str | bytes) or data is None else {"json": data}
        try:
            with (
                httpx.Client(timeout=self._timeout, verify=self._context, auth=self._auth, trust_env=False) as client,
                client.stream(method, url, params=params, headers=headers, **body) as found,
            ):
                content = b""
                for piece in found.iter_bytes():
                    content += piece
                    if len(content) > LARGEST:
                        msg = f"The answer of {url} has more than {LARGEST} bytes."
                        raise HttpError(msg)
                plain = [(name, text) for name, text in found.headers.multi_items() if name != "content-encoding"]
                return HttpResponse(httpx.Response(found.status_code, headers=plain, content=content))
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            msg = f"{method} {url} has no answer: {error}."
            raise HttpError(msg) from error

    def get(self, url: str, **more: Any) -> HttpResponse:
        """Send a GET; arguments as of `request`."""
        return self.request(url, "GET", **more)

    def post(self, url: str, **more: Any) -> HttpResponse:
        """Send a POST; arguments as of `request`."""
        return self.request(url, "POST", **more)

    def put(self, url: str, **more: Any) -> HttpResponse:
        """Send a PUT; arguments as of `request`."""
        return self.request(url, "PUT", **more)

    def patch(self, url: str, **more: Any) -> HttpResponse:
        """Send a PATCH; arguments as of `request`."""
        return self.request(url, "PATCH", **more)

    def delete(self, url: str, **more: Any) -> HttpResponse:
        """Send a DELETE; arguments as of `request`."""
        return self.request(url, "DELETE", **more)
