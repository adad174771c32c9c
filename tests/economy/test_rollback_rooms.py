"""Game masters undo things in the console: open, look, ask, approve; and see how the economy is."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.test import Client

from aether.console.models import Approval
from aether.kernel.models import JournalLine
from apps.economy import selectors, services
from apps.economy.models import Alarm, Debt, Entry, RollbackCase
from apps.economy.services import alarms, rollback
from tests.console.conftest import game_master, sign_in
from tests.economy.cast import character, give, item_id
from tests.economy.undoing import entry_of_key, hand_over, opened, undone

pytestmark = pytest.mark.django_db
ROOM = "/gm/economy/rollbackcase/"


@pytest.fixture
def gwen() -> Client:
    game_master()
    return sign_in("gwen")


@pytest.fixture
def odo() -> Client:
    game_master("odo")
    return sign_in("odo")


@pytest.fixture
def alice() -> int:
    found = character("Alice<script>")
    give(found, glim=900, reed_hook=1, key="wrong")
    return found


def open_in_console(console: Client, **typed: object) -> RollbackCase:
    answer = console.post(f"{ROOM}open/", {"reason": "tenfold", "income_share_pct": 20, **typed})
    assert answer.status_code == 302, answer.content.decode()
    return RollbackCase.objects.latest("pk")


def text_of(console: Client, path: str) -> str:
    page = console.get(path)
    assert page.status_code == 200
    return page.content.decode()


def test_a_case_goes_its_way_through_the_console(gwen: Client, odo: Client, alice: int) -> None:
    case = open_in_console(gwen, entries=entry_of_key("wrong"))
    shown = text_of(gwen, f"{ROOM}{case.pk}/change/")
    assert "-900" in shown
    assert gwen.post(f"{ROOM}{case.pk}/ask/", {"reason": "look at it"}).status_code == 302
    asked = Approval.objects.get()
    own = gwen.post(f"/gm/console/approval/{asked.pk}/approve/", {"reason": "mine"})
    assert "second person" in own.content.decode()
    assert odo.post(f"/gm/console/approval/{asked.pk}/approve/", {"reason": "seen"}).status_code == 302
    rollback.carry_on_all()
    assert selectors.glim(alice) == 0
    assert "reversal" in text_of(gwen, f"{ROOM}{case.pk}/change/")
    acts = [line.payload["action"] for line in JournalLine.objects.filter(kind=3)]
    assert {"open_rollback", "plan_rollback", "ask_approval", "approve", "approve_rollback"} <= set(acts)


def test_who_opened_a_case_does_not_approve_it_however_it_was_asked(
    gwen: Client, odo: Client, alice: int
) -> None:
    case = open_in_console(gwen, entries=entry_of_key("wrong"))
    odo.post(f"{ROOM}{case.pk}/ask/", {"reason": "go"})
    gwen.post(f"/gm/console/approval/{Approval.objects.get().pk}/approve/", {"reason": "mine"})
    case.refresh_from_db()
    assert case.state == "planned"


def test_a_dry_run_shows_the_lines_that_the_scope_caught(gwen: Client, alice: int) -> None:
    case = open_in_console(gwen, entries=entry_of_key("wrong"))
    shown = text_of(gwen, f"{ROOM}{case.pk}/change/")
    table = shown.split("Entries and lines in the scope")[1].split("</section>")[0]
    entry = Entry.objects.get(idempotency_key="wrong")
    rows = [re.sub("<[^>]+>", "|", row) for row in table.split("<tr")[2:]]
    assert len(rows) == 4
    assert all(f"#{entry.pk}" in row and entry.kind in row and entry.cause in row for row in rows)
    assert any(f"|{alice}|" in row and "|wallet|" in row and "|+900|" in row for row in rows)
    assert any("|faucet:starter|" in row and "|-900|" in row for row in rows)


def test_a_dry_run_shows_two_hundred_lines_and_how_many_more_there_are(gwen: Client, alice: int) -> None:
    for n in range(101):
        give(alice, glim=1, key=f"n{n}")
    case = open_in_console(gwen, characters=alice)
    shown = text_of(gwen, f"{ROOM}{case.pk}/change/")
    table = shown.split("Entries and lines in the scope: the first 200, and 6 more")[1].split("</section>")[0]
    assert table.count("<tr") == 201


def test_a_dry_run_of_an_older_version_is_still_shown(gwen: Client, alice: int) -> None:
    case = open_in_console(gwen, entries=entry_of_key("wrong"))
    del case.summary["caught"]
    case.save(update_fields=["summary"])
    assert "-900" in text_of(gwen, f"{ROOM}{case.pk}/change/")


def test_an_approval_of_an_older_dry_run_is_refused(gwen: Client, odo: Client, alice: int) -> None:
    case = open_in_console(gwen, characters=alice)
    gwen.post(f"{ROOM}{case.pk}/ask/", {"reason": "look at it"})
    undone(entries=[entry_of_key("wrong")])
    gwen.post(f"{ROOM}{case.pk}/plan/", {"reason": "again"})
    page = odo.post(f"/gm/console/approval/{Approval.objects.get().pk}/approve/", {"reason": "ok"})
    assert "make a new one" in page.content.decode()
    assert Approval.objects.get().state == "open"


@pytest.mark.parametrize(
    "typed", [{}, {"characters": "x"}, {"entries": "9" * 40}, {"characters": "1", "since": "yesterday"}]
)
def test_a_wrong_scope_is_told_in_the_form(gwen: Client, typed: dict[str, str]) -> None:
    page = gwen.post(f"{ROOM}open/", {"reason": "r", "income_share_pct": 20, **typed})
    assert page.status_code == 200
    assert not RollbackCase.objects.exists()


def test_no_case_without_a_reason(gwen: Client) -> None:
    page = gwen.post(f"{ROOM}open/", {"characters": "1", "income_share_pct": 20})
    assert page.status_code == 200
    assert not RollbackCase.objects.exists()


def test_withdrawing_and_undoing_have_their_buttons(gwen: Client, alice: int) -> None:
    case = opened(entries=[entry_of_key("wrong")])
    gwen.post(f"{ROOM}{case.pk}/withdraw/", {"reason": "no"})
    case.refresh_from_db()
    assert case.state == "withdrawn"
    done = undone(entries=[entry_of_key("wrong")])
    gwen.post(f"{ROOM}{done.pk}/undo/", {"reason": "it was right"})
    assert RollbackCase.objects.get(undoes=done).state == "planned"


def test_a_debt_is_waived_in_its_room(gwen: Client, alice: int) -> None:
    hand_over(alice, character("Bob"), "t", glim=900)
    undone(entries=[entry_of_key("wrong")])
    debt = Debt.objects.get()
    assert "900" in text_of(gwen, f"/gm/economy/debt/{debt.pk}/change/")
    gwen.post(f"/gm/economy/debt/{debt.pk}/waive/", {"reason": "enough"})
    debt.refresh_from_db()
    assert debt.settled_at is not None


def test_the_pages_of_the_economy_open(gwen: Client, alice: int) -> None:
    cache.clear()
    shown = text_of(gwen, "/gm/pages/economy/")
    assert "<svg" in shown
    assert "faucet:starter" in shown
    assert "Nobody." in text_of(gwen, "/gm/pages/radar/")
    past = text_of(gwen, f"/gm/pages/as-of/?character={alice}&at=2020-01-01T00:00")
    assert "+900" in past


@pytest.mark.parametrize(
    "query", ["", "?character=x&at=1", "?character=99999999999999999999&at=2020-01-01", "?account=1&at=%00"]
)
def test_no_question_about_the_past_makes_it_fail(gwen: Client, query: str) -> None:
    assert gwen.get(f"/gm/pages/as-of/{query}").status_code == 200


def test_the_pages_are_not_for_everybody(alice: int) -> None:
    account = game_master("visitor")
    account.groups.clear()
    visitor = sign_in("visitor")
    for name in ("economy", "radar", "as-of"):
        assert visitor.get(f"/gm/pages/{name}/").status_code == 403


def test_an_item_shows_its_way_and_what_befell_it(gwen: Client, alice: int) -> None:
    hook = item_id(alice, "reed_hook")
    services.equip(character_id=alice, item_id=hook, idempotency_key="e")
    shown = text_of(gwen, f"/gm/economy/iteminstance/{hook}/change/")
    assert "equipped:weapon" in shown
    assert "Nothing has happened to it." in shown


def test_an_alarm_stands_above_every_page_until_it_is_over(gwen: Client) -> None:
    alarms.keep([(Alarm.Kind.LAW, "something does not add up", {})])
    assert "1 alarm of the economy stands" in text_of(gwen, "/gm/accounts/character/")
    assert "does not add up" in text_of(gwen, "/gm/economy/alarm/")
    alarms.keep([])
    assert "alarm of the economy" not in text_of(gwen, "/gm/accounts/character/")
