"""Parties: asking somebody in, answering, leaving, sending away, leading.

Whoever changes a party holds its row. That nobody is in two parties is the database's own law, which
refuses the second of two invitations that are accepted at the same time.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import IntegrityError

from aether.kernel import clock, facts, live, stored
from aether.kernel.facts.types import PartyChanged
from aether.kernel.transactions import transactional
from aether.protocol import parties as wire
from apps.accounts import selectors as accounts
from apps.chat import parties, selectors
from apps.chat.errors import (
    AlreadyInPartyError,
    AlreadyInvitedError,
    InvitationGoneError,
    NoPartyError,
    NotAMemberError,
    NotPartyLeaderError,
    OneselfError,
    PartyFullError,
    TheyHavePartyError,
    TooManyInvitationsError,
    UnreachableError,
)
from apps.chat.models import Party, PartyInvitation, PartyMember
from apps.chat.services import party_news as news

MEMBERS_MAX = 4
INVITATIONS_MAX = 8
"""Open at once, from one party or to one character."""

INVITATION_LIFE = timedelta(seconds=60)
LEADER_AWAY_MAX = timedelta(minutes=2)

_OWN = """
    WHERE id IN (SELECT party_id FROM chat_partymember WHERE character_id = %s) ORDER BY id FOR UPDATE
"""


@transactional
def invite(*, character_id: int, name: str) -> wire.InvitationSent:
    """Ask somebody who is online into one's party, which begins with it.

    Whoever has blocked the inviter is not told, and the invitation lapses as if nobody had answered.
    """
    invited = selectors.character_named(name)
    if invited == character_id:
        raise OneselfError
    party = _own_party(character_id)
    if party is not None and party.leader_id != character_id:
        raise NotPartyLeaderError
    if party is not None and party.members.count() >= MEMBERS_MAX:
        raise PartyFullError(most=MEMBERS_MAX)
    if invited not in live.online_among([invited]):
        raise UnreachableError
    theirs = selectors.company_of(invited)
    if theirs is not None and len(theirs.members) > 1:
        raise TheyHavePartyError
    row = _keep_invitation(party or _begin(character_id), character_id, invited)
    if row.is_heard:
        news.tell_invited(row, accounts.character(character_id).name)
    news.show(row.party)
    return wire.InvitationSent(invitation=row.pk, expires_at=row.expires_at.timestamp())


@transactional
def accept_invitation(*, character_id: int, invitation_id: int) -> wire.PartyJoined:
    """Come into the party that one is asked into, out of a party in which one is alone."""
    party, own, others = _lock_for_answer(character_id, invitation_id)
    row = _open_invitation(character_id, invitation_id)
    if own is not None and own != party and own.members.count() > 1:
        raise AlreadyInPartyError
    if party.members.count() >= MEMBERS_MAX:
        raise PartyFullError(most=MEMBERS_MAX)
    if own is not None:
        _dissolve(own)
    try:
        PartyMember.objects.create(party=party, character_id=character_id)
    except IntegrityError:
        raise AlreadyInPartyError from None
    news.close_invitations([row], answer="accepted")
    row.delete()
    for other in others:
        _end_asking(other, character_id)
    _publish_change(party)
    news.tell_member(character_id, party.pk, cause="joined")
    news.show(party)
    return wire.PartyJoined(party=party.pk, stream=parties.stream_of(party.pk))


@transactional
def decline_invitation(*, character_id: int, invitation_id: int) -> None:
    """Answer no."""
    party, _, _ = _lock_for_answer(character_id, invitation_id)
    row = _open_invitation(character_id, invitation_id)
    news.close_invitations([row], answer="declined")
    row.delete()
    _settle(party)


@transactional
def leave_party(*, character_id: int) -> None:
    """Leave one's party."""
    _remove(_own_party_or_refusal(character_id), character_id, cause="left")


@transactional
def remove_from_party(*, leader_id: int, character_id: int) -> None:
    """Send a member away."""
    _remove(_led_party(leader_id, other=character_id), character_id, cause="removed")


@transactional
def promote_in_party(*, leader_id: int, character_id: int) -> None:
    """Let another member lead."""
    party = _led_party(leader_id, other=character_id)
    party.leader_id = character_id
    party.save(update_fields=["leader_id"])
    news.show(party)


@transactional
def show_in_party(*, character_id: int) -> None:
    """Show the party of a character anew: something about it has changed."""
    party = _own_party(character_id)
    if party is not None:
        news.show(party)


@transactional
def note_presence(*, character_id: int, is_online: bool) -> None:
    """Let the party of a character know that its player came or went."""
    party = _own_party(character_id)
    if party is None:
        return
    changed = party.members.filter(character_id=character_id, away_since__isnull=not is_online)
    if changed.update(away_since=None if is_online else clock.utc_now()):
        news.show(party)


@transactional
def keep_parties() -> None:
    """Do what time asks for: close what lapsed, see who is gone, give parties whose leader is away another.

    What comes and goes is told at once; here is noticed what was lost on the way.
    """
    ids = _due_parties()
    for party in Party.objects.select_for_update().filter(pk__in=ids).order_by("pk"):
        members = list(party.members.all())
        online = live.online_among([each.character_id for each in members])
        is_changed = _note_absences(members, online)
        is_changed |= _hand_on(party, members)
        if _close_lapsed(party) or is_changed:
            _settle(party)


def _due_parties() -> list[int]:
    """Return the parties of which a member came or went unnoticed, or of which something is over."""
    now = clock.utc_now()
    rows = list(PartyMember.objects.values_list("party_id", "character_id", "away_since", "party__leader_id"))
    online = live.online_among(sorted(who for _, who, _, _ in rows))
    due = {
        party
        for party, who, away_since, leader in rows
        if (who in online) != (away_since is None)
        or (who == leader and away_since is not None and away_since <= now - LEADER_AWAY_MAX)
    }
    due |= set(PartyInvitation.objects.filter(expires_at__lte=now).values_list("party_id", flat=True))
    return sorted(due)


def _note_absences(members: list[PartyMember], online: set[int]) -> bool:
    changed = [each for each in members if (each.character_id in online) != (each.away_since is None)]
    for member in changed:
        member.away_since = clock.utc_now() if member.away_since is None else None
        member.save(update_fields=["away_since"])
    return bool(changed)


def _hand_on(party: Party, members: list[PartyMember]) -> bool:
    """Let the first member who is there lead, when the leader has been away too long."""
    since = {each.character_id: each.away_since for each in members}
    leader_since = since.get(party.leader_id)
    here = [each.character_id for each in members if each.away_since is None]
    if leader_since is None or leader_since > clock.utc_now() - LEADER_AWAY_MAX or not here:
        return False
    party.leader_id = here[0]
    party.save(update_fields=["leader_id"])
    return True


def _begin(character_id: int) -> Party:
    party = Party.objects.create(leader_id=character_id)
    try:
        PartyMember.objects.create(party=party, character_id=character_id)
    except IntegrityError:
        raise AlreadyInPartyError from None
    news.tell_member(character_id, party.pk, cause="begun")
    return party


def _keep_invitation(party: Party, character_id: int, invited: int) -> PartyInvitation:
    now = clock.utc_now()
    _close_lapsed(party)
    asked = PartyInvitation.objects.filter(expires_at__gt=now)
    if asked.filter(party=party, invited_id=invited).exists():
        raise AlreadyInvitedError
    heard = asked.filter(invited_id=invited, is_heard=True)
    if max(asked.filter(party=party).count(), heard.count()) >= INVITATIONS_MAX:
        raise TooManyInvitationsError
    return PartyInvitation.objects.create(
        party=party,
        inviter_id=character_id,
        invited_id=invited,
        is_heard=selectors.hears(invited, character_id),
        expires_at=now + INVITATION_LIFE,
    )


def _close_lapsed(party: Party) -> bool:
    """Close the invitations of a party whose time is over; tell if there were any."""
    lapsed = list(party.invitations.filter(expires_at__lte=clock.utc_now()))
    news.close_invitations(lapsed, answer="expired")
    party.invitations.filter(pk__in=[each.pk for each in lapsed]).delete()
    return bool(lapsed)


def _end_asking(party: Party, character_id: int) -> None:
    """Close what a party asks of somebody who has come into another."""
    is_changed = _close_lapsed(party)
    for row in party.invitations.filter(invited_id=character_id):
        news.close_invitations([row], answer="declined")
        row.delete()
        is_changed = True
    if is_changed:
        _settle(party)


def _own_party(character_id: int) -> Party | None:
    """Return a character's party, locked, as it is now."""
    party = stored.first(Party, _OWN, [character_id])
    is_still = party is not None and party.members.filter(character_id=character_id).exists()
    return party if is_still else None


def _own_party_or_refusal(character_id: int) -> Party:
    party = _own_party(character_id)
    if party is None:
        raise NoPartyError
    return party


def _led_party(leader_id: int, *, other: int) -> Party:
    """Return the party that a character leads, locked, of which somebody else is a member."""
    party = _own_party_or_refusal(leader_id)
    if party.leader_id != leader_id:
        raise NotPartyLeaderError
    if other == leader_id:
        raise OneselfError
    if not party.members.filter(character_id=other).exists():
        raise NotAMemberError
    return party


def _lock_for_answer(character_id: int, invitation_id: int) -> tuple[Party, Party | None, list[Party]]:
    """Lock the party that asks, one's own, if any, and the others that ask as well; return them."""
    asking = dict(PartyInvitation.objects.filter(invited_id=character_id).values_list("pk", "party_id"))
    own = PartyMember.objects.filter(character_id=character_id).values_list("party_id", flat=True).first()
    wanted = asking.get(invitation_id)
    if wanted is None:
        raise InvitationGoneError
    ids = {*asking.values(), *([] if own is None else [own])}
    locked = {row.pk: row for row in Party.objects.select_for_update().filter(pk__in=ids).order_by("pk")}
    if wanted not in locked:
        raise InvitationGoneError
    others = [party for pk, party in locked.items() if pk not in (wanted, own)]
    return locked[wanted], None if own is None else locked.get(own), others


def _open_invitation(character_id: int, invitation_id: int) -> PartyInvitation:
    """Return an invitation as it is now. Call while holding its party."""
    row = PartyInvitation.objects.filter(
        pk=invitation_id, invited_id=character_id, is_heard=True, expires_at__gt=clock.utc_now()
    ).first()
    if row is None:
        raise InvitationGoneError
    return row


def _remove(party: Party, character_id: int, *, cause: news.Cause) -> None:
    _publish_change(party)
    party.members.filter(character_id=character_id).delete()
    news.tell_gone(character_id, party.pk, cause=cause)
    if party.leader_id == character_id:
        following = party.members.filter(away_since__isnull=True).first() or party.members.first()
        if following is not None:
            party.leader_id = following.character_id
            party.save(update_fields=["leader_id"])
        news.close_invitations(list(party.invitations.all()), answer="withdrawn")
        party.invitations.all().delete()
    _settle(party)


def _publish_change(party: Party) -> None:
    """Let the other apps know whose party has become another: everybody's who is in it."""
    members = party.members.order_by("character_id").values_list("character_id", flat=True)
    facts.publish_all(PartyChanged(character=character_id) for character_id in members)


def _settle(party: Party) -> None:
    """Show a party as it is now; one of a single member who asks nobody is none."""
    if party.members.count() + party.invitations.count() > 1 and party.members.exists():
        news.show(party)
    else:
        _dissolve(party)


def _dissolve(party: Party) -> None:
    for member in party.members.all():
        news.tell_gone(member.character_id, party.pk, cause="dissolved")
    news.close_invitations(list(party.invitations.all()), answer="withdrawn")
    party.delete()
