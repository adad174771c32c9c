"""Simulations of drops: asked for by staff, thrown some at a time by the sweeper, so that nothing waits."""

from __future__ import annotations

import msgspec
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from aether.kernel import audit, content, rng
from aether.kernel.errors import NotFoundError
from apps.economy.definitions import LootTable
from apps.economy.models import DropSimulation, PityCounter
from apps.economy.rules.dice import Dice
from apps.economy.rules.simulation import (
    Agreement,
    EntryRate,
    Tally,
    agreement,
    bare,
    means,
    rates,
    throw_many,
)

THROWS = 100_000
THROWS_AT_ONCE = 5_000

State = DropSimulation.State


@transaction.atomic
def simulate_drops(*, actor: AbstractBaseUser, table: str, luck_pct: int, reason: str) -> int:
    """Have a loot table thrown many times; return the simulation, which fills by itself."""
    pack = content.current()
    if table not in pack.all(LootTable):
        raise NotFoundError
    audit.record(actor, "simulate_drops", f"loot:{table}", reason, {"luck_pct": luck_pct})
    simulation = DropSimulation.objects.create(
        table=table,
        content_hash=pack.hash,
        luck_pct=luck_pct,
        wanted=THROWS,
        asked_by=actor.get_username(),
    )
    return int(simulation.pk)


@transaction.atomic
def reset_pity(*, actor: AbstractBaseUser, counter_id: int, reason: str) -> None:
    """Let a character's wait for a pitied item begin anew (staff)."""
    counter = PityCounter.objects.select_for_update().filter(pk=counter_id).first()
    if counter is None:
        raise NotFoundError
    details: dict[str, object] = {"table": counter.table, "item": counter.item, "misses": counter.misses}
    audit.record(actor, "reset_pity", f"character:{counter.character_id}", reason, details)
    counter.misses = 0
    counter.save(update_fields=["misses"])


def advance_simulations() -> int:
    """Throw some more for the oldest simulation that is not done; return how many simulations moved."""
    oldest = DropSimulation.objects.filter(state=State.RUNNING).order_by("pk")
    found = oldest.values_list("pk", flat=True).first()
    return int(found is not None and _advance(found))


@transaction.atomic
def _advance(simulation_id: int) -> bool:
    rows = DropSimulation.objects.select_for_update(skip_locked=True)
    simulation = rows.filter(pk=simulation_id, state=State.RUNNING).first()
    if simulation is None:
        return False
    tables = content.current().all(LootTable)
    if simulation.table not in tables or simulation.content_hash != content.current().hash:
        # Two contents must not be counted together.
        simulation.state = State.DONE
    else:
        throws = min(THROWS_AT_ONCE, simulation.wanted - simulation.thrown)
        tally = msgspec.convert(simulation.tally, Tally, strict=False)
        dice = Dice(rng.stream(f"simulation:{simulation.pk}".encode(), f"at:{simulation.thrown}"))
        throw_many(simulation.table, bare(tables, simulation.luck_pct), dice, tally, throws)
        simulation.tally = msgspec.to_builtins(tally, str_keys=True)
        simulation.thrown += throws
        if simulation.thrown >= simulation.wanted:
            simulation.state = State.DONE
    simulation.save()
    return True


class Findings(msgspec.Struct, frozen=True, kw_only=True):
    """What a simulation says so far."""

    rates: list[EntryRate]
    means: list[tuple[str, float, float]]
    agreement: Agreement


def findings(simulation: DropSimulation) -> Findings | None:
    """Return what a simulation says; nothing when the content has changed since."""
    pack = content.current()
    if simulation.content_hash != pack.hash or simulation.table not in pack.all(LootTable):
        return None
    tables = bare(pack.all(LootTable), simulation.luck_pct)
    tally = msgspec.convert(simulation.tally, Tally, strict=False)
    return Findings(
        rates=rates(simulation.table, tables, tally),
        means=means(simulation.table, tables, tally, simulation.thrown),
        agreement=agreement(simulation.table, tables, tally),
    )
