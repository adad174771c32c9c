"""Unique items in a plan: taken back from whoever has them, or kept by a good-faith holder and paid for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from apps.economy.rules.rollback.found import Found, FoundEntry, Hop, is_instance
from apps.economy.rules.rollback.judging import Net, is_too_old, was_sold
from apps.economy.rules.rollback.plan import ActKind, Blocked, Situation, Taint
from apps.economy.rules.rollback.purse import Purse, Whereabouts


@dataclass(frozen=True, slots=True)
class Settlement:
    """Glim that is paid instead of an item. Character 0 is the house."""

    kind: ActKind
    payer: int
    payee: int
    amount: int


class Uniques:
    """Decides for each unique item that somebody gained, and remembers what is to be paid instead."""

    def __init__(self, found: Found, purse: Purse, whereabouts: Whereabouts) -> None:
        self.taints: list[Taint] = []
        self._tainted: set[Taint] = set()
        self._found = found
        self._purse = purse
        self._whereabouts = whereabouts
        self._kept: dict[int, set[str]] = {}
        self._blocked: dict[int, list[Blocked]] = {}
        self._settlements: dict[int, list[Settlement]] = {}

    def take(self, owner: int, asset: str, entry: FoundEntry, net: Net) -> int | None:
        """Take an item back and return from whom, or None where it stays and is settled in glim."""
        hops = [hop for hop in self._whereabouts.after(asset, entry.id) if hop.changes_owner]
        place = self._whereabouts.place(asset)
        if place is None or not place.is_player:
            self._keep(entry, asset, owner, "consumed", hops, net)
            return None
        if (why := self._why_kept(asset, hops)) is not None:
            self._keep(entry, asset, owner, why, hops, net)
            return None
        if self._purse.take(place.owner_id, asset, 1, place.bucket) == 0:
            self._kept.setdefault(entry.id, set()).add(asset)
            self._block(entry, "in_escrow", asset, place.owner_id, 0)
            return None
        for hop in hops:
            self._block(entry, "passed_on", asset, hop.target.owner_id, hop.price)
            self._refund(entry, hop)
        return place.owner_id

    def check_sinks(self, entry: FoundEntry) -> None:
        """Leave alone what is not any more in the sink that the entry has brought it into."""
        for line in entry.lines:
            if line.amount < 0 or line.place.is_player or not is_instance(line.asset):
                continue
            if self._whereabouts.place(line.asset) != line.place:
                self._kept.setdefault(entry.id, set()).add(line.asset)
                self._block(entry, "elsewhere", line.asset, 0, 0)

    def kept(self, entry_id: int) -> set[str]:
        """Return the items that are not put back with an entry."""
        return self._kept.get(entry_id, set())

    def blocked_by(self, entry_id: int) -> list[Blocked]:
        return self._blocked.get(entry_id, [])

    def settlements(self, entry_id: int) -> list[Settlement]:
        return self._settlements.get(entry_id, [])

    def _why_kept(self, asset: str, hops: list[Hop]) -> Situation | None:
        if any(was_sold(hop, asset, self._found.worth) for hop in hops):
            return "sold_on"
        if any(is_too_old(hop.at, self._found.now) for hop in hops):
            return "given_on_long_ago"
        return None

    def _keep(
        self, entry: FoundEntry, asset: str, owner: int, why: Situation, hops: list[Hop], net: Net
    ) -> None:
        """Let the holder keep it: the subject pays its worth, and whoever lost it is paid."""
        self._kept.setdefault(entry.id, set()).add(asset)
        worth = max(hops[0].price if hops else 0, self._found.worth.get(asset, 0))
        self._block(entry, why, asset, owner, worth)
        self._taint(hops)
        if not worth:
            return
        victims = [who for (who, what), amount in net.items() if what == asset and amount < 0]
        victim = next((who for who in victims if who not in self._found.subjects), 0)
        if owner in self._found.subjects:
            self._settle(entry, Settlement("debit", owner, victim, worth))
        if victim:
            self._settle(entry, Settlement("compensation", 0, victim, worth))

    def _taint(self, hops: Iterable[Hop]) -> None:
        """Mark what was made of an item, and what was made of that, however often it was made anew."""
        pending = list(hops)
        for hop in pending:
            for output in hop.outputs:
                taint = Taint(output, hop.entry_id)
                if taint not in self._tainted:
                    self._tainted.add(taint)
                    self.taints.append(taint)
                    pending += self._found.works.get(output, ())

    def _refund(self, entry: FoundEntry, hop: Hop) -> None:
        """Give back what somebody paid for an item that is taken away; a seller who may owe pays that."""
        buyer, seller = hop.target.owner_id, hop.source.owner_id
        if not hop.price or buyer in self._found.subjects:
            return
        if seller in self._found.subjects:
            self._settle(entry, Settlement("debit", seller, buyer, hop.price))
        self._settle(entry, Settlement("refund", 0, buyer, hop.price))

    def _block(self, entry: FoundEntry, why: Situation, asset: str, character: int, worth: int) -> None:
        self._blocked.setdefault(entry.id, []).append(Blocked(entry.id, why, asset, character, worth))

    def _settle(self, entry: FoundEntry, settlement: Settlement) -> None:
        self._settlements.setdefault(entry.id, []).append(settlement)
