"""What game masters do to battles, by the pages of the console: with permission and reason, much by two."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from aether.console.models import Approval
from aether.kernel.transactions import transactional
from apps.accounts.models import Account
from apps.combat import services
from apps.combat.models import BattleCompensation, BattleRecord
from tests.accounts import cast
from tests.combat.cast import fighter, ground
from tests.console.conftest import game_master, sign_in

pytestmark = pytest.mark.django_db

ROOM = "/gm/combat/battlerecord/"
REASON = {"reason": "the fault was ours"}


@pytest.fixture
def battle(db: None) -> int:
    one = cast.character(cast.account("alice"), "Maren").id
    return _hunt(one)


@transactional
def _hunt(character_id: int) -> int:
    builds = (fighter(character_id, team=0), services.monster_build("mud_skitter", 1))
    return services.open_battle("pve", ground(), builds).battle


def state_of(battle: int) -> int:
    return BattleRecord.objects.get(pk=battle).status


def test_a_battle_is_ended_as_a_draw(console: Client, battle: int) -> None:
    assert console.post(f"{ROOM}{battle}/draw/", {"reason": " "}).status_code == 200
    assert state_of(battle) == BattleRecord.Status.LIVE
    assert console.post(f"{ROOM}{battle}/draw/", REASON).status_code == 302
    assert state_of(battle) == BattleRecord.Status.DRAWN


@pytest.mark.parametrize("act", ["draw", "compensate", "settle"])
def test_each_act_takes_its_permission(battle: int, act: str) -> None:
    temp = cast.account("temp", is_staff=True)
    temp.user_permissions.add(Permission.objects.get(codename="view_battlerecord"))
    client = sign_in("temp")
    assert client.get(f"{ROOM}{battle}/change/").status_code == 200
    assert client.post(f"{ROOM}{battle}/{act}/", {**REASON, "glim": 1, "xp": 0}).status_code == 403
    assert state_of(battle) == BattleRecord.Status.LIVE


def test_a_large_compensation_waits_for_another_game_master(
    console: Client, gwen: Account, battle: int
) -> None:
    console.post(f"{ROOM}{battle}/draw/", REASON)
    console.post(f"{ROOM}{battle}/compensate/", {**REASON, "glim": 5_000, "xp": 0})
    asked = Approval.objects.get()
    assert not BattleCompensation.objects.exists()
    own = console.post(f"/gm/console/approval/{asked.pk}/approve/", {"reason": "mine"})
    assert "second person" in _shown(own)
    assert not BattleCompensation.objects.exists()
    game_master("gil")
    sign_in("gil").post(f"/gm/console/approval/{asked.pk}/approve/", {"reason": "true"})
    given = BattleCompensation.objects.get()
    assert (given.glim, given.actor, given.approved_by) == (5_000, "gwen", "gil")
    assert "gil" in _shown(console.get(f"{ROOM}{battle}/change/"))


def test_battles_are_found_by_player_monster_and_fault(console: Client, battle: int) -> None:
    for query in ("q=Mar", "monster=mud_skitter", f"q={battle}"):
        assert f"{ROOM}{battle}/change/" in _shown(console.get(f"{ROOM}?{query}")), query
    for query in ("q=Nobody", "monster=peat_hulk", "fault=open", "fault=counted", "fault=rules"):
        assert f"{ROOM}{battle}/change/" not in _shown(console.get(f"{ROOM}?{query}")), query


def _shown(page: object) -> str:
    return page.content.decode()  # type: ignore[attr-defined]  # an answer of the test client
