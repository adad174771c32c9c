"""Quest content that cannot work is found before anybody plays it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from shutil import copytree
from typing import Any

import msgspec
import pytest
from django.conf import settings

from aether.kernel import content
from aether.kernel.content.loading import from_documents

Documents = dict[str, Any]
QUEST = "mq1_first_tether"


def problems(change: Callable[[Documents], object]) -> str:
    """Return everything that is wrong with the running pack after a change."""
    pack = content.current()
    documents = msgspec.json.decode(pack.compiled)["documents"]
    change(documents)
    with pytest.raises(content.InvalidContentError) as refusal:
        from_documents(pack.info, documents)
    return "\n".join(map(str, refusal.value.problems))


def node(documents: Documents, name: str, npc: str = "ilse_varn") -> Any:
    return next(each for each in documents["dialogues"][npc]["nodes"] if each["id"] == name)


def test_the_pack_is_valid() -> None:
    pack = content.current()
    documents = msgspec.json.decode(pack.compiled)["documents"]
    assert from_documents(pack.info, documents).hash == pack.hash


def test_a_quest_that_nobody_gives_is_found() -> None:
    def change(documents: Documents) -> None:
        for name in ("welcome", "lore"):
            del node(documents, name)["options"][0]["effects"]

    assert "no fresh character can ever complete it" in problems(change)


def test_a_quest_whose_reward_nobody_hands_out_is_found() -> None:
    assert "no fresh character can ever complete it" in problems(
        lambda documents: node(documents, "returned")["options"][0].pop("effects")
    )


def test_a_node_that_nobody_comes_to_is_found() -> None:
    assert "nobody ever comes to the node `lore`" in problems(
        lambda documents: node(documents, "welcome")["options"].pop(1)
    )


def test_a_talk_that_never_ends_is_found() -> None:
    assert "the talk never ends from the node `task`" in problems(
        lambda documents: node(documents, "task")["options"][0].update(goto="task", end=False)
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d["npcs"]["ilse_varn"].update(dialogue="lost"), "there is no dialogue `lost`"),
        (lambda d: d["quests"][QUEST].update(giver="lost"), "there is no NPC `lost`"),
        (lambda d: d["quests"][QUEST]["rewards"][0]["give"].update(item="lost"), "there is no item `lost`"),
        (lambda d: node(d, "task")["options"][0].update(goto="lost", end=False), "there is no node `lost`"),
        (
            lambda d: node(d, "welcome")["options"][0]["effects"].append({"quest.start": "lost"}),
            "there is no quest `lost`",
        ),
        (
            lambda d: node(d, "greeting", "maren_sallow")["options"][0]["effects"].append(
                {"open": "shop:lost"}
            ),
            "there is no shop `shop:lost`",
        ),
        (
            lambda d: d["quests"][QUEST].update({"if": {"quest": {"id": "lost", "is": "completed"}}}),
            "there is no quest `lost`",
        ),
        (
            lambda d: d["quests"][QUEST]["steps"][0]["objectives"][0].update(where={"colour": "red"}),
            "do not tell colour",
        ),
        (
            lambda d: d["quests"][QUEST]["steps"][0]["objectives"][0].update(
                on="monster.killed", where={"monster": "lost"}
            ),
            "there is no `lost` in monsters",
        ),
        (lambda d: d["quests"][QUEST]["rewards"].append({"open": "shop:x"}), "rewards are"),
        (lambda d: node(d, "task")["options"][0].update(effects=[{"explode": "x"}]), "unknown field"),
        (
            lambda d: node(d, "task")["options"][0].update(effects=[{"take": {"item": "reed_hook"}}]),
            "`reed_hook` does not stack",
        ),
        (lambda d: d["dialogues"]["ilse_varn"]["start"].pop(), "the last start has no condition"),
        (
            lambda d: d["quests"][QUEST].update({"if": {"quest": {"id": QUEST, "is": "completed"}}}),
            "no fresh character can ever complete it",
        ),
    ],
)
def test_what_does_not_exist_or_cannot_be_is_named(
    change: Callable[[Documents], object], message: str
) -> None:
    assert message in problems(change)


def test_a_question_that_the_language_does_not_have_is_found_with_its_file_and_line(tmp_path: Path) -> None:
    copytree(settings.CONTENT_PACK, tmp_path / "pack")
    file = tmp_path / "pack" / "quests" / f"{QUEST}.yaml"
    text = file.read_text() + "if:\n  all:\n    - {level: {'>=': 1}}\n    - {phase_of_the_moon: full}\n"
    file.write_text(text)
    with pytest.raises(content.InvalidContentError) as refusal:
        content.load(tmp_path / "pack")
    (problem,) = refusal.value.problems
    assert problem.path == f"quests/{QUEST}.yaml:{len(text.splitlines())}"
    assert "phase_of_the_moon" in problem.message
