"""Who goes on quests in the tests, and where they stand."""

from __future__ import annotations

from django.db import transaction

from aether.kernel import facts
from aether.kernel.facts.types import BattleEnded, CharacterCreated, Fact, Participant, SlainMonster
from apps.accounts.models import Account, Character
from apps.quests import selectors, services
from apps.world.models import CharacterPlace
from apps.world.selectors import npc_place

MQ1 = "mq1_first_tether"
ILSE = "ilse_varn"


def hero(name: str = "Alice", *, beside: str = ILSE) -> int:
    """Make a character as sign-up leaves it: with its first equipment, standing beside an NPC."""
    account = Account.objects.create(username=name.lower())
    row = Character.objects.create(account=account, name=name, name_key=name.lower(), class_id="anchorite")
    stand_beside(row.pk, beside)
    publish(CharacterCreated(character=row.pk, account=account.pk, class_id="anchorite"))
    return int(row.pk)


def stand_beside(character_id: int, npc: str) -> None:
    at = npc_place(npc)
    stand(character_id, at.zone, at.cell[0] + 1, at.cell[1])


def stand(character_id: int, zone: str, x: int, y: int) -> None:
    CharacterPlace.objects.update_or_create(
        character_id=character_id,
        defaults={
            "zone": zone,
            "instance": f"{zone}.1",
            "x": x,
            "y": y,
            "bind_zone": zone,
            "is_present": True,
        },
    )


def publish(*happened: Fact) -> None:
    """Publish facts and let everybody react."""
    with transaction.atomic():
        for fact in happened:
            facts.publish(fact)
    facts.drain()


def battle(number: int, *winners: int, is_rewarded: bool = True) -> BattleEnded:
    """Return a battle won against two mud skitters."""
    return BattleEnded(
        battle=number,
        mode="pve",
        zone="reedmoor_flats",
        instance="reedmoor_flats.1",
        group=None,
        rounds=3,
        participants=tuple(
            Participant(character=winner, outcome="won", xp=30, loot_key=f"{number:064x}")
            for winner in winners
        ),
        slain=(SlainMonster(monster="mud_skitter", level=1, loot_table="lt_mud_skitter"),) * 2,
        is_rewarded=is_rewarded,
    )


def state(character_id: int, quest: str = MQ1) -> str:
    found = [each.state for each in selectors.quest_log(character_id).quests if each.quest == quest]
    return found[0] if found else "locked"


def progress(character_id: int, quest: str = MQ1) -> dict[str, int]:
    (found,) = [each for each in selectors.quest_log(character_id).quests if each.quest == quest]
    return {each.objective: each.count for each in found.progress}


def say(character_id: int, *options: str, npc: str = ILSE) -> list[str]:
    """Talk to an NPC and give the answers one after another; return the nodes that were passed."""
    shown = services.talk(character_id=character_id, npc_id=npc, language="en")
    nodes = [shown.node or ""]
    for option in options:
        shown = services.choose(
            character_id=character_id, npc_id=npc, rev=shown.rev, option_id=option, language="en"
        )
        nodes.append(shown.node or "")
    return nodes
