"""The radar raises an alarm by itself, once per pair and week, and never about honest play."""

from __future__ import annotations

import html
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

import pytest
from django.core.cache import cache
from django.test import Client

from aether.kernel import clock
from apps.economy import selectors
from apps.economy.buckets import bag, faucet
from apps.economy.models import Alarm, RollbackCase
from apps.economy.services import alarms
from apps.economy.services.ledger import Move
from tests.console.conftest import game_master, sign_in
from tests.economy.cast import character, give, mint
from tests.economy.undoing import hand_over, opened, post_moves
from tests.long_run import seeds

pytestmark = pytest.mark.django_db
DAY_S = 86_400
DAYS = 9


@contextmanager
def on_day(day: float) -> Iterator[None]:
    """Have it be so many days from now."""
    then = clock.now() + day * DAY_S
    with clock.replaced(lambda: then):
        yield


def funnel() -> int:
    """Have four characters of a day hand all they have to one, and be gone."""
    boss = character("Boss")
    for n in range(4):
        mule = character(f"Mule {n}")
        give(mule, glim=800)
        hand_over(mule, boss, f"funnel:{n}", glim=800)
    return boss


def raised() -> list[str]:
    """Look, and return what the alarms of the radar that stand are about."""
    alarms.watch_transfers()
    return list(Alarm.objects.filter(kind=Alarm.Kind.RADAR, cleared_at=None).values_list("what", flat=True))


def test_a_funnel_is_an_alarm_once_its_givers_are_gone() -> None:
    boss = funnel()
    assert raised() == []
    with on_day(3):
        assert raised() == raised() == [f"character {boss}"]
    assert Alarm.objects.count() == 1


def test_a_purchase_of_one_seller_is_an_alarm_of_the_pair() -> None:
    buyer, seller = character("Buyer"), character("Seller")
    give(seller, glim=5000)
    hand_over(seller, buyer, "sold", glim=5000)
    with on_day(3):
        assert raised() == [f"character {buyer} from {seller}"]


def test_the_alarm_opens_the_case_with_its_evidence_and_ends_by_it() -> None:
    boss = funnel()
    game_master()
    with on_day(3):
        raised()
        cache.clear()
        console: Client = sign_in("gwen")
        alarm = Alarm.objects.get()
        page = html.unescape(console.get(f"/gm/economy/alarm/{alarm.pk}/change/").content.decode())
        link = page.split('href="/gm/economy/rollbackcase/open/')[1].split('"')[0]
        form = html.unescape(console.get(f"/gm/economy/rollbackcase/open/{link}").content.decode())
        assert "Radar: score" in form
        assert str(alarm.details["entries"][0]) in form
        opened(subjects=[boss], characters=[boss])
        assert RollbackCase.objects.count() == 1
        assert raised() == []
    with on_day(9):
        assert raised() == []


def test_nobody_hears_of_a_pair_twice_in_a_week() -> None:
    funnel()
    with on_day(3):
        raised()
        Alarm.objects.update(cleared_at=clock.utc_now())
        assert raised() == []
    with on_day(10.5):
        assert len(raised()) == 1
    assert Alarm.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_watch_of_every_minute_leaves_it_alone() -> None:
    funnel()
    with on_day(3):
        assert len(raised()) == 1
        alarms.watch()
    assert Alarm.objects.filter(kind=Alarm.Kind.RADAR, cleared_at=None).count() == 1


@pytest.mark.parametrize("seed", seeds(3))
def test_honest_play_raises_nothing(seed: int) -> None:
    print(f"seed {seed}")
    village = Village(Random(seed))
    for day in range(-DAYS, 0):
        with on_day(day):
            village.live()
    assert raised() == []


class Village:
    """People who earn, trade at fair prices, give to friends and to the guild; some come for a day only."""

    def __init__(self, dice: Random) -> None:
        self._dice = dice
        self._numbers = itertools.count(1)
        self._keys = (f"v{n}" for n in itertools.count())
        self._people = [next(self._numbers) for _ in range(10)]

    def live(self) -> None:
        guests = [next(self._numbers) for _ in range(2)]
        for who in (*self._people, *guests):
            glim, fibre = self._dice.randint(50, 400), self._dice.randint(10, 40)
            mint(who, glim, next(self._keys))
            move = Move(asset="reed_fibre", amount=fibre, source=faucet("battle"), target=bag(who))
            post_moves("grant", next(self._keys), [move])
            self._sell(who, fibre)
            self._give(who)
        if self._dice.random() < 0.3:
            self._people.append(guests[0])

    def _sell(self, who: int, fibre: int) -> None:
        buyer = self._other(who)
        amount, price = self._dice.randint(1, fibre), self._dice.randint(2, 8)
        price = min(price, selectors.glim(buyer) // amount)
        if price > 1:
            hand_over(who, buyer, next(self._keys), reed_fibre=amount, price=amount * price)

    def _give(self, who: int) -> None:
        """A tenth of one's glim goes to the guild's keeper, a little to somebody one likes."""
        keeper = self._people[0]
        for friend, part in ((keeper, 10), (self._other(who), 30)):
            if friend != who and (gift := selectors.glim(who) // part):
                hand_over(who, friend, next(self._keys), glim=gift)

    def _other(self, who: int) -> int:
        return self._dice.choice([each for each in self._people if each != who])
