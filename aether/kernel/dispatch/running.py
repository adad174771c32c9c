"""Where commands are executed: in this process, or by the service of their app.

`remote` runs in a gateway whose settings name remote apps, `serve` in a service.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings

from aether.kernel.dispatch.local import execute_here
from aether.kernel.dispatch.registry import Caller, Outcome, route_of
from aether.kernel.dispatch.remote import RemoteDispatch, from_settings
from aether.kernel.dispatch.serving import OnPresence, Server
from aether.kernel.errors import UnavailableError, UnknownTypeError
from aether.kernel.ids import CharacterId
from aether.protocol.base import Command

_remote: RemoteDispatch | None = None
_server: Server | None = None


def remote_apps() -> frozenset[str]:
    """Return the apps whose commands other processes execute."""
    return frozenset(settings.REMOTE_APPS)


async def execute(caller: Caller, command: Command) -> Outcome:
    """Have a command executed wherever its app is served. Refusals are raised; all else is a bug."""
    route = route_of(command)
    if route is None:
        raise UnknownTypeError
    if route.app not in settings.REMOTE_APPS:
        return await execute_here(caller, command)
    if _remote is None:
        raise UnavailableError
    return await _remote.execute(route, caller, command)


async def note_presence(character_id: CharacterId, is_online: bool) -> None:
    """Tell the services of remote apps that a character has come online, or has gone."""
    if _remote is not None:
        for app in settings.REMOTE_APPS:
            await _remote.note_presence(app, character_id, is_online)


async def start() -> None:
    """Let this process reach the services of remote apps, if there are any."""
    global _remote
    if settings.REMOTE_APPS:
        _remote = from_settings()
        await _remote.station.start()


async def stop() -> None:
    """Stop what `start` has started."""
    global _remote
    remote, _remote = _remote, None
    if remote is not None:
        await remote.station.stop()


async def serve(app: str, partitions: Iterable[int], on_presence: OnPresence) -> Server:
    """Serve an app in this process."""
    global _server
    _server = Server(app, partitions, on_presence)
    await _server.start()
    return _server


async def stop_serving() -> None:
    """Let others take over, and finish what is at hand."""
    global _server
    server, _server = _server, None
    if server is not None:
        await server.stop()


def is_ours(app: str, key: int) -> bool:
    """Tell if what has this key is for this process to look after: in a service, only its own partitions."""
    return _server is None or _server.app != app or _server.owns(key)
