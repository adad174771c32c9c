"""What players reach over REST and game masters in the console, where the realm is another database."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from aether.console import signing_in
from aether.kernel import clock, shards
from aether.kernel.journal import StreamKind
from aether.kernel.models import JournalLine
from apps.accounts import services
from apps.accounts.models import Transfer
from tests.accounts import cast
from tests.shards.two_shards import TwoShards
from tests.shards.wanderer import Wanderer


@pytest.fixture
def console(two_shards: TwoShards) -> Client:
    """Somebody who may do everything, at the console of whichever shard is served."""
    client = cast.signed_in(cast.game_master())
    session = client.session
    session[signing_in.SEEN_AT] = clock.now()
    session.save()
    return client


def player(maren: Wanderer) -> Client:
    return cast.signed_in(maren.account)


def test_shards_are_listed_with_their_load_in_the_language_of_the_reader(two_shards: TwoShards) -> None:
    maren = Wanderer.made()
    told = player(maren).get("/api/v1/shards", headers={"accept-language": "fr"}).json()
    assert told["here"] == "first"
    assert [(each["id"], each["name"], each["standing"], each["mine"]) for each in told["shards"]] == [
        ("first", "Mouillage", "open", 1),
        ("second", "Autre-Rive", "open", 0),
    ]
    assert Client().get("/api/v1/shards").json()["shards"][0]["mine"] == 0


def test_a_player_asks_for_a_transfer_and_calls_it_back(two_shards: TwoShards) -> None:
    maren = Wanderer.made()
    client, address = player(maren), f"/api/v1/characters/{maren.character_id}/transfer"
    plan = client.get(address).json()
    assert plan["fee"] == 100
    assert plan["blockers"] == []
    assert plan["goes_along"]["items"] == 4
    asked = client.post(address, {"to": "second"}, content_type="application/json")
    assert (asked.status_code, asked.json()["state"]) == (201, "requested")
    one = f"/api/v1/transfers/{asked.json()['id']}"
    assert client.delete(one).json()["state"] == "cancelling"
    services.move_characters()
    assert client.get("/api/v1/transfers").json()["transfers"][0]["state"] == "returned"
    assert client.delete(one).json()["code"] == "accounts.transfer_too_late"


def test_a_transfer_of_somebody_else_does_not_exist(two_shards: TwoShards) -> None:
    maren, bob = Wanderer.made(), cast.signed_in(cast.account("bob"))
    transfer = maren.leave_for("second")
    assert bob.delete(f"/api/v1/transfers/{transfer}").status_code == 404
    assert bob.delete(f"/api/v1/transfers/{uuid4()}").status_code == 404
    address = f"/api/v1/characters/{maren.character_id}/transfer"
    assert bob.get(address).status_code == 404
    assert bob.post(address, {"to": "second"}, content_type="application/json").status_code == 404


@pytest.mark.parametrize("shard", ["first", "second"])
def test_every_room_opens_on_either_shard(two_shards: TwoShards, console: Client, shard: str) -> None:
    Wanderer.made().leave_for("second")
    with two_shards.on(shard):
        cast.character(cast.account("anna"), "Anna")
        assert console.get(reverse("admin:index")).status_code == 200
        for model in admin.site._registry:
            room = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
            for query in ({}, {"q": "a"}):
                assert console.get(reverse(room), query).status_code == 200, (room, query)


def test_a_game_master_decides_about_shards_and_transfers(two_shards: TwoShards, console: Client) -> None:
    transfer = Wanderer.made().leave_for("second")
    room = f"/gm/accounts/transfer/{transfer}"
    assert console.get(f"{room}/change/").status_code == 200
    console.post(f"{room}/retry/", {"reason": "the network is back"})
    console.post(f"{room}/call-back/", {"reason": "the player asked for it"})
    assert Transfer.objects.get().state == "cancelling"
    console.post("/gm/kernel/shard/second/state/", {"state": "closed", "reason": "not ready"})
    console.post("/gm/kernel/shard/first/terms/", {"fee": 7, "days": 1, "reason": "a week of moving"})
    assert shards.record_of("second").standing == "closed"
    first = shards.record_of("first")
    assert (first.transfer_fee, first.transfer_cooldown_s) == (7, 86_400)
    acts = JournalLine.objects.filter(kind=StreamKind.AUDIT).order_by("version")
    assert [line.payload["action"] for line in acts] == [
        "retry_transfer",
        "cancel_transfer",
        "shard_state",
        "shard_terms",
    ]
