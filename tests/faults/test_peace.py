"""Nothing breaks: the players, the history and above all the checker are put to the test."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from random import Random
from typing import Any

from tests.faults.platform import Platform
from tests.faults.playing import company

Events = list[dict[str, Any]]


def first(events: Events, kind: str, t: str) -> dict[str, Any]:
    return next(event for event in events if event["e"] == kind and event.get("t") == t)


def lie_about_a_reply(events: Events) -> None:
    first(events, "ok", "economy.shop_buy")["ok"]["total"] += 1


def claim_an_answer(events: Events) -> None:
    events.append(first(events, "ok", "combat.end_turn") | {"id": "never-asked"})


def claim_a_refusal(events: Events) -> None:
    events.append(first(events, "ok", "economy.shop_buy") | {"e": "fail", "code": "made_up"})


def forget_a_command(events: Events) -> None:
    answered = first(events, "ok", "combat.end_turn")["id"]
    events.remove(next(event for event in events if event["e"] == "invoke" and event["id"] == answered))


def miss_an_update(events: Events) -> None:
    seen = [event for event in events if event["e"] == "saw" and event["s"] == "me" and not event["snapshot"]]
    events.remove(seen[len(seen) // 2])


def see_something_else(events: Events) -> None:
    body = first(events, "saw", "combat.events")["d"]
    body["events"] = [{**body["events"][0], "e": "made_up"}, *body["events"][1:]]


def stop_before_the_head(events: Events) -> None:
    next(event for event in events if event["e"] == "head")["seen"] -= 1


def hold_too_much(events: Events) -> None:
    next(event for event in events if event["e"] == "holds")["glim"] += 1


TOLD_OF = {"combat.end_turn", "economy.shop_buy"}
LIES: dict[str, Callable[[Events], None]] = {
    "i3_every_command_once": lie_about_a_reply,
    "is lost": claim_an_answer,
    "yet executed": claim_a_refusal,
    "never asked for it": forget_a_command,
    "went from": miss_an_update,
    "the journal has": see_something_else,
    "its head is": stop_before_the_head,
    "believes to hold": hold_too_much,
}
DAMAGE = {
    "i4": "UPDATE journal SET payload = payload || ' ' WHERE (kind, id, version) ="
    " (SELECT kind, id, version FROM journal LIMIT 1)",
    "i6": "UPDATE accounts_character SET xp_total = xp_total + 1"
    " WHERE id = (SELECT min(id) FROM accounts_character)",
    "i7": "UPDATE kernel_outboxfact SET due_at = now() + interval '1 h'"
    " WHERE id = (SELECT min(id) FROM kernel_outboxfact)",
    "i8": "UPDATE world_characterplace SET battle ="
    " (SELECT min(id) FROM combat_battlerecord WHERE status <> 1)"
    " WHERE character_id = (SELECT min(character_id) FROM world_characterplace)",
    "i1": "UPDATE economy_balance SET posted = posted + 1 WHERE (account_id, asset) ="
    " (SELECT account_id, asset FROM economy_balance WHERE asset = 'glim' LIMIT 1)",
}


async def test_in_peace_everything_holds_and_each_lie_is_found(platform: Platform, random: Random) -> None:
    async with company(platform, random) as players:
        await players.acknowledged(80)
        while not {event["t"] for event in players.history.events if event["e"] == "ok"} >= TOLD_OF:
            await players.play(0.1)
        counts = await players.check()
    assert counts["ok"] >= 80
    assert counts["saw"] > 80
    assert players.history.count("unknown") == 0
    true = players.history.events
    for expected, lie in LIES.items():
        events = copy.deepcopy(true)
        lie(events)
        assert expected in "\n".join(found(platform, events)), expected


def test_damage_to_the_database_is_found(platform: Platform) -> None:
    assert not found(platform, [])
    for law, sql in DAMAGE.items():
        damaged = platform.backstage("check_damaged", sql=sql)
        assert any(problem.startswith(law) for problem in damaged), f"{law}: {damaged}"
    assert not found(platform, [])


def found(platform: Platform, events: Events) -> list[str]:
    path = platform.folder / "lies.jsonl"
    path.write_text("".join(json.dumps(event) + "\n" for event in events))
    return list(platform.backstage("check", history=str(path))["wrong"])
