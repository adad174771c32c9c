"""Everything that a plan is made from, read out of the ledger in a handful of queries."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import msgspec
from django.db import connection

from apps.accounts import selectors as accounts
from apps.economy.rules.rollback import (
    CURRENCY,
    Found,
    FoundEntry,
    FoundLine,
    Hop,
    Place,
    is_instance,
)
from apps.economy.rules.rollback.found import CHARACTER, SYSTEM
from apps.economy.rules.rollback.judging import net_of
from apps.economy.services.rollback.scopes import Scope, entry_ids
from apps.economy.services.surroundings import reopened_quests
from apps.economy.valuing import worth_of

_ENTRIES = """
    SELECT entry.id, entry.kind, entry.cause, entry.at, undo.id
    FROM economy_entry AS entry LEFT JOIN economy_entry AS undo ON undo.reverses_id = entry.id
    WHERE entry.id = ANY(%s) ORDER BY entry.id DESC
"""
_LINES = """
    SELECT line.entry_id, account.owner_type, account.owner_id, account.bucket, line.asset, line.amount
    FROM economy_line AS line JOIN economy_account AS account ON account.id = line.account_id
    WHERE line.entry_id = ANY(%s) ORDER BY line.id
"""
_HELD = """
    SELECT account.owner_id, account.bucket, holding.asset, sum(holding.amount)::bigint
    FROM economy_account AS account JOIN economy_holding AS holding ON holding.account_id = account.id
    WHERE account.owner_type = 'character' AND account.owner_id = ANY(%s) AND holding.asset = ANY(%s)
    GROUP BY account.id, holding.asset
"""
_HOPS = """
    SELECT line.asset, line.id, line.entry_id, entry.at, line.amount,
        account.owner_type, account.owner_id, account.bucket
    FROM economy_line AS line JOIN economy_entry AS entry ON entry.id = line.entry_id
    JOIN economy_account AS account ON account.id = line.account_id
    WHERE line.asset = ANY(%s) ORDER BY line.asset, line.id
"""
_OWED = """
    SELECT account.owner_id, line.asset, -sum(line.amount)::bigint
    FROM economy_account AS account JOIN economy_line AS line ON line.account_id = account.id
    WHERE account.owner_type = 'system' AND account.owner_id = ANY(%s) AND account.bucket LIKE 'debt:%%'
    GROUP BY account.owner_id, line.asset
"""
_ON_DELIVERY = """
    SELECT own.id, other.id FROM economy_entry AS own JOIN economy_entry AS other ON other.cause = own.cause
    WHERE own.id = ANY(%s) AND own.kind IN ('mail_send', 'mail_take')
        AND other.kind IN ('mail_send', 'mail_take')
    ORDER BY own.id, other.id
"""
_UNOPENED = """
    SELECT account.owner_type, account.owner_id, account.bucket, line.asset, -sum(line.amount)::bigint
    FROM economy_account AS account JOIN economy_line AS line ON line.account_id = account.id
    JOIN economy_entry AS entry ON entry.id = line.entry_id
    WHERE account.owner_type = 'character' AND account.owner_id = ANY(%s) AND account.bucket = ANY(%s)
        AND line.amount < 0 AND entry.kind IN ('mail_return', 'mail_lost') AND entry.id <> ALL(%s)
    GROUP BY account.id, line.asset
"""
_SETTLED = """
    SELECT DISTINCT (act ->> 'entry_id')::bigint
    FROM economy_rollbackstep AS step JOIN economy_rollbackcase AS done ON done.id = step.case_id
    CROSS JOIN LATERAL jsonb_array_elements(step.content) AS act
    WHERE step.kind = 'acts' AND done.state = 'done' AND (act ->> 'entry_id')::bigint = ANY(%s)
        AND NOT EXISTS (
            SELECT FROM economy_rollbackcase AS back WHERE back.undoes_id = done.id AND back.state = 'done'
        )
"""
AT_ONCE = 2_000
"""How many entries or items a query asks for: neither it nor the time until the next becomes long."""

XP_SOURCES = ("battle", "quest", "chest")


def gather(case_id: int, scope: Scope, now: datetime) -> Found:
    """Return what the ledger says about the entries of a scope."""
    ids = entry_ids(scope)
    settled = {pk for (pk,) in _rows(_SETTLED, ids)}
    entries = [replace(entry, is_settled=True) if entry.id in settled else entry for entry in entries_of(ids)]
    subjects = _subjects(scope, entries)
    assets = {line.asset for entry in entries for line in entry.lines} | {CURRENCY}
    owners = {line.place.owner_id for entry in entries for line in entry.lines if line.place.is_player}
    bargains = bargains_of(entries)
    valued = assets | {line.asset for lines in bargains.values() for line in lines}
    worth = worth_of(valued, now, without=subjects)
    paths = paths_of([asset for asset in assets if is_instance(asset)], worth)
    fungible = [asset for asset in assets if not is_instance(asset)]
    debtors = owners | {line.place.owner_id for entry in entries for line in entry.lines}
    return Found(
        case_id=case_id,
        entries=tuple(entries),
        now=now,
        subjects=subjects,
        held=_held(owners, fungible) | _holders(paths),
        paths=paths,
        works=_works(paths),
        worth=worth,
        owed=owed_by(debtors),
        bargains=bargains,
        unopened=_unopened(entries),
        xp=_xp(scope, entries, subjects),
        quests=_quests(scope, entries, subjects),
    )


def fingerprint(found: Found) -> str:
    """Return what must not have changed until a plan is carried out: which entries, and where items went.

    What people hold is not in it: the first step of the plan takes it, or nothing happens at all. What the
    plan leaves where it is kept for something else is.
    """
    lines = [line for entry in found.entries for line in entry.lines]
    received = {(line.place, line.asset) for line in lines if line.amount > 0}
    seen = {
        "entries": [(entry.id, entry.reversed_by, entry.is_settled) for entry in found.entries],
        "paths": sorted((asset, hops[-1].line_id) for asset, hops in found.paths.items()),
        "kept": sorted(
            (*key, amount)
            for key, amount in found.held.items()
            if key in received and key[0].is_kept_elsewhere and not is_instance(key[1])
        ),
        "unopened": sorted((*key, amount) for key, amount in found.unopened.items()),
        "owed": sorted((*key, amount) for key, amount in found.owed.items() if amount),
        "xp": sorted((*key, amount) for key, amount in found.xp.items()),
        "quests": sorted((*key, keeper or "") for key, keeper in found.quests.items()),
    }
    if found.works:
        seen["works"] = sorted(found.works)
    return hashlib.sha256(msgspec.json.encode(seen)).hexdigest()


def entries_of(ids: Sequence[int]) -> list[FoundEntry]:
    """Return entries with their lines, newest first."""
    lines: dict[int, list[FoundLine]] = {pk: [] for pk in ids}
    for pk, owner_type, owner_id, bucket, asset, amount in _some_at_once(_LINES, ids):
        lines[pk].append(FoundLine(Place(owner_type, owner_id, bucket), asset, amount))
    return [
        FoundEntry(id=pk, kind=kind, cause=cause, at=at, reversed_by=reversed_by, lines=tuple(lines[pk]))
        for pk, kind, cause, at, reversed_by in _some_at_once(_ENTRIES, ids)
    ]


def paths_of(assets: Iterable[str], worth: Mapping[str, int]) -> dict[str, tuple[Hop, ...]]:
    """Return where unique items have been, oldest hop first, and what was given for them."""
    wanted = list(assets)
    if not wanted:
        return {}
    steps: dict[tuple[str, int], dict[str, Any]] = {}
    for asset, line_id, entry_id, at, amount, *place in _some_at_once(_HOPS, wanted):
        step = steps.setdefault((asset, entry_id), {"at": at})
        step["source" if amount < 0 else "target"] = Place(*place)
        step["line_id"] = line_id
    bare: dict[str, list[Hop]] = defaultdict(list)
    for (asset, entry_id), step in steps.items():
        bare[asset].append(Hop(entry_id=entry_id, **step))
    told = [hop for hops in bare.values() for hop in hops if hop.changes_owner and hop.source.is_player]
    found = entries_of(sorted({hop.entry_id for hop in told}))
    exchanged = {entry.id: entry.lines for entry in found} | bargains_of(found)
    return {
        asset: tuple(_with_price(hop, asset, exchanged.get(hop.entry_id), worth) for hop in hops)
        for asset, hops in bare.items()
    }


def _works(paths: Mapping[str, Sequence[Hop]]) -> dict[str, tuple[Hop, ...]]:
    """Return the paths of what was made of unique items, and of what was made of that, and so on."""
    found: dict[str, tuple[Hop, ...]] = {}
    pending = _outputs(paths)
    while pending := pending - found.keys():
        found |= paths_of(pending, {})
        pending = _outputs(found)
    return found


def _outputs(paths: Mapping[str, Sequence[Hop]]) -> set[str]:
    return {output for hops in paths.values() for hop in hops for output in hop.outputs}


def bargains_of(entries: Iterable[FoundEntry]) -> dict[int, tuple[FoundLine, ...]]:
    """Return the lines of the whole bargain of each entry that is a part of one paid for on delivery."""
    letters = [entry.id for entry in entries if entry.cause.startswith("mail:")]
    parts: dict[int, list[int]] = defaultdict(list)
    for own, other in _some_at_once(_ON_DELIVERY, letters):
        parts[own].append(other)
    found = {entry.id: entry for entry in entries_of(sorted({pk for each in parts.values() for pk in each}))}
    return {
        own: tuple(line for pk in others for line in found[pk].lines)
        for own, others in parts.items()
        if any(_is_payment(found[pk]) for pk in others)
    }


def _is_payment(entry: FoundEntry) -> bool:
    """Tell if somebody else than who took it gained something when a letter was opened."""
    return entry.kind == "mail_take" and len({owner for owner, _ in net_of(entry)}) > 1


def owed_by(owners: Iterable[int]) -> dict[tuple[int, str], int]:
    """Return what some characters owe."""
    return {(owner, asset): amount for owner, asset, amount in _rows(_OWED, list(owners)) if amount}


def _with_price(hop: Hop, asset: str, lines: Sequence[FoundLine] | None, worth: Mapping[str, int]) -> Hop:
    if lines is None or not hop.source.is_player or not hop.changes_owner:
        return hop
    gained = [
        line
        for line in lines
        if line.place.is_player and line.place.owner_id == hop.source.owner_id and line.amount > 0
    ]
    price = sum(line.amount * worth.get(line.asset, 0) for line in gained)
    together = [line.asset for line in lines if line.place == hop.source and line.amount < 0]
    outputs = tuple(
        line.asset for line in gained if is_instance(line.asset) and hop.target.owner_type == SYSTEM
    )
    return replace(hop, price=_part(price, asset, together, worth), outputs=outputs)


def _part(price: int, asset: str, together: Sequence[str], worth: Mapping[str, int]) -> int:
    """Return the part of a price that was for one of several things, by their worth."""
    total = sum(worth.get(each, 0) for each in together)
    if len(together) < 2 or not total:
        return price // max(1, len(together))
    return price * worth.get(asset, 0) // total


def _subjects(scope: Scope, entries: Sequence[FoundEntry]) -> frozenset[int]:
    if scope.of_case is not None:
        return frozenset()
    if scope.subjects or scope.characters:
        return frozenset(scope.subjects or scope.characters)
    return frozenset(
        line.place.owner_id
        for entry in entries
        if any(each.place.is_source for each in entry.lines)
        for line in entry.lines
        if line.place.is_player and line.amount > 0
    )


def _held(owners: Iterable[int], assets: Sequence[str]) -> dict[tuple[Place, str], int]:
    rows = _rows(_HELD, list(owners), list(assets))
    return {(Place(CHARACTER, owner, bucket), asset): amount for owner, bucket, asset, amount in rows}


def _unopened(entries: Sequence[FoundEntry]) -> dict[tuple[Place, str], int]:
    letters = {
        line.place
        for entry in entries
        for line in entry.lines
        if line.place.is_player and line.amount > 0 and line.place.bucket.startswith("mail:")
    }
    if not letters:
        return {}
    owners, buckets = [place.owner_id for place in letters], [place.bucket for place in letters]
    rows = _rows(_UNOPENED, owners, buckets, [entry.id for entry in entries])
    return {(Place(*place), asset): amount for *place, asset, amount in rows}


def _holders(paths: Mapping[str, Sequence[Hop]]) -> dict[tuple[Place, str], int]:
    return {(hops[-1].target, asset): 1 for asset, hops in paths.items() if hops[-1].target.is_player}


def _xp(scope: Scope, entries: Sequence[FoundEntry], subjects: frozenset[int]) -> dict[tuple[int, str], int]:
    causes = {entry.cause for entry in entries if entry.cause.partition(":")[0] in XP_SOURCES}
    if not scope.revokes_xp or not causes or not subjects:
        return {}
    return accounts.xp_by_cause(subjects, causes)


def _quests(
    scope: Scope, entries: Sequence[FoundEntry], subjects: frozenset[int]
) -> dict[tuple[int, str], str | None]:
    asked: dict[int, set[str]] = {}
    for entry in entries:
        source, _, quest = entry.cause.partition(":")
        if source == "quest" and entry.reversed_by is None and not entry.is_settled:
            for owner in {line.place.owner_id for line in entry.lines if line.place.is_player} & subjects:
                asked.setdefault(owner, set()).add(quest)
    return reopened_quests(asked) if asked and scope.reopens_quests else {}


def _some_at_once(query: str, wanted: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
    """Return the rows of a query about many things, which belong together only within one of these."""
    for start in range(0, len(wanted), AT_ONCE):
        yield from _rows(query, list(wanted[start : start + AT_ONCE]))


def _rows(query: str, *parameters: list[int] | list[str]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return list(cursor.fetchall())
