"""The step that makes an operation's typed request, and the options of every request, of a path, a query and a body."""

from __future__ import annotations

import asyncio
from functools import partial
from urllib.parse import unquote

from engineering_api.operations import binding
from engineering_api.operations.declaration import Operation
from engineering_api.operations.fields import Request, vendor_values
from engineering_api.operations.terms import Route
from engineering_api.settings import Settings
from engineering_api.web import options, url_secrets
from engineering_api.web.bodies import decoded
from engineering_api.web.forms import formats
from engineering_api.web.forms.versions import Version, version_of
from engineering_api.web.identify import Call, Headers
from engineering_api.web.options import Options

VENDOR = b"vscode/"
"""How the X-Client-Id of T-IA Connect's client begins."""
LARGE = 64 << 10
"""Bytes from which a body is read in a worker thread, so that it does not hold the event loop."""


async def bind(
    op: Operation, route: Route, request: Call, headers: Headers, settings: Settings
) -> tuple[Request, Options]:
    """Read what a request asks for.

    Raises:
        Problem: A field is unknown, missing, given twice or of a wrong type; or a secret is in the URL.
    """
    path = {name: unquote(value) for name, value in request.path_params.items()}
    query = formats.without_format(op, _query(request), request.scope)
    url_secrets.require_none(query, op.request)
    body = b"" if route.method == "GET" else await request.body()
    made = partial(_bound, settings, op, path, query, body, headers, version_of(request.scope))
    return made() if len(body) < LARGE else await asyncio.to_thread(made)


def _bound(
    settings: Settings,
    op: Operation,
    path: dict[str, str],
    query: dict[str, str],
    body: bytes,
    headers: Headers,
    version: Version,
) -> tuple[Request, Options]:
    is_xml = b"xml" in headers.get(b"content-type", b"").lower()
    document = binding.document(path, query, decoded(body, settings, is_xml=is_xml) if body else {})
    texts = document.keys() if is_xml else path.keys() | query.keys()
    asked = options.take(op, document, headers, version, texts)
    unsaid = vendor_values(op.request) if headers.get(b"x-client-id", b"").startswith(VENDOR) else {}
    known = options.names(op)
    bound = binding.bind_document(op.request, document, strict=not is_xml, texts=texts, options=known, unsaid=unsaid)
    return bound, asked


def _query(request: Call) -> dict[str, str]:
    """Return the query's fields.

    Raises:
        Problem: One is given twice with different values.
    """
    given: dict[str, str] = {}
    for name, value in request.query_params.multi_items() if request.scope["query_string"] else ():
        if given.setdefault(name, value) != value:
            raise binding.repeated(name)
    return given
