"""REST of the world: maps by hash, and the catalogue."""

from __future__ import annotations

import json
import re

import msgspec
import pytest
from django.test import Client

from aether.kernel import content
from aether.kernel.rest.throttles import AddressThrottle
from aether.protocol.world import ZoneMap
from apps.world import ground


def test_a_map_is_served_for_ever_under_its_hash(client: Client) -> None:
    drawn = ground.map_of("lastmoor")
    answer = client.get(f"/api/v1/zones/lastmoor/map/{drawn.hash}")
    shown = msgspec.json.decode(answer.content, type=ZoneMap)
    assert "immutable" in answer["Cache-Control"]
    assert len(shown.ground) == len(shown.walk) == shown.width * shown.height
    assert "".join(map(str, shown.walk)) == drawn.walk


def test_many_behind_one_address_may_read_what_never_changes(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AddressThrottle, "get_rate", lambda _throttle: "1/min")
    drawn = ground.map_of("lastmoor")
    for address in (f"/api/v1/zones/lastmoor/map/{drawn.hash}", "/api/v1/catalogue"):
        assert [client.get(address).status_code for _ in range(3)] == [200, 200, 200]


def test_another_hash_and_another_zone_are_not_found(client: Client) -> None:
    drawn = ground.map_of("lastmoor")
    for address in (
        f"lastmoor/map/{'0' * 32}",
        f"nowhere/map/{drawn.hash}",
        f"reedmoor_flats/map/{drawn.hash}",
    ):
        answer = client.get(f"/api/v1/zones/{address}")
        assert answer.status_code == 404
        assert "Cache-Control" not in answer or "immutable" not in answer["Cache-Control"]


def test_the_catalogue_speaks_the_language_asked_for(client: Client) -> None:
    french = client.get("/api/v1/catalogue?lang=fr").json()
    english = client.get("/api/v1/catalogue").json()
    assert french["zones"]["reedmoor_flats"]["name"] == "Plaines de Roselande"
    assert english["zones"]["reedmoor_flats"]["name"] == "Reedmoor Flats"
    assert english["hash"] == content.current().hash


def test_the_catalogue_is_fetched_once_per_release(client: Client) -> None:
    tag = client.get("/api/v1/catalogue?lang=fr")["ETag"]
    assert client.get("/api/v1/catalogue?lang=fr", headers={"if-none-match": tag}).status_code == 304
    assert client.get("/api/v1/catalogue?lang=en", headers={"if-none-match": tag}).status_code == 200


def test_the_catalogue_hides_what_players_may_not_know(client: Client) -> None:
    catalogue = client.get("/api/v1/catalogue").json()
    assert "loot" not in catalogue
    assert "spawns" not in catalogue["zones"]["reedmoor_flats"]
    assert set(catalogue["monsters"]["peat_hulk"]) == {
        "id",
        "name",
        "description",
        "icon",
        "level",
        "lines",
    }
    assert not re.search(r"\blt_", json.dumps(catalogue))
