"""What chat does when something happened elsewhere: parties show their members as they are."""

from __future__ import annotations

from aether.kernel.facts import subscribe
from aether.kernel.facts.types import LevelReached, ZoneEntered
from apps.chat import services


@subscribe(ZoneEntered, name="chat.show_zone")
def show_zone(fact: ZoneEntered, event_id: int) -> None:
    services.show_in_party(character_id=fact.character)


@subscribe(LevelReached, name="chat.show_level")
def show_level(fact: LevelReached, event_id: int) -> None:
    services.show_in_party(character_id=fact.character)
