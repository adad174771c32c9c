"""Speaking: who says something and to whom comes from the session, never from the command."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aether.kernel import clock, live, realtime
from aether.kernel.database_threads import in_database_thread
from aether.kernel.errors import GameError, NotFoundError
from aether.kernel.together import Together
from aether.protocol.chat import Channel, ChatLine, LineSaid, WhisperReceived
from apps.accounts import selectors as accounts
from apps.chat import guilds, limits, lines, parties, rules, selectors
from apps.chat.errors import (
    BadTextError,
    MutedError,
    NoGuildError,
    NoPartyError,
    NoRecipientError,
    NowhereError,
    OneselfError,
    UnknownSlashCommandError,
    UnreachableError,
)
from apps.chat.services import far


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
    shard: str | None = None
    """Where whom it is whispered to is, if on another shard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Channels:
    """The channels that those who speak at once share with others, by character."""

    zones: dict[int, str]
    parties: dict[int, str]
    guilds: dict[int, str]

    def of(self, speech: Speech) -> str:
        """Return in which channel something is said; refuse who is not in it."""
        if speech.channel == "global":
            return lines.GLOBAL
        known: dict[str, tuple[dict[int, str], type[GameError]]] = {
            "zone": (self.zones, NowhereError),
            "party": (self.parties, NoPartyError),
            "guild": (self.guilds, NoGuildError),
        }
        channels, refusal = known[speech.channel]
        if speech.character_id not in channels:
            raise refusal
        return channels[speech.character_id]


async def say(speech: Speech) -> int:
    """Say something, and return the id of the line."""
    text = _plain(speech.text)
    if (speech.channel == "whisper") != (speech.to is not None):
        raise NoRecipientError
    try:
        hearing = await _hearing_together(speech)
    except GameError:
        # What nobody hears costs as much to find out: it counts as spoken.
        await limits.use(limits.speaking(speech.account_id))
        raise
    await limits.use(limits.speaking(speech.account_id), *_spam(speech, hearing, text))
    line = ChatLine(
        id=0,
        channel=speech.channel,
        sender=speech.character_id,
        name=hearing.speaker_name,
        text=text,
        at=clock.now(),
        to=hearing.recipient_name,
    )
    if hearing.shard is not None:
        line = await far.whisper_to(hearing.shard, line)
    elif hearing.recipient_id is None:
        line = await lines.keep(line, hearing.channel)
        await realtime.send(f"chat:{hearing.channel}", LineSaid(line=line))
        if speech.channel == "guild":
            await in_database_thread(far.say_to_all_shards, hearing.channel, line)
    else:
        line = await _whisper(line, hearing.recipient_id)
    return line.id


def _plain(text: str) -> str:
    said = rules.cleaned(text)
    if said is None:
        raise BadTextError
    if rules.is_slash_command(said):
        raise UnknownSlashCommandError
    return said


async def _whisper(line: ChatLine, recipient_id: int) -> ChatLine:
    line = await lines.keep(line, lines.whispers(line.sender), lines.whispers(recipient_id))
    for character_id in (line.sender, recipient_id):
        await realtime.tell_character_now(character_id, WhisperReceived(line=line))
    return line


def _spam(speech: Speech, hearing: _Hearing, text: str) -> tuple[limits.Bucket, ...]:
    """Return the buckets of what may be said less often still."""
    if hearing.shard is not None:
        return (
            limits.whispering(speech.account_id),
            limits.whispering_to(speech.account_id, hearing.recipient_name or ""),
        )
    if hearing.recipient_id is None:
        return (limits.repeating(hearing.channel, text),)
    return (
        limits.whispering(speech.account_id),
        limits.whispering_to(speech.account_id, hearing.recipient_id),
    )


async def _hearings(speeches: Sequence[Speech]) -> list[_Hearing | GameError]:
    return await in_database_thread(_find_hearings, speeches)


_hearing_together = Together[Speech, "_Hearing"](_hearings)


def _find_hearings(speeches: Sequence[Speech]) -> list[_Hearing | GameError]:
    """Find out for all who speak at once: one query says who they are, one trip to Redis where they stand."""
    speakers = accounts.speakers({speech.character_id for speech in speeches})
    in_zones = {speech.character_id for speech in speeches if speech.channel == "zone"}
    zones = selectors.zones_of(in_zones) if in_zones else {}
    in_parties = {speech.character_id for speech in speeches if speech.channel == "party"}
    company = parties.memberships(in_parties) if in_parties else {}
    in_guilds = {speech.character_id for speech in speeches if speech.channel == "guild"}
    channels = _Channels(
        zones={who: lines.zone(zone) for who, zone in zones.items()},
        parties={who: lines.party(own.party) for who, own in company.items()},
        guilds={who: lines.guild(own.guild) for who, own in _members(in_guilds).items()},
    )
    found: list[_Hearing | GameError] = []
    for speech in speeches:
        try:
            found.append(_hearing(speech, speakers, channels))
        except GameError as refusal:
            found.append(refusal)
    return found


def _members(character_ids: set[int]) -> dict[int, guilds.Membership]:
    return guilds.memberships(character_ids) if character_ids else {}


def _hearing(speech: Speech, speakers: dict[int, accounts.Speaker], channels: _Channels) -> _Hearing:
    speaker = speakers.get(speech.character_id)
    if speaker is None or not speaker.may_speak:
        raise MutedError(until=speaker and speaker.speaks_from)
    if speech.to is not None:
        return _whispered(speech, speaker.name)
    return _Hearing(speaker_name=speaker.name, channel=channels.of(speech))


def _whispered(speech: Speech, speaker_name: str) -> _Hearing:
    assert speech.to is not None
    try:
        recipient = accounts.character_named(speech.to)
    except NotFoundError:
        return _far_whisper(speech.to, speaker_name)
    if recipient.id == speech.character_id:
        raise OneselfError
    if not live.is_online(recipient.id) or not selectors.hears(recipient.id, speech.character_id):
        raise UnreachableError
    return _Hearing(
        speaker_name=speaker_name,
        channel=lines.whispers(recipient.id),
        recipient_id=recipient.id,
        recipient_name=recipient.name,
    )


def _far_whisper(name: str, speaker_name: str) -> _Hearing:
    shard, recipient_name = far.whereabouts(name)
    return _Hearing(
        speaker_name=speaker_name,
        channel=f"far:{recipient_name}",
        recipient_name=recipient_name,
        shard=shard,
    )
