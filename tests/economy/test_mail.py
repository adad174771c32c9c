"""Letters bring what is attached once, to whom they were sent or back, and nothing is lost on the way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction

from aether.kernel import clock
from aether.kernel.errors import IdReusedError
from aether.protocol.exchange import Goods, LetterOpened, Portion
from apps.accounts.models import Account as Login
from apps.accounts.models import Character
from apps.economy import auditing, mailbox, selectors, services
from apps.economy.errors import (
    BoundItemError,
    CapacityError,
    CodChangedError,
    DuplicateGoodsError,
    InsufficientError,
    MailboxFullError,
    NoLetterError,
    NoRecipientError,
    NotHeldError,
    NothingAttachedError,
    NothingForCodError,
    OwnCharacterError,
    StillAttachedError,
    SwitchedOffError,
    TextRefusedError,
    TooMuchGoodsError,
    VoicelessError,
    WornItemError,
)
from apps.economy.models import BALANCE_MAX, FeatureSwitch, Letter
from apps.economy.services import mail, surroundings
from apps.economy.services.minting import BAG_INSTANCES_MAX
from tests.economy.cast import character, give, item_id, mint, stacks

pytestmark = pytest.mark.django_db
DAY_S = 86_400


@pytest.fixture(autouse=True)
def _laws_hold() -> Iterator[None]:
    yield
    assert auditing.audit_ledger() == []


@contextmanager
def days_later(days: float) -> Iterator[None]:
    then = clock.now() + days * DAY_S
    with clock.replaced(lambda: then):
        yield


def send(sender: int, to: str = "Bob", *, goods: Goods | None = None, cod: int = 0, **other: str) -> int:
    texts = {"subject": "Hello", "body": "", "key": f"{sender}:{to}:{cod}"} | other
    with transaction.atomic():
        return services.send_letter(
            services.Sending(
                character_id=sender,
                to=to,
                subject=texts["subject"],
                body=texts["body"],
                goods=goods or Goods(),
                cod=cod,
                idempotency_key=texts["key"],
            )
        )


def take(owner: int, letter: int, *, cod: int = 0, asset: str | None = None, key: str = "t") -> LetterOpened:
    taking = services.Taking(
        character_id=owner, letter_id=letter, cod=cod, asset=asset, idempotency_key=f"{key}:{owner}:{letter}"
    )
    with transaction.atomic():
        return services.take_attachments(taking)


def some(item: str, count: int) -> list[Portion]:
    return [Portion(item=item, count=count)]


def test_a_letter_brings_glim_stacks_and_items() -> None:
    alice, bob = character(), character("Bob")
    give(alice, glim=50, reed_fibre=5, reed_hook=1)
    hook = item_id(alice, "reed_hook")
    letter = send(alice, goods=Goods(glim=20, stacks=some("reed_fibre", 3), items=[hook]))
    assert (selectors.glim(alice), stacks(alice)) == (30, {"reed_fibre": 2})
    assert selectors.inventory(bob).glim == 0
    opened = services.open_letter(character_id=bob, letter_id=letter)
    assert (opened.letter.sender, opened.letter.attached, opened.goods.glim) == ("Alice", 3, 20)
    after = take(bob, letter)
    assert (after.letter.attached, selectors.glim(bob), stacks(bob)) == (0, 20, {"reed_fibre": 3})
    assert item_id(bob, "reed_hook") == hook


def test_attachments_are_taken_one_by_one_and_each_once() -> None:
    alice, bob = character(), character("Bob")
    give(alice, glim=50, reed_fibre=5)
    letter = send(alice, goods=Goods(glim=20, stacks=some("reed_fibre", 3)))
    assert take(bob, letter, asset="glim").letter.attached == 1
    with pytest.raises(NothingAttachedError):
        take(bob, letter, asset="glim", key="again")
    take(bob, letter, asset="reed_fibre", key="rest")
    assert (selectors.glim(bob), stacks(bob)) == (20, {"reed_fibre": 3})


def test_the_mailbox_lists_newest_first_in_pages_and_counts_the_unread() -> None:
    alice, bob = character(), character("Bob")
    first = [send(alice, key=str(n)) for n in range(mailbox.PAGE + 3)]
    services.open_letter(character_id=bob, letter_id=first[0])
    page = mailbox.mailbox(bob)
    assert [each.id for each in page.letters] == first[: -mailbox.PAGE - 1 : -1]
    assert page.unread == mailbox.PAGE + 2
    rest = mailbox.mailbox(bob, before=page.before)
    assert ([each.id for each in rest.letters], rest.before) == (first[2::-1], None)


def test_the_letter_of_another_is_not_there() -> None:
    alice, bob, carol = character(), character("Bob"), character("Carol")
    give(alice, glim=5)
    letter = send(alice, goods=Goods(glim=5))
    for who in (alice, carol):
        with pytest.raises(NoLetterError):
            services.open_letter(character_id=who, letter_id=letter)
        with pytest.raises(NoLetterError):
            take(who, letter)
    assert selectors.glim(bob) == 0


def test_cod_is_paid_to_the_sender_once_before_anything_is_taken() -> None:
    alice, bob = character(), character("Bob")
    give(alice, reed_fibre=5, marsh_tonic=1)
    give(bob, glim=100)
    goods = Goods(stacks=[Portion(item="reed_fibre", count=5), Portion(item="marsh_tonic", count=1)])
    letter = send(alice, goods=goods, cod=40)
    with pytest.raises(CodChangedError):
        take(bob, letter, cod=0)
    take(bob, letter, cod=40, asset="reed_fibre")
    assert (selectors.glim(alice), selectors.glim(bob)) == (40, 60)
    take(bob, letter, cod=0, asset="marsh_tonic", key="rest")
    assert (selectors.glim(alice), selectors.glim(bob)) == (40, 60)


def test_who_cannot_pay_gets_nothing() -> None:
    alice, bob = character(), character("Bob")
    give(alice, reed_fibre=5)
    letter = send(alice, goods=Goods(stacks=some("reed_fibre", 5)), cod=40)
    with pytest.raises(InsufficientError):
        take(bob, letter, cod=40)
    assert (stacks(bob), mailbox.mailbox(bob).letters[0].attached) == ({}, 1)


def test_a_payment_that_fits_in_no_wallet_comes_by_mail() -> None:
    alice, bob = character(), character("Bob")
    give(alice, reed_fibre=5)
    mint(alice, BALANCE_MAX - 10, "rich")
    give(bob, glim=100)
    take(bob, send(alice, goods=Goods(stacks=some("reed_fibre", 5)), cod=40), cod=40)
    assert selectors.glim(alice) == BALANCE_MAX
    [letter] = mailbox.mailbox(alice).letters
    assert (letter.source, letter.attached) == ("overflow", 1)


def test_what_nobody_takes_goes_back_once_and_is_then_lost() -> None:
    alice, bob = character(), character("Bob")
    give(alice, glim=50)
    letter = send(alice, goods=Goods(glim=20), cod=5)
    with days_later(30.1):
        assert services.sweep() == 1
        assert mailbox.mailbox(bob).letters == []
        [back] = mailbox.mailbox(alice).letters
        assert (back.id, back.sender, back.cod, back.is_returned) == (letter, "Bob", 0, True)
    with days_later(60.3):
        assert services.sweep() == 1
        assert mailbox.mailbox(alice).letters == []
    assert selectors.glim(alice) == 30


def test_the_sender_takes_back_what_came_back() -> None:
    alice = character()
    character("Bob")
    give(alice, glim=50)
    letter = send(alice, goods=Goods(glim=20))
    with days_later(31):
        services.sweep()
        take(alice, letter)
    assert selectors.glim(alice) == 50


def test_what_is_paid_does_not_go_back() -> None:
    alice, bob = character(), character("Bob")
    give(alice, reed_fibre=1, marsh_tonic=1)
    give(bob, glim=10)
    goods = Goods(stacks=[Portion(item="reed_fibre", count=1), Portion(item="marsh_tonic", count=1)])
    take(bob, send(alice, goods=goods, cod=10), cod=10, asset="reed_fibre")
    with days_later(31):
        services.sweep()
    assert mailbox.mailbox(alice).letters == []


def test_a_letter_without_attachments_may_be_thrown_away_and_goes_by_itself() -> None:
    alice, bob = character(), character("Bob")
    give(alice, glim=5)
    full, empty = send(alice, goods=Goods(glim=5)), send(alice, key="empty")
    with pytest.raises(StillAttachedError), transaction.atomic():
        services.discard_letter(character_id=bob, letter_id=full)
    services.discard_letter(character_id=bob, letter_id=empty)
    assert [each.id for each in mailbox.mailbox(bob).letters] == [full]


@pytest.mark.parametrize(
    ("goods", "error"),
    [
        (Goods(glim=51), InsufficientError),
        (Goods(stacks=some("reed_fibre", 6)), InsufficientError),
        (Goods(stacks=some("reed_fibre", 2) * 2), DuplicateGoodsError),
        (Goods(stacks=some("moor_licence", 1)), BoundItemError),
        (Goods(stacks=some("reed_hook", 1)), NotHeldError),
        (Goods(stacks=some("item:x", 1)), NotHeldError),
        (Goods(items=["00000000-0000-4000-8000-000000000000"]), NotHeldError),
        (Goods(items=["x" * 36]), NotHeldError),
    ],
)
def test_what_may_not_be_given_is_refused_and_nothing_moves(goods: Goods, error: type[Exception]) -> None:
    alice, bob = character(), character("Bob")
    give(alice, glim=50, reed_fibre=5, moor_licence=1)
    with pytest.raises(error):
        send(alice, goods=goods)
    assert (selectors.glim(alice), mailbox.mailbox(bob).letters) == (50, [])


def test_what_is_worn_is_not_sent() -> None:
    alice = character()
    character("Bob")
    give(alice, reed_hook=1)
    hook = item_id(alice, "reed_hook")
    services.equip(character_id=alice, item_id=hook, idempotency_key="e")
    with pytest.raises(WornItemError):
        send(alice, goods=Goods(items=[hook]))


def test_more_than_twelve_things_do_not_fit_into_a_letter() -> None:
    alice = character()
    character("Bob")
    give(alice, reed_hook=12, glim=1)
    items = [each.id for each in selectors.inventory(alice).items]
    with pytest.raises(TooMuchGoodsError):
        send(alice, goods=Goods(glim=1, items=items))


def test_letters_go_to_others_only_and_to_somebody_who_exists() -> None:
    alice = character()
    with pytest.raises(OwnCharacterError):
        send(alice, "Alice")
    Character.objects.create(
        account=Login.objects.get(username="alice"), name="Ann", name_key="ann", class_id="anchorite"
    )
    with pytest.raises(OwnCharacterError):
        send(alice, "Ann")
    with pytest.raises(NoRecipientError):
        send(alice, "Nobody")


@pytest.mark.parametrize("subject", ["", "  ", "a\u202eb", "a\nb", "\x00", "\u200b", "x" * 65, "\ud800"])
def test_a_subject_is_one_plain_line(subject: str) -> None:
    alice = character()
    character("Bob")
    with pytest.raises(TextRefusedError):
        send(alice, subject=subject)


def test_a_text_may_have_lines_but_no_disguise() -> None:
    alice, bob = character(), character("Bob")
    letter = send(alice, body="<b>Hi</b>\n\n{{7*7}}")
    assert services.open_letter(character_id=bob, letter_id=letter).body == "<b>Hi</b>\n\n{{7*7}}"
    for body in ("a\u202eb", "x\x1b[31m", "\n" * 50 + "x\n" * 50):
        with pytest.raises(TextRefusedError):
            send(alice, body=body, key=body)


def test_a_muted_account_writes_no_letters() -> None:
    alice = character()
    character("Bob")
    until = clock.utc_now().replace(year=2100)
    Login.objects.filter(username="alice").update(muted_until=until)
    with pytest.raises(VoicelessError) as refused:
        send(alice)
    assert refused.value.details == {"until": until.timestamp()}


def test_a_key_that_was_used_sends_nothing_more() -> None:
    alice, bob = character(), character("Bob")
    give(alice, glim=50)
    send(alice, goods=Goods(glim=20), key="k")
    with pytest.raises(IdReusedError):
        send(alice, goods=Goods(glim=20), key="k")
    assert (selectors.glim(alice), len(mailbox.mailbox(bob).letters)) == (30, 1)


def test_nothing_is_paid_for_nothing() -> None:
    alice = character()
    character("Bob")
    with pytest.raises(NothingForCodError):
        send(alice, cod=5)


def test_a_mailbox_has_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "LETTERS_MAX", 2)
    alice = character()
    character("Bob")
    send(alice, key="1")
    send(alice, key="2")
    with pytest.raises(MailboxFullError):
        send(alice, key="3")


def test_a_mailbox_takes_nothing_of_whom_its_owner_does_not_hear(monkeypatch: pytest.MonkeyPatch) -> None:
    alice, bob = character(), character("Bob")
    give(alice, glim=50)
    monkeypatch.setattr(surroundings, "_listening", [lambda who, other: (who, other) != (bob, alice)])
    for cod in (0, 5):
        with pytest.raises(MailboxFullError):
            send(alice, goods=Goods(glim=20), cod=cod)
    assert (selectors.glim(alice), Letter.objects.count()) == (50, 0)
    send(bob, "Alice")


def test_what_comes_back_comes_also_from_whom_one_has_blocked(monkeypatch: pytest.MonkeyPatch) -> None:
    alice, _ = character(), character("Bob")
    give(alice, glim=50)
    letter = send(alice, goods=Goods(glim=20))
    monkeypatch.setattr(surroundings, "_listening", [lambda who, other: False])
    with days_later(31):
        services.expire_letters()
        take(alice, letter)
    assert selectors.glim(alice) == 50


def test_a_grant_beyond_the_bag_comes_by_mail() -> None:
    alice = character()
    give(alice, reed_hook=BAG_INSTANCES_MAX - 1)
    granted = services.grant(
        character_id=alice, cause="chest:c", idempotency_key="c", glim=5, items={"reed_hook": 3}
    )
    assert (len(granted.items), granted.glim) == (3, 5)
    assert len(selectors.inventory(alice).items) == BAG_INSTANCES_MAX
    [letter] = mailbox.mailbox(alice).letters
    assert (letter.source, letter.sender, letter.attached) == ("overflow", None, 2)
    again = services.grant(
        character_id=alice, cause="chest:c", idempotency_key="c", glim=5, items={"reed_hook": 3}
    )
    assert again == granted
    with pytest.raises(CapacityError):
        take(alice, letter.id)


def test_a_stack_beyond_what_anybody_holds_comes_by_mail() -> None:
    alice = character()
    mint(alice, BALANCE_MAX - 3, "rich")
    give(alice, glim=10)
    assert selectors.glim(alice) == BALANCE_MAX
    [letter] = mailbox.mailbox(alice).letters
    assert services.open_letter(character_id=alice, letter_id=letter.id).goods.glim == 7


def test_a_letter_of_the_house_that_nobody_takes_is_lost_at_last() -> None:
    alice = character()
    give(alice, reed_hook=BAG_INSTANCES_MAX + 1)
    with days_later(59):
        assert services.sweep() == 0
    with days_later(61):
        assert services.sweep() == 1
    assert Letter.objects.get().closed_at is not None


def test_while_the_mail_is_stopped_nothing_of_it_moves() -> None:
    alice, bob = character(), character("Bob")
    give(alice, glim=50)
    letter = send(alice, goods=Goods(glim=20))
    FeatureSwitch.objects.update_or_create(feature="mail", defaults={"is_on": False})
    with pytest.raises(SwitchedOffError):
        send(alice, goods=Goods(glim=20), key="x")
    with pytest.raises(SwitchedOffError):
        take(bob, letter)
    with days_later(31):
        assert services.sweep() == 0
    assert (selectors.glim(alice), selectors.glim(bob)) == (30, 0)
