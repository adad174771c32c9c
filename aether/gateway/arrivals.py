"""A character has come online or has gone: the apps are told, wherever they are served."""

from __future__ import annotations

from aether.kernel import dispatch
from aether.kernel.ids import CharacterId
from aether.kernel.live import presence


async def note_presence(character_id: CharacterId, is_online: bool) -> None:
    """Tell every app."""
    await dispatch.note_presence(character_id, is_online)
    await presence.tell_listeners(character_id, is_online, apart_from=dispatch.remote_apps())
