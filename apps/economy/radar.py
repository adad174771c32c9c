"""The radar: who looks like buying or selling for real money, or like the end of a funnel, and why.

A score is the sum of its signs, and each sign says what it was seen by, so that a person can judge.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from django.db import connection

from aether.kernel import clock
from apps.accounts import selectors as accounts
from apps.economy.valuing import SALES, worth_of

DAYS = 30
VALUE_MIN = 500
"""Less than so much glim in a month makes nobody suspicious."""
GAIN_MIN = 100
NEW_WITHIN = timedelta(days=7)
SHORT_LIFE = timedelta(days=3)
IDLE = timedelta(days=2)
OUTLIER_TIMES = 10
GIVERS_MIN = 3
HOUSEHOLD = 2
"""So many accounts at one address are a household, and no sign."""
SHOWN_MAX = 50
ENTRIES_MAX = 300
"""How many entries, the newest, a sign is told by: as many as an address holds that opens a case of them."""

ALARMING_SCORE = 70
ALARMING_VALUE = 2_000
"""From so much on, in score and in glim, it is an alarm; before it is only seen by who looks."""

SignKind = Literal["one_sided", "fan_in", "new_accounts", "short_lived", "price_outlier", "same_address"]

GONE_PCT = 50
"""Guilds give to one of them, too, and everybody of a new world is new: most has to be of who is gone."""

_FLOWS = f"""
    SELECT gave.owner_id, got.owner_id, line.asset, sum(least(-line.amount, target.amount))::bigint,
        count(*)::int, min(entry.at), max(entry.at),
        (array_agg(entry.id ORDER BY entry.id DESC))[1:{ENTRIES_MAX}]
    FROM economy_entry AS entry
    JOIN economy_line AS line ON line.entry_id = entry.id AND line.amount < 0
    JOIN economy_account AS gave ON gave.id = line.account_id AND gave.owner_type = 'character'
    JOIN economy_line AS target
        ON target.entry_id = entry.id AND target.asset = line.asset AND target.amount > 0
    JOIN economy_account AS got ON got.id = target.account_id AND got.owner_type = 'character'
    WHERE entry.at >= %s AND gave.owner_id <> got.owner_id
    GROUP BY gave.owner_id, got.owner_id, line.asset
"""  # noqa: S608 - only texts from here
_LIVES = """
    SELECT owner_id, min(first.at), max(last.at) FROM (
        SELECT account.owner_id, min(line.entry_id) AS first_id, max(line.entry_id) AS last_id
        FROM economy_account AS account JOIN economy_line AS line ON line.account_id = account.id
        WHERE account.owner_type = 'character' AND account.owner_id = ANY(%s) GROUP BY account.owner_id
    ) AS life
    JOIN economy_entry AS first ON first.id = first_id JOIN economy_entry AS last ON last.id = last_id
    GROUP BY owner_id
"""
_SALES = SALES.format(entries="SELECT id FROM economy_entry WHERE at >= %s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """One reason for suspicion: how much it weighs, and the numbers that it was seen by."""

    kind: SignKind
    points: int
    values: dict[str, int]
    entries: tuple[int, ...] = ()

    @property
    def is_unlike_friends(self) -> bool:
        """Whether it is one that a guild and its friends do not show."""
        if self.kind == "short_lived":
            return self.values["share_pct"] >= GONE_PCT
        return self.kind == "price_outlier" and self.values["gained"] >= ALARMING_VALUE


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspicion:
    character_id: int
    signs: tuple[Sign, ...]
    partners: tuple[int, ...]
    """Who gave most, most first."""

    @property
    def score(self) -> int:
        return min(100, sum(sign.points for sign in self.signs))

    @property
    def evidence(self) -> dict[str, object]:
        """Return the signs as a case keeps them."""
        told: dict[str, object] = {"score": self.score}
        for sign in self.signs:
            told[sign.kind] = ", ".join(f"{name} {value}" for name, value in sign.values.items())
        return told

    @property
    def is_alarming(self) -> bool:
        """Whether somebody should look at once: no honest trade looks like it."""
        values = [sign.values.get("received", 0) + sign.values.get("gained", 0) for sign in self.signs]
        return (
            self.score >= ALARMING_SCORE
            and sum(values) >= ALARMING_VALUE
            and any(sign.is_unlike_friends for sign in self.signs)
        )

    @property
    def pair(self) -> str:
        """Return who stands in for it: the character with who gave most, or alone where many give."""
        if not self.partners or any(sign.kind == "fan_in" for sign in self.signs):
            return f"character {self.character_id}"
        return f"character {self.character_id} from {self.partners[0]}"

    @property
    def findings(self) -> dict[str, object]:
        """Return what an alarm keeps, and a case of it begins with."""
        people = [self.character_id, *self.partners]
        return {"characters": people, "entries": list(self.entries), "evidence": self.evidence}

    @property
    def entries(self) -> tuple[int, ...]:
        """Return what it was seen by."""
        return _newest(entry for sign in self.signs for entry in sign.entries)


@dataclass(frozen=True, slots=True)
class _Life:
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What is known of those who gave something: their lives, whose they are, and who shares addresses."""

    now: datetime
    given: Mapping[tuple[int, int], int]
    lives: Mapping[int, _Life]
    accounts: Mapping[int, int]
    addresses: Sequence[frozenset[int]]


@dataclass(frozen=True, slots=True)
class _Gift:
    """What one character gave to another within the time, in glim."""

    giver: int
    taker: int
    value: int
    first: datetime
    entries: tuple[int, ...]


def suspicions(days: int = DAYS) -> list[Suspicion]:
    """Return whom the radar sees, the highest score first."""
    now = clock.utc_now()
    since = now - timedelta(days=days)
    gifts = _gifts(_rows(_FLOWS, since), now)
    given: dict[tuple[int, int], int] = {(gift.giver, gift.taker): gift.value for gift in gifts}
    by_taker: dict[int, list[_Gift]] = defaultdict(list)
    for gift in gifts:
        if gift.value > 2 * given.get((gift.taker, gift.giver), 0):
            by_taker[gift.taker].append(gift)
    outliers = _outliers(since, now)
    known = _known(by_taker, given, now, since)
    found = [
        _suspicion(who, by_taker.get(who, []), known, outliers.get(who, ()))
        for who in sorted({*by_taker, *outliers})
    ]
    seen = [each for each in found if each.signs]
    return sorted(seen, key=lambda each: (-each.score, each.character_id))[:SHOWN_MAX]


def _known(
    by_taker: Mapping[int, Sequence[_Gift]],
    given: Mapping[tuple[int, int], int],
    now: datetime,
    since: datetime,
) -> _Known:
    """Look up whoever has to do with gifts that are worth a look."""
    large = {who: gifts for who, gifts in by_taker.items() if sum(each.value for each in gifts) >= VALUE_MIN}
    givers = {gift.giver for gifts in large.values() for gift in gifts}
    owners = accounts.accounts_of(givers | large.keys())
    shared = accounts.sharing_addresses(set(owners.values()), since)
    return _Known(now=now, given=given, lives=_lives(givers), accounts=owners, addresses=shared)


def _suspicion(who: int, gifts: Sequence[_Gift], known: _Known, outliers: Sequence[Sign]) -> Suspicion:
    value = sum(gift.value for gift in gifts)
    signs = list(outliers)
    if value >= VALUE_MIN:
        back = sum(known.given.get((who, gift.giver), 0) for gift in gifts)
        signs += _signs_of_gifts(gifts, value, back, known)
        signs += _signs_of_addresses(who, gifts, value, known)
    partners = sorted(gifts, key=lambda gift: (-gift.value, gift.giver))
    return Suspicion(
        character_id=who, signs=tuple(signs), partners=tuple(gift.giver for gift in partners[:10])
    )


def _signs_of_gifts(gifts: Sequence[_Gift], value: int, back: int, known: _Known) -> list[Sign]:
    lives, now = known.lives, known.now
    entries = _newest(entry for gift in gifts for entry in gift.entries)
    one_sided_pct = 100 * (value - back) // value
    signs = [
        Sign(
            kind="one_sided",
            points=30 * one_sided_pct // 100,
            values={"received": value, "given_back": back},
            entries=entries,
        )
    ]
    if len(gifts) >= GIVERS_MIN:
        signs.append(
            Sign(
                kind="fan_in", points=min(30, 6 * len(gifts)), values={"givers": len(gifts)}, entries=entries
            )
        )
    for kind, is_so in (("new_accounts", _was_new), ("short_lived", _was_short)):
        few = [gift for gift in gifts if gift.giver in lives and is_so(gift, lives[gift.giver], now)]
        part = 100 * sum(gift.value for gift in few) // value
        if few and part:
            signs.append(
                Sign(
                    kind=kind,  # type: ignore[arg-type]
                    points=max(1, 20 * part // 100),
                    values={"givers": len(few), "share_pct": part},
                    entries=_newest(entry for gift in few for entry in gift.entries),
                )
            )
    return signs


def _signs_of_addresses(who: int, gifts: Sequence[_Gift], value: int, known: _Known) -> list[Sign]:
    """Return a sign where more accounts than a household has gave from one address, the taker's or not."""
    taker = known.accounts.get(who)
    groups = []
    for members in known.addresses:
        few = [gift for gift in gifts if known.accounts.get(gift.giver, taker) in members - {taker}]
        people = {known.accounts[gift.giver] for gift in few} | ({taker} & members)
        if len(people) > HOUSEHOLD:
            groups.append((sum(gift.value for gift in few), len(people), few))
    if not groups:
        return []
    worth, people_count, few = max(groups, key=lambda group: group[:2])
    part = 100 * worth // value
    return [
        Sign(
            kind="same_address",
            points=max(1, 20 * part // 100),
            values={"accounts": people_count, "share_pct": part},
            entries=_newest(entry for gift in few for entry in gift.entries),
        )
    ]


def _was_new(gift: _Gift, life: _Life, now: datetime) -> bool:
    return gift.first - life.first < NEW_WITHIN


def _was_short(gift: _Gift, life: _Life, now: datetime) -> bool:
    return life.last - life.first < SHORT_LIFE and now - life.last > IDLE


def _gifts(rows: Sequence[tuple[Any, ...]], now: datetime) -> list[_Gift]:
    worth = worth_of({row[2] for row in rows}, now)
    values: dict[tuple[int, int], int] = defaultdict(int)
    firsts: dict[tuple[int, int], datetime] = {}
    entries: dict[tuple[int, int], list[int]] = defaultdict(list)
    for giver, taker, asset, amount, _times, first, _last, ids in rows:
        pair = giver, taker
        values[pair] += amount * worth.get(asset, 0)
        firsts[pair] = min(first, firsts.get(pair, first))
        entries[pair] += ids
    return [_Gift(*pair, value, firsts[pair], _newest(entries[pair])) for pair, value in values.items()]


def _outliers(since: datetime, now: datetime) -> dict[int, list[Sign]]:
    """Return sales far from the price: whoever gained by them, and by how much."""
    sales = _rows(_SALES, since, since)
    worth = worth_of({asset for _, _, asset, *_ in sales}, now)
    gains: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for entry_id, _at, asset, amount, buyer, seller, price in sales:
        fair = worth.get(asset, 0) * int(amount)
        if not fair:
            continue
        if price >= OUTLIER_TIMES * fair:
            gains[seller].append((int(price) - fair, entry_id))
        elif price * OUTLIER_TIMES <= fair:
            gains[buyer].append((fair - int(price), entry_id))
    return {
        who: [
            Sign(
                kind="price_outlier",
                points=min(40, 20 + 5 * len(found)),
                values={"sales": len(found), "gained": sum(gain for gain, _ in found)},
                entries=_newest(entry for _, entry in found),
            )
        ]
        for who, found in gains.items()
        if sum(gain for gain, _ in found) >= GAIN_MIN
    }


def _newest(entries: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted(set(entries), reverse=True)[:ENTRIES_MAX])


def _lives(owners: Iterable[int]) -> dict[int, _Life]:
    return {owner: _Life(first, last) for owner, first, last in _rows(_LIVES, sorted(owners))}


def _rows(query: str, *parameters: datetime | list[int]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return list(cursor.fetchall())
