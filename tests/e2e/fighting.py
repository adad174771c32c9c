"""How a person of the stories fights: simply, by the board's own labels."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from tests.e2e.moorhand import WALK_MS, Moorhand

ROUNDS_AT_MOST = 60
RESULT_MS = 30_000


class Fight:
    """One battle, turn by turn, with the first skill. `foe` is what the enemies' names have in common."""

    def __init__(self, hand: Moorhand, *, foe: str, in_range: str, in_reach: str) -> None:
        self.hand = hand
        self.page = hand.page
        self.foe = foe
        self.in_range = in_range
        self.in_reach = in_reach

    def engage(self) -> None:
        """Walk up to the nearest group and strike."""
        self._nearest(self.page.locator(f'[role=gridcell][aria-label*="{self.foe}"]')).dispatch_event("click")
        expect(self.hand.seen("battle")).to_be_visible(timeout=WALK_MS)

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
            target = self.page.locator(
                f'[role=gridcell][aria-label*="{self.foe}"][aria-label*="{self.in_range}"]'
            )
            if not target.count():
                self.page.keyboard.press("Escape")
                expect(skill).to_have_attribute("aria-pressed", "false")
                return
            before = self._points()
            self._click(self._cells(target)[0])
            self._settle(before)

    def _step_closer(self) -> None:
        """Walk as near to an enemy as this turn allows; beside one, its grip may hold whoever walks."""
        ground = self.page.locator(f'[role=gridcell][aria-label*="{self.in_reach}"]')
        foes = self._cells(self.page.locator(f'[role=gridcell][aria-label*="{self.foe}"]'))
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

    def _nearest(self, cells: Locator) -> Locator:
        x, y = self.hand.place()
        found = self._cells(cells)
        assert found, f"nobody called {self.foe} is here"
        nearest = min(found, key=lambda cell: abs(cell[0] - x) + abs(cell[1] - y))
        return self._cell(nearest)

    def _cell(self, cell: tuple[int, int]) -> Locator:
        return self.page.locator(f'[role=gridcell][data-cell="{cell[0]},{cell[1]}"]')

    @staticmethod
    def _cells(cells: Locator) -> list[tuple[int, int]]:
        keys = cells.evaluate_all("(found) => found.map((cell) => cell.dataset.cell)")
        return [tuple(map(int, re.split(",", key))) for key in keys]  # type: ignore[misc]
