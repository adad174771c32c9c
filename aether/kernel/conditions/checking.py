"""What a condition names and the pack does not have."""

from __future__ import annotations

from collections.abc import Iterator

from aether.kernel.conditions.catalogue import LEAVES
from aether.kernel.conditions.tree import Condition, leaves
from aether.kernel.content.pack import Pack

KINDS = {
    "classes": "class",
    "items": "item",
    "quests": "quest",
    "professions": "profession",
    "zones": "zone",
}
"""The folders of which every document that is named has to be there, and what one is called."""


def unknown_in(pack: Pack, condition: Condition | None) -> Iterator[str]:
    """Yield what a condition names that is not in the pack."""
    for leaf in leaves(condition):
        kind, said = leaf.said
        folder = LEAVES[kind].folder
        name = said if isinstance(said, str) else getattr(said, "id", "")
        if folder in KINDS and name not in pack.raw(folder):
            yield f"there is no {KINDS[folder]} `{name}`"
        if kind == "quest" and said.step and not _has_step(pack, name, said.step):
            yield f"the quest `{name}` has no step `{said.step}`"


def _has_step(pack: Pack, quest: str, step: str) -> bool:
    found = pack.raw("quests").get(quest, {}).get("steps", [])
    return any(isinstance(each, dict) and each.get("id") == step for each in found)
