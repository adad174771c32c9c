"""The story of a dungeon: two go in through the gate, the server dies, and they go on where they were."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.game import Game, OpenWindow
from tests.e2e.moorhand import WALK_MS, Moorhand

pytestmark = pytest.mark.e2e

LEVEL = 18

TO_THE_GATE = f"""
from apps.accounts.models import Character
from apps.accounts.rules.progress import xp_to_next
from apps.world.models import CharacterPlace
names = {{names}}
who = Character.objects.filter(name__in=names)
who.update(xp_total=sum(map(xp_to_next, range(1, {LEVEL}))))
CharacterPlace.objects.filter(pk__in=list(who.values_list("pk", flat=True))).update(
    zone="gullwind_spans", instance="gullwind_spans.1", x=4, y=40, is_present=False)
"""

PAST_THE_LOBBY = """
from apps.world.models import CharacterPlace, DungeonRun, MonsterGroup
DungeonRun.objects.update(room=1, beaten=["west_watch", "east_watch"])
MonsterGroup.objects.filter(rule__in=["west_watch", "east_watch"]).delete()
CharacterPlace.objects.filter(zone="the_counterweight").update(x=8, y=9, is_present=False)
"""


def test_two_go_in_and_go_on_where_they_were(game: Game, open_window: OpenWindow) -> None:
    delia, elias = Moorhand(open_window("en"), "Delia"), Moorhand(open_window("fr"), "Elias")
    for hand, class_id in ((delia, "anchorite"), (elias, "lampwarden")):
        hand.sign_up()
        hand.create(class_id)
    delia.page.keyboard.press("p")
    delia.seen(f"invite-{elias.name}").click()
    elias.seen("accept-party").click()
    expect(delia.seen(f"party-member-{elias.name}")).to_be_visible()
    away(game, TO_THE_GATE.format(names=[delia.name, elias.name]), delia, elias)

    delia.stands_in("gullwind_spans")
    elias.stands_in("gullwind_spans")
    go_in(delia, elias)
    away(game, PAST_THE_LOBBY, delia, elias)
    read_and_pull(delia, elias)

    game.kill()
    game.start()
    for hand in (delia, elias):
        hand.stands_in("the_counterweight")
    expect(elias.seen("dungeon-panel")).to_have_attribute("data-room", "1")
    expect(elias.seen("dungeon-panel")).to_contain_text("Aussitôt après")
    expect(delia.cell("Inscription, read")).to_be_attached()


def away(game: Game, script: str, *hands: Moorhand) -> None:
    """Let something happen in the database while nobody is looking, and come back."""
    addresses = [hand.page.url for hand in hands]
    for hand in hands:
        hand.page.goto("about:blank")
    game.shell(script)
    for hand, address in zip(hands, addresses, strict=True):
        hand.page.goto(address)


def go_in(leader: Moorhand, other: Moorhand) -> None:
    other.approach("Le Contrepoids")
    expect(other.seen("gate-refusal")).to_have_text(
        "Le chef de votre groupe entre en premier.", timeout=WALK_MS
    )
    leader.approach("The Counterweight")
    leader.seen("enter-dungeon").click(timeout=WALK_MS)
    leader.stands_in("the_counterweight")
    expect(leader.seen("dungeon-panel")).to_contain_text("Room 1 of 4: Chain Lobby")
    expect(other.seen(f"guest-{leader.name}")).to_contain_text("à l’intérieur")
    other.hears(f"{leader.name} est entré dans : Le Contrepoids.")
    picture(other.page, "gate")
    other.seen("enter-dungeon").click()
    other.stands_in("the_counterweight")
    expect(other.seen("dungeon-panel")).to_contain_text("Salle 1 sur 4 : Vestibule des chaînes")


def read_and_pull(leader: Moorhand, other: Moorhand) -> None:
    for hand in (leader, other):
        hand.stands_in("the_counterweight")
        expect(hand.seen("dungeon-panel")).to_have_attribute("data-room", "1")
    other.approach("Inscription")
    expect(other.seen("dungeon-panel")).to_contain_text("Aussitôt après", timeout=WALK_MS)
    expect(leader.seen("dungeon-panel")).to_contain_text("Right after")
    leader.approach("Ash lever")
    expect(
        leader.cell("Ash lever, down").or_(leader.page.get_by_text("levers come up")).first
    ).to_be_attached(timeout=WALK_MS)
    picture(leader.page, "lever-hall")


def picture(page: Page, name: str) -> None:
    """Keep a picture of a moment where somebody wants to look at it."""
    if folder := os.environ.get("E2E_PICTURES"):
        page.screenshot(path=Path(folder) / f"dungeon-{name}.png")
