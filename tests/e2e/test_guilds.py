"""The story of a guild: founded, joined in the other language, talked in, under its banner, and left."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.game import Game, OpenWindow
from tests.e2e.moorhand import WALK_MS, Moorhand
from tests.e2e.test_in_company import picture

pytestmark = pytest.mark.e2e

RICH = """
from apps.accounts import selectors
from apps.economy import services
who = selectors.character_named("{name}")
services.grant(character_id=who.id, cause="starter:test", idempotency_key="guild:{name}", glim=2000)
"""
MOTD = "To the kiln at dusk: bring lamps, and wear the marsh coats."


def test_two_meet_in_a_guild(open_window: OpenWindow, game: Game) -> None:
    ash, brine = Moorhand(open_window("en"), "Ash"), Moorhand(open_window("fr"), "Brine")
    for hand in (ash, brine):
        hand.sign_up()
        hand.create("kitewright")
    brine.page.set_viewport_size({"width": 390, "height": 844})
    game.shell(RICH.format(name=ash.name))
    guild = f"Lamps of {ash.name}"
    found_and_meet(ash, brine, guild)
    give_ranks(ash, brine)
    talk(ash, brine)
    raise_the_banner(ash, brine, guild)
    meet_in_the_hall(ash, brine)
    come_back(ash, brine)
    part(ash, brine, guild)
    expect(ash.seen("no-guild")).to_be_visible()


def found_and_meet(ash: Moorhand, brine: Moorhand, guild: str) -> None:
    ash.page.locator("[data-testid=world]").press("u")
    expect(ash.seen("no-guild")).to_be_visible()
    ash.seen("guild-name").fill(guild)
    picture(ash.page, "guild-1-none-en")
    ash.seen("guild-name").press("Enter")
    expect(ash.seen(f"guild-member-{ash.name}")).to_contain_text("Leader")
    ask(ash, brine)
    expect(brine.seen("guild-asked")).to_have_text("1")
    ash.seen(f"guild-withdraw-{brine.name}").click()
    expect(ash.seen(f"guild-invited-{brine.name}")).to_have_count(0)
    expect(brine.seen("guild-asked")).to_have_count(0)
    ask(ash, brine)
    expect(brine.seen("guild-asked")).to_have_text("1")
    brine.seen("open-guild").click()
    expect(brine.seen(f"guild-asked-{guild}")).to_contain_text(ash.name)
    picture(brine.page, "guild-2-asked-fr-390")
    brine.seen("guild-accept").click()
    expect(brine.seen(f"guild-member-{brine.name}")).to_contain_text("Member")
    expect(ash.seen(f"guild-member-{brine.name}")).to_be_visible()


def ask(ash: Moorhand, brine: Moorhand) -> None:
    ash.seen("guild-invite-name").fill(brine.name)
    ash.seen("guild-invite-name").press("Enter")
    expect(ash.seen(f"guild-invited-{brine.name}")).to_be_visible()


def give_ranks(ash: Moorhand, brine: Moorhand) -> None:
    ash.seen("guild-motd-edit").click()
    ash.seen("guild-motd-text").fill(MOTD)
    ash.seen("guild-motd-save").click()
    expect(brine.seen("guild-motd")).to_contain_text(MOTD)
    ash.seen(f"guild-rank-of-{brine.name}").select_option(label="Officer")
    expect(brine.seen(f"guild-member-{brine.name}")).to_contain_text("Officer")
    ash.seen("guild-ranks").locator("summary").click()
    ash.seen("guild-rank-add-Officer").click()
    ash.seen("guild-rank-name").fill("Scout")
    ash.seen("guild-may-motd").check()
    picture(ash.page, "guild-3-ranks-en")
    ash.seen("guild-rank-keep").click()
    expect(ash.seen("guild-rank-Scout")).to_contain_text("message of the day")
    ash.seen("guild-rank-up-Scout").click()
    expect(ash.seen("guild-rank-up-Scout")).to_have_count(0)
    brine.seen("guild-ranks").locator("summary").click()
    expect(brine.seen("guild-rank-Scout")).to_contain_text("message du jour")
    picture(brine.page, "guild-4-guild-fr-390")
    ash.seen("guild-ranks").locator("summary").click()
    picture(ash.page, "guild-5-guild-en")


def talk(ash: Moorhand, brine: Moorhand) -> None:
    brine.page.keyboard.press("Escape")
    ash.seen("chat-tab-guild").click()
    ash.seen("chat-entry").fill("Lamps lit?")
    ash.seen("chat-entry").press("Enter")
    brine.seen("chat-tab-guild").click()
    brine.hears("Lamps lit?")
    picture(brine.page, "guild-6-chat-fr-390")
    picture(ash.page, "guild-7-chat-en")


def raise_the_banner(ash: Moorhand, brine: Moorhand, guild: str) -> None:
    ash.approach("Bare mast")
    expect(ash.cell(f"Banner of {guild}")).to_be_attached(timeout=WALK_MS)
    expect(brine.cell(f"Bannière de {guild}")).to_be_attached()
    picture(ash.page, "guild-8-banner-en")


def meet_in_the_hall(ash: Moorhand, brine: Moorhand) -> None:
    ash.travel("Guild Hall", "guild_hall")
    brine.travel("Salle de guilde", "guild_hall")
    ash.approach("Cold hearth")
    expect(brine.cell("Foyer allumé")).to_be_attached(timeout=WALK_MS)
    picture(ash.page, "guild-9-hall-en")
    picture(brine.page, "guild-10-hall-fr-390")
    ash.travel("Lastmoor", "lastmoor")
    brine.travel("Lastmoor", "lastmoor")


def come_back(ash: Moorhand, brine: Moorhand) -> None:
    brine.page.goto("about:blank")
    expect(ash.seen(f"guild-member-{brine.name}")).to_contain_text("away")
    brine.page.go_back()
    brine.stands_in("lastmoor")
    expect(ash.seen(f"guild-member-{brine.name}")).to_contain_text("here")
    brine.seen("open-guild").click()
    expect(brine.seen("guild-motd")).to_contain_text(MOTD)


def part(ash: Moorhand, brine: Moorhand, guild: str) -> None:
    brine.seen("guild-leave").click()
    expect(brine.seen("no-guild")).to_be_visible()
    expect(ash.seen(f"guild-member-{brine.name}")).to_have_count(0)
    ash.seen("guild-disband").click()
    ash.seen("guild-disband-name").fill(guild)
    ash.seen("guild-disband-name").press("Enter")
