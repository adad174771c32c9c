"""I1 to I8: what must be true of the database and of every player's history after any fault.

Each check yields sentences that say what is wrong; none means that all is well.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec
from django.db import connection

from aether.kernel import facts, journal, live
from aether.kernel.journal import StreamKind
from aether.kernel.journal.verifying import Survey
from apps.accounts.models import Character
from apps.combat import engine, replays, running
from apps.combat.models import BattleRecord
from apps.economy import selectors as economy
from apps.economy.auditing import audit_ledger
from apps.economy.models import Entry, Order
from apps.quests.models import QuestStatus

History = list[dict[str, Any]]

OLD_S = 60
DEALS = ("economy.shop_buy", "economy.shop_sell", "economy.equip", "economy.unequip")


def check(*, history: str) -> dict[str, Any]:
    """Return everything that is wrong, and how much there was to look at."""
    events = [json.loads(line) for line in Path(history).read_text().splitlines()]
    wrong = [f"{check.__name__}: {problem}" for check in CHECKS for problem in check(events)]
    kinds = Counter(event["e"] for event in events)
    return {"wrong": wrong, "counts": dict(kinds)}


def i1_i2_the_ledger_conserves(events: History) -> Iterator[str]:
    """Sums are zero per asset, every item has one holder, balances are the sums of their lines."""
    yield from (f"{finding.law}: {finding.what}" for finding in audit_ledger())


def i3_every_command_once(events: History) -> Iterator[str]:
    """An acknowledged command has one receipt with that reply; a refused one none; others at most one."""
    receipts = _receipts({event["p"] for event in events if "p" in event})
    for event in events:
        if event["e"] not in ("ok", "fail") or not event["durable"]:
            continue
        stored = receipts.get((event["p"], event["id"]))
        name = f"{event['t']} {event['id']} of {event['p']}"
        if event["e"] == "fail" and stored is not None:
            yield f"{name} was refused with {event['code']}, yet executed"
        elif event["e"] == "ok" and stored is None:
            yield f"{name} was acknowledged and is lost"
        elif event["e"] == "ok" and stored != event["ok"]:
            yield f"{name} was answered {event['ok']}, but {stored} is stored"


def i3_every_effect_has_its_command(events: History) -> Iterator[str]:
    """What a player's commands did stands there exactly once, and nothing without a command."""
    kinds = {(event["p"], event["id"]): event["t"] for event in events if event["e"] == "invoke"}
    players = {player for player, _ in kinds}
    receipts = _receipts(players)
    for player, command_id in receipts:
        kind = kinds.get((player, command_id))
        if kind is None:
            yield f"there is a receipt {command_id} of {player}, who never asked for it"
        elif kind in DEALS:
            key = f"{kind.rpartition('_')[2].rpartition('.')[2]}:{player}:{command_id}"
            if Entry.objects.filter(idempotency_key=key).count() != 1:
                yield f"{kind} {command_id} of {player} has a receipt, but no ledger entry"
    yield from _orders_match_receipts(players, receipts, kinds)
    yield from _battles_match_receipts(players, receipts, kinds)
    yield from _entries_match_receipts(players, receipts, kinds)


def _orders_match_receipts(
    players: set[int], receipts: dict[tuple[int, str], Any], kinds: dict[tuple[int, str], str]
) -> Iterator[str]:
    """An order was placed by one command, which was told its number, and set aside what it needs once."""
    promised = {
        f"market_place:{player}:{command_id}": reply["id"]
        for (player, command_id), reply in receipts.items()
        if kinds.get((player, command_id)) == "economy.market_place"
    }
    orders = Order.objects.filter(character_id__in=players)
    placed = dict(orders.values_list("idempotency_key", "pk"))
    for name in sorted(promised.keys() | placed.keys()):
        if promised.get(name) != placed.get(name):
            yield f"{name} was promised order {promised.get(name)}, and {placed.get(name)} is there"
    entries = Entry.objects.filter(idempotency_key__in=placed).values_list("idempotency_key", flat=True)
    yield from (f"{name} has set nothing aside" for name in sorted(placed.keys() - set(entries)))


def _battles_match_receipts(
    players: set[int], receipts: dict[tuple[int, str], Any], kinds: dict[tuple[int, str], str]
) -> Iterator[str]:
    """A battle was begun by one command, and that command began no other."""
    begun = Counter(
        reply["battle"]
        for key, reply in receipts.items()
        if kinds.get(key) in ("combat.accept", "combat.engage")
    )
    fought = BattleRecord.objects.filter(participants__character_id__in=players).distinct()
    for battle in fought.values_list("pk", flat=True):
        if begun.pop(battle, 0) != 1:
            yield f"battle {battle} was not begun by one command"
    yield from (f"battle {battle} was promised and does not exist" for battle in begun)


def _entries_match_receipts(
    players: set[int], receipts: dict[tuple[int, str], Any], kinds: dict[tuple[int, str], str]
) -> Iterator[str]:
    """In battles, a player has caused as many entries of each kind as there are receipts for it."""
    named: Counter[tuple[int, str]] = Counter()
    for (player, command_id), reply in receipts.items():
        app, _, kind = kinds.get((player, command_id), "").partition(".")
        if app == "combat" and set(reply) == {"turn"}:
            named[player, kind] += 1
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT actor_id, convert_from(payload, 'UTF8')::jsonb #>> '{steps,0,input,i}' FROM journal"
            " WHERE kind = %s AND actor_id = ANY(%s) AND version > 1",
            [int(StreamKind.BATTLE), sorted(players)],
        )
        written = Counter((int(actor), str(kind)) for actor, kind in cursor.fetchall())
    for key in sorted((named - written) + (written - named)):
        yield f"player {key[0]}: {key[1]} has {written[key]} entries and {named[key]} receipts"


def i4_streams_are_whole(events: History) -> Iterator[str]:
    """Versions are 1 to n, each entry chained to the one before it."""
    yield from map(str, Survey().flaws())


def i5_views_are_whole(events: History) -> Iterator[str]:
    """What a client applied has no gap and nothing twice, is what the journal says, and ends at the head."""
    seen: dict[tuple[int, int, str], int] = {}
    told: defaultdict[tuple[int, int], dict[int, Any]] = defaultdict(dict)
    for event in events:
        match event["e"]:
            case "saw":
                who = (event["p"], event["life"], event["s"])
                before = seen.get(who)
                if not event["snapshot"] and before is not None and event["first"] != before + 1:
                    yield f"{who} went from {before} to {event['first']}"
                seen[who] = event["last"]
                if event["t"] == "combat.events":
                    key = (event["p"], int(event["s"].partition(":")[2]))
                    told[key] |= dict(enumerate(event["d"]["events"], start=event["first"]))
            case "holds":
                yield from _holdings(event)
            case "head" if event["seen"] != event["head"]:
                yield f"{event['p']} ends {event['s']} at {event['seen']}, its head is {event['head']}"
    true = asyncio.run(_told(told))
    for (player, battle), numbered in told.items():
        yield from _differences(player, battle, numbered, true[player, battle])


def _holdings(event: dict[str, Any]) -> Iterator[str]:
    """What a client holds by its own account of `me` is what it holds."""
    true = economy.inventory(event["p"])
    stacks = {stack.item: stack.count for stack in true.stacks}
    held = (true.glim, stacks, sorted(item.id for item in true.items))
    if held != (event["glim"], event["stacks"], event["items"]):
        yield f"{event['p']} believes to hold other things than {held}: {event}"


def _differences(player: int, battle: int, numbered: dict[int, Any], true: dict[int, Any]) -> Iterator[str]:
    for n, event in sorted(numbered.items()):
        if true.get(n) != event:
            yield f"{player} was told as {n} of battle {battle}: {event}, the journal has {true.get(n)}"
            return


async def _told(parts: Iterable[tuple[int, int]]) -> dict[tuple[int, int], dict[int, Any]]:
    """Return every event that each player was to be told of a battle, by number, from the journal."""
    try:
        return {(player, battle): await _told_of(battle, player) for player, battle in parts}
    finally:
        await _leave_loop()


async def _told_of(battle: int, player: int) -> dict[int, Any]:
    async with running.fresh(battle) as known:
        audience = engine.audience_of(known.state, player)
        pages = await running.updates_after(known, audience, 0)
    return {
        first + at: json.loads(msgspec.json.encode(event))
        for first, _, update in pages
        for at, event in enumerate(update.events)
    }


async def _leave_loop() -> None:
    running.forget_all()
    await journal.close()
    await live.close_aredis()


def i6_projections_follow(events: History) -> Iterator[str]:
    """Rows are what their journals say: experience, stats, quests, battles."""
    for character in Character.objects.all():
        told = [json.loads(entry.payload) for entry in journal.entries(StreamKind.CHARACTER, character.pk)]
        signs = {"xp_gained": 1, "xp_restored": 1, "xp_revoked": -1}
        earned = sum(each["amount"] * signs.get(each["type"], 0) for each in told if "amount" in each)
        if earned != character.xp_total:
            yield f"character {character.pk} has {character.xp_total} xp, its journal {earned}"
    yield from _quests()
    yield from _battles()


def _quests() -> Iterator[str]:
    last: dict[tuple[int, str], tuple[str, str | None]] = {}
    for character in QuestStatus.objects.values_list("character_id", flat=True).distinct():
        for entry in journal.entries(StreamKind.QUEST, character):
            moved = json.loads(entry.payload)
            if "state" in moved:
                last[character, moved["quest"]] = (moved["state"], moved["step"])
    rows = {(row.character_id, row.quest): (row.state, row.step) for row in QuestStatus.objects.all()}
    for key in sorted(rows.keys() | last.keys()):
        if rows.get(key) != last.get(key):
            yield f"quest {key} is {rows.get(key)}, its journal says {last.get(key)}"


_fought_again: set[int] = set()
"""Battles that are over and went as their journals say, which nobody can change: of that `i4` makes sure."""


def _battles() -> Iterator[str]:
    for record in BattleRecord.objects.prefetch_related("participants"):
        if record.pk in _fought_again:
            phase = "ended"
        elif problem := replays.compare(record.pk).problem:
            yield f"battle {record.pk}: {problem}"
            continue
        else:
            phase = replays.state_after(replays.read_log(record.pk)).phase
        is_over = phase == "ended"
        if is_over == (record.status == BattleRecord.Status.LIVE):
            yield f"battle {record.pk} has status {record.status}, its journal phase {phase}"
        if any(part.is_live == is_over for part in record.participants.all()):
            yield f"battle {record.pk}: participants do not follow its phase {phase}"
        if is_over:
            _fought_again.add(record.pk)


def i7_facts_have_arrived(events: History) -> Iterator[str]:
    """Nothing is on its way any more, and nothing had to be parked."""
    left = facts.backlog()
    if left.pending or left.parked:
        yield f"{left.pending} facts pending, {left.parked} parked"


def i8_nothing_is_held(events: History) -> Iterator[str]:
    """No lease, claim or hold outlives what it was for."""
    for what, query in (
        (
            "a live battle is overdue",
            "SELECT id FROM combat_battlerecord"
            f" WHERE status = 1 AND deadline < now() - interval '{OLD_S} s'",
        ),
        (
            "a group is claimed and no battle came",
            f"SELECT id FROM world_monstergroup WHERE state = 'engaging'"
            f" AND engaged_at < now() - interval '{OLD_S} s'",
        ),
        (
            "a character stands still for a battle that is over",
            "SELECT character_id FROM world_characterplace p"
            " JOIN combat_battlerecord b ON b.id = p.battle WHERE b.status <> 1",
        ),
        (
            "a group is in a battle that is over",
            "SELECT g.id FROM world_monstergroup g"
            " JOIN combat_battlerecord b ON b.id = g.battle WHERE b.status <> 1",
        ),
        (
            "a transaction was forgotten",
            "SELECT pid FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'"
            " AND xact_start < now() - interval '15 s'",
        ),
    ):
        with connection.cursor() as cursor:
            cursor.execute(query)
            yield from (f"{what}: {row[0]}" for row in cursor.fetchall())


def _receipts(players: set[int]) -> dict[tuple[int, str], Any]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT character_id, command_id, reply FROM command_receipt WHERE character_id = ANY(%s)",
            [sorted(players)],
        )
        rows = cursor.fetchall()
    found: dict[tuple[int, str], Any] = {}
    for player, command_id, reply in rows:
        assert (player, command_id) not in found, "a receipt is unique by the law of the database"
        found[player, command_id] = json.loads(bytes(reply))
    return found


CHECKS: tuple[Callable[[History], Iterator[str]], ...] = (
    i1_i2_the_ledger_conserves,
    i3_every_command_once,
    i3_every_effect_has_its_command,
    i4_streams_are_whole,
    i5_views_are_whole,
    i6_projections_follow,
    i7_facts_have_arrived,
    i8_nothing_is_held,
)
