"""The OpenAPI document and a page to browse it, which loads nothing from other servers."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from litestar import MediaType, Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler

from engineering_api import VERSION
from engineering_api.operations import wire
from engineering_api.operations.catalogue import Catalogue
from engineering_api.web.answers import json_response
from engineering_api.web.openapi import document as openapi
from engineering_api.web.pages.policy import source_of
from openness_bridge.errors import Kind, Problem

ASSETS = {
    "swagger-ui.css": "text/css",
    "swagger-ui-bundle.js": "text/javascript",
    "favicon-32x32.png": "image/png",
}
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Open engineering API for SIMATIC PLCs</title>
<link rel="icon" href="/swagger/favicon-32x32.png">
<link rel="stylesheet" href="/swagger/swagger-ui.css">
<style>body { margin: 0 }</style>
</head>
<body>
<div id="page"></div>
<script src="/swagger/swagger-ui-bundle.js"></script>
<script>{script}</script>
</body>
</html>
"""
SCRIPT = """
SwaggerUIBundle({url: "/schema/v2/openapi.json", dom_id: "#page", docExpansion: "none", filter: true,
  validatorUrl: null, deepLinking: true, persistAuthorization: false,
  presets: [SwaggerUIBundle.presets.apis], layout: "BaseLayout"})
"""
POLICY = "; ".join(
    (
        "default-src 'none'",
        "connect-src 'self'",
        "img-src 'self' data:",
        "style-src 'self' 'unsafe-inline'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "script-src 'self' {script}",
    )
)
"""What the page may load: this server's files and its own script, by its checksum. Swagger UI writes styles as it goes."""


def handlers(catalogue: Catalogue) -> list[HTTPRouteHandler]:
    """Return the document, the page, and what the page needs."""

    @cache
    def document(api: int) -> bytes:
        return wire.encode(openapi.describe(catalogue, VERSION, api))

    @get("/schema/openapi.json", sync_to_thread=True)
    def schema() -> Response[bytes]:
        """Return the OpenAPI document of version 1."""
        return json_response(document(1))

    @get("/schema/v2/openapi.json", sync_to_thread=True)
    def schema_2() -> Response[bytes]:
        """Return the OpenAPI document of version 2."""
        return json_response(document(2))

    headers = {"Content-Security-Policy": POLICY.format(script=source_of(SCRIPT))}

    @get(["/swagger", "/"], sync_to_thread=False)
    def page() -> Response[str]:
        """Return the page."""
        return Response(PAGE.replace("{script}", SCRIPT), media_type=MediaType.HTML, headers=headers)

    @get("/swagger/{name:str}", sync_to_thread=True)
    def asset(request: Request[Any, Any, Any]) -> Response[Any]:
        """Return a file of the page."""
        name = request.path_params["name"]
        if name not in ASSETS:
            raise NotFoundException
        headers = {"Cache-Control": "max-age=86400"}
        return Response((_assets() / name).read_bytes(), media_type=ASSETS[name], headers=headers)

    return [schema, schema_2, page, asset]


@cache
def _assets() -> Path:
    """Return Swagger UI's files: those in the wheel, otherwise those of the package that the build takes them from.

    That package is found, not imported: its code needs Flask.
    """
    packaged = Path(__file__).with_name("swagger_ui")
    if packaged.is_dir():
        return packaged
    spec = find_spec("flask_swagger_ui")
    if spec is None or not spec.submodule_search_locations:
        msg = "Swagger UI's files are only in built packages. In a checkout run: pip install --no-deps flask-swagger-ui"
        raise Problem("package.swagger_ui_missing", msg, kind=Kind.UNSUPPORTED)
    return Path(spec.submodule_search_locations[0]) / "dist"
