"""Whether an app is local or remote, a client is sent the very same frames."""

from __future__ import annotations

from typing import Any

import pytest
from asgiref.sync import sync_to_async

from aether.kernel.live import redis
from apps.accounts import services as accounts
from tests import cast
from tests.cast import Player
from tests.serving import serving
from tests.wire import Wire

pytestmark = pytest.mark.django_db(transaction=True)

COMMANDS: list[tuple[str, dict[str, Any], str]] = [
    ("accounts.profile", {}, "profile"),
    ("accounts.allocate", {"vigor": 999}, "too-many"),
    ("accounts.allocate", {"vigor": -1}, "negative"),
    ("accounts.allocate", {"vigor": 1}, "spend"),
    ("accounts.allocate", {"vigor": 1}, "spend"),
    ("accounts.allocate", {"stone": 1}, "spend"),
    ("world.enter", {}, "enter"),
    ("world.travel", {"exit": "nowhere"}, "nowhere"),
    ("world.move", {"path": [[1, 1]]}, "move"),
    ("world.emote", {"emote": "wave"}, "emote"),
    ("world.look", {}, "look"),
]
"""Type, body and id: one is sent twice, one reuses an id."""

OF_EACH_RUN = {"server_time", "re", "character", "name", "players"}


async def replies(player: Player, form: str, remote_apps: list[str]) -> list[Any]:
    """Send every command to a server of its own, and return what it is answered."""
    redis().flushdb()
    async with (
        serving(remote_apps) as server,
        Wire(server.socket_url, form=form, language="fr") as wire,
    ):
        await wire.hello(await player.ticket())
        return [_lasting(await wire.call(t, d, id=name)) for t, d, name in COMMANDS]


def _lasting(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _lasting(inner) for name, inner in value.items() if name not in OF_EACH_RUN}
    return [_lasting(inner) for inner in value] if isinstance(value, list) else value


@pytest.mark.parametrize("form", ["json", "msgpack"])
async def test_a_remote_app_answers_with_the_same_frames(form: str) -> None:
    alice, berta = await cast.player("alice", "Alice"), await cast.player("berta", "Berta")
    for player in (alice, berta):
        await sync_to_async(accounts.grant_xp)(character_id=player.character_id, amount=500, cause="test")
    here = await replies(alice, form, [])
    assert await replies(berta, form, ["accounts", "world"]) == here
    codes = [reply["err"]["code"] for reply in here if "err" in reply]
    assert {"bad_request", "not_found", "id_reused"} <= {code.rpartition(".")[2] for code in codes}
    assert [reply for reply in here if reply.get("replayed")] == [here[4]]
