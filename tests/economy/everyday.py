"""What else people do with what they have, beside exchanging it: acts that race with those of exchange."""

from __future__ import annotations

from datetime import timedelta

from aether.kernel import clock, content
from apps.economy import making_selectors as making
from apps.economy import selectors, services, shelves
from apps.economy.making import NodeDef
from apps.economy.models import CraftJob, Entry
from apps.economy.services import rollback
from tests.economy.cast import SHOP
from tests.economy.test_exchange_properties import World
from tests.economy.undoing import staff

NODE = "reed_bed"
UNDONE_KINDS = ("grant", "trade", "mail_send", "buy", "sell")


class Everyday(World):
    """Acts of one person each, most of them with the same few things that others try to give away."""

    def deposit(self, who: int, other: int, a: int, b: int) -> None:
        item = self._some_item(who) if a % 2 else ("glim", "reed_fibre")[b % 2]
        count = 1 if a % 2 else b
        services.deposit(character_id=who, item=item, count=count, idempotency_key=self.key())

    def withdraw(self, who: int, other: int, a: int, b: int) -> None:
        for asset, held in list(making.in_bank(who).items())[: 1 + a % 2]:
            item = asset.removeprefix(selectors.INSTANCE)
            count = min(held, b)
            services.withdraw(character_id=who, item=item, count=count, idempotency_key=self.key())

    def buy(self, who: int, other: int, a: int, b: int) -> None:
        services.buy(self._deal(who, "reed_fibre", b, is_sale=False))

    def sell(self, who: int, other: int, a: int, b: int) -> None:
        if a % 2:
            services.sell(self._deal(who, self._some_item(who), 1, is_sale=True))
        else:
            services.sell(self._deal(who, "reed_fibre", b, is_sale=True))

    def equip(self, who: int, other: int, a: int, b: int) -> None:
        services.equip(character_id=who, item_id=self._some_item(who), idempotency_key=self.key())

    def unequip(self, who: int, other: int, a: int, b: int) -> None:
        services.unequip(character_id=who, slot="weapon", idempotency_key=self.key())

    def use(self, who: int, other: int, a: int, b: int) -> None:
        services.use(character_id=who, item="kite_ration", idempotency_key=self.key())

    def discard(self, who: int, other: int, a: int, b: int) -> None:
        item, count = (self._some_item(who), 1) if a % 2 else ("reed_fibre", b)
        services.discard(character_id=who, item=item, count=count, idempotency_key=self.key())

    def craft(self, who: int, other: int, a: int, b: int) -> None:
        services.craft(character_id=who, recipe_id="r_reed_hook", count=1, idempotency_key=self.key())

    def reforge(self, who: int, other: int, a: int, b: int) -> None:
        services.craft(
            character_id=who,
            recipe_id="r_reforge_reed_hook",
            count=1,
            pieces=[self._some_item(who)],
            idempotency_key=self.key(),
        )

    def cancel_craft(self, who: int, other: int, a: int, b: int) -> None:
        for job in CraftJob.objects.filter(character_id=who, state="running")[:1]:
            services.cancel_craft(character_id=who, craft_id=job.pk)

    def finish_craft(self, who: int, other: int, a: int, b: int) -> None:
        due = clock.utc_now() - timedelta(seconds=1)
        CraftJob.objects.filter(character_id=who, state="running").update(finishes_at=due)
        services.settle_crafts(character_id=who)

    def gather(self, who: int, other: int, a: int, b: int) -> None:
        node = content.current().get(NodeDef, NODE)
        services.gather(character_id=who, node=node, zone="reedmoor_flats", idempotency_key=self.key())

    def reward(self, who: int, other: int, a: int, b: int) -> None:
        """Ask for one of a few rewards, which many may ask for at the same time."""
        services.grant(
            character_id=who,
            cause=f"quest:q{a % 2}",
            idempotency_key=f"quest:q{a % 2}:{who}",
            glim=7,
            items={"reed_hook": 1, "reed_fibre": 2},
        )

    def freeze(self, who: int, other: int, a: int, b: int) -> None:
        change = services.freeze_dealings if a % 4 == 0 else services.thaw_dealings
        change(actor=staff("gwen"), character_id=who, reason="a look")

    def undo(self, who: int, other: int, a: int, b: int) -> None:
        """Undo the last thing of some kind that somebody did, with a dry run and by two."""
        kind = UNDONE_KINDS[a % len(UNDONE_KINDS)]
        entry = Entry.objects.filter(actor_id=who, kind=kind).order_by("-pk").first()
        if entry is None:
            return
        scope = {"entries": [entry.pk]}
        case = rollback.open_case(actor=staff("gwen"), reason="a race", scope=scope)
        case = rollback.plan_case(actor=staff("gwen"), case_id=case.pk, reason="look")
        rollback.approve_case(actor=staff("odo"), case_id=case.pk, seen=case.fingerprint, reason="yes")
        rollback.carry_on(case.pk)

    def _some_item(self, who: int) -> str:
        return next((each.id for each in selectors.inventory(who).items), "none")

    def _deal(self, who: int, item: str, count: int, *, is_sale: bool) -> services.Deal:
        offers = {each.item: each for each in shelves.shop_offers(SHOP).offers}
        named = item if item in offers else "reed_hook"
        price = offers[named].sell if is_sale else offers[named].buy
        return services.Deal(
            character_id=who,
            shop=SHOP,
            item=item,
            count=count,
            expected_price=price or 0,
            idempotency_key=self.key(),
        )
