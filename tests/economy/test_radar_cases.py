"""Whom the radar sees and by which signs; a case that is opened of it has exactly what it was seen by."""

from __future__ import annotations

import html
import re

import pytest
from django.core.cache import cache
from django.test import Client

from aether.kernel import clock
from aether.protocol.exchange import Goods, Portion
from apps.accounts import selectors as accounts
from apps.accounts import services as sign_ins
from apps.accounts.models import AddressSighting, Character
from apps.economy import radar, services
from apps.economy.models import Entry, RollbackCase
from apps.economy.valuing import BUYERS_MIN
from tests.console.conftest import game_master, sign_in
from tests.economy.cast import character, give
from tests.economy.test_auctions import bid, list_one
from tests.economy.test_mail import send, take
from tests.economy.test_market import place
from tests.economy.undoing import hand_over

pytestmark = pytest.mark.django_db
OPEN = "/gm/economy/rollbackcase/open/"
DAY_S = 86_400


@pytest.fixture
def gwen() -> Client:
    cache.clear()
    game_master()
    return sign_in("gwen")


@pytest.fixture
def boss() -> int:
    return character("Boss")


@pytest.fixture
def mules() -> list[int]:
    made = [character(f"Mule {n}") for n in range(4)]
    for each in made:
        give(each, glim=400)
    return made


def case_of(console: Client, who: int) -> RollbackCase:
    """Open the case of somebody by the one button of the page of the radar."""
    page = console.get("/gm/pages/radar/").content.decode()
    forms = [part.split("</form>")[0] for part in page.split(f'action="{OPEN}"')[1:]]
    posted = [
        {name: html.unescape(value) for name, value in re.findall(r'name="(.*?)" value="(.*?)"', form)}
        for form in forms
    ]
    pressed = next(each for each in posted if each["characters"].split(", ")[0] == str(who))
    assert console.post(OPEN, pressed).status_code == 302
    return RollbackCase.objects.latest("pk")


def kinds_in(case: RollbackCase) -> dict[str, int]:
    kinds = list(Entry.objects.filter(pk__in=case.scope["entries"]).values_list("kind", flat=True))
    return {kind: kinds.count(kind) for kind in kinds}


def few(mules: list[int]) -> list[int]:
    """Return so few that what they pay does not become the price."""
    return mules[: BUYERS_MIN - 1]


def signs_of(who: int) -> dict[str, radar.Sign]:
    return next(
        ({sign.kind: sign for sign in each.signs} for each in radar.suspicions() if each.character_id == who),
        {},
    )


def test_a_case_of_trades_has_these_and_nothing_else(gwen: Client, boss: int, mules: list[int]) -> None:
    give(boss, glim=70, key="own")
    for mule in mules:
        hand_over(mule, boss, f"funnel:{mule}", glim=400)
    case = case_of(gwen, boss)
    assert (kinds_in(case), case.summary["entries"]) == ({"trade": 4}, 4)


def test_a_case_of_letters_has_the_letters(gwen: Client, boss: int, mules: list[int]) -> None:
    for mule in mules:
        take(boss, send(mule, "Boss", goods=Goods(glim=400)))
    case = case_of(gwen, boss)
    assert (kinds_in(case), case.summary["entries"]) == ({"mail_send": 4}, 4)
    assert case.summary["reversals"] + case.summary["settlements"] >= 4


def test_a_case_of_letters_that_were_paid_has_the_payments(gwen: Client, boss: int, mules: list[int]) -> None:
    give(boss, reed_fibre=4)
    for mule in few(mules):
        goods = Goods(stacks=[Portion(item="reed_fibre", count=1)])
        take(mule, send(boss, f"Mule {mules.index(mule)}", goods=goods, cod=400, key=f"c{mule}"), cod=400)
    case = case_of(gwen, boss)
    assert (kinds_in(case)["mail_take"], case.summary["entries"]) == (2, len(case.scope["entries"]))


def test_a_case_of_orders_has_the_fills(gwen: Client, boss: int, mules: list[int]) -> None:
    give(boss, glim=100, reed_fibre=4)
    for mule in few(mules):
        place(boss, "sell", 390, 1)
        place(mule, "buy", 390, 1)
    case = case_of(gwen, boss)
    assert (kinds_in(case)["market"], case.summary["entries"]) == (2, len(case.scope["entries"]))


def test_a_case_of_auctions_has_the_payments(gwen: Client, boss: int, mules: list[int]) -> None:
    give(boss, glim=100, reed_hook=4)
    yesterday = clock.now() - DAY_S
    with clock.replaced(lambda: yesterday):
        for mule in few(mules):
            bid(mule, list_one(boss, start=390), 390)
    services.sweep()
    case = case_of(gwen, boss)
    assert case.summary["entries"] == len(case.scope["entries"]) >= 2
    assert all(kind.startswith("auction") for kind in kinds_in(case))


def test_a_case_has_more_than_the_page_shows(gwen: Client, boss: int, mules: list[int]) -> None:
    for n in range(30):
        hand_over(mules[n % 4], boss, f"funnel:{n}", glim=40)
    assert case_of(gwen, boss).summary["entries"] == 30


def test_one_sided_is_by_how_much_less_was_given_back(boss: int) -> None:
    mule = character("Mule")
    give(mule, glim=1000)
    hand_over(mule, boss, "all", glim=1000)
    hand_over(boss, mule, "back", glim=200)
    found = signs_of(boss)["one_sided"]
    assert (found.values, found.points) == ({"received": 1000, "given_back": 200}, 24)


def test_fair_exchange_is_not_one_sided(boss: int) -> None:
    friend = character("Friend")
    give(friend, glim=1000)
    hand_over(friend, boss, "lent", glim=1000)
    hand_over(boss, friend, "back", glim=900)
    assert signs_of(boss) == {}


def test_givers_who_have_just_begun_are_new_accounts(boss: int) -> None:
    now = clock.now()
    with clock.replaced(lambda: now - 20 * DAY_S):
        old = character("Old")
        give(old, glim=600)
    new = character("New")
    give(new, glim=400)
    for giver, glim in ((old, 600), (new, 400)):
        hand_over(giver, boss, f"of:{giver}", glim=glim)
    assert signs_of(boss)["new_accounts"].values == {"givers": 1, "share_pct": 40}


def test_givers_who_were_here_for_days_only_are_short_lived(boss: int, mules: list[int]) -> None:
    for mule in mules:
        hand_over(mule, boss, f"of:{mule}", glim=400)
    assert "short_lived" not in signs_of(boss)
    later = clock.now() + 3 * DAY_S
    with clock.replaced(lambda: later):
        assert signs_of(boss)["short_lived"].values == {"givers": 4, "share_pct": 100}


def sighted(who: int, address: str) -> None:
    """Have the account of a character sign in from an address."""
    owner = accounts.accounts_of([who])[who]
    sign_ins.note_address(account_id=owner, address=address)


def funnel(boss: int, mules: list[int]) -> None:
    for mule in mules:
        hand_over(mule, boss, f"funnel:{mule}", glim=400)


def test_many_accounts_of_one_address_that_give_to_one_are_a_sign(boss: int, mules: list[int]) -> None:
    """E07."""
    funnel(boss, mules)
    before = next(each.score for each in radar.suspicions() if each.character_id == boss)
    for mule in mules[:3]:
        sighted(mule, "203.0.113.7")
    sign = signs_of(boss)["same_address"]
    assert (sign.values, sign.points) == ({"accounts": 3, "share_pct": 75}, 15)
    assert len(sign.entries) == 3
    after = next(each.score for each in radar.suspicions() if each.character_id == boss)
    assert after == min(100, before + 15)


def test_the_taker_counts_where_it_is_there_too(boss: int, mules: list[int]) -> None:
    funnel(boss, mules)
    for who in (boss, *mules[:2]):
        sighted(who, "2001:db8:7::1" if who == boss else f"2001:db8:7::{who:x}")
    assert signs_of(boss)["same_address"].values == {"accounts": 3, "share_pct": 50}


def test_a_household_is_no_sign(boss: int, mules: list[int]) -> None:
    funnel(boss, mules)
    for who in (boss, mules[0]):
        sighted(who, "203.0.113.7")
    for mule in mules[1:]:
        sighted(mule, f"198.51.100.{mule % 200}")
    assert "same_address" not in signs_of(boss)


def test_an_address_alone_is_never_an_alarm(boss: int, mules: list[int]) -> None:
    """Of accounts that live on: not even with all that a guild shows, too."""
    old = clock.now() - 20 * DAY_S
    with clock.replaced(lambda: old):
        for mule in mules:
            give(mule, glim=2000, key=f"old:{mule}")
    for mule in mules:
        hand_over(mule, boss, f"gift:{mule}", glim=2000)
        sighted(mule, "203.0.113.7")
    seen = next(each for each in radar.suspicions() if each.character_id == boss)
    assert "same_address" in {sign.kind for sign in seen.signs}
    assert not seen.is_alarming


def test_what_lies_longer_back_than_a_month_is_forgotten(boss: int, mules: list[int]) -> None:
    funnel(boss, mules)
    old = clock.now() - 31 * DAY_S
    with clock.replaced(lambda: old):
        for mule in mules:
            sighted(mule, "203.0.113.7")
    assert "same_address" not in signs_of(boss)
    assert sign_ins.forget_addresses() == len(mules)


def test_the_address_itself_is_kept_nowhere(gwen: Client, boss: int, mules: list[int]) -> None:
    funnel(boss, mules)
    for mule in mules:
        sighted(mule, "203.0.113.7")
    owners = accounts.accounts_of(mules).values()
    (key,) = set(AddressSighting.objects.filter(account__in=owners).values_list("address_key", flat=True))
    assert re.fullmatch("[0-9a-f]{32}", key)
    page = gwen.get("/gm/pages/radar/").content.decode()
    assert "accounts of one address" in page
    assert "203.0.113.7" not in page
    case = case_of(gwen, boss)
    assert case.evidence["same_address"] == "accounts 4, share_pct 100"


def test_signing_in_is_what_an_address_is_known_by() -> None:
    boss = character("Boss")
    owner = Character.objects.get(pk=boss).account
    owner.set_password("a long enough password")
    owner.save()
    body = {"username": owner.username, "password": "a long enough password"}
    answer = Client(REMOTE_ADDR="203.0.113.9").post(
        "/_allauth/app/v1/auth/login", body, content_type="application/json"
    )
    assert answer.status_code == 200
    assert AddressSighting.objects.filter(account=owner).count() == 1
