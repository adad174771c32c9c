"""Parties as sockets see them: told live, part of every snapshot, exactly once, heard by members only."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from aether.gateway.watch import Watch
from aether.kernel import realtime
from tests import cast
from tests.serving import Served
from tests.wire import Wire


async def greet(wire: Wire, player: cast.Player) -> dict[str, Any]:
    """Say hello; return the part of the party in the snapshot of `me`."""
    await wire.hello(await player.ticket())
    snapshot = await wire.update("me.snapshot")
    return dict(snapshot["d"]["parts"]["party"])


async def together(hers: Wire, his: Wire) -> int:
    """Let two come together, and read what they are told until both see both."""
    assert "ok" in await hers.call("chat.party_invite", {"name": "Bob"})
    asked = await his.update("chat.party_invited")
    assert asked["s"] == "me"
    joined = await his.call("chat.party_accept", {"invitation": asked["d"]["invitation"]["invitation"]})
    for wire in (hers, his):
        await shown(wire, ["Alice", "Bob"])
    return int(joined["ok"]["party"])


async def shown(wire: Wire, names: list[str]) -> dict[str, Any]:
    """Wait until a party of these members is shown."""
    while True:
        party = (await wire.update("chat.party", "party.snapshot"))["d"]["party"]
        if [member["name"] for member in party["members"]] == names:
            return dict(party)


async def test_two_come_together_and_both_see_it(server: Served) -> None:
    alice, bob = await cast.alice(), await cast.bob()
    async with Wire(server.socket_url) as hers, Wire(server.socket_url) as his:
        assert await greet(hers, alice) == {"party": None, "stream": None, "invitations": []}
        await greet(his, bob)
        party = await together(hers, his)
        answered = await hers.update("chat.party_answered")
        assert (answered["d"]["name"], answered["d"]["answer"]) == ("Bob", "accepted")
        current = await his.update("chat.party_current")
        assert current["d"] == {"party": party, "stream": f"party:{party}", "cause": "joined"}


async def test_a_party_is_shown_whole_before_its_changes_are(server: Served) -> None:
    alice, bob = await cast.alice(), await cast.bob()
    async with Wire(server.socket_url) as hers, Wire(server.socket_url) as his:
        await greet(hers, alice)
        await greet(his, bob)
        await hers.call("chat.party_invite", {"name": "Bob"})
        snapshot = await hers.update("party.snapshot")
        assert snapshot["s"] == f"party:{snapshot['d']['party']['id']}"
        assert [asked["name"] for asked in snapshot["d"]["party"]["invited"]] == ["Bob"]
        asked = await his.update("chat.party_invited")
        await his.call("chat.party_accept", {"invitation": asked["d"]["invitation"]["invitation"]})
        changed = await hers.update("chat.party")
        assert changed["n"][0] > snapshot["n"][1]


async def test_the_same_invitation_and_answer_sent_again_are_one(server: Served) -> None:
    alice, bob = await cast.alice(), await cast.bob()
    async with Wire(server.socket_url) as hers, Wire(server.socket_url) as his:
        await greet(hers, alice)
        await greet(his, bob)
        first = await hers.call("chat.party_invite", {"name": "Bob"}, id="ask")
        again = await hers.call("chat.party_invite", {"name": "Bob"}, id="ask")
        assert (again["ok"], again["replayed"]) == (first["ok"], True)
        yes = {"invitation": first["ok"]["invitation"]}
        joined = await his.call("chat.party_accept", yes, id="yes")
        again = await his.call("chat.party_accept", yes, id="yes")
        assert (again["ok"], again["replayed"]) == (joined["ok"], True)
        reused = await his.call("chat.party_leave", {}, id="yes")
        assert reused["err"]["code"] == "id_reused"


async def test_who_comes_back_finds_party_and_invitations(server: Served) -> None:
    alice, bob = await cast.alice(), await cast.bob()
    carol = await cast.player("carol", "Carol")
    async with Wire(server.socket_url) as hers, Wire(server.socket_url) as theirs:
        await greet(hers, alice)
        await greet(theirs, carol)
        async with Wire(server.socket_url) as his:
            await greet(his, bob)
            party = await together(hers, his)
        while (await hers.update("chat.party"))["d"]["party"]["members"][1]["is_online"]:
            pass
        await hers.call("chat.party_invite", {"name": "Carol"})
        async with Wire(server.socket_url) as his:
            part = await greet(his, bob)
            assert (part["stream"], part["party"]["leader"]) == (f"party:{party}", alice.character_id)
            assert [asked["name"] for asked in part["party"]["invited"]] == ["Carol"]
            again = await his.update("party.snapshot")
            assert again["s"] == f"party:{party}"
        async with Wire(server.socket_url) as theirs_again:
            part = await greet(theirs_again, carol)
            assert [asked["name"] for asked in part["invitations"]] == ["Alice"]


async def test_what_is_said_in_a_party_stays_there(server: Served) -> None:
    alice, bob = await cast.alice(), await cast.bob()
    carol = await cast.player("carol", "Carol")
    async with (
        Wire(server.socket_url) as hers,
        Wire(server.socket_url) as his,
        Wire(server.socket_url) as theirs,
    ):
        for wire, player in ((hers, alice), (his, bob), (theirs, carol)):
            await greet(wire, player)
        lonely = await hers.call("chat.say", {"channel": "party", "text": "anybody?"})
        assert lonely["err"]["code"] == "chat.no_party"
        party = await together(hers, his)
        assert "ok" in await hers.call("chat.say", {"channel": "party", "text": "this way"})
        heard = await his.update("chat.line")
        assert (heard["s"], heard["d"]["line"]["text"]) == (f"chat:party:{party}", "this way")
        for stream in (f"party:{party}", f"chat:party:{party}"):
            refused = await theirs.call("subscribe", {"s": stream})
            assert refused["err"]["code"] == "not_found"
        assert (await theirs.call("chat.history", {"channel": "party"}))["err"]["code"] == "chat.no_party"
        history = await his.call("chat.history", {"channel": "party"})
        assert [line["text"] for line in history["ok"]["lines"]] == ["this way"]


async def test_who_comes_later_does_not_hear_what_was_said_before(server: Served) -> None:
    alice, bob = await cast.alice(), await cast.bob()
    async with Wire(server.socket_url) as hers, Wire(server.socket_url) as his:
        await greet(hers, alice)
        await greet(his, bob)
        await hers.call("chat.party_invite", {"name": "Bob"})
        await hers.call("chat.say", {"channel": "party", "text": "he has not come yet"})
        asked = await his.update("chat.party_invited")
        await his.call("chat.party_accept", {"invitation": asked["d"]["invitation"]["invitation"]})
        history = await his.call("chat.history", {"channel": "party"})
        assert history["ok"]["lines"] == []


async def test_who_is_sent_away_hears_and_sees_nothing_more(server: Served) -> None:
    alice, bob = await cast.alice(), await cast.bob()
    carol = await cast.player("carol", "Carol")
    async with (
        Wire(server.socket_url) as hers,
        Wire(server.socket_url) as his,
        Wire(server.socket_url) as theirs,
    ):
        for wire, player in ((hers, alice), (his, bob), (theirs, carol)):
            await greet(wire, player)
        await together(hers, his)
        await hers.call("chat.party_invite", {"name": "Carol"})
        asked = await theirs.update("chat.party_invited")
        await theirs.call("chat.party_accept", {"invitation": asked["d"]["invitation"]["invitation"]})
        await hers.call("chat.party_kick", {"character": bob.character_id})
        while (await his.update("chat.party_current"))["d"]["cause"] != "removed":
            pass
        await his.call("ping")
        his.updates.clear()
        await hers.call("chat.say", {"channel": "party", "text": "he is gone"})
        await theirs.update("chat.line")
        await his.call("ping")
        await asyncio.sleep(0)
        assert not [update for update in his.updates if "party" in update.get("s", "")]


async def test_who_was_not_led_away_is_led_away_soon(server: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bus is a doorbell: the word to leave a party's streams may be lost."""
    alice, bob = await cast.alice(), await cast.bob()
    carol = await cast.player("carol", "Carol")
    async with (
        Wire(server.socket_url) as hers,
        Wire(server.socket_url) as his,
        Wire(server.socket_url) as theirs,
    ):
        for wire, player in ((hers, alice), (his, bob), (theirs, carol)):
            await greet(wire, player)
        await together(hers, his)
        await hers.call("chat.party_invite", {"name": "Carol"})
        asked = await theirs.update("chat.party_invited")
        await theirs.call("chat.party_accept", {"invitation": asked["d"]["invitation"]["invitation"]})
        await theirs.update("party.snapshot")
        with monkeypatch.context() as lost:
            lost.setattr(realtime, "follow_character", lambda *args, **kwargs: None)
            await hers.call("chat.party_kick", {"character": bob.character_id})
        while (await his.update("chat.party_current"))["d"]["cause"] != "removed":
            pass
        await Watch(server.registry).mend()
        await his.call("ping")
        his.updates.clear()
        await hers.call("chat.say", {"channel": "party", "text": "he is gone"})
        assert (await theirs.update("chat.line"))["d"]["line"]["text"] == "he is gone"
        await hers.call("chat.party_promote", {"character": carol.character_id})
        while (await theirs.update("chat.party"))["d"]["party"]["leader"] != carol.character_id:
            pass
        await his.call("ping")
        assert not [update for update in his.updates if "party" in update.get("s", "")]


@pytest.mark.parametrize(
    ("command", "fields", "code"),
    [
        ("chat.party_leave", {}, "chat.no_party"),
        ("chat.party_kick", {"character": 1}, "chat.no_party"),
        ("chat.party_promote", {"character": 2**53 - 1}, "chat.no_party"),
        ("chat.party_accept", {"invitation": 2**53 - 1}, "chat.invitation_gone"),
        ("chat.party_decline", {"invitation": 1}, "chat.invitation_gone"),
        ("chat.party_invite", {"name": "Alice"}, "chat.oneself"),
        ("chat.party_invite", {"name": "Nobody"}, "chat.unknown_character"),
        ("chat.party_invite", {"name": "Alice", "as": 7}, "unknown_field"),
        ("chat.party_kick", {"character": "1"}, "bad_request"),
    ],
)
async def test_what_cannot_be_is_refused_by_its_name(
    server: Served, command: str, fields: dict[str, Any], code: str
) -> None:
    alice = await cast.alice()
    async with Wire(server.socket_url) as wire:
        await greet(wire, alice)
        assert (await wire.call(command, fields))["err"]["code"] == code
