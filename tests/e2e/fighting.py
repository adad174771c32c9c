"""How a person of the stories fights: simply, by the board's own labels, in English."""

from __future__ import annotations

import re
from contextlib import suppress

from playwright.sync_api import Locator, expect
from playwright.sync_api import TimeoutError as NothingSeenError

from tests.e2e.moorhand import WALK_MS, Moorhand, coordinates

ROUNDS_AT_MOST = 60
RESULT_MS = 30_000
ENGAGE_TRIES = 4
BATTLES_AT_MOST = 4

FOE = '[role=gridcell][aria-label*=" of "]:not([aria-label*="you,"])'
"""Where somebody with hit points stands who is not oneself: whatever it is, it is an enemy."""
IN_RANGE = '[aria-label*="in range"]'
IN_REACH = '[role=gridcell][aria-label*="within reach"]'
GROUP = re.compile(r"^[A-Z]+\d+, (?:(\d+) × )?Mud Skitter \((?:\d+–)?(\d+)\)$")
"""A group of nothing but skitters: what a newcomer to the moor is up to."""


class Fight:
    """One battle, turn by turn, with the first skill."""

    def __init__(self, hand: Moorhand) -> None:
        self.hand = hand
        self.page = hand.page

    def engage(self) -> None:
        """Walk up to the easiest group of skitters and strike; look again where it has strolled away."""
        for _ in range(ENGAGE_TRIES):
            groups = self.page.get_by_role("gridcell", name=GROUP)
            expect(groups.first).to_be_attached()
            if group := self._easiest(groups):
                self._cell(group).dispatch_event("click")
            with suppress(NothingSeenError):
                self.hand.seen("battle").wait_for(timeout=WALK_MS)
                return
        raise AssertionError("no group of skitters could be engaged")

    def take_place(self) -> None:
        expect(self.page.locator("[data-testid=battle][data-phase=placement]")).to_be_visible()
        self.hand.seen("ready").click()
        expect(self.page.locator("[data-testid=battle][data-phase=fighting]")).to_be_visible()

    def take_one_turn(self) -> bool:
        """Play one turn; false when the battle is over."""
        mine = self.page.locator("[data-testid=battle][data-own-turn=true]")
        over = self.hand.seen("battle-result")
        expect(mine.or_(over).first).to_be_visible(timeout=RESULT_MS)
        if over.count():
            return False
        self._strike()
        if self._is_mine():
            self._step_closer()
            self._strike()
        if self._is_mine():
            self._end_turn()
        return True

    def let_one_turn_pass(self) -> None:
        expect(self.page.locator("[data-testid=battle][data-own-turn=true]")).to_be_visible(timeout=RESULT_MS)
        self._end_turn()

    def to_the_end(self) -> str:
        """Fight until it is decided; return the outcome."""
        for _ in range(ROUNDS_AT_MOST):
            if not self.take_one_turn():
                return self.hand.seen("battle-result").get_attribute("data-outcome") or ""
        raise AssertionError("the battle does not end")

    def _end_turn(self) -> None:
        """Monsters think so fast that the next own turn may begin at once: the number tells them apart."""
        battle = self.hand.seen("battle")
        turn = battle.get_attribute("data-turn") or ""
        self.hand.seen("end-turn").click()
        expect(battle).not_to_have_attribute("data-turn", turn)

    def _is_mine(self) -> bool:
        battle = self.page.locator("[data-testid=battle]")
        return (
            battle.get_attribute("data-own-turn") == "true"
            and battle.get_attribute("data-phase") == "fighting"
        )

    def _strike(self) -> None:
        """Use the first skill on somebody in range for as long as it lasts."""
        skill = self.page.locator("[data-testid^=skill-]").first
        while self._is_mine() and skill.get_attribute("aria-disabled") == "false":
            self.page.keyboard.press("1")
            expect(skill).to_have_attribute("aria-pressed", "true")
            targets = self._cells(self.page.locator(FOE + IN_RANGE))
            if not targets:
                self.page.keyboard.press("Escape")
                expect(skill).to_have_attribute("aria-pressed", "false")
                return
            before = self._points()
            self._click(targets[0])
            self._settle(before)

    def _step_closer(self) -> None:
        """Walk as near to an enemy as this turn allows; beside one, its grip may hold whoever walks."""
        ground = self.page.locator(IN_REACH)
        foes = self._cells(self.page.locator(FOE))
        x, y = self.hand.place()
        if not ground.count() or not foes or min(abs(x - a) + abs(y - b) for a, b in foes) <= 1:
            return
        nearest = min(
            self._cells(ground), key=lambda cell: min(abs(cell[0] - x) + abs(cell[1] - y) for x, y in foes)
        )
        before = self._points()
        self._click(nearest)
        self._settle(before)

    def _click(self, cell: tuple[int, int]) -> None:
        """Point at a cell, then click on it."""
        found = self._cell(cell)
        found.dispatch_event("pointermove")
        found.dispatch_event("click")

    def _points(self) -> str:
        return self._pool("own-ap") + "/" + self._pool("own-mp")

    def _pool(self, name: str) -> str:
        return self.hand.seen(name).get_attribute("data-value") or ""

    def _settle(self, before: str) -> None:
        """Wait until the points were spent, or the turn or the battle is over."""
        self.page.wait_for_function(
            """(before) => {
                const battle = document.querySelector('[data-testid=battle]');
                const isMine = battle?.dataset.ownTurn === 'true' && battle.dataset.phase === 'fighting';
                if (!isMine) return true;
                const value = (id) => document.querySelector(`[data-testid=${id}]`)?.dataset.value ?? '';
                return `${value('own-ap')}/${value('own-mp')}` !== before;
            }""",
            arg=before,
        )

    def _easiest(self, groups: Locator) -> tuple[int, int] | None:
        """Return where the fewest and weakest skitters are; of equal groups, the nearest."""
        x, y = self.hand.place()
        seen = groups.evaluate_all("(found) => found.map((cell) => [cell.dataset.cell, cell.ariaLabel])")
        found = []
        for key, label in seen:
            if group := GROUP.fullmatch(label):
                count, level = group.groups(default="1")
                cell = coordinates(key)
                found.append((int(count) * int(level), abs(cell[0] - x) + abs(cell[1] - y), cell))
        return min(found)[2] if found else None

    def _cell(self, cell: tuple[int, int]) -> Locator:
        return self.page.locator(f'[role=gridcell][data-cell="{cell[0]},{cell[1]}"]')

    @staticmethod
    def _cells(cells: Locator) -> list[tuple[int, int]]:
        keys = cells.evaluate_all("(found) => found.map((cell) => cell.dataset.cell)")
        return [coordinates(key) for key in keys]


def win_a_battle(hand: Moorhand) -> None:
    """Fight until one battle is won, reloading the page in the middle of the first."""
    for attempt in range(BATTLES_AT_MOST):
        fight = Fight(hand)
        fight.engage()
        fight.take_place()
        if attempt == 0:
            fight.let_one_turn_pass()
            hand.page.reload()
            expect(hand.seen("battle")).to_be_visible()
        if fight.to_the_end() == "win":
            expect(hand.seen("gained-xp")).to_be_visible()
            expect(hand.seen("spoil").first).to_be_visible()
            hand.seen("leave-battle").click()
            expect(hand.seen("world")).to_be_visible()
            return
        hand.seen("leave-battle").click()
        expect(hand.seen("world")).to_be_visible()
        come_back(hand)
    raise AssertionError(f"no battle was won in {BATTLES_AT_MOST} tries")


def come_back(hand: Moorhand) -> None:
    """Who falls wakes up in Lastmoor."""
    expect(hand.seen("world")).to_have_attribute("data-zone", re.compile(".+"))
    if hand.seen("world").get_attribute("data-zone") == "lastmoor":
        hand.travel("Reedmoor Flats", "reedmoor_flats")
