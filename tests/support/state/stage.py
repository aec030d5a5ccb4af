"""A server on the loopback address whose service is a fresh copy of the common state whenever that is asked for.

The state is made once and saved; a copy is a copied folder and an opened project. Of the catalogue's routes a copy has
those that are named: making all of them takes longer than everything else.
"""

from __future__ import annotations

import asyncio
import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from engineering_api.app import create_app
from engineering_api.settings import Settings
from engineering_api.web.application import App
from tests.support.state.api import PATIENCE, run
from tests.support.state.state import PROJECT, make_remotes, prepare

KEY = "the-key-of-the-examples"


class Stage:
    """The server.

    Attributes:
        url: Its address.
        http: A client with address and key.
        data: The data folder of the copy that is served.
        remotes: The folder whose repositories may be remotes.
    """

    def __init__(self, folder: Path) -> None:
        """Serve; the state is made in a folder."""
        self._template, self.data, self.remotes = folder / "template", folder / "data", folder / "remotes"
        self._app: App | None = None
        self._life: Future[None] | None = None
        self._loop = asyncio.new_event_loop()
        config = uvicorn.Config(self._answer, port=0, lifespan="off", interface="asgi3", log_level="error", loop="none")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._serve, name="stage", daemon=True)

    def open(self) -> None:
        """Start the server and make the state."""
        self._thread.start()
        while not self._server.started:
            threading.Event().wait(0.01)
        port = self._server.servers[0].sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self.http = httpx.Client(base_url=self.url, headers={"X-API-Key": KEY}, timeout=60)
        self._play()
        prepare(self.http, self.data / "workspace")
        self._end()
        self.data.rename(self._template)

    def close(self) -> None:
        """End the server."""
        self._end()
        self.http.close()
        self._server.should_exit = True
        self._thread.join()

    def restore(self) -> None:
        """A fresh copy of the state."""
        self._end()
        make_remotes(self.remotes)
        shutil.rmtree(self.data, ignore_errors=True)
        shutil.copytree(self._template, self.data)
        self._play()
        run(self.http, "projects.open_", {"path": PROJECT})

    def _play(self) -> None:
        settings = Settings(
            backend="fake",
            data_dir=self.data,
            api_key=KEY,
            headless=True,
            webhook_hosts=["127.0.0.1", "ci.example.org"],
            sink_hosts=["127.0.0.1", "erp.example.org"],
            git_folders=[self.remotes],
        )
        app = create_app(settings)
        began = threading.Event()
        self._life = asyncio.run_coroutine_threadsafe(self._live(app, began), self._loop)
        began.wait(PATIENCE)
        app.state["service"].stop = lambda: None
        self._app = app

    async def _live(self, app: App, began: threading.Event) -> None:
        """The life of a service: one task, from its begin to its end."""
        self._over = asyncio.Event()
        async with app.lifespan():
            began.set()
            await self._over.wait()

    def _end(self) -> None:
        self._app = None
        if self._life is not None:
            self._loop.call_soon_threadsafe(self._over.set)
            self._life.result(PATIENCE)
            self._life = None

    def _serve(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._server.serve())

    async def _answer(self, scope: Any, receive: Any, send: Any) -> None:
        assert self._app is not None
        await self._app(scope, receive, send)


@contextmanager
def stage(folder: Path) -> Iterator[Stage]:
    """A server with the state, ended with the block."""
    made = Stage(folder)
    try:
        made.open()
        yield made
    finally:
        made.close()
