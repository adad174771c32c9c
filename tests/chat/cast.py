"""Who talks in the tests of chat, and where they stand."""

from __future__ import annotations

from aether.kernel import clock
from aether.kernel.live import redis
from apps.accounts.models import Account, Character
from apps.accounts.rules.names import skeleton
from apps.chat import services


def person(name: str) -> Character:
    """Make a character with an account of its own, online."""
    account = Account.objects.create(username=name.lower())
    character = Character.objects.create(
        account=account, name=name, name_key=skeleton(name), class_id="anchorite"
    )
    redis().zadd("presence", {str(character.pk): clock.now()})
    return character


def speech(who: Character, text: str, channel: str = "global", to: str | None = None) -> services.Speech:
    return services.Speech(
        character_id=who.pk,
        account_id=who.account_id,
        channel=channel,  # type: ignore[arg-type]
        text=text,
        to=to,
    )
