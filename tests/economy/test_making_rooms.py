"""The console's rooms of finding and making: the drop simulator, crafts, pity and nodes."""

from __future__ import annotations

import pytest
from django.test import Client

from apps.accounts.models import Account
from apps.economy import services
from apps.economy.models import CraftJob, DropSimulation, PityCounter
from apps.economy.services import surroundings
from apps.economy.services.simulating import advance_simulations
from apps.world import node_selectors
from apps.world.models import WorldObject
from tests.console.conftest import game_master, sign_in
from tests.economy.cast import character, give, stacks

pytestmark = pytest.mark.django_db


@pytest.fixture
def gwen() -> Account:
    return game_master()


@pytest.fixture
def console(gwen: Account) -> Client:
    return sign_in("gwen")


def test_a_table_is_thrown_and_shown_beside_its_law(console: Client) -> None:
    asked = {"table": "lt_peat_hulk", "luck_pct": 0, "reason": "Does the charm fall as we say?"}
    console.post("/gm/economy/dropsimulation/new/", asked)
    simulation = DropSimulation.objects.get()
    assert (simulation.asked_by, simulation.wanted, simulation.thrown) == ("gwen", 100_000, 0)
    advance_simulations()
    page = console.get(f"/gm/economy/dropsimulation/{simulation.pk}/change/").content.decode()
    assert "bog_charm" in page
    # 1.2 % with pity after sixty: (1 − (1 − p)^60) / p tries on average.
    assert "2.328" in page
    assert "Agreement" in page


def test_a_simulation_needs_a_reason_and_a_table(console: Client) -> None:
    console.post("/gm/economy/dropsimulation/new/", {"table": "lt_peat_hulk", "luck_pct": 0, "reason": ""})
    console.post("/gm/economy/dropsimulation/new/", {"table": "lost", "luck_pct": 0, "reason": "why not"})
    console.post("/gm/economy/dropsimulation/new/", {"table": "lt_peat_hulk", "luck_pct": 101, "reason": "x"})
    assert not DropSimulation.objects.exists()


def test_staff_take_a_craft_back(console: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surroundings, "_finders", [lambda _: {"workbench"}])
    alice = character()
    give(alice, glim=50, reed_fibre=4, iron_link=2)
    craft = services.craft(character_id=alice, recipe_id="r_reed_hook", count=1, idempotency_key="c")
    console.post(f"/gm/economy/craftjob/{craft.id}/cancel/", {"reason": "stuck"})
    assert CraftJob.objects.get().state == CraftJob.State.CANCELLED
    assert stacks(alice) == {"reed_fibre": 4, "iron_link": 2}


def test_staff_reset_pity_and_restore_nodes(console: Client) -> None:
    counter = PityCounter.objects.create(character_id=1, table="lt_kiln_imp", item="ember_bead", misses=9)
    console.post(f"/gm/economy/pitycounter/{counter.pk}/reset/", {"reason": "compensation"})
    counter.refresh_from_db()
    reeds = {"instance": "reedmoor_flats.1", "zone": "reedmoor_flats", "object_id": "reeds_1"}
    node = WorldObject.objects.create(**reeds, definition="reed_bed", is_node=True, state="0")
    console.post(f"/gm/world/worldobject/{node.pk}/reset/", {"reason": "the moor is bare"})
    node.refresh_from_db()
    left = {each.id: each.charges for each in node_selectors.nodes_seen("reedmoor_flats.1")}
    assert (counter.misses, node.state, left["reeds_1"]) == (0, "whole", 3)
