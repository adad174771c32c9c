"""Exits ask conditions and a fare, say in both languages what is missing, and no zone is out of reach."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import msgspec
import pytest

from aether.kernel import content
from aether.protocol.base import Words
from aether.protocol.world import ExitSeen
from apps.accounts import services as accounts
from apps.economy import selectors as economy
from apps.economy import services as economy_services
from apps.economy.errors import InsufficientError
from apps.world import object_selectors, selectors, services
from apps.world.errors import LockedError
from tests.world import cast

pytestmark = pytest.mark.django_db(transaction=True)

TERRACE_GATE = (42, 1)
SPAN_GATE = (23, 1)


def give(character_id: int, **items: int) -> None:
    glim = items.pop("glim", 0)
    economy_services.grant(
        character_id=character_id,
        cause="test:gift",
        idempotency_key=f"gift:{items}:{glim}",
        items=items,
        glim=glim,
    )


def exit_seen(zone: str, character_id: int, name: str) -> ExitSeen:
    return next(each for each in object_selectors.exits_seen(zone, character_id) if each.id == name)


def test_a_gate_lets_pass_only_who_has_what_it_asks_for() -> None:
    alice = cast.character()
    cast.put(alice, cast.MOOR, TERRACE_GATE)
    with pytest.raises(LockedError) as refusal:
        services.travel(character_id=alice, exit_id="terrace_gate")
    assert refusal.value.message("en") == "It takes 1 × Moorhand's licence with you."
    assert refusal.value.message("fr") == "Il faut 1 × Licence de la lande sur vous."
    assert exit_seen(cast.MOOR, alice, "terrace_gate").locked == Words(
        en=refusal.value.message("en"), fr=refusal.value.message("fr")
    )
    give(alice, moor_licence=1)
    assert exit_seen(cast.MOOR, alice, "terrace_gate").locked is None
    assert services.travel(character_id=alice, exit_id="terrace_gate")[0].zone == "cinder_terraces"


def test_a_boat_takes_its_fare_once_for_a_trip_and_none_from_who_may_not_go() -> None:
    alice = cast.character()
    cast.put(alice, "cinder_terraces", SPAN_GATE)
    give(alice, glim=40)
    before = economy.glim(alice)
    with pytest.raises(LockedError):
        services.travel(character_id=alice, exit_id="span_gate")
    assert economy.glim(alice) == before
    accounts.grant_xp(character_id=alice, amount=30_000, cause="test:level")
    assert services.travel(character_id=alice, exit_id="span_gate", occasion="a")[0].zone == "gullwind_spans"
    assert economy.glim(alice) == before - 15
    cast.put(alice, "cinder_terraces", SPAN_GATE)
    services.travel(character_id=alice, exit_id="span_gate", occasion="b")
    assert economy.glim(alice) == before - 30


def test_who_cannot_pay_stays() -> None:
    alice = cast.character()
    accounts.grant_xp(character_id=alice, amount=30_000, cause="test:level")
    cast.put(alice, "cinder_terraces", SPAN_GATE)
    economy_services.take(
        character_id=alice, cause="test:tax", idempotency_key="tax", glim=economy.glim(alice)
    )
    with pytest.raises(InsufficientError):
        services.travel(character_id=alice, exit_id="span_gate")
    assert selectors.place_of(alice).zone == "cinder_terraces"


# Checks


def problems(**rules: Any) -> str:
    """Return what is wrong with the running pack once its exits ask something else."""
    pack = content.current()
    documents = deepcopy(msgspec.json.decode(pack.compiled)["documents"])
    for zone, exits in rules.items():
        documents["zones"][zone]["exits"] = exits
    try:
        content.from_documents(pack.info, documents)
    except content.InvalidContentError as refusal:
        return str(refusal)
    return ""


@pytest.mark.parametrize(
    "asked",
    [
        {"level": {">=": 31}},
        {"all": [{"level": {">=": 8}}, {"not": {"level": {">=": 6}}}]},
        {"zone": "cinder_terraces"},
        {"all": [{"class": "anchorite"}, {"class": "kitewright"}]},
        {"any": []},
        {"party_size": {">=": 99}},
    ],
)
def test_a_zone_that_nobody_can_ever_come_to_is_found(asked: dict[str, Any]) -> None:
    assert "zones/cinder_terraces: no exit leads here" in problems(
        reedmoor_flats={"terrace_gate": {"if": asked}}
    )


@pytest.mark.parametrize(
    "asked",
    [
        {"level": {">=": 30}},
        {"quest": {"id": "mq1_first_tether", "is": "completed"}},
        {"any": [{"level": {">=": 31}}, {"party_size": {">=": 2}}]},
        {"not": {"zone": "lastmoor"}},
    ],
)
def test_what_somebody_can_come_to_do_is_no_problem(asked: dict[str, Any]) -> None:
    assert problems(reedmoor_flats={"terrace_gate": {"if": asked}}) == ""


def test_what_does_not_exist_is_named() -> None:
    assert "has no exit `nowhere`" in problems(reedmoor_flats={"nowhere": {}})
    asked = {"has_item": {"id": "no_such_thing"}}
    assert "there is no item `no_such_thing`" in problems(reedmoor_flats={"terrace_gate": {"if": asked}})
