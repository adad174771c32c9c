"""Staff stop a part of the economy with a reason; it acts at once."""

from __future__ import annotations

import msgspec
import pytest
from django.test import Client

from aether.kernel import audit, journal
from aether.kernel.journal import StreamKind
from apps.accounts.models import Account
from apps.economy import services
from apps.economy.errors import SwitchedOffError
from apps.economy.models import FeatureSwitch
from tests.console.conftest import game_master, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def gwen() -> Account:
    for feature in services.Feature:
        FeatureSwitch.objects.get_or_create(feature=feature)
    return game_master()


def test_everything_goes_on_until_it_is_stopped() -> None:
    for feature in services.Feature:
        services.require_on(feature)
    assert FeatureSwitch.objects.filter(is_on=False).count() == 0


def test_a_stopped_part_is_refused_and_the_others_are_not(gwen: Account) -> None:
    services.switch_off(actor=gwen, feature=services.Feature.TRADE, reason="a dupe")
    with pytest.raises(SwitchedOffError) as refusal:
        services.require_on(services.Feature.TRADE)
    assert refusal.value.details == {"feature": "trade"}
    assert "maîtres du jeu" in refusal.value.message("fr")
    services.require_on(services.Feature.MARKET)
    services.switch_on(actor=gwen, feature=services.Feature.TRADE, reason="mended")
    services.require_on(services.Feature.TRADE)


def test_a_second_stop_forgets_no_time(gwen: Account) -> None:
    services.switch_off(actor=gwen, feature=services.Feature.MAIL, reason="a dupe")
    before = FeatureSwitch.objects.get(pk="mail").changed_at
    services.switch_off(actor=gwen, feature=services.Feature.MAIL, reason="a dupe in attachments")
    row = FeatureSwitch.objects.get(pk="mail")
    assert (row.changed_at, row.reason) == (before, "a dupe in attachments")


def test_a_switch_asks_for_a_reason(gwen: Account) -> None:
    with pytest.raises(audit.ReasonMissingError):
        services.switch_off(actor=gwen, feature=services.Feature.MAIL, reason=" ")
    services.require_on(services.Feature.MAIL)


def test_the_console_stops_a_part_and_says_who_did_it(gwen: Account) -> None:
    console: Client = sign_in("gwen")
    console.post("/gm/economy/featureswitch/market/off/", {"reason": "prices run wild"})
    row = FeatureSwitch.objects.get(pk="market")
    assert (row.is_on, row.changed_by, row.reason) == (False, "gwen", "prices run wild")
    console.post("/gm/economy/featureswitch/market/on/", {"reason": "calm again"})
    entries = journal.entries(StreamKind.AUDIT, audit.STREAM_ID)
    acts = [msgspec.json.decode(each.payload, type=audit.StaffActed) for each in entries]
    assert [(act.action, act.target) for act in acts] == [
        ("switch_off", "feature:market"),
        ("switch_on", "feature:market"),
    ]
