"""Speaking: who says something and to whom comes from the session, never from the command."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from aether.kernel import clock, live, realtime
from aether.kernel.database_threads import in_database_thread
from aether.protocol.chat import ChatLine, LineSaid, WhisperReceived
from apps.accounts import selectors as accounts
from apps.chat import limits, lines, rules, selectors
from apps.chat.errors import (
    BadTextError,
    MutedError,
    NoRecipientError,
    OneselfError,
    UnknownSlashCommandError,
    UnreachableError,
)
from apps.chat.services.blocking import character_named

Channel = Literal["zone", "global", "whisper"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """What somebody wants to say; `to` is the name of whom it is whispered to."""

    character_id: int
    account_id: int
    channel: Channel
    text: str
    to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hearing:
    """Who speaks and who hears it: the channel, or one character."""

    speaker_name: str
    channel: str
    recipient_id: int | None = None
    recipient_name: str | None = None


async def say(speech: Speech) -> int:
    """Say something, and return the id of the line."""
    text = _plain(speech.text)
    if (speech.channel == "whisper") != (speech.to is not None):
        raise NoRecipientError
    await limits.use(limits.speaking(speech.account_id))
    hearing = await in_database_thread(_hearing, speech)
    await _limit_spam(speech, hearing, text)
    line = ChatLine(
        id=await lines.next_id(),
        channel=speech.channel,
        sender=speech.character_id,
        name=hearing.speaker_name,
        text=text,
        at=clock.now(),
        to=hearing.recipient_name,
    )
    if hearing.recipient_id is None:
        await lines.keep(line, hearing.channel)
        await realtime.send(f"chat:{hearing.channel}", LineSaid(line=line))
    else:
        await _whisper(line, hearing.recipient_id)
    return line.id


def _plain(text: str) -> str:
    said = rules.cleaned(text)
    if said is None:
        raise BadTextError
    if rules.is_slash_command(said):
        raise UnknownSlashCommandError
    return said


async def _whisper(line: ChatLine, recipient_id: int) -> None:
    await lines.keep(line, lines.whispers(line.sender), lines.whispers(recipient_id))
    for character_id in (line.sender, recipient_id):
        await realtime.tell_character_now(character_id, WhisperReceived(line=line))


async def _limit_spam(speech: Speech, hearing: _Hearing, text: str) -> None:
    if hearing.recipient_id is None:
        await limits.use(limits.repeating(hearing.channel, text))
    else:
        await limits.use(
            limits.whispering(speech.account_id),
            limits.whispering_to(speech.account_id, hearing.recipient_id),
        )


def _hearing(speech: Speech) -> _Hearing:
    if not selectors.may_speak(speech.account_id):
        raise MutedError
    name = accounts.character(speech.character_id).name
    if speech.channel == "zone":
        return _Hearing(speaker_name=name, channel=lines.zone(selectors.zone_of(speech.character_id)))
    if speech.to is None:
        return _Hearing(speaker_name=name, channel=lines.GLOBAL)
    recipient = accounts.character(character_named(speech.to))
    if recipient.id == speech.character_id:
        raise OneselfError
    if not live.is_online(recipient.id) or not selectors.hears(recipient.id, speech.character_id):
        raise UnreachableError
    return _Hearing(
        speaker_name=name,
        channel=lines.whispers(recipient.id),
        recipient_id=recipient.id,
        recipient_name=recipient.name,
    )
