"""Wire types of chat."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import msgspec

from aether.protocol.base import Command, Done, Update, Wire

CharacterName = Annotated[str, msgspec.Meta(min_length=1, max_length=24)]
Channel = Literal["zone", "global", "party", "guild", "whisper"]
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=1000)]


class ChatLine(Wire, frozen=True, kw_only=True):
    """`at` is in seconds since 1970; `to` whom one whispers.

    `channel` is zone, global, party, guild, whisper or system, where the staff speak: `texts` has what they
    say by language, `text` has it in English. `sender` is 0 where somebody of another shard speaks.
    """

    id: int
    channel: str
    sender: int
    name: str
    text: str
    at: float
    to: str | None = None
    texts: dict[str, str] = {}


class SayReply(Wire, frozen=True, kw_only=True):
    line: int


class Say(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Say something where one stands, to everybody, to one's party or guild, or to one character (`to`)."""

    type_name: ClassVar[str] = "chat.say"
    reply_type: ClassVar[type[Wire]] = SayReply
    is_durable: ClassVar[bool] = False

    channel: Channel
    text: Text
    to: CharacterName | None = None


class ChatHistory(Wire, frozen=True, kw_only=True):
    lines: list[ChatLine]


class ReadHistory(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The last lines of a channel, oldest first; `before` is the id of a line to page on from."""

    type_name: ClassVar[str] = "chat.history"
    reply_type: ClassVar[type[Wire]] = ChatHistory
    is_durable: ClassVar[bool] = False

    channel: Channel
    before: int | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=100)] = 50


class BlockCharacter(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    type_name: ClassVar[str] = "chat.block"
    reply_type: ClassVar[type[Wire]] = Done

    name: CharacterName


class UnblockCharacter(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    type_name: ClassVar[str] = "chat.unblock"
    reply_type: ClassVar[type[Wire]] = Done

    name: CharacterName


class BlockedCharacters(Wire, frozen=True, kw_only=True):
    """By name, in the order of the alphabet."""

    names: list[str]


class ListBlocked(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whom one does not hear, on whichever shard they are."""

    type_name: ClassVar[str] = "chat.blocked"
    reply_type: ClassVar[type[Wire]] = BlockedCharacters
    is_durable: ClassVar[bool] = False


class LineSaid(Update, frozen=True, kw_only=True):
    """On `chat:zone:<instance>`, `chat:global`, `chat:party:<id>` and `chat:guild:<id>`."""

    type_name: ClassVar[str] = "chat.line"

    line: ChatLine


class ChatSnapshot(Update, frozen=True, kw_only=True):
    """The recent lines of a channel, oldest first."""

    type_name: ClassVar[str] = "chat.snapshot"

    channel: str
    lines: list[ChatLine]


class WhisperReceived(Update, frozen=True, kw_only=True):
    """On `me`, for both sides of the whisper."""

    type_name: ClassVar[str] = "chat.whisper"

    line: ChatLine
