"""What is told of parties: to all members on their stream, to one character on `me`. After commit only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from django.db import transaction
from django.db.models import F

from aether.kernel import realtime
from aether.protocol import parties as wire
from apps.accounts import selectors as accounts
from apps.chat import parties
from apps.chat.models import Party, PartyInvitation

Cause = Literal["begun", "joined", "left", "removed", "dissolved"]
Answer = Literal["accepted", "declined", "expired", "withdrawn"]


def show(party: Party) -> None:
    """Count a change of a party, and show it to its members. Call while holding its row."""
    party_id = party.pk
    Party.objects.filter(pk=party_id).update(version=F("version") + 1)
    transaction.on_commit(lambda: _send(party_id), robust=True)


def _send(party_id: int) -> None:
    found = parties.shown(party_id)
    if found is not None:
        n, party = found
        realtime.send_numbered(parties.stream_of(party_id), n, n, wire.PartyShown(party=party))


def tell_member(character_id: int, party_id: int, *, cause: Cause) -> None:
    """Lead somebody to the streams of a party."""
    stream = parties.stream_of(party_id)
    realtime.tell_character(
        character_id, wire.CurrentPartyChanged(party=party_id, stream=stream, cause=cause)
    )
    realtime.follow_character(character_id, follow=parties.followed(party_id))


def tell_gone(character_id: int, party_id: int, *, cause: Cause) -> None:
    """Lead somebody away from them."""
    realtime.tell_character(character_id, wire.CurrentPartyChanged(party=None, stream=None, cause=cause))
    realtime.follow_character(character_id, unfollow=parties.followed(party_id))


def tell_invited(row: PartyInvitation, name: str) -> None:
    invitation = parties.invitation_shown(row, name)
    realtime.tell_character(row.invited_id, wire.PartyInvitationReceived(invitation=invitation))


def close_invitations(rows: Sequence[PartyInvitation], *, answer: Answer) -> None:
    """Tell both sides of invitations what became of them, if both know of it."""
    known = accounts.characters({who for row in rows for who in (row.inviter_id, row.invited_id)})
    for row in rows:
        sides = [(row.invited_id, row.inviter_id), (row.inviter_id, row.invited_id)]
        for who, other in sides if row.is_heard else sides[1:]:
            closed = wire.PartyInvitationClosed(invitation=row.pk, name=known[other].name, answer=answer)
            realtime.tell_character(who, closed)
