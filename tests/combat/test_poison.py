"""A skill that crashes the resolver: after three tries its battle is parked, and nothing is won or lost."""

from __future__ import annotations

from typing import NoReturn

import pytest

from aether.kernel import facts
from aether.kernel.database_threads import in_database_thread
from aether.kernel.transactions import transactional
from aether.protocol import combat as wire
from apps.accounts.models import Character
from apps.combat import services
from apps.combat.engine.definitions import Shield
from apps.combat.engine.unfolding import HANDLERS
from apps.combat.errors import BattleFaultedError
from apps.combat.faults import BattleFailedError
from apps.combat.models import BattleParticipant, BattleRecord
from apps.economy.models import Entry
from tests import cast
from tests.combat.cast import fighter, ground, send, state_of
from tests.combat.test_console import page

pytestmark = pytest.mark.usefixtures("arena")


class PoisonError(Exception):
    pass


def poisoned(*_args: object) -> NoReturn:
    raise PoisonError("this skill was never meant to be")


async def test_a_poisoned_skill_parks_its_battle_and_nothing_is_lost_or_won(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    alice = await cast.alice()
    before = await in_database_thread(what_is_owned, alice.character_id)
    battle_id = await in_database_thread(hunt_of, alice.character_id)
    await send(alice.character_id, wire.Ready(battle=battle_id))
    own = (await state_of(battle_id)).of_character(alice.character_id)
    assert own is not None
    monkeypatch.setitem(HANDLERS, Shield, poisoned)
    aimed = wire.CastSkill(battle=battle_id, skill="brace", cell=own.cell)
    for _ in range(2):
        with pytest.raises(BattleFailedError):
            await send(alice.character_id, aimed)
    assert (await state_of(battle_id)).phase == "fighting"
    with pytest.raises(BattleFaultedError):
        await send(alice.character_id, aimed)
    await in_database_thread(facts.drain)
    assert (await BattleRecord.objects.aget(pk=battle_id)).status == BattleRecord.Status.FAULTED
    assert not await BattleParticipant.objects.filter(is_live=True).aexists()
    assert await in_database_thread(what_is_owned, alice.character_id) == before
    shown = await in_database_thread(page, battle_id)
    assert "PoisonError" in shown
    assert "this skill was never meant to be" in shown


@transactional
def hunt_of(character_id: int) -> int:
    builds = (fighter(character_id, team=0, class_id="anchorite"), services.monster_build("mud_skitter", 1))
    return services.open_battle("pve", ground(), builds).battle


def what_is_owned(character_id: int) -> tuple[object, ...]:
    return (
        Entry.objects.filter(actor_id=character_id).count(),
        Character.objects.get(pk=character_id).xp_total,
    )
