"""The floor to compare with: a Litestar application with as many routes, that does nothing but answer JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import uvicorn
from litestar import Litestar, MediaType, Response, get


def application(routes: int, body: bytes) -> Litestar:
    """An application with that many routes; /answer gives the body, encoded again at each request as a handler would."""
    document = json.loads(body)

    def handler(number: int):
        @get(f"/route/{number}", sync_to_thread=False, name=f"route{number}")
        def answer() -> dict[str, int]:
            return {"number": number}

        return answer

    @get("/answer", sync_to_thread=False)
    def answer() -> Response[object]:
        return Response(document, media_type=MediaType.JSON)

    return Litestar(
        [answer, *(handler(number) for number in range(routes - 1))], openapi_config=None, logging_config=None
    )


def main() -> None:
    """Serve on a port of 127.0.0.1: `python -m benchmarks.bare PORT ROUTES BODYFILE`."""
    port, routes, body = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]).read_bytes()
    uvicorn.run(application(routes, body), host="127.0.0.1", port=port, log_level="warning", access_log=False)


if __name__ == "__main__":
    main()
