"""The story of somebody without a mouse: a whole battle, from the first place to the last look, by keys."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.fighting import Fight
from tests.e2e.game import OpenWindow
from tests.e2e.moorhand import Moorhand, coordinates

pytestmark = pytest.mark.e2e

TABS_AT_MOST = 60
FOCUSED = "(selector) => !!document.activeElement?.matches(selector)"


class KeyboardFight(Fight):
    """The same fight; no pointer is moved and nothing is clicked."""

    def take_place(self) -> None:
        expect(self.page.locator("[data-testid=battle][data-phase=placement]")).to_be_visible()
        self._press_on("[data-testid=ready]")
        expect(self.page.locator("[data-testid=battle][data-phase=fighting]")).to_be_visible()

    def leave(self) -> None:
        self._press_on("[data-testid=leave-battle]")

    def _click(self, cell: tuple[int, int]) -> None:
        self._go_to("[role=gridcell]")
        x, y = coordinates(self.page.evaluate("document.activeElement.dataset.cell"))
        for key, count in (
            ("ArrowRight", cell[0] - x),
            ("ArrowLeft", x - cell[0]),
            ("ArrowDown", cell[1] - y),
            ("ArrowUp", y - cell[1]),
        ):
            for _ in range(max(0, count)):
                self.page.keyboard.press(key)
        self.page.keyboard.press("Enter")

    def _end_turn(self) -> None:
        battle = self.hand.seen("battle")
        turn = battle.get_attribute("data-turn") or ""
        self._press_on("[data-testid=end-turn]")
        expect(battle).not_to_have_attribute("data-turn", turn)

    def _press_on(self, selector: str) -> None:
        self._go_to(selector)
        self.page.keyboard.press("Enter")

    def _go_to(self, selector: str) -> None:
        """Press Tab until something like this has the focus."""
        expect(self.page.locator(selector).first).to_be_attached()
        for _ in range(TABS_AT_MOST):
            if self.page.evaluate(FOCUSED, selector):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"no key leads to {selector}")


def test_a_whole_battle_is_played_with_the_keyboard_alone(open_window: OpenWindow) -> None:
    wren = Moorhand(open_window("en"), "Wren")
    wren.sign_up()
    wren.create("cindersmith")
    wren.travel("Reedmoor Flats", "reedmoor_flats")
    fight = KeyboardFight(wren)
    fight.engage()
    fight.take_place()
    assert fight.to_the_end() in ("win", "loss")
    fight.leave()
    expect(wren.seen("world")).to_be_visible()
