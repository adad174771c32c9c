"""The mail between players: writing, paying for and taking what is attached, and what time does to letters.

A letter's row is locked before the characters of it; what is attached moves with the row that says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import F

from aether.kernel import clock, facts, plain_text, realtime
from aether.kernel.errors import IdReusedError, NotFoundError
from aether.kernel.facts.types import LetterLost
from aether.kernel.transactions import transactional
from aether.protocol.exchange import BODY_MAX, GOODS_MAX, SUBJECT_MAX, Goods, LetterGone, LetterOpened
from apps.accounts import selectors as accounts
from apps.economy import mailbox, selectors
from apps.economy.buckets import Bucket, home, mail, sink, wallet
from apps.economy.definitions import CURRENCY
from apps.economy.errors import (
    CapacityError,
    CodChangedError,
    MailboxFullError,
    NoLetterError,
    NoRecipientError,
    NothingAttachedError,
    NothingForCodError,
    OwnCharacterError,
    StillAttachedError,
    TextRefusedError,
    TooMuchGoodsError,
    VoicelessError,
)
from apps.economy.models import BALANCE_MAX, Letter
from apps.economy.rules.room import fit
from apps.economy.services.carrying import liftable, require_strength_for
from apps.economy.services.due import each_alone
from apps.economy.services.freezing import lock_dealers, require_free
from apps.economy.services.goods import assets_of, require_giveable
from apps.economy.services.ledger import Move, Posting, lock_holders, post
from apps.economy.services.letters import (
    KEPT,
    Draft,
    Source,
    bucket_of,
    deliveries,
    tell_arrival,
    write_letter,
)
from apps.economy.services.minting import room_in_bag
from apps.economy.services.surroundings import hears
from apps.economy.services.switches import Feature, is_on, require_on, when_reopened
from apps.economy.services.telling import tell_change

LETTERS_MAX = 200
"""How many letters of players one mailbox holds."""
BODY_LINES_MAX = 40
SWEPT_AT_ONCE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """A letter that a character means to send, by the recipient's name."""

    character_id: int
    to: str
    subject: str
    body: str
    goods: Goods
    cod: int
    idempotency_key: str


@transactional
def send_letter(sending: Sending) -> int:
    """Send a letter with what is attached, and return it."""
    require_on(Feature.MAIL)
    sender = sending.character_id
    recipient_id = _recipient(sender, sending.to)
    contents = assets_of(sending.goods)
    if len(contents) > GOODS_MAX:
        raise TooMuchGoodsError(most=GOODS_MAX)
    if sending.cod and not contents:
        raise NothingForCodError()
    draft = Draft(
        recipient_id=recipient_id,
        sender_id=sender,
        source=Source.PLAYER,
        subject=_subject(sending.subject),
        body=_body(sending.body),
        cause=f"mail:{sender}",
        contents=contents,
        cod=sending.cod,
    )
    lock_dealers(sender)
    require_giveable(sender, contents)
    if not _takes_letters(recipient_id, sender):
        raise MailboxFullError()
    letter = write_letter(draft)
    moves = [
        Move(asset=asset, amount=amount, source=home(sender, asset), target=bucket_of(letter))
        for asset, amount in sorted(contents.items())
    ]
    if moves:
        _post(letter, "mail_send", sending.idempotency_key, moves, actor_id=sender)
        tell_change(sender, f"mail:{letter.pk}", moves)
    return int(letter.pk)


@transactional
def open_letter(*, character_id: int, letter_id: int) -> LetterOpened:
    """Read a letter."""
    letter = mailbox.letters_of(character_id).filter(pk=letter_id).first()
    if letter is None:
        raise NoLetterError()
    if letter.read_at is None:
        letter.read_at = clock.utc_now()
        letter.save(update_fields=["read_at"])
    return mailbox.opened(letter)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """What a character means to take of a letter: one asset, or all. `cod` is what it expects to pay."""

    character_id: int
    letter_id: int
    cod: int
    asset: str | None
    idempotency_key: str


@transactional
def take_attachments(taking: Taking) -> LetterOpened:
    """Pay what the letter asks for and take what is attached, as far as there is room for it."""
    require_on(Feature.MAIL)
    letter = _locked(taking.character_id, taking.letter_id)
    if letter.owes != taking.cod:
        raise CodChangedError(cod=letter.owes)
    if letter.owes:
        require_free(taking.character_id)
    attached = mailbox.attached_to(letter)
    wanted = {k: n for k, n in attached.items() if taking.asset in (None, k)}
    if not wanted:
        raise NothingAttachedError()
    moves = [*_taken(letter, wanted), *_payment(letter)]
    _post(letter, "mail_take", taking.idempotency_key, moves, actor_id=taking.character_id)
    now = clock.utc_now()
    taken = [move.asset for move in moves if move.source == bucket_of(letter)]
    letter.attachments.filter(asset__in=taken).update(taken_at=now)
    sender, is_payment = letter.sender_id, letter.owes > 0
    letter.is_paid, letter.read_at = letter.is_paid or is_payment, letter.read_at or now
    if is_payment:
        letter.expires_at = now + KEPT
    letter.save(update_fields=["is_paid", "read_at", "expires_at"])
    tell_change(taking.character_id, f"mail:{letter.pk}", moves)
    if sender is not None and is_payment:
        tell_change(sender, f"mail:{letter.pk}", [move for move in moves if move.asset == CURRENCY])
    return mailbox.opened(letter)


@transactional
def discard_letter(*, character_id: int, letter_id: int) -> None:
    """Throw away a letter that brings nothing any more."""
    letter = _locked(character_id, letter_id)
    if mailbox.attached_to(letter):
        raise StillAttachedError()
    _close(letter)


def expire_letters() -> int:
    """Send back, or give up, the letters whose time is over; return how many."""
    if not is_on(Feature.MAIL):
        return 0
    due = Letter.objects.filter(closed_at__isnull=True, expires_at__lte=clock.utc_now())
    ids = due.order_by("expires_at").values_list("pk", flat=True)[:SWEPT_AT_ONCE]
    return each_alone(_expire, ids, what="letter")


@when_reopened(Feature.MAIL)
def _keep_letters_longer(stopped_for: timedelta) -> None:
    Letter.objects.filter(closed_at__isnull=True).update(expires_at=F("expires_at") + stopped_for)


@transaction.atomic
def _expire(letter_id: int) -> bool:
    letter = (
        Letter.objects.select_for_update(skip_locked=True)
        .filter(pk=letter_id, closed_at__isnull=True, expires_at__lte=clock.utc_now())
        .first()
    )
    if letter is None:
        return False
    lock_holders(each for each in (letter.recipient_id, letter.sender_id) if each is not None)
    attached = mailbox.attached_to(letter)
    if attached and letter.sender_id is not None and not letter.is_returned and not letter.is_paid:
        _send_back(letter, letter.sender_id, attached)
    else:
        _give_up(letter, attached)
    return True


def _send_back(letter: Letter, sender_id: int, attached: dict[str, int]) -> None:
    before, after = bucket_of(letter), mail(sender_id, letter.pk)
    _tell_gone(letter, is_sent_back=True)
    letter.recipient_id, letter.sender_id = sender_id, letter.recipient_id
    letter.is_returned, letter.cod, letter.read_at = True, 0, None
    letter.expires_at = clock.utc_now() + KEPT
    letter.save()
    _post(letter, "mail_return", f"mail:{letter.pk}:return", _all_of(attached, before, after))
    tell_arrival(letter, len(attached))


def _give_up(letter: Letter, attached: dict[str, int]) -> None:
    if attached:
        moves = _all_of(attached, bucket_of(letter), sink("mail"))
        _post(letter, "mail_lost", f"mail:{letter.pk}:lost", moves)
        facts.publish(LetterLost(character=letter.recipient_id, letter=letter.pk))
    _tell_gone(letter, is_sent_back=False)
    _close(letter)


def _close(letter: Letter) -> None:
    letter.closed_at = clock.utc_now()
    letter.save(update_fields=["closed_at"])


def _tell_gone(letter: Letter, *, is_sent_back: bool) -> None:
    realtime.tell_character(letter.recipient_id, LetterGone(letter=letter.pk, is_sent_back=is_sent_back))


def _locked(character_id: int, letter_id: int) -> Letter:
    """Return a letter of the character, locked together with whom it concerns."""
    letter = mailbox.letters_of(character_id).select_for_update().filter(pk=letter_id).first()
    if letter is None:
        raise NoLetterError()
    payees = [letter.sender_id] if letter.owes and letter.sender_id is not None else []
    lock_holders([character_id, *payees])
    return letter


def _taken(letter: Letter, wanted: dict[str, int]) -> list[Move]:
    """Return the moves of what there is room for; refuse where there is room for nothing."""
    owner = letter.recipient_id
    held = {asset: n for (_, asset), n in selectors.amounts(owner, wanted).items()}
    fitted = fit(wanted, held=held, room=room_in_bag(owner), most=BALANCE_MAX)
    whole = {asset: n for asset, n in fitted.carried.items() if n == wanted[asset]}
    if not whole:
        raise CapacityError(asset=min(wanted))
    return [
        Move(asset=asset, amount=n, source=bucket_of(letter), target=home(owner, asset))
        for asset, n in _lifted(letter, whole).items()
    ]


def _lifted(letter: Letter, assets: dict[str, int]) -> dict[str, int]:
    """Return what is not too heavy: the rest waits. Nobody pays before it could carry all of it at once.

    What comes back or from the house may be taken whatever it weighs: it would be lost.
    """
    if letter.sender_id is None or letter.is_returned:
        return assets
    if letter.owes:
        require_strength_for(letter.recipient_id, mailbox.attached_to(letter))
    return liftable(letter.recipient_id, assets)


def _payment(letter: Letter) -> list[Move]:
    if not letter.owes or letter.sender_id is None:
        return []
    delivery = deliveries({letter.sender_id: [CURRENCY]}, cause=f"mail:{letter.pk}")
    moves = delivery.bring(letter.sender_id, {CURRENCY: letter.owes}, wallet(letter.recipient_id))
    delivery.finish()
    return moves


def _all_of(contents: dict[str, int], source: Bucket, target: Bucket) -> list[Move]:
    return [
        Move(asset=asset, amount=n, source=source, target=target) for asset, n in sorted(contents.items())
    ]


def _post(letter: Letter, kind: str, key: str, moves: list[Move], actor_id: int | None = None) -> None:
    cause = f"mail:{letter.pk}"
    posting = Posting(kind=kind, idempotency_key=key, cause=cause, moves=tuple(moves), actor_id=actor_id)
    if not post(posting).is_new:
        raise IdReusedError()


def _recipient(sender_id: int, name: str) -> int:
    """Return whom a letter goes to; refuse oneself, one's own characters, and who may not write."""
    try:
        recipient = accounts.character_named(name)
    except NotFoundError:
        raise NoRecipientError() from None
    if recipient.account_id == accounts.character(sender_id).account_id:
        raise OwnCharacterError()
    speaker = accounts.speakers([sender_id])[sender_id]
    if not speaker.may_speak:
        raise VoicelessError(until=speaker.speaks_from)
    return recipient.id


def _takes_letters(recipient_id: int, sender_id: int) -> bool:
    """Tell if a mailbox has room for a letter of somebody; none of whom its owner does not hear."""
    letters = mailbox.letters_of(recipient_id).filter(sender_id__isnull=False)
    return letters.count() < LETTERS_MAX and hears(recipient_id, sender_id)


def _subject(text: str) -> str:
    subject = plain_text.cleaned(text, longest=SUBJECT_MAX)
    if subject is None:
        raise TextRefusedError()
    return subject


def _body(text: str) -> str:
    body = plain_text.cleaned_lines(text, longest=BODY_MAX, lines_max=BODY_LINES_MAX)
    if body is None:
        raise TextRefusedError()
    return body
