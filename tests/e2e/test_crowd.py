"""The proof of the world: two people at browsers among two hundred who play through the front door."""

from __future__ import annotations

import re
from urllib.request import urlopen

import pytest

from tests.e2e.game import Game, OpenWindow
from tests.e2e.moorhand import Moorhand

pytestmark = [pytest.mark.e2e, pytest.mark.crowd]

BOTS, SECONDS = 200, 60
TICKS = re.compile(r"^aether_zone_tick_lag_seconds_(sum|count)\{[^}]*\} (\S+)$", re.MULTILINE)


def test_two_meet_and_talk_among_two_hundred(
    game: Game, open_window: OpenWindow, capsys: pytest.CaptureFixture[str]
) -> None:
    ash, brine = Moorhand(open_window("en"), "Ash"), Moorhand(open_window("fr"), "Brine")
    for hand, class_id in ((ash, "cindersmith"), (brine, "anchorite")):
        hand.sign_up()
        hand.create(class_id)
    with game.begin("bots", "--count", str(BOTS), "--duration", str(SECONDS), "--seed", "6") as bots:
        said = 0
        while bots.poll() is None:
            line = f"Line {said} among so many."
            (ash, brine)[said % 2].say(line)
            (brine, ash)[said % 2].hears(line)
            (ash, brine)[said % 2].walk_somewhere()
            said += 1
        told = bots.stdout.read() if bots.stdout else ""
    ash.page.keyboard.press("z")
    copies = ash.page.locator("[data-testid^=copy-]").all_inner_texts()
    with capsys.disabled():
        print(f"\n{told}\n{said} lines heard; {lag(game)}; copies of the town: {copies}")
    assert bots.returncode == 0, told
    assert f"{BOTS} bots" in told
    assert " 0 unanswered" in told
    assert "Nothing was broken." in told
    assert said > 0


def lag(game: Game) -> str:
    """Return how late the ticks of all zones were on average."""
    with urlopen(f"{game.url}/metrics", timeout=10) as answer:
        found = TICKS.findall(answer.read().decode())
    late, count = (sum(float(value) for name, value in found if name == each) for each in ("sum", "count"))
    return f"ticks {late / max(count, 1) * 1000:.1f} ms late on average of {count:.0f}"
