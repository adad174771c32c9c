"""What a dry run shows people: lines, people, what each would have, who is downstream, what is blocked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from itertools import islice

from apps.accounts.selectors import LevelLoss, levels_without
from apps.economy.flows import Flow, downstream
from apps.economy.rules.rollback import Found, Plan
from apps.economy.rules.rollback.found import CHARACTER

SHOWN_MAX = 200
DEPTH = 3


def summed_up(found: Found, plan: Plan) -> dict[str, object]:
    """Return a plan's figures, with no more rows than people can read."""
    effects = _effects(plan)
    blocked = [each for each in plan.blocked if each.situation != "own_move"]
    return {
        "entries": len(found.entries),
        "lines": sum(len(entry.lines) for entry in found.entries),
        "caught": list(islice(_caught(found), SHOWN_MAX)),
        "reversals": sum(act.kind == "reversal" for act in plan.acts),
        "settlements": sum(act.kind != "reversal" for act in plan.acts),
        "people": len(plan.notified),
        "subjects": sorted(found.subjects)[:SHOWN_MAX],
        "effects": effects[:SHOWN_MAX],
        "effect_count": len(effects),
        "situations": dict(Counter(each.situation for each in plan.blocked)),
        "blocked": [asdict(each) for each in blocked[:SHOWN_MAX]],
        "taints": [asdict(each) for each in plan.taints[:SHOWN_MAX]],
        "revocations": [asdict(each) for each in plan.revocations[:SHOWN_MAX]],
        "levels": [asdict(each) for each in _levels(plan)],
        "reopenings": [asdict(each) for each in plan.reopenings[:SHOWN_MAX]],
        "radius": [asdict(flow) for flow in _radius(found)],
    }


def _caught(found: Found) -> Iterator[dict[str, object]]:
    """Return the lines that the scope caught, in the order of their entries."""
    for entry in found.entries:
        for line in entry.lines:
            yield {
                "entry_id": entry.id,
                "at": entry.at.isoformat(),
                "kind": entry.kind,
                "cause": entry.cause,
                "owner_id": line.place.owner_id if line.place.is_player else None,
                "bucket": line.place.bucket,
                "asset": line.asset,
                "amount": line.amount,
            }


def _effects(plan: Plan) -> list[list[object]]:
    """Return what each account would gain or lose in the end, with the escrow of the case left out."""
    net: Counter[tuple[str, int, str, str]] = Counter()
    for act in plan.acts:
        for line in act.lines:
            if line.place.owner_type != CHARACTER:
                net[*line.place, line.asset] += line.amount
    for hold in plan.holds:
        net[*hold.place, hold.asset] -= hold.amount
    for hold in plan.releases:
        net[*hold.place, hold.asset] += hold.amount
    return [[*key, amount] for key, amount in sorted(net.items()) if amount]


def _levels(plan: Plan) -> Iterable[LevelLoss]:
    """Return whose level goes with their experience, and whose points are free again because of it."""
    lost: Counter[int] = Counter()
    for each in plan.revocations:
        lost[each.character_id] += each.amount
    return levels_without(lost)[:SHOWN_MAX] if lost else []


def _radius(found: Found) -> Iterable[Flow]:
    """Return where what the subjects gained went on to, as far as three hands away."""
    if not found.entries:
        return []
    assets = {line.asset for entry in found.entries for line in entry.lines}
    first = min(entry.id for entry in found.entries)
    starts = found.subjects or {
        line.place.owner_id for entry in found.entries for line in entry.lines if line.place.is_player
    }
    return downstream(starts, assets, since_entry=first, depth=DEPTH)[:SHOWN_MAX]
