"""Talks: a walk through a dialogue's graph, one node at a time, next to the NPC.

A talk has a revision; an answer to an older one is refused, so that nothing is answered twice.
"""

from __future__ import annotations

from aether.kernel import content, facts
from aether.kernel.conditions import holds, situation_of
from aether.kernel.facts.types import NpcTalked
from aether.kernel.transactions import transactional
from aether.protocol.quests import Dialogue, DialogueOption
from apps.quests.definitions import DialogueDef, NodeDef, NpcDef, OptionDef
from apps.quests.errors import NoSuchOptionError, StaleTalkError, TooFarError
from apps.quests.models import Talk
from apps.quests.services import progress
from apps.quests.services.effects import apply_effects
from apps.quests.services.keeping import lock_character
from apps.world import selectors as world


@transactional
def talk(*, character_id: int, npc_id: str, language: str) -> Dialogue:
    """Begin to talk to an NPC that stands near."""
    npc = _near_npc(character_id, npc_id)
    lock_character(character_id)
    progress.open_quests(character_id=character_id, cause=f"talk:{npc_id}")
    dialogue = content.current().get(DialogueDef, npc.dialogue)
    situation = situation_of(character_id, *(start.condition for start in dialogue.start))
    begin = next(start for start in dialogue.start if holds(start.condition, situation))
    facts.publish(NpcTalked(character=character_id, npc=npc_id, option=None))
    rev = _turn_to(character_id, npc_id, begin.node)
    return _shown(character_id, npc_id, dialogue.node(begin.node), rev, language)


@transactional
def choose(*, character_id: int, npc_id: str, rev: int, option_id: str, language: str) -> Dialogue:
    """Answer the NPC: what the option brings about happens, and the talk goes on or ends."""
    npc = _near_npc(character_id, npc_id)
    lock_character(character_id)
    current = Talk.objects.filter(pk=character_id, npc=npc_id, rev=rev, node__isnull=False).first()
    if current is None:
        raise StaleTalkError(npc=npc_id)
    dialogue = content.current().get(DialogueDef, npc.dialogue)
    node = dialogue.node(current.node or "")
    option = _open_option(character_id, node, option_id)
    source = f"dialogue:{npc_id}:{current.node}:{option.id}"
    opens = apply_effects(character_id, option.effects, source)
    facts.publish(NpcTalked(character=character_id, npc=npc_id, option=option.id))
    new_rev = _turn_to(character_id, npc_id, option.goto)
    following = dialogue.node(option.goto) if option.goto else None
    return _shown(character_id, npc_id, following, new_rev, language, opens)


def require_near(character_id: int, npc_id: str) -> None:
    """Refuse who does not stand next to an NPC."""
    if not world.nearby(character_id=character_id, npc_id=npc_id):
        raise TooFarError(npc=npc_id)


def _near_npc(character_id: int, npc_id: str) -> NpcDef:
    npc = content.current().get(NpcDef, npc_id)
    require_near(character_id, npc_id)
    return npc


def _open_option(character_id: int, node: NodeDef | None, option_id: str) -> OptionDef:
    options = _open_options(character_id, node) if node else []
    found = next((option for option in options if option.id == option_id), None)
    if found is None:
        raise NoSuchOptionError(option=option_id)
    return found


def _open_options(character_id: int, node: NodeDef) -> list[OptionDef]:
    if all(option.condition is None for option in node.options):
        return list(node.options)
    situation = situation_of(character_id, *(option.condition for option in node.options))
    return [option for option in node.options if holds(option.condition, situation)]


def _turn_to(character_id: int, npc_id: str, node: str | None) -> int:
    """Move the talk on and return its new revision."""
    row = Talk.objects.filter(pk=character_id).first() or Talk(character_id=character_id, rev=0)
    row.npc, row.node, row.rev = npc_id, node, row.rev + 1
    row.save()
    return row.rev


def _shown(
    character_id: int, npc_id: str, node: NodeDef | None, rev: int, language: str, opens: str | None = None
) -> Dialogue:
    options = _open_options(character_id, node) if node else []
    return Dialogue(
        npc=npc_id,
        node=node.id if node else None,
        rev=rev,
        text=node.text.in_language(language) if node else "",
        options=[
            DialogueOption(option=option.id, text=option.text.in_language(language)) for option in options
        ],
        opens=opens,
    )
