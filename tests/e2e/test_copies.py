"""The story of a town that is full: two find themselves in different copies of it, and come together."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.game import Game, OpenWindow
from tests.e2e.moorhand import Moorhand
from tests.e2e.test_in_company import picture

pytestmark = pytest.mark.e2e

CROWDED = """
from apps.world.models import ZoneCopy
from apps.world.services import open_shared
while ZoneCopy.objects.filter(zone="lastmoor", state="open").count() < 2:
    open_shared("lastmoor")
ZoneCopy.objects.filter(zone="lastmoor").update(capacity=1)
"""
AS_EVER = "from apps.world.models import ZoneCopy; ZoneCopy.objects.update(capacity=None)"


@pytest.fixture
def crowded(game: Game) -> Iterator[None]:
    game.shell(CROWDED)
    yield
    game.shell(AS_EVER)


def copy_of(hand: Moorhand) -> str:
    return hand.seen("open-copies").inner_text()


def test_company_comes_together_in_one_copy(crowded: None, open_window: OpenWindow) -> None:
    ash, brine = Moorhand(open_window("en"), "Ash"), Moorhand(open_window("fr"), "Brine")
    for hand, class_id in ((ash, "cindersmith"), (brine, "anchorite")):
        hand.sign_up()
        hand.create(class_id)
    assert copy_of(ash) != copy_of(brine)
    expect(ash.cell(brine.name)).to_have_count(0)
    make_company(ash, brine)

    ash.page.keyboard.press("z")
    theirs = ash.seen(f"copy-{copy_of(brine)}")
    expect(theirs).to_contain_text(f"Your company: {brine.name}")
    look_at(ash.page, "copies-en")
    join = ash.seen(f"join-copy-{copy_of(brine)}")
    expect(join).to_have_accessible_name(f"Go over to copy {copy_of(brine)}")
    join.focus()
    ash.page.keyboard.press("Enter")

    expect(ash.seen("open-copies")).to_have_text(copy_of(brine))
    expect(ash.cell(brine.name)).to_be_attached()
    expect(brine.cell(ash.name)).to_be_attached()
    expect(theirs).to_contain_text("You are here")
    ash.hears(f"You are in copy {copy_of(brine)} now.")
    ash.say("There you are.")
    brine.hears("There you are.")
    brine.seen("open-copies").click()
    expect(brine.seen("copies")).to_contain_text(f"Votre compagnie : {ash.name}")
    look_at(brine.page, "copies-fr")
    brine.page.keyboard.press("z")
    expect(brine.seen("copies")).to_have_count(0)


def make_company(ash: Moorhand, brine: Moorhand) -> None:
    ash.seen("open-party").click()
    ash.seen("party-invite-name").fill(brine.name)
    ash.page.keyboard.press("Enter")
    brine.seen("accept-party").click()
    expect(ash.seen(f"party-member-{brine.name}").first).to_be_visible()
    ash.seen("close-window").click()


def look_at(page: Page, name: str) -> None:
    """Keep pictures of a large and a small screen, where somebody wants to look at them."""
    picture(page, name)
    page.set_viewport_size({"width": 800, "height": 600})
    picture(page, f"{name}-small")
    page.set_viewport_size({"width": 1280, "height": 720})
