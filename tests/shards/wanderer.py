"""Somebody with a little of everything, who moves between shards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from aether.kernel import facts
from aether.protocol.exchange import Goods
from apps.accounts import selectors, services
from apps.accounts.models import Account
from apps.chat import services as chat
from apps.chat.models import Party, PartyMember
from apps.economy import selectors as economy
from apps.economy import services as trading
from apps.economy.models import PityCounter, Profession
from apps.economy.services.professions import learn
from apps.quests.models import Flag, QuestStatus
from apps.world import services as world
from apps.world.models import (
    Cooldown,
    DungeonLock,
    DungeonMember,
    DungeonRun,
    ExitUnlock,
    ObjectUse,
)
from tests.accounts import cast
from tests.economy.cast import give, item_id


@dataclass(frozen=True)
class Wanderer:
    """A character by its id on the shard that is served."""

    account_id: int
    character_id: int

    @classmethod
    def made(cls) -> Wanderer:
        account = cast.account("wanda")
        made = cls(account.pk, cast.character(account, "Maren").id)
        facts.drain()
        world.enter(character_id=made.character_id)
        facts.drain()
        who = made.character_id
        services.grant_xp(character_id=who, amount=5000, cause="quest:test")
        services.allocate(character_id=who, points={"stone": 3})
        facts.drain()
        give(who, glim=900, marsh_coat=1, reed_hook=2, reed_fibre=40)
        trading.equip(character_id=who, item_id=item_id(who, "marsh_coat"), idempotency_key="wear")
        with transaction.atomic():
            learn(who, "reaper", 30)
        PityCounter.objects.create(character_id=who, table="marsh", item="bog_charm", misses=7)
        Flag.objects.create(character_id=who, key="has_seen_it", value=3)
        ObjectUse.objects.create(character_id=who, zone="lastmoor", object_id="chest_1")
        ExitUnlock.objects.create(character_id=who, zone="lastmoor", exit_id="loft_stair")
        QuestStatus.objects.create(character_id=who, quest="side_archive_overdue", state="failed")
        DungeonLock.objects.create(
            character_id=who, dungeon="the_counterweight", week=date(2026, 11, 23), battle=7
        )
        Cooldown.objects.create(
            character_id=who, key="blessing", until=datetime(2030, 1, 1, tzinfo=UTC), times=2
        )
        world.leave(character_id=who)
        facts.drain()
        return made

    def again(self) -> Wanderer:
        """Find the same character on the shard that is served now."""
        found = selectors.character_named("Maren")
        assert found.account_id == self.account_id
        return Wanderer(found.account_id, found.id)

    @property
    def account(self) -> Account:
        return Account.objects.get(pk=self.account_id)

    def described(self) -> dict[str, Any]:
        """Return everything that must be the same on the other side."""
        who = self.character_id
        record, holds = selectors.character(who), economy.inventory(who)
        return {
            "character": (record.name, record.class_id, record.xp_total, record.stats),
            "glim": holds.glim,
            "stacks": {each.item: each.count for each in holds.stacks},
            "items": sorted(
                (each.id, each.item, each.slot or "", sorted(each.stats.items())) for each in holds.items
            ),
            "professions": sorted(
                Profession.objects.filter(character_id=who).values_list("profession", "xp")
            ),
            "pity": sorted(PityCounter.objects.filter(character_id=who).values_list("item", "misses")),
            "quests": sorted(
                QuestStatus.objects.filter(character_id=who).values_list("quest", "state", "step")
            ),
            "flags": sorted(Flag.objects.filter(character_id=who).values_list("key", "value")),
            "uses": sorted(ObjectUse.objects.filter(character_id=who).values_list("zone", "object_id")),
            "ways": sorted(ExitUnlock.objects.filter(character_id=who).values_list("zone", "exit_id")),
            "locks": sorted(DungeonLock.objects.filter(character_id=who).values_list("dungeon", "week")),
            "waits": sorted(Cooldown.objects.filter(character_id=who).values_list("key", "until", "times")),
        }

    def leave_for(self, target: str) -> UUID:
        return services.request_transfer(
            account_id=self.account_id, character_id=self.character_id, target=target
        )

    def opens_things(self) -> None:
        """Have an order, a letter with something in it, and company."""
        who = self.character_id
        order = trading.Placement(
            character_id=who,
            item="reed_fibre",
            side="buy",
            price=1,
            quantity=5,
            days=1,
            idempotency_key="order:1",
        )
        trading.place_order(order)
        other = cast.character(cast.account("oona"), "Oona")
        facts.drain()
        give(other.id, glim=50)
        letter = trading.Sending(
            character_id=other.id,
            to="Maren",
            subject="Here",
            body="",
            goods=Goods(glim=5),
            cod=0,
            idempotency_key="letter:1",
        )
        trading.send_letter(letter)
        run = DungeonRun.objects.create(
            dungeon="the_counterweight", week=date(2026, 11, 23), leader_id=who, seed=b"0" * 32
        )
        DungeonMember.objects.create(run=run, dungeon=run.dungeon, character_id=who)
        party = Party.objects.create(leader_id=who)
        PartyMember.objects.create(party=party, character_id=who)

    def levels_up(self) -> None:
        services.grant_xp(character_id=self.character_id, amount=20_000, cause="quest:other")

    def blocks(self, name: str) -> None:
        chat.block(character_id=self.character_id, name=name)
