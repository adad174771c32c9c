"""Letters of the house, and deliveries: what arrives goes where there is room, the rest into a letter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from aether.kernel import clock, realtime
from aether.protocol.exchange import LetterArrived
from apps.economy import mailbox, selectors
from apps.economy.buckets import Bucket, home, mail
from apps.economy.models import BALANCE_MAX, Attachment, Letter
from apps.economy.rules.room import fit
from apps.economy.services.ledger import Move
from apps.economy.services.minting import rooms_in_bags

KEPT = timedelta(days=30)
HOUSE_KEPT = 2 * KEPT
"""A letter of the house has nobody to go back to, and waits as long as one that does."""

Source = Letter.Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A letter to be written; the caller's entry moves what is attached into its bucket."""

    recipient_id: int
    source: Source
    cause: str
    contents: Mapping[str, int]
    sender_id: int | None = None
    subject: str = ""
    body: str = ""
    cod: int = 0
    words: Mapping[str, Mapping[str, str]] | None = None
    correction: Mapping[str, object] | None = None


def write_letter(draft: Draft) -> Letter:
    """Write a letter down and tell of it. Call in the transaction that moves what is attached."""
    letter = _written(draft)
    letter.save()
    Attachment.objects.bulk_create(
        Attachment(letter=letter, asset=asset, amount=amount)
        for asset, amount in sorted(draft.contents.items())
    )
    tell_arrival(letter, len(draft.contents))
    return letter


def write_letters(drafts: Iterable[Draft]) -> None:
    """Write letters of which none has anything attached, and tell of them."""
    for letter in Letter.objects.bulk_create(map(_written, drafts)):
        tell_arrival(letter, 0)


def bucket_of(letter: Letter) -> Bucket:
    """Return where a letter's attachments lie."""
    return mail(letter.recipient_id, letter.pk)


def tell_arrival(letter: Letter, attached: int) -> None:
    arrived = LetterArrived(letter=mailbox.letter_seen(letter, attached))
    realtime.tell_character(letter.recipient_id, arrived)


def post_home(draft: Draft, source: Bucket) -> list[Move]:
    """Write a letter and return the moves that bring it its contents, whatever room there is elsewhere."""
    letter = write_letter(draft)
    return [
        Move(asset=asset, amount=amount, source=source, target=bucket_of(letter))
        for asset, amount in sorted(draft.contents.items())
    ]


def _written(draft: Draft) -> Letter:
    now = clock.utc_now()
    return Letter(
        recipient_id=draft.recipient_id,
        sender_id=draft.sender_id,
        source=draft.source,
        subject=draft.subject,
        body=draft.body,
        words=draft.words,
        correction=draft.correction,
        cause=draft.cause,
        cod=draft.cod,
        sent_at=now,
        expires_at=now + (HOUSE_KEPT if draft.sender_id is None else KEPT),
    )


@dataclass(slots=True)
class Deliveries:
    """Brings assets to characters, whose locks the caller holds. At the end, `finish` writes the letters."""

    cause: str
    held: dict[int, dict[str, int]]
    rooms: dict[int, int]
    letters: dict[int, tuple[Letter, dict[str, int]]] = field(default_factory=dict)

    def bring(self, character_id: int, contents: Mapping[str, int], source: Bucket) -> list[Move]:
        """Return the moves out of a bucket into purse, bag and, where these are full, the mail."""
        held = self.held[character_id]
        fitted = fit(contents, held=held, room=self.rooms[character_id], most=BALANCE_MAX)
        moves = []
        for asset, amount in fitted.carried.items():
            target = home(character_id, asset)
            moves.append(Move(asset=asset, amount=amount, source=source, target=target))
            held[asset] = held.get(asset, 0) + amount
            self.rooms[character_id] -= asset.startswith(selectors.INSTANCE)
        for asset, amount in fitted.left_over.items():
            letter, attached = self._letter(character_id)
            attached[asset] = attached.get(asset, 0) + amount
            moves.append(Move(asset=asset, amount=amount, source=source, target=bucket_of(letter)))
        return moves

    def spend(self, moves: Iterable[Move]) -> None:
        """Take account of what leaves purses and bags in the same transaction."""
        for move in moves:
            owner = move.source.owner_id
            if owner in self.held and move.source == home(owner, move.asset):
                self.held[owner][move.asset] = self.held[owner].get(move.asset, 0) - move.amount

    def finish(self) -> None:
        """Attach what went into letters, and tell of them."""
        for letter, attached in self.letters.values():
            Attachment.objects.bulk_create(
                Attachment(letter=letter, asset=asset, amount=amount)
                for asset, amount in sorted(attached.items())
            )
            tell_arrival(letter, len(attached))

    def _letter(self, character_id: int) -> tuple[Letter, dict[str, int]]:
        if character_id not in self.letters:
            now = clock.utc_now()
            letter = Letter.objects.create(
                recipient_id=character_id,
                source=Source.OVERFLOW,
                cause=self.cause,
                sent_at=now,
                expires_at=now + HOUSE_KEPT,
            )
            self.letters[character_id] = (letter, {})
        return self.letters[character_id]


def deliveries(wanted: Mapping[int, Iterable[str]], *, cause: str) -> Deliveries:
    """Begin deliveries to some characters, of some assets each. Call while holding the characters' locks."""
    held = {
        owner: {asset: amount for (_, asset), amount in cells.items()}
        for owner, cells in selectors.carried(wanted).items()
    }
    are_unique = any(asset.startswith(selectors.INSTANCE) for assets in wanted.values() for asset in assets)
    rooms = rooms_in_bags(wanted) if are_unique else dict.fromkeys(wanted, 0)
    return Deliveries(cause, held, rooms)
