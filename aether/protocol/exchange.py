"""Wire types of what people exchange: goods, letters, and how a letter is answered for."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import msgspec

from aether.protocol.base import Command, Done, Update, Wire, Words
from aether.protocol.economy import ContentId, Count, ItemId, Stack, UniqueItem

GOODS_MAX = 12
SUBJECT_MAX = 64
BODY_MAX = 1000

Coins = Annotated[int, msgspec.Meta(ge=0, le=10**12)]
Reference = Annotated[int, msgspec.Meta(ge=1, le=2**53 - 1)]
LetterSource = Literal[
    "player", "overflow", "market", "auction_won", "auction_sold", "auction_unsold", "correction", "story"
]


class Portion(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A number of one item that stacks."""

    item: ContentId
    count: Count


class Goods(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What somebody means to give: glim, parts of stacks, and instances by their ids."""

    glim: Coins = 0
    stacks: Annotated[list[Portion], msgspec.Meta(max_length=GOODS_MAX)] = []
    items: Annotated[list[ItemId], msgspec.Meta(max_length=GOODS_MAX)] = []


class GoodsSeen(Wire, frozen=True, kw_only=True):
    """Goods as they are shown: instances with their rolls."""

    glim: int
    stacks: list[Stack]
    items: list[UniqueItem]


class LetterSeen(Wire, frozen=True, kw_only=True):
    """A letter in the list; `sender` is null for one of the house, which `source` explains.
    One of the story has a `title` in every language instead of a subject.

    `cod` is what is to be paid before anything is taken, `attached` how much is still attached.
    """

    id: int
    source: LetterSource
    sender: str | None
    subject: str
    sent_at: float
    expires_at: float
    cod: int
    attached: int
    is_read: bool
    is_returned: bool
    title: Words | None = None


class Correction(Wire, frozen=True, kw_only=True):
    """What was put right: what somebody has no more and has again, owes from now on and owes no longer.

    `share_pct` of what is earned pays off what is owed.
    """

    taken: GoodsSeen
    given: GoodsSeen
    owed: GoodsSeen
    settled: GoodsSeen
    share_pct: int


class LetterOpened(Wire, frozen=True, kw_only=True):
    """A letter with its text and what is still attached; one of the story has `text`, not `body`."""

    letter: LetterSeen
    body: str
    goods: GoodsSeen
    text: Words | None = None
    correction: Correction | None = None


class Mailbox(Wire, frozen=True, kw_only=True):
    """Letters, newest first; `before` continues the list, null at its end."""

    letters: list[LetterSeen]
    unread: int
    before: int | None


class SendLetter(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Write to a character by name. `cod` is what it pays for what is attached."""

    type_name: ClassVar[str] = "economy.mail_send"
    reply_type: ClassVar[type[Wire]] = Done

    to: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    subject: Annotated[str, msgspec.Meta(min_length=1, max_length=SUBJECT_MAX)]
    body: Annotated[str, msgspec.Meta(max_length=BODY_MAX)] = ""
    goods: Goods = Goods()
    cod: Coins = 0


class ReadMailbox(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    type_name: ClassVar[str] = "economy.mail"
    reply_type: ClassVar[type[Wire]] = Mailbox
    is_durable: ClassVar[bool] = False

    before: Reference | None = None


class OpenLetter(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Read a letter, which is then no longer unread."""

    type_name: ClassVar[str] = "economy.mail_open"
    reply_type: ClassVar[type[Wire]] = LetterOpened
    is_durable: ClassVar[bool] = False

    letter: Reference


class TakeAttachment(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Take what is attached: all of it, or one asset (`glim`, an item, or `item:<id>`).

    What a letter asks for is paid first, once; `cod` says that the player knows how much.
    """

    type_name: ClassVar[str] = "economy.mail_take"
    reply_type: ClassVar[type[Wire]] = LetterOpened

    letter: Reference
    cod: Coins
    asset: ContentId | None = None


class DiscardLetter(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Throw away a letter to which nothing is attached any more."""

    type_name: ClassVar[str] = "economy.mail_discard"
    reply_type: ClassVar[type[Wire]] = Done

    letter: Reference


class LetterArrived(Update, frozen=True, kw_only=True):
    """On `me`: a letter has come."""

    type_name: ClassVar[str] = "economy.mail_arrived"

    letter: LetterSeen


class LetterGone(Update, frozen=True, kw_only=True):
    """On `me`: a letter was sent back to its sender, or its time is over and what it brought is lost."""

    type_name: ClassVar[str] = "economy.mail_gone"

    letter: int
    is_sent_back: bool
