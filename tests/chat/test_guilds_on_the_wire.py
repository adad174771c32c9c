"""Guilds as sockets see them: told live, kept over a reconnect, heard by members only."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from asgiref.sync import sync_to_async

from tests import cast
from tests.economy.cast import give
from tests.serving import Served
from tests.wire import Wire

NOTHING = {"guild": None, "stream": None, "invitations": [], "price": 500}


async def greet(wire: Wire, player: cast.Player) -> dict[str, Any]:
    """Say hello; return the part of the guild in the snapshot of `me`."""
    await wire.hello(await player.ticket())
    snapshot = await wire.update("me.snapshot")
    return dict(snapshot["d"]["parts"]["guild"])


async def founded(wire: Wire, player: cast.Player) -> int:
    """Let somebody found a guild, and see it."""
    await sync_to_async(give)(player.character_id, glim=1000)
    answer = await wire.call("chat.guild_found", {"name": "Lamplighters"})
    snapshot = await wire.update("guild.snapshot")
    assert snapshot["s"] == answer["ok"]["stream"]
    return int(answer["ok"]["guild"])


async def together(hers: Wire, his: Wire, alice: cast.Player) -> int:
    """Let Bob come into the guild that Alice founds, and read what both are told until they see it."""
    guild = await founded(hers, alice)
    assert "ok" in await hers.call("chat.guild_invite", {"name": "Bob"})
    asked = await his.update("chat.guild_invited")
    joined = await his.call("chat.guild_accept", {"invitation": asked["d"]["invitation"]["invitation"]})
    assert joined["ok"] == {"guild": guild, "stream": f"guild:{guild}"}
    await his.update("guild.snapshot")
    while not (await hers.update("chat.guild_changed"))["d"]["members"]:
        pass
    return guild


async def test_two_come_together_and_both_see_it(server: Served) -> None:
    alice, bob = await cast.alice(), await cast.bob()
    async with Wire(server.socket_url) as hers, Wire(server.socket_url) as his:
        assert await greet(hers, alice) == NOTHING
        await greet(his, bob)
        guild = await founded(hers, alice)
        current = await hers.update("chat.guild_current")
        assert current["d"] == {
            "guild": guild,
            "stream": f"guild:{guild}",
            "name": "Lamplighters",
            "cause": "founded",
        }
        await hers.call("chat.guild_invite", {"name": "Bob"})
        asked = await hers.update("chat.guild_changed")
        assert [each["name"] for each in asked["d"]["invited"]] == ["Bob"]
        invitation = (await his.update("chat.guild_invited"))["d"]["invitation"]
        assert (invitation["guild"], invitation["name"], invitation["members"]) == (
            "Lamplighters",
            "Alice",
            1,
        )
        await his.call("chat.guild_accept", {"invitation": invitation["invitation"]})
        snapshot = (await his.update("guild.snapshot"))["d"]["guild"]
        assert [(each["name"], each["away_since"]) for each in snapshot["members"]] == [
            ("Alice", None),
            ("Bob", None),
        ]
        assert [each["name"] for each in snapshot["ranks"]] == ["Leader", "Officer", "Member"]
        joined = (await hers.update("chat.guild_changed"))["d"]
        assert ([each["name"] for each in joined["members"]], joined["invited"]) == (["Bob"], [])
        assert (await hers.update("chat.guild_answered"))["d"]["answer"] == "accepted"


async def test_the_same_command_sent_again_is_one(server: Served) -> None:
    alice, bob = await cast.alice(), await cast.bob()
    async with Wire(server.socket_url) as hers, Wire(server.socket_url) as his:
        await greet(hers, alice)
        await greet(his, bob)
        await sync_to_async(give)(alice.character_id, glim=1000)
        for command, fields in (
            ("chat.guild_found", {"name": "Lamplighters"}),
            ("chat.guild_invite", {"name": "Bob"}),
            ("chat.guild_motd", {"text": "Hello"}),
        ):
            first = await hers.call(command, fields, id=command)
            again = await hers.call(command, fields, id=command)
            assert (again["ok"], again["replayed"]) == (first["ok"], True), command


async def test_every_change_is_told_to_everybody(server: Served) -> None:
    alice, bob = await cast.alice(), await cast.bob()
    async with Wire(server.socket_url) as hers, Wire(server.socket_url) as his:
        await greet(hers, alice)
        await greet(his, bob)
        await together(hers, his, alice)
        await hers.call("chat.guild_motd", {"text": "To the kiln."})
        assert (await his.update("chat.guild_changed"))["d"]["motd"] == "To the kiln."
        await hers.call("chat.guild_hand_over", {"name": "Bob"})
        changed = (await his.update("chat.guild_changed"))["d"]
        assert changed["leader"] == "Bob"
        assert sorted(each["name"] for each in changed["members"]) == ["Alice", "Bob"]
        assert "ok" in await hers.call("chat.guild_leave", {})
        assert (await his.update("chat.guild_changed"))["d"]["gone"] == ["Alice"]
        while (left := (await hers.update("chat.guild_current"))["d"])["cause"] == "founded":
            pass
        assert (left["guild"], left["cause"]) == (None, "left")


async def test_snapshot_and_changes_come_to_the_same(server: Served) -> None:
    alice, bob = await cast.alice(), await cast.bob()
    async with Wire(server.socket_url) as hers, Wire(server.socket_url) as his:
        await greet(hers, alice)
        await greet(his, bob)
        await founded(hers, alice)
        await hers.call("chat.guild_invite", {"name": "Bob"})
        asked = await his.update("chat.guild_invited")
        await his.call("chat.guild_accept", {"invitation": asked["d"]["invitation"]["invitation"]})
        snapshot = await his.update("guild.snapshot")
        known, n = snapshot["d"]["guild"], snapshot["n"][1]
        officer, member = known["ranks"][1], known["ranks"][2]
        for command, fields in (
            ("chat.guild_motd", {"text": "Hello"}),
            ("chat.guild_rank_set", {"name": "Bob", "rank": officer["id"]}),
            ("chat.guild_rank_add", {"name": "Scout", "permissions": ["motd"], "below": officer["id"]}),
            ("chat.guild_rank_move", {"rank": member["id"], "below": officer["id"]}),
            ("chat.guild_rank_edit", {"rank": member["id"], "name": "Novice", "permissions": []}),
            ("chat.guild_rank_remove", {"rank": officer["id"]}),
            ("chat.guild_hand_over", {"name": "Bob"}),
        ):
            assert "ok" in await hers.call(command, fields), command
            update = await his.update("chat.guild_changed")
            assert update["n"] == [n + 1, n + 1]
            known, n = folded(known, update["d"]), n + 1
        again = await his.call("resume", {"s": snapshot["s"], "from": 1})
        assert "ok" in again
        fresh = (await his.update("chat.guild", "guild.snapshot"))["d"]["guild"]
        assert sorted_guild(known) == sorted_guild(fresh)


def folded(guild: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    """Return a guild after a change, as a client folds it."""
    told = {key: value for key, value in change.items() if key not in ("members", "gone")}
    members = {each["name"]: each for each in guild["members"]}
    members |= {each["name"]: each for each in change["members"]}
    kept = [each for name, each in members.items() if name not in change["gone"]]
    return guild | {key: value for key, value in told.items() if value is not None} | {"members": kept}


def sorted_guild(guild: dict[str, Any]) -> dict[str, Any]:
    return guild | {"members": sorted(guild["members"], key=lambda each: each["name"])}


async def test_who_comes_back_finds_the_guild_and_what_was_said(server: Served) -> None:
    alice, bob = await cast.alice(), await cast.bob()
    async with Wire(server.socket_url) as hers:
        await greet(hers, alice)
        async with Wire(server.socket_url) as his:
            await greet(his, bob)
            guild = await together(hers, his, alice)
        away = None
        while away is None:
            members = (await hers.update("chat.guild_changed"))["d"]["members"]
            away = members[0]["away_since"] if members else None
        await hers.call("chat.say", {"channel": "guild", "text": "while you are away"})
        async with Wire(server.socket_url) as his:
            part = await greet(his, bob)
            assert (part["guild"], part["stream"]) == (guild, f"guild:{guild}")
            assert (await his.update("guild.snapshot"))["s"] == f"guild:{guild}"
            history = await his.call("chat.history", {"channel": "guild"})
            assert [line["text"] for line in history["ok"]["lines"]] == ["while you are away"]
            back = (await hers.update("chat.guild_changed"))["d"]["members"]
            assert [(each["name"], each["away_since"]) for each in back] == [("Bob", None)]


async def test_what_is_said_in_a_guild_stays_there(server: Served) -> None:
    alice, bob = await cast.alice(), await cast.bob()
    carol = await cast.player("carol", "Carol")
    async with (
        Wire(server.socket_url) as hers,
        Wire(server.socket_url) as his,
        Wire(server.socket_url) as theirs,
    ):
        for wire, player in ((hers, alice), (his, bob), (theirs, carol)):
            await greet(wire, player)
        lonely = await hers.call("chat.say", {"channel": "guild", "text": "anybody?"})
        assert lonely["err"]["code"] == "chat.no_guild"
        guild = await together(hers, his, alice)
        assert "ok" in await hers.call("chat.say", {"channel": "guild", "text": "lamps lit"})
        heard = await his.update("chat.line")
        assert (heard["s"], heard["d"]["line"]["text"]) == (f"chat:guild:{guild}", "lamps lit")
        assert heard["d"]["line"]["channel"] == "guild"
        for stream in (f"guild:{guild}", f"chat:guild:{guild}", "guild:x", "chat:guild:x", "guild:99"):
            refused = await theirs.call("subscribe", {"s": stream})
            assert refused["err"]["code"] == "not_found", stream
        # By another spelling a member would go on listening after it is sent away.
        for command in ({"s": f"guild:0{guild}"}, {"s": f"chat:guild:0{guild}"}):
            assert (await his.call("subscribe", command))["err"]["code"] == "not_found", command
        assert (await theirs.call("chat.history", {"channel": "guild"}))["err"]["code"] == "chat.no_guild"


async def test_who_comes_later_does_not_hear_what_was_said_before(server: Served) -> None:
    alice, bob = await cast.alice(), await cast.bob()
    async with Wire(server.socket_url) as hers, Wire(server.socket_url) as his:
        await greet(hers, alice)
        await greet(his, bob)
        await founded(hers, alice)
        await hers.call("chat.say", {"channel": "guild", "text": "he has not come yet"})
        await hers.call("chat.guild_invite", {"name": "Bob"})
        asked = await his.update("chat.guild_invited")
        await his.call("chat.guild_accept", {"invitation": asked["d"]["invitation"]["invitation"]})
        history = await his.call("chat.history", {"channel": "guild"})
        assert history["ok"]["lines"] == []


async def test_who_is_sent_away_hears_and_sees_nothing_more(server: Served) -> None:
    alice, bob = await cast.alice(), await cast.bob()
    async with Wire(server.socket_url) as hers, Wire(server.socket_url) as his:
        await greet(hers, alice)
        await greet(his, bob)
        await together(hers, his, alice)
        await hers.call("chat.guild_kick", {"name": "Bob"})
        while (await his.update("chat.guild_current"))["d"]["cause"] != "removed":
            pass
        await his.call("ping")
        his.updates.clear()
        await hers.call("chat.say", {"channel": "guild", "text": "he is gone"})
        await hers.update("chat.line")
        await his.call("ping")
        await asyncio.sleep(0)
        assert not [update for update in his.updates if "guild" in update.get("s", "")]


@pytest.mark.parametrize(
    ("command", "fields", "code"),
    [
        ("chat.guild_found", {"name": "Ab"}, "chat.guild_name_length"),
        ("chat.guild_found", {"name": "Lamplighters"}, "economy.insufficient"),
        ("chat.guild_found", {"name": "Lamplighters", "as": 7}, "unknown_field"),
        ("chat.guild_invite", {"name": "Alice"}, "chat.no_guild"),
        ("chat.guild_accept", {"invitation": 2**53 - 1}, "chat.invitation_gone"),
        ("chat.guild_decline", {"invitation": 1}, "chat.invitation_gone"),
        ("chat.guild_withdraw", {"invitation": 1}, "chat.no_guild"),
        ("chat.guild_rank_move", {"rank": 1, "below": 2}, "chat.no_guild"),
        ("chat.guild_leave", {}, "chat.no_guild"),
        ("chat.guild_kick", {"name": "Bob"}, "chat.no_guild"),
        ("chat.guild_motd", {"text": "x" * 301}, "bad_request"),
        ("chat.guild_hand_over", {"name": "Bob"}, "chat.no_guild"),
        ("chat.guild_disband", {"name": "Lamplighters"}, "chat.no_guild"),
        ("chat.guild_rank_set", {"name": "Bob", "rank": 1}, "chat.no_guild"),
        ("chat.guild_rank_add", {"name": "A", "permissions": ["rule"], "below": 1}, "bad_request"),
        ("chat.guild_rank_edit", {"rank": 1, "name": "A", "permissions": []}, "chat.no_guild"),
        ("chat.guild_rank_remove", {"rank": 1}, "chat.no_guild"),
    ],
)
async def test_what_cannot_be_is_refused_by_its_name(
    server: Served, command: str, fields: dict[str, Any], code: str
) -> None:
    alice = await cast.alice()
    async with Wire(server.socket_url) as wire:
        await greet(wire, alice)
        assert (await wire.call(command, fields))["err"]["code"] == code
