"""What is known of parties: who is with whom, how a party is shown, and who is asked into one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from aether.kernel import clock
from aether.protocol import parties as wire
from apps.accounts import selectors as accounts
from apps.chat.models import Party, PartyInvitation, PartyMember
from apps.chat.selectors import zones_of

PREFIX = "party"
ID_MAX = 2**53 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    party: int
    joined_at: datetime


def stream_of(party_id: int) -> str:
    return f"{PREFIX}:{party_id}"


def memberships(character_ids: Collection[int]) -> dict[int, Membership]:
    """Return the parties that characters are in, of those who are in one."""
    rows = PartyMember.objects.filter(character_id__in=character_ids)
    return {
        who: Membership(party=party, joined_at=joined_at)
        for who, party, joined_at in rows.values_list("character_id", "party_id", "joined_at")
    }


def streams(character_ids: Sequence[int]) -> list[tuple[int, str]]:
    """Return the streams of their parties that characters have to follow."""
    return [
        (who, stream)
        for who, membership in memberships(character_ids).items()
        for stream in followed(membership.party)
    ]


def followed(party_id: int) -> tuple[str, str]:
    """Return what the members of a party follow: what becomes of it, and what is said in it."""
    return stream_of(party_id), f"chat:{stream_of(party_id)}"


def versions(party_ids: Collection[int]) -> dict[int, int]:
    """Return how often parties have changed, of those that there still are."""
    return dict(Party.objects.filter(pk__in=party_ids).values_list("pk", "version"))


def standing(character_id: int) -> wire.PartyStanding:
    """Return the party of a character, and what it is asked."""
    membership = memberships([character_id]).get(character_id)
    found = None if membership is None else shown(membership.party)
    return wire.PartyStanding(
        party=None if found is None else found[1],
        stream=None if found is None else stream_of(found[1].id),
        invitations=tuple(invitations_to(character_id)),
    )


def shown(party_id: int) -> tuple[int, wire.Party] | None:
    """Return a party as its members see it, with its version; None where it is no more.

    The version is read first: what has changed since is told again, never lost.
    """
    party = Party.objects.filter(pk=party_id).first()
    if party is None:
        return None
    members = list(PartyMember.objects.filter(party=party))
    asked = list(_open().filter(party=party))
    ids = [each.character_id for each in members]
    known, zones = accounts.characters([*ids, *(each.invited_id for each in asked)]), zones_of(ids)
    return party.version, wire.Party(
        id=party.pk,
        leader=party.leader_id,
        members=tuple(
            wire.PartyMember(
                character=each.character_id,
                name=known[each.character_id].name,
                class_id=known[each.character_id].class_id,
                level=known[each.character_id].level,
                zone=_zone(zones.get(each.character_id)),
                is_online=each.away_since is None,
            )
            for each in members
        ),
        invited=tuple(
            wire.PartyInvited(
                invitation=each.pk,
                character=each.invited_id,
                name=known[each.invited_id].name,
                expires_at=each.expires_at.timestamp(),
            )
            for each in asked
        ),
    )


def invitations_to(character_id: int) -> Iterable[wire.PartyInvitation]:
    """Yield the open invitations of a character."""
    rows = list(_open().filter(invited_id=character_id, is_heard=True))
    known = accounts.characters({row.inviter_id for row in rows}) if rows else {}
    for row in rows:
        yield invitation_shown(row, known[row.inviter_id].name)


def invitation_shown(row: PartyInvitation, name: str) -> wire.PartyInvitation:
    return wire.PartyInvitation(
        invitation=row.pk,
        character=row.inviter_id,
        name=name,
        members=PartyMember.objects.filter(party_id=row.party_id).count(),
        expires_at=row.expires_at.timestamp(),
    )


def _open() -> QuerySet[PartyInvitation]:
    return PartyInvitation.objects.filter(expires_at__gt=clock.utc_now())


def _zone(instance: str | None) -> str | None:
    return None if instance is None else instance.rpartition(".")[0]
