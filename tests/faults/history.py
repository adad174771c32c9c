"""What players asked, were answered and saw, in order: all that the checker believes beside the database."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

DURABLE = frozenset(
    {
        "combat.accept",
        "combat.cast",
        "combat.end_turn",
        "combat.engage",
        "combat.forfeit",
        "combat.move",
        "combat.place",
        "combat.ready",
        "economy.equip",
        "economy.market_cancel",
        "economy.market_place",
        "economy.shop_buy",
        "economy.shop_sell",
        "economy.unequip",
    }
)


class History:
    """Events of one run: `invoke`, each `refused` attempt, then `ok`, `fail` (for good) or `unknown`;
    `saw`, and in the end `head` and `holds`.
    """

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.resumed_s: list[float] = []
        """How long each player was without a socket, per drop."""

    def note(self, kind: str, player: int, **what: Any) -> None:
        self.events.append({"e": kind, "p": player, "at": round(time.time(), 4), **what})

    def note_command(self, kind: str, player: int, command_id: str, t: str, **what: Any) -> None:
        self.note(kind, player, id=command_id, t=t, durable=t in DURABLE, **what)

    def count(self, kind: str, *, durable: bool = True) -> int:
        """Return how many commands ended (or began) like this."""
        return sum(event["e"] == kind and event.get("durable", False) == durable for event in self.events)

    def unanswered(self, player: int) -> list[str]:
        """Return what a player has asked for and not been answered yet, and what it was refused last."""
        own = [event for event in self.events if event["p"] == player and "id" in event]
        asked = {event["id"]: event["t"] for event in own if event["e"] == "invoke"}
        for event in own:
            if event["e"] in ("ok", "fail", "unknown"):
                asked.pop(event["id"], None)
        refused = [f"{event['t']} refused: {event['code']}" for event in own if event["e"] == "refused"]
        return [*asked.values(), *refused[-1:]]

    def first_ok_after(self, moment: float) -> float | None:
        """Return how long after a moment a durable command was acknowledged."""
        later = [e["at"] for e in self.events if e["e"] == "ok" and e["durable"] and e["at"] > moment]
        return min(later) - moment if later else None

    def waits_after(self, moment: float) -> list[float]:
        """Return how long each durable command waited that was acknowledged after a moment."""
        return [e["s"] for e in self.events if e["e"] == "ok" and e["durable"] and e["at"] > moment]

    def refused_after(self, moment: float) -> list[float]:
        """Return how long those attempts waited that were refused for now after a moment."""
        return [
            e["s"]
            for e in self.events
            if e["e"] == "refused" and e["code"] == "unavailable" and e["at"] > moment
        ]

    def write(self, path: Path) -> None:
        path.write_text("".join(json.dumps(event) + "\n" for event in self.events))
