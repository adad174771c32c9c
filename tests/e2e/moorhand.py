"""A person at a browser: the verbs of the stories, by test ids and by what screen readers would read."""

from __future__ import annotations

import re
from uuid import uuid4

from playwright.sync_api import Locator, Page, expect

ARRIVES_MS = 12_000

PASSWORD = "eleven-chains-of-lastmoor"
TURNS_AT_MOST = 60
WALK_MS = 45_000


class Moorhand:
    """Signs up, creates a character, and plays it."""

    def __init__(self, page: Page, name: str) -> None:
        self.page = page
        self.name = f"{name}{''.join(char for char in uuid4().hex if char.isalpha())[:6]}"

    def seen(self, test_id: str) -> Locator:
        return self.page.get_by_test_id(test_id)

    def sign_up(self) -> None:
        self.seen("tab-sign-up").click()
        self.seen("account-name").fill(f"acc-{uuid4().hex[:16]}")
        self.seen("password").fill(PASSWORD)
        self.seen("enter").click()

    def create(self, class_id: str) -> None:
        self.seen(f"class-{class_id}").click()
        self.seen("character-name").fill(self.name)
        self.seen("create-character").click()
        self.stands_in("lastmoor")

    def stands_in(self, zone: str) -> None:
        expect(self.page.locator(f"[data-testid=world][data-zone={zone}]")).to_be_visible()
        expect(self.cell(self.name)).to_be_attached()

    def cell(self, label: str) -> Locator:
        """The first cell whose label says so."""
        return self.page.locator(f'[role=gridcell][aria-label*="{label}"]').first

    def place(self) -> tuple[int, int]:
        """Where the character stands, or will when it has walked."""
        return coordinates(self.cell(self.name).get_attribute("data-cell"))

    def walk_somewhere(self) -> tuple[int, int]:
        """Click on walkable ground near by, with the mouse; elsewhere, where the click met something else.

        The picture may have moved under the pointer, or something tall stands before that piece of ground.
        """
        x, y = self.place()
        for dx, dy in ((-2, 0), (0, -2), (0, 2), (2, 0), (-1, -1), (1, 1)):
            goal = self.page.locator(f'[role=gridcell][data-cell="{x + dx},{y + dy}"]')
            label = (goal.get_attribute("aria-label") or "") if goal.count() else ""
            if re.fullmatch(r"[A-Z]+\d+", label) and self._walks_to(goal):
                return x + dx, y + dy
        raise AssertionError(f"nowhere to walk from {x}, {y}")

    def _walks_to(self, goal: Locator) -> bool:
        goal.click()
        try:
            expect(goal).to_have_attribute("aria-label", re.compile(re.escape(self.name)), timeout=ARRIVES_MS)
        except AssertionError:
            return False
        return True

    def approach(self, label: str) -> None:
        """Activate what bears this label, as assistive technology does."""
        self.cell(label).dispatch_event("click")

    def say(self, text: str) -> None:
        self.page.locator("[data-testid=world]").press("Enter")
        expect(self.seen("chat-entry")).to_be_focused()
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")
        expect(self.seen("chat-entry")).to_have_value("")
        self.page.keyboard.press("Escape")

    def hears(self, text: str) -> None:
        expect(self.seen("chat-lines")).to_contain_text(text)

    def talk_to(self, name: str, *options: str) -> None:
        self.approach(name)
        expect(self.seen("dialogue")).to_be_visible(timeout=WALK_MS)
        for option in options:
            self.seen(f"option-{option}").click()
        expect(self.seen("dialogue")).to_have_count(0)

    def travel(self, way: str, zone: str) -> None:
        self.approach(way)
        expect(self.seen("exit-prompt")).to_be_visible(timeout=WALK_MS)
        self.seen("travel").click()
        self.stands_in(zone)

    def wear(self, item: str, slot: str) -> None:
        self.seen("open-inventory").click()
        self.seen(f"bag-{item}").click()
        self.seen("equip").click()
        expect(self.seen(f"slot-{slot}")).to_have_attribute("data-item", item)
        self.page.keyboard.press("Escape")
        expect(self.seen("bag")).to_have_count(0)


def coordinates(key: str | None) -> tuple[int, int]:
    """Return the cell that a `data-cell` names."""
    assert key is not None
    x, y = key.split(",")
    return int(x), int(y)
