"""The planner: goes back through the entries, newest first, and says for each how far it can be undone.

What people gained is taken back as far as it is there; what lacks is a subject's debt, or, where a third
party spent it, less for those who get something back. Nobody who is not a subject ever owes anything.
"""

from __future__ import annotations

from dataclasses import replace

from apps.economy.rules.rollback.found import (
    CURRENCY,
    SYSTEM,
    Found,
    FoundEntry,
    FoundLine,
    Place,
    is_instance,
)
from apps.economy.rules.rollback.judging import Net, is_sale, is_too_old, net_of, net_of_lines
from apps.economy.rules.rollback.plan import (
    COMPENSATION,
    CONFISCATE,
    Act,
    Blocked,
    Hold,
    Plan,
    Reopening,
    Revocation,
    debt_of,
)
from apps.economy.rules.rollback.purse import Purse, Whereabouts
from apps.economy.rules.rollback.uniques import Uniques

OWN_CAUSES = ("rollback:%", "debt:%")
"""Causes of the entries that rollbacks and debts post, as patterns. Kinds of them have others as well."""


def plan(found: Found) -> Plan:
    """Return what undoing these entries would do."""
    return _Planner(found).plan()


class _Planner:
    """A plan in the making."""

    def __init__(self, found: Found) -> None:
        self._found = found
        self._purse = Purse(found.held, found.case_id)
        self._whereabouts = Whereabouts(found.paths)
        self._uniques = Uniques(found, self._purse, self._whereabouts)
        self._acts: list[Act] = []
        self._blocked: list[Blocked] = []
        self._owed = dict(found.owed)
        self._touched: set[int] = set()
        self._xp: set[tuple[int, str]] = set()
        self._reopenings: set[Reopening] = set()

    def plan(self) -> Plan:
        for entry in self._found.entries:
            self._undo(entry)
        acts = tuple(self._acts)
        holds, releases = tuple(map(self._located, self._purse.holds)), self._purse.releases
        touched = {each.place.owner_id for each in (*holds, *releases)} | self._touched
        return Plan(
            holds=holds,
            acts=acts,
            releases=releases,
            taints=tuple(self._uniques.taints),
            revocations=tuple(
                Revocation(who, cause, amount)
                for (who, cause), amount in sorted(self._found.xp.items())
                if (who, cause) in self._xp and amount
            ),
            reopenings=tuple(sorted(self._reopenings, key=lambda each: (each.character_id, each.quest))),
            blocked=tuple(self._blocked),
            notified=tuple(sorted(touched)),
        )

    def _located(self, hold: Hold) -> Hold:
        hops = self._found.paths.get(hold.asset)
        return replace(hold, line_id=hops[-1].line_id) if hops else hold

    def _undo(self, entry: FoundEntry) -> None:
        net = net_of(entry)
        if (why := self._is_left_alone(entry, net)) is not None:
            self._blocked.append(why)
            return
        self._uniques.check_sinks(entry)
        staying = self._staying(entry, net)
        lines, lacking = self._taken(entry, net, staying)
        lines += self._returned(entry, net, lacking, staying)
        if lines:
            self._acts.append(Act(kind="reversal", entry_id=entry.id, lines=_sorted(lines)))
        self._after(entry, net)

    def _is_left_alone(self, entry: FoundEntry, net: Net) -> Blocked | None:
        if entry.reversed_by is not None or entry.is_settled:
            return Blocked(entry.id, "reversed_already")
        if not net and not any(line.place.owner_type == SYSTEM for line in entry.lines):
            return Blocked(entry.id, "own_move")
        if entry.cause.startswith("rollback:"):
            return None  # nobody bargained: what a rollback did is undone however it looks
        if entry.id in self._found.bargains:
            net = net_of_lines(self._found.bargains[entry.id])
        owners = {owner for owner, _ in net}
        strangers = {owner for (owner, _), amount in net.items() if amount > 0} - self._found.subjects
        if len(owners) > 1 and strangers:
            if is_sale(net, self._found.worth):
                return Blocked(entry.id, "sale", character_id=min(strangers))
            if is_too_old(entry.at, self._found.now):
                return Blocked(entry.id, "old_gift", character_id=min(strangers))
        return None

    def _staying(self, entry: FoundEntry, net: Net) -> Net:
        """Return what each character gained and still has only where it is kept for something else."""
        staying: Net = {}
        for line in entry.lines:
            key = owner, asset = line.place.owner_id, line.asset
            most = net.get(key, 0) - staying.get(key, 0) if line.place.is_kept_elsewhere else 0
            if is_instance(asset) or line.amount < 0 or most <= 0:
                continue
            if part := self._purse.leave(line.place, asset, min(most, line.amount)):
                staying[key] = staying.get(key, 0) + part
                self._blocked.append(Blocked(entry.id, "in_escrow", asset, owner, part))
            rest = min(most, line.amount) - part
            if unread := min(rest, self._found.unopened.get((line.place, asset), 0)):
                staying[key] = staying.get(key, 0) + unread
                self._blocked.append(Blocked(entry.id, "elsewhere", asset, owner, unread))
        return staying

    def _taken(self, entry: FoundEntry, net: Net, staying: Net) -> tuple[list[FoundLine], dict[str, int]]:
        """Return the lines of what gives back, and how much of each asset nobody gives."""
        lines: list[FoundLine] = []
        lacking: dict[str, int] = {}
        preferred = {(line.place.owner_id, line.asset): line.place.bucket for line in entry.lines}
        for (owner, asset), amount in sorted(net.items()):
            if amount < 0:
                continue
            if is_instance(asset):
                giver = self._uniques.take(owner, asset, entry, net)
                if giver is not None:
                    lines.append(FoundLine(self._purse.escrow(giver), asset, -1))
                continue
            amount -= staying.get((owner, asset), 0)
            got = self._purse.take(owner, asset, amount, preferred[owner, asset])
            if got:
                lines.append(FoundLine(self._purse.escrow(owner), asset, -got))
            if got < amount:
                lines += self._lack(entry, owner, asset, amount - got, lacking)
        return lines, lacking

    def _lack(
        self, entry: FoundEntry, owner: int, asset: str, rest: int, lacking: dict[str, int]
    ) -> list[FoundLine]:
        if owner in self._found.subjects:
            self._blocked.append(Blocked(entry.id, "partly_spent", asset, owner, rest))
            self._owed[owner, asset] = self._owed.get((owner, asset), 0) + rest
            return [FoundLine(debt_of(owner), asset, -rest)]
        self._blocked.append(Blocked(entry.id, "spent_by_third_party", asset, owner, rest))
        lacking[asset] = lacking.get(asset, 0) + rest
        return []

    def _returned(
        self, entry: FoundEntry, net: Net, lacking: dict[str, int], staying: Net
    ) -> list[FoundLine]:
        """Return the lines of what comes back: to faucets and sinks, to characters, and out of debts."""
        wanted = [
            FoundLine(self._purse.escrow(owner), asset, -amount)
            for (owner, asset), amount in sorted(net.items())
            if amount < 0 and self._can_return(entry, asset)
        ]
        wanted += [
            replace(line, amount=-line.amount)
            for line in entry.lines
            if not line.place.is_player and self._can_return(entry, line.asset)
        ]
        wanted = self._without(entry, wanted, staying)
        returned = self._sent_right(self._less(wanted, lacking))
        for line in returned:
            if line.place.is_player:
                self._purse.give(line.place.owner_id, line.asset, line.amount)
        for asset in {line.asset for line in entry.lines if is_instance(line.asset)}:
            if self._can_return(entry, asset):
                self._whereabouts.undo(asset, entry.id)
        return returned

    def _can_return(self, entry: FoundEntry, asset: str) -> bool:
        return not is_instance(asset) or asset not in self._uniques.kept(entry.id)

    def _without(self, entry: FoundEntry, wanted: list[FoundLine], staying: Net) -> list[FoundLine]:
        """Give nobody back what stays where it is: it is not lost, and so nobody pays for it."""
        left: dict[str, int] = {}
        for (_, asset), amount in staying.items():
            left[asset] = left.get(asset, 0) + amount
        kept: list[FoundLine] = []
        for line in wanted:
            less = min(left.get(line.asset, 0), line.amount) if line.amount > 0 else 0
            if less:
                left[line.asset] -= less
                self._stay_before(entry, line, less)
                line = replace(line, amount=line.amount - less)
            if line.amount:
                kept.append(line)
        return kept

    def _stay_before(self, entry: FoundEntry, wanted: FoundLine, amount: int) -> None:
        """Have earlier entries find what stays where this one took it from, if that was a place like it."""
        for line in entry.lines:
            is_of = (line.place.owner_id, line.asset) == (wanted.place.owner_id, wanted.asset)
            if is_of and line.amount < 0 and line.place.is_player and line.place.is_kept_elsewhere:
                part = min(amount, -line.amount)
                amount -= part
                if part:
                    self._purse.put_elsewhere(line.place, line.asset, part)

    def _less(self, wanted: list[FoundLine], lacking: dict[str, int]) -> list[FoundLine]:
        """Let what lacks be missing where it harms nobody: for subjects, then for faucets, then for us."""
        kept: list[FoundLine] = []
        for line in sorted(wanted, key=self._harm):
            less = min(lacking.get(line.asset, 0), line.amount) if self._harm(line) < 2 else 0
            if less > 0:
                lacking[line.asset] -= less
                line = replace(line, amount=line.amount - less)
            if line.amount:
                kept.append(line)
        return kept + [FoundLine(COMPENSATION, asset, -rest) for asset, rest in lacking.items() if rest]

    def _harm(self, line: FoundLine) -> int:
        if not line.place.is_player:
            return 1
        return 0 if line.place.owner_id in self._found.subjects else 2

    def _sent_right(self, lines: list[FoundLine]) -> list[FoundLine]:
        """Send unique items to the confiscated ones, not whence they came; to debtors what they have paid."""
        out: list[FoundLine] = []
        for line in lines:
            place = line.place
            if is_instance(line.asset) and place.is_source and line.amount > 0:
                out.append(replace(line, place=CONFISCATE))
            elif place.is_debt and line.amount > 0:
                out += self._forgiven(line)
            else:
                out.append(line)
        return out

    def _forgiven(self, line: FoundLine) -> list[FoundLine]:
        owner = line.place.owner_id
        off = min(line.amount, self._owed.get((owner, line.asset), 0))
        self._owed[owner, line.asset] = self._owed.get((owner, line.asset), 0) - off
        parts = [FoundLine(line.place, line.asset, off)] if off else []
        if line.amount > off:
            parts.append(FoundLine(self._purse.escrow(owner), line.asset, line.amount - off))
        return parts

    def _after(self, entry: FoundEntry, net: Net) -> None:
        """Settle in glim what could not be put back, and remember what else goes with the entry."""
        self._blocked += self._uniques.blocked_by(entry.id)
        for number, settlement in enumerate(self._uniques.settlements(entry.id)):
            lines = self._settle(settlement.payer, settlement.payee, settlement.amount)
            self._acts.append(
                Act(kind=settlement.kind, entry_id=entry.id, lines=_sorted(lines), number=number)
            )
        for owner, _ in net:
            self._touched.add(owner)
            if owner in self._found.subjects:
                self._xp.add((owner, entry.cause))
                self._reopen(entry, owner)

    def _reopen(self, entry: FoundEntry, owner: int) -> None:
        source, _, quest = entry.cause.partition(":")
        if source != "quest":
            return
        if self._found.quests.get((owner, quest), "") is None:
            self._reopenings.add(Reopening(owner, quest))
        else:
            self._blocked.append(Blocked(entry.id, "quest", character_id=owner))

    def _settle(self, payer: int, payee: int, amount: int) -> list[FoundLine]:
        """Return the lines of a payment in glim; 0 is the house, which compensates and confiscates."""
        house = COMPENSATION if payee or not payer else CONFISCATE
        if not payer:
            self._purse.give(payee, CURRENCY, amount)
            return [
                FoundLine(house, CURRENCY, -amount),
                FoundLine(self._purse.escrow(payee), CURRENCY, amount),
            ]
        got = self._purse.take(payer, CURRENCY, amount, "wallet")
        lines = [FoundLine(house, CURRENCY, amount)]
        if got:
            lines.append(FoundLine(self._purse.escrow(payer), CURRENCY, -got))
        if got < amount:
            lines.append(FoundLine(debt_of(payer), CURRENCY, got - amount))
            self._owed[payer, CURRENCY] = self._owed.get((payer, CURRENCY), 0) + amount - got
        return lines


def _sorted(lines: list[FoundLine]) -> tuple[FoundLine, ...]:
    """Return the lines with one for each account and asset, as an entry may have."""
    net: dict[tuple[Place, str], int] = {}
    for line in lines:
        net[line.place, line.asset] = net.get((line.place, line.asset), 0) + line.amount
    return tuple(FoundLine(*key, amount) for key, amount in sorted(net.items()) if amount)
