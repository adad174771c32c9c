"""Dice outside battles over a real socket, over REST, and in the console."""

from __future__ import annotations

from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.test import Client

from apps.accounts.models import Character
from apps.economy import services
from apps.economy.models import SeedPair
from tests import cast
from tests.accounts import cast as logins
from tests.console.conftest import game_master, sign_in
from tests.economy.cast import character
from tests.serving import Served
from tests.wire import Wire


def throw(character_id: int, key: str) -> None:
    services.grant(character_id=character_id, cause="chest:moor", idempotency_key=key, loot="lt_reed_bed")


async def test_a_player_shares_in_the_dice_has_them_shown_and_fetches_the_proof(server: Served) -> None:
    alice, bob = await cast.alice(), await cast.bob()
    async with Wire(server.socket_url) as wire:
        await wire.hello(await alice.ticket())
        told = (await wire.call("economy.dice", {}))["ok"]
        assert (told["in_use"], told["waiting"]["number"], told["waiting"]["server_seed"]) == (None, 2, None)
        shared = await wire.call("economy.dice_share", {"pair": 2, "seed": "c0ffee"})
        assert shared["ok"]["waiting"]["client_seed"] == "c0ffee"
        for bad in ({"pair": 2, "seed": "xyz"}, {"pair": 0, "seed": ""}, {"pair": 2, "seed": "00" * 33}):
            assert (await wire.call("economy.dice_share", bad))["err"]["code"] == "bad_request"
        assert (await wire.call("economy.dice_show", {}))["err"]["code"] == "economy.dice_unused"

        await sync_to_async(throw)(alice.character_id, "one")
        # Its own sharing was told first, then that the pair is in use and another one waits.
        assert (await wire.update("economy.dice_changed"))["d"]["dice"]["in_use"] is None
        changed = (await wire.update("economy.dice_changed"))["d"]["dice"]
        assert (changed["in_use"]["number"], changed["waiting"]["number"]) == (2, 3)
        refused = await wire.call("economy.dice_share", {"pair": 2, "seed": "00"})
        assert refused["err"]["code"] == "economy.dice_in_use"

        def read(session: str, path: str) -> tuple[int, dict[str, Any]]:
            client = Client()
            client.cookies["sessionid"] = session
            answer = client.get(f"/api/v1/characters/{alice.character_id}/dice{path}")
            return answer.status_code, answer.json()

        ask = sync_to_async(read)
        assert (await ask(alice.session_key, "/2"))[0] == 404, "its seed is still in use"
        shown = (await wire.call("economy.dice_show", {}))["ok"]
        assert (shown["in_use"], shown["waiting"]["number"]) == (None, 3)
        status, listed = await ask(alice.session_key, "")
        # The first pair threw what a newcomer is given, before its owner could share in it.
        assert (status, [pair["number"] for pair in listed["pairs"]]) == (200, [2, 1])
        status, export = await ask(alice.session_key, "/2")
        assert status == 200
        assert export["pair"]["commitment"] == told["waiting"]["commitment"]
        assert [each["cause"] for each in export["throws"]] == ["chest:moor"]
        assert (await ask(bob.session_key, "/2"))[0] == 404
        assert (await ask(bob.session_key, ""))[0] == 404
        assert (await ask(alice.session_key, "?before=x"))[0] == 400
        assert (await ask(alice.session_key, f"/{2**40}"))[0] == 404


@pytest.mark.django_db
def test_who_has_left_for_another_shard_still_has_the_proof_of_what_was_thrown_here() -> None:
    login, other = logins.account("ann"), logins.account("ben")
    who = logins.character(login).id
    throw(who, "one")
    services.show_dice(character_id=who)
    Character.objects.filter(pk=who).update(gone_to="second")
    client = logins.signed_in(login)
    number = client.get(f"/api/v1/characters/{who}/dice").json()["pairs"][0]["number"]
    assert client.get(f"/api/v1/characters/{who}/dice/{number}").json()["character_id"] == who
    assert logins.signed_in(other).get(f"/api/v1/characters/{who}/dice").status_code == 404


@pytest.mark.django_db
def test_staff_see_throws_but_no_seed_in_use() -> None:
    game_master()
    console, alice = sign_in("gwen"), character()
    throw(alice, "one")
    pair = SeedPair.objects.get(character_id=alice, started_at__isnull=False)
    address = f"/gm/economy/seedpair/{pair.pk}"
    page = console.get(f"{address}/change/").content.decode()
    assert "chest:moor" in page
    assert "Shown once the pair has ended." in page
    assert console.get(f"{address}/export.json").status_code == 404
    services.show_dice(character_id=alice)
    answer = console.get(f"{address}/export.json")
    assert answer.json()["pair"]["server_seed"] in console.get(f"{address}/change/").content.decode()
    assert console.get(f"/gm/economy/seedpair/?q={alice}").status_code == 200
    assert Client().get(f"{address}/export.json").status_code == 302
