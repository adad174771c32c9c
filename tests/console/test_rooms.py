"""What game masters see and do."""

from __future__ import annotations

import msgspec
import pytest
from django.db import transaction
from django.test import Client

from aether.console.roles import create_gm, ensure_gm
from aether.kernel import audit, facts, journal
from aether.kernel.facts import delivery, registry
from aether.kernel.facts.types import CharacterCreated
from aether.kernel.journal import StreamKind
from aether.kernel.models import FailedFact, OutboxFact
from apps.accounts import selectors
from apps.accounts.models import Account
from tests.accounts import cast
from tests.console.conftest import game_master, sign_in

pytestmark = pytest.mark.django_db


def acts() -> list[audit.StaffActed]:
    entries = journal.entries(StreamKind.AUDIT, audit.STREAM_ID)
    return [msgspec.json.decode(entry.payload, type=audit.StaffActed) for entry in entries]


def text_of(client: Client, path: str, language: str = "en") -> str:
    page = client.get(path, headers={"Accept-Language": language})
    assert page.status_code == 200
    return page.content.decode()


def test_the_overview_shows_the_last_acts(console: Client, gwen: Account) -> None:
    alice = cast.account("alice")
    console.post(f"/gm/accounts/account/{alice.pk}/mute/", {"duration": "1 d", "reason": "floods the chat"})
    shown = text_of(console, "/gm/")
    assert "floods the chat" in shown
    assert "alice" in shown


def test_a_mute_from_the_console_is_a_mute_with_an_entry(console: Client) -> None:
    alice = cast.account("alice")
    console.post(f"/gm/accounts/account/{alice.pk}/mute/", {"duration": "1 d", "reason": "spam"})
    assert selectors.is_muted(alice.pk)
    [act] = acts()
    assert (act.actor, act.action, act.target, act.reason) == ("gwen", "mute", f"account:{alice.pk}", "spam")


def test_a_ban_from_the_console_shuts_out_and_an_unban_lets_in(console: Client) -> None:
    alice = cast.account("alice")
    console.post(f"/gm/accounts/account/{alice.pk}/ban/", {"duration": "ever", "reason": "botting"})
    assert selectors.is_banned(alice.pk)
    console.post(f"/gm/accounts/account/{alice.pk}/unban/", {"reason": "mistake"})
    assert not selectors.is_banned(alice.pk)
    assert [act.action for act in acts()] == ["ban", "unban"]


@pytest.mark.parametrize("act", ["mute", "unmute", "kick", "ban", "unban"])
def test_an_act_without_a_reason_asks_for_it_and_does_nothing(console: Client, act: str) -> None:
    alice = cast.account("alice")
    page = console.post(f"/gm/accounts/account/{alice.pk}/{act}/", {"duration": "1 d", "reason": " "})
    assert page.status_code == 200
    assert acts() == []


def test_a_refusal_is_shown_on_the_page(console: Client, gwen: Account) -> None:
    page = console.post(f"/gm/accounts/account/{gwen.pk}/kick/", {"reason": "just trying"})
    assert "nor to yourself" in page.content.decode()


def test_the_page_of_a_character_shows_what_other_apps_know(console: Client) -> None:
    maren = cast.character(cast.account("alice"), "Maren")
    shown = text_of(console, f"/gm/accounts/character/{maren.id}/change/")
    for part in ("Maren", "anchorite", "Battle now", "Inventory", "glim"):
        assert part in shown


def test_the_journal_is_found_by_the_number_of_a_stream(console: Client) -> None:
    maren = cast.character(cast.account("alice"), "Maren")
    assert "character_made" in text_of(console, f"/gm/kernel/journalline/?q=2:{maren.id}")
    assert "character_made" in text_of(console, f"/gm/kernel/journalline/?stream=2&q={maren.id}")
    assert "character_made" not in text_of(console, "/gm/kernel/journalline/?q=2:999999")
    assert "character_made" in text_of(console, f"/gm/kernel/journalline/2:{maren.id}:1/change/")


@pytest.mark.parametrize("query", ["'; drop table journal; --", "2:x", "1:2:3:4", "9" * 40, "٣"])
def test_a_strange_search_of_the_journal_finds_nothing(console: Client, query: str) -> None:
    assert console.get("/gm/kernel/journalline/", {"q": query}).status_code == 200


def test_a_parked_fact_is_shown_with_its_error_and_can_be_retried(
    console: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "_subscribers", {})
    heard: list[int] = []
    facts.subscribe(CharacterCreated, name="quests.greet")(lambda fact, event_id: heard.append(event_id))
    with transaction.atomic():
        facts.publish(CharacterCreated(character=1, account=1, class_id="anchorite"))
    event_id = OutboxFact.objects.get().pk
    for _ in range(delivery.FAILURES_MAX):
        delivery.count_failure(event_id, "quests.greet", "RuntimeError: <b>stuck</b>")
    failed = FailedFact.objects.get()

    shown = text_of(console, f"/gm/kernel/failedfact/{failed.pk}/change/")
    console.post(f"/gm/kernel/failedfact/{failed.pk}/retry/", {"reason": "the cause is mended"})
    facts.drain()

    assert "RuntimeError: &lt;b&gt;stuck&lt;/b&gt;" in shown
    assert heard == [event_id]
    assert [act.action for act in acts()] == ["retry_fact"]


def test_the_first_game_master_is_made_once() -> None:
    password = ensure_gm("gm")
    assert password is not None
    assert sign_in("gm", password).get("/gm/").status_code == 200
    assert ensure_gm("gm") is None


def test_a_game_master_is_no_superuser() -> None:
    create_gm("gil")
    assert not Account.objects.get(username="gil").is_superuser


@pytest.mark.parametrize(
    "path", ["/gm/", "/gm/accounts/account/", "/gm/accounts/character/", "/gm/kernel/failedfact/"]
)
def test_every_room_speaks_french(console: Client, path: str) -> None:
    assert "Vue d’ensemble" in text_of(console, path, "fr")


def test_staff_without_the_role_see_no_rooms() -> None:
    cast.account("temp", is_staff=True)
    client = sign_in("temp")
    assert client.get("/gm/accounts/account/").status_code == 403
    assert game_master("gil").has_perm("accounts.ban_account")
