"""The state of the economy, from the lines of the ledger and from nothing else.

What characters have together is what faucets gave less what sinks took, at every moment; what staff
caused stands by itself.
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from aether.kernel import clock, content
from apps.economy.definitions import CURRENCY, ItemDef
from apps.economy.models import ItemInstance
from apps.economy.valuing import SALES

DAYS = 28
DAY = timedelta(days=1)
ACTIVE_DAYS = 30
SIGMAS = 3
DAYS_MIN = 7
FAUCET_SHARE_PCT = 25
FAUCET_MIN = 1_000
RECEIVERS_MIN = 5

_SUPPLY = """
    SELECT asset, sum(amount)::bigint FROM economy_line
    JOIN economy_account AS account ON account.id = account_id AND owner_type = 'character'
    JOIN economy_entry AS entry ON entry.id = entry_id AND entry.at < %s
    WHERE asset NOT LIKE 'item:%%' GROUP BY asset ORDER BY asset
"""
_SYSTEM_FLOWS = """
    SELECT floor(extract(epoch FROM entry.at - %s) / 86400)::int, bucket, sum(-amount)::bigint
    FROM economy_line
    JOIN economy_account AS account ON account.id = account_id AND owner_type = 'system'
    JOIN economy_entry AS entry ON entry.id = entry_id
    WHERE entry.at >= %s AND entry.at < %s AND asset = ANY(%s)
    GROUP BY 1, 2 ORDER BY 1, 2
"""
_VOLUME = """
    SELECT day, sum(gained)::bigint FROM (
        SELECT floor(extract(epoch FROM entry.at - %s) / 86400)::int AS day, line.entry_id, owner_id,
            sum(amount) AS gained,
            bool_or(sum(amount) < 0) OVER (PARTITION BY line.entry_id) AS somebody_paid
        FROM economy_line AS line
        JOIN economy_account AS account ON account.id = account_id AND owner_type = 'character'
        JOIN economy_entry AS entry ON entry.id = line.entry_id
        WHERE entry.at >= %s AND entry.at < %s AND asset = ANY(%s)
        GROUP BY 1, 2, 3
    ) AS part WHERE gained > 0 AND somebody_paid GROUP BY day ORDER BY day
"""
_WEALTH = """
    SELECT owner_id, sum(amount)::bigint FROM economy_holding
    JOIN economy_account AS account ON account.id = account_id AND owner_type = 'character'
    WHERE asset = ANY(%s) GROUP BY owner_id ORDER BY 2
"""
_CHANGES = """
    SELECT owner_id, sum(amount)::bigint FROM economy_line
    JOIN economy_account AS account ON account.id = account_id AND owner_type = 'character'
    JOIN economy_entry AS entry ON entry.id = entry_id AND entry.at >= %s
    WHERE asset = ANY(%s) GROUP BY owner_id
"""
_ACTIVE = """
    SELECT DISTINCT owner_id FROM economy_line
    JOIN economy_account AS account ON account.id = account_id AND owner_type = 'character'
    JOIN economy_entry AS entry ON entry.id = entry_id AND entry.at >= %s AND entry.at < %s
"""
_FAUCET_SHARES = """
    SELECT bucket, owner_id, sum(amount)::bigint FROM (
        SELECT faucet.bucket, account.owner_id, line.amount
        FROM economy_line AS source
        JOIN economy_account AS faucet ON faucet.id = source.account_id AND faucet.bucket LIKE 'faucet:%%'
        JOIN economy_entry AS entry ON entry.id = source.entry_id AND entry.at >= %s AND entry.at < %s
        JOIN economy_line AS line ON line.entry_id = source.entry_id AND line.asset = source.asset
            AND line.amount > 0
        JOIN economy_account AS account ON account.id = line.account_id AND account.owner_type = 'character'
        WHERE source.asset = %s AND source.amount < 0
    ) AS given GROUP BY bucket, owner_id
"""
_ENTRIES = "SELECT id FROM economy_entry WHERE at >= %s AND at < %s"
_MONTHLY = f"""
    SELECT date_trunc('month', at)::date, coalesce(item.definition, sale.asset),
        sum(price)::float / sum(amount)::float, sum(amount)::float
    FROM ({SALES.format(entries=_ENTRIES)}) AS sale
    LEFT JOIN economy_iteminstance AS item ON sale.asset = 'item:' || item.id
    GROUP BY 1, 2 ORDER BY 1, 2
"""  # noqa: S608 - only texts from here


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What a day brought into the world and took out of it, of one asset, by kind."""

    day: date
    faucets: dict[str, int]
    sinks: dict[str, int]
    staff: dict[str, int]
    volume: int = 0

    @property
    def net(self) -> int:
        return sum(self.faucets.values()) - sum(self.sinks.values()) + sum(self.staff.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    asset: str
    supply: int
    active_supply: int
    active_delta: int
    """By how much what active owners have has changed within a day, also by who comes back or stays away."""
    days: tuple[Day, ...]
    owners: int
    gini: float
    top_share_pct: float
    price_index: tuple[tuple[date, float], ...]

    @property
    def velocity(self) -> float:
        """Return how often a coin changes hands in a day."""
        volume = sum(day.volume for day in self.days)
        return volume / self.supply / max(1, len(self.days)) if self.supply else 0.0


def supply(at: datetime) -> dict[str, int]:
    """Return what all characters had together at a moment, by currency and stacked item."""
    return dict(_rows(_SUPPLY, at))


def report(asset: str = CURRENCY, days: int = DAYS) -> Report:
    """Return the economy of one asset over the last days, today included."""
    now = clock.utc_now()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    since = midnight - timedelta(days=days - 1)
    assets = assets_of(asset)
    wealth: dict[int, int] = dict(_rows(_WEALTH, assets))
    amounts = sorted(wealth.values())
    active = _held_by_active(wealth, now)
    return Report(
        asset=asset,
        supply=sum(amounts),
        active_supply=active,
        active_delta=active - _held_by_active(_wealth_before(wealth, assets, now - DAY), now - DAY),
        days=tuple(daily(asset, since, midnight + timedelta(days=1))),
        owners=len(amounts),
        gini=gini(amounts),
        top_share_pct=top_share_pct(amounts),
        price_index=tuple(price_index(now)),
    )


def assets_of(name: str) -> list[str]:
    """Return what the ledger calls an asset: of a unique item, each instance."""
    definition = content.current().all(ItemDef).get(name)
    if definition is None or not definition.is_unique:
        return [name]
    return [each.asset for each in ItemInstance.objects.filter(definition=name).only("pk")]


def daily(asset: str, since: datetime, until: datetime) -> list[Day]:
    """Return every day between two moments, also those on which nothing happened."""
    flows: dict[int, dict[str, int]] = defaultdict(dict)
    assets = assets_of(asset)
    for number, bucket, amount in _rows(_SYSTEM_FLOWS, since, since, until, assets):
        # Each debtor has an account: together they are one line.
        name = "debt" if bucket.startswith("debt:") else bucket
        flows[number][name] = flows[number].get(name, 0) + amount
    volumes = dict(_rows(_VOLUME, since, since, until, assets))
    return [
        _day((since + timedelta(days=n)).date(), flows.get(n, {}), volumes.get(n, 0))
        for n in range((until - since).days)
    ]


def gini(amounts: Sequence[int]) -> float:
    """Return how unequally something is spread: 0 is all the same, 1 all with one."""
    ordered = sorted(amounts)
    total = sum(ordered)
    if not total:
        return 0.0
    ranked = sum(rank * amount for rank, amount in enumerate(ordered, start=1))
    return 2 * ranked / (len(ordered) * total) - (len(ordered) + 1) / len(ordered)


def top_share_pct(amounts: Sequence[int]) -> float:
    """Return what the richest one in a hundred have of all, at least the richest one."""
    ordered = sorted(amounts, reverse=True)
    total = sum(ordered)
    return 100 * sum(ordered[: max(1, len(ordered) // 100)]) / total if total else 0.0


def price_index(at: datetime) -> list[tuple[date, float]]:
    """Return prices by month, 100 in the first: chained, weighed by what the month before had sold."""
    since = at - timedelta(days=365)
    months: dict[date, dict[str, tuple[float, float]]] = defaultdict(dict)
    for month, thing, price, amount in _rows(_MONTHLY, since, at, since, at):
        months[month][thing] = price, amount
    index: list[tuple[date, float]] = []
    before: dict[str, tuple[float, float]] = {}
    for month, prices in sorted(months.items()):
        both = [thing for thing in before if thing in prices]
        then = sum(before[thing][0] * before[thing][1] for thing in both)
        now = sum(prices[thing][0] * before[thing][1] for thing in both)
        last = index[-1][1] if index else 100.0
        index.append((month, last * now / then if then else last))
        before = prices
    return index


def unusual_issuance(asset: str = CURRENCY) -> list[tuple[str, dict[str, object]]]:
    """Return whether the last day brought in more, or took more out, than the 28 before make likely."""
    # What happens at this very moment is of the last day.
    until = clock.utc_now() + timedelta(microseconds=1)
    nets = [day.net for day in daily(asset, until - timedelta(days=DAYS + 1), until)]
    *earlier, last = nets
    known = earlier[next((n for n, net in enumerate(earlier) if net), len(earlier)) :]
    if len(known) < DAYS_MIN:
        return []
    mean, spread = statistics.fmean(known), statistics.pstdev(known)
    if abs(last - mean) <= SIGMAS * max(spread, 1.0):
        return []
    details: dict[str, object] = {"net": last, "mean": round(mean, 1), "sigma": round(spread, 1)}
    return [(f"net issuance of {asset}", details)]


def greedy_accounts(asset: str = CURRENCY) -> list[tuple[str, dict[str, object]]]:
    """Return who has had a large part of what a faucet gave within a day to at least some people."""
    now = clock.utc_now()
    by_faucet: dict[str, dict[int, int]] = defaultdict(dict)
    for bucket, owner, amount in _rows(_FAUCET_SHARES, now - timedelta(days=1), now, asset):
        by_faucet[bucket][owner] = amount
    found: list[tuple[str, dict[str, object]]] = []
    for bucket, given in sorted(by_faucet.items()):
        total = sum(given.values())
        if total < FAUCET_MIN or len(given) < RECEIVERS_MIN:
            continue
        for owner, amount in sorted(given.items()):
            if amount * 100 > total * FAUCET_SHARE_PCT:
                details: dict[str, object] = {"amount": amount, "of": total, "character": owner}
                found.append((f"character {owner} of {bucket}", details))
    return found


def _held_by_active(wealth: Mapping[int, int], at: datetime) -> int:
    """Return what those have together who were seen in the ledger within 30 days."""
    seen = {owner for (owner,) in _rows(_ACTIVE, at - timedelta(days=ACTIVE_DAYS), at)}
    return sum(amount for owner, amount in wealth.items() if owner in seen)


def _wealth_before(wealth: Mapping[int, int], assets: list[str], at: datetime) -> dict[int, int]:
    """Return what everybody had at an earlier moment: what they have now, less what has changed since."""
    before = dict(wealth)
    for owner, change in _rows(_CHANGES, at, assets):
        before[owner] = before.get(owner, 0) - change
    return before


def _day(day: date, of_day: dict[str, int], volume: int) -> Day:
    return Day(
        day=day,
        faucets={name: amount for name, amount in of_day.items() if name.startswith("faucet:")},
        sinks={name: -amount for name, amount in of_day.items() if name.startswith("sink:")},
        staff={name: amount for name, amount in of_day.items() if not name.startswith(("faucet:", "sink:"))},
        volume=volume,
    )


def _rows(query: str, *parameters: datetime | str | list[str]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return list(cursor.fetchall())
