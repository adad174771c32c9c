"""Wire types of quests and dialogue."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import msgspec

from aether.protocol.base import Command, Done, Update, Wire

ContentId = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
QuestState = Literal["available", "active", "ready", "completed", "failed", "abandoned"]


class Progress(Wire, frozen=True, kw_only=True):
    """One objective of the current step; its text is the quest's, found by `objective`."""

    objective: str
    count: int
    needed: int


class Quest(Wire, frozen=True, kw_only=True):
    quest: str
    state: QuestState
    step: str | None
    progress: list[Progress]


class QuestLog(Wire, frozen=True, kw_only=True):
    quests: list[Quest]


class ReadQuestLog(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    type_name: ClassVar[str] = "quests.log"
    reply_type: ClassVar[type[Wire]] = QuestLog
    is_durable: ClassVar[bool] = False


class DialogueOption(Wire, frozen=True, kw_only=True):
    option: str
    text: str


class Dialogue(Wire, frozen=True, kw_only=True):
    """What an NPC says now, in the language of the socket; no options and no text: the talk is over.

    `opens` names a window that the client should show: `shop:<id>` or `bank`.
    """

    npc: str
    node: str | None
    rev: int
    text: str
    options: list[DialogueOption]
    opens: str | None = None


class TalkTo(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Start talking to an NPC that stands near."""

    type_name: ClassVar[str] = "quests.talk"
    reply_type: ClassVar[type[Wire]] = Dialogue

    npc: ContentId


class ChooseOption(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    type_name: ClassVar[str] = "quests.choose"
    reply_type: ClassVar[type[Wire]] = Dialogue

    npc: ContentId
    rev: int
    option: ContentId


class AcceptQuest(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    type_name: ClassVar[str] = "quests.accept"
    reply_type: ClassVar[type[Wire]] = Quest

    quest: ContentId


class AbandonQuest(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    type_name: ClassVar[str] = "quests.abandon"
    reply_type: ClassVar[type[Wire]] = Done

    quest: ContentId


class QuestChanged(Update, frozen=True, kw_only=True):
    """On `me`: the whole state of one quest."""

    type_name: ClassVar[str] = "quests.changed"

    quest: Quest


class QuestLocked(Update, frozen=True, kw_only=True):
    """On `me`: a quest is no longer open to the character, as it was before another one was done."""

    type_name: ClassVar[str] = "quests.locked"

    quest: str
