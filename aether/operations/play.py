"""Everything at once: make the database ready, load the content, serve the game until told to stop."""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType

import uvicorn
from django.conf import settings
from django.core.management import call_command
from django.db import connections

from aether.kernel import realm
from aether.operations.listening import listen
from aether.operations.running import RunningGame, announced, running_game

Say = Callable[[str], None]


class PlayError(Exception):
    """The game cannot start; the text says why and what to do."""


class AnnouncingServer(uvicorn.Server):
    """A uvicorn server that says when it is really up."""

    def __init__(self, config: uvicorn.Config, on_up: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_up = on_up

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._on_up()


def play(*, host: str, port: int, folder: Path, say: Say) -> None:
    """Serve the game on `host:port` from the data folder until SIGINT or SIGTERM.

    Raises PlayError or PortError, with a sentence for people, when it cannot start.
    """
    if game := running_game(folder):
        raise PlayError(
            f"The game already runs on {folder}: {game.url} (process {game.pid}). "
            "Stop it, or choose another folder with DATA=…"
        )
    listener = listen(host, port, command="make play")
    prepare(say)
    url = f"http://{'localhost' if host in {'127.0.0.1', '0.0.0.0'} else host}:{port}"  # noqa: S104

    def up() -> None:
        say(f"\n  Aether is up:  {url}/\n  Game masters:  {url}/gm/\n  Stop it with Ctrl-C.\n")

    server = AnnouncingServer(server_config(), up)
    signal.signal(signal.SIGTERM, _leave)
    with announced(folder, RunningGame(url=url, pid=os.getpid())), suppress(KeyboardInterrupt):
        server.run(sockets=[listener])
    if not server.started:
        raise PlayError("The game did not start; the lines above say why.")


def prepare(say: Say) -> None:
    """Bring the database to the present schema, check the content, make sure that there is a game master."""
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    say("Database: applying migrations")
    for alias in sorted({realm.alias(), "default"}, reverse=True):
        call_command("migrate", database=alias, verbosity=0, interactive=False)
    say("Content: checking and loading the pack")
    call_command("content", "check", "--quiet")
    call_command("create_gm", "--if-none")
    connections.close_all()


def server_config() -> uvicorn.Config:
    """Return how the game is served: the settings that the design was measured with."""
    return uvicorn.Config(
        "aether.asgi:application",
        loop="uvloop",
        http="h11",
        ws="websockets-sansio",
        ws_max_size=8192,
        ws_per_message_deflate=False,
        ws_ping_interval=None,
        lifespan="on",
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=10,
        timeout_keep_alive=60,
    )


def _leave(_signal: int, _frame: FrameType | None) -> None:
    """After the server has drained, leave the usual way, so that the database is stopped too."""
    sys.exit(0)
