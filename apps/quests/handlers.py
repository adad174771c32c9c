"""Commands of quests and dialogue."""

from __future__ import annotations

from aether.kernel import realtime
from aether.kernel.dispatch import Caller, handles
from aether.protocol.base import Done
from aether.protocol.quests import (
    AbandonQuest,
    AcceptQuest,
    ChooseOption,
    Dialogue,
    Quest,
    QuestLog,
    ReadQuestLog,
    TalkTo,
)
from apps.economy import services as economy
from apps.quests import selectors, services
from apps.quests.services.talking import require_near


@handles(ReadQuestLog)
def read_log(caller: Caller, command: ReadQuestLog) -> QuestLog:
    return selectors.quest_log(caller.character_id)


@handles(TalkTo)
def talk(caller: Caller, command: TalkTo) -> Dialogue:
    return services.talk(character_id=caller.character_id, npc_id=command.npc, language=caller.language)


@handles(ChooseOption)
def choose(caller: Caller, command: ChooseOption) -> Dialogue:
    return services.choose(
        character_id=caller.character_id,
        npc_id=command.npc,
        rev=command.rev,
        option_id=command.option,
        language=caller.language,
    )


@handles(AcceptQuest)
def accept(caller: Caller, command: AcceptQuest) -> Quest:
    return services.accept(character_id=caller.character_id, quest_id=command.quest)


@handles(AbandonQuest)
def abandon(caller: Caller, command: AbandonQuest) -> Done:
    services.abandon(character_id=caller.character_id, quest_id=command.quest)
    return Done()


realtime.register_part("quests", selectors.quest_log)
economy.register_presence(require_near)
economy.register_outlook(selectors.outlooks)
economy.register_reopening(selectors.reopened_quests)
