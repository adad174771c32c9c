"""What is read of the mail: a character's letters, and one letter with what is attached to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Count, Q, QuerySet

from aether.protocol.base import Words
from aether.protocol.economy import Stack, UniqueItem
from aether.protocol.exchange import Correction, GoodsSeen, LetterOpened, LetterSeen, Mailbox
from apps.accounts import selectors as accounts
from apps.economy import selectors
from apps.economy.definitions import CURRENCY
from apps.economy.models import Letter
from apps.economy.selectors import INSTANCE

PAGE = 50

_OPEN = Count("attachments", filter=Q(attachments__taken_at__isnull=True))


def letters_of(character_id: int) -> QuerySet[Letter]:
    """Return a character's letters that are still there, newest first."""
    return Letter.objects.filter(recipient_id=character_id, closed_at__isnull=True).order_by("-id")


def mailbox(character_id: int, *, before: int | None = None) -> Mailbox:
    """Return a page of a character's letters."""
    letters = letters_of(character_id).annotate(attached=_OPEN)
    page = list((letters.filter(pk__lt=before) if before else letters)[: PAGE + 1])
    names = _names(page)
    return Mailbox(
        letters=[seen(letter, letter.attached, names) for letter in page[:PAGE]],
        unread=letters_of(character_id).filter(read_at__isnull=True).count(),
        before=page[PAGE - 1].pk if len(page) > PAGE else None,
    )


def opened(letter: Letter) -> LetterOpened:
    """Return a letter with its text and what is still attached."""
    attached = attached_to(letter)
    return LetterOpened(
        letter=seen(letter, len(attached), _names([letter])),
        body=letter.body,
        goods=goods_seen(attached),
        text=None if letter.words is None else Words(**letter.words["text"]),
        correction=None if letter.correction is None else _correction(letter.correction),
    )


def attached_to(letter: Letter) -> dict[str, int]:
    """Return what is still attached, by asset."""
    return dict(letter.attachments.filter(taken_at__isnull=True).values_list("asset", "amount"))


def letter_seen(letter: Letter, attached: int) -> LetterSeen:
    """Return a letter as its recipient sees it in the list."""
    return seen(letter, attached, _names([letter]))


def seen(letter: Letter, attached: int, names: Mapping[int, str]) -> LetterSeen:
    """Return the same, with the names of senders at hand."""
    return LetterSeen(
        id=letter.pk,
        source=letter.source,  # type: ignore[arg-type]  # the column has the same choices
        sender=None if letter.sender_id is None else names.get(letter.sender_id, "?"),
        subject=letter.subject,
        sent_at=letter.sent_at.timestamp(),
        expires_at=letter.expires_at.timestamp(),
        cod=letter.owes,
        attached=attached,
        is_read=letter.read_at is not None,
        is_returned=letter.is_returned,
        title=None if letter.words is None else Words(**letter.words["subject"]),
    )


def goods_seen(assets: Mapping[str, int]) -> GoodsSeen:
    """Return assets as people see them."""
    return goods_of(assets, selectors.items_seen(selectors.instances_by_asset(assets)))


def goods_of(assets: Mapping[str, int], items: Mapping[str, UniqueItem]) -> GoodsSeen:
    """Return the same, with the unique items at hand."""
    return GoodsSeen(
        glim=assets.get(CURRENCY, 0),
        stacks=[
            Stack(item=asset, count=amount)
            for asset, amount in sorted(assets.items())
            if asset != CURRENCY and not asset.startswith(INSTANCE)
        ],
        items=[items[asset] for asset in sorted(assets) if asset.startswith(INSTANCE)],
    )


def _correction(kept: Mapping[str, Any]) -> Correction:
    sides = {name: goods_seen(kept[name]) for name in ("taken", "given", "owed", "settled")}
    return Correction(**sides, share_pct=kept["share_pct"])


def _names(letters: Sequence[Letter]) -> dict[int, str]:
    return names_of(letter.sender_id for letter in letters if letter.sender_id is not None)


def names_of(character_ids: Iterable[int]) -> dict[int, str]:
    """Return the names of characters."""
    ids = set(character_ids)
    return {pk: found.name for pk, found in accounts.characters(ids).items()} if ids else {}
