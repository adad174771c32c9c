"""Wire types of parties: up to four characters who travel, talk and fight together."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import msgspec

from aether.protocol.base import Command, Done, Update, Wire
from aether.protocol.chat import CharacterName

Id = Annotated[int, msgspec.Meta(ge=1, le=2**53 - 1)]


class PartyMember(Wire, frozen=True, kw_only=True):
    """`zone` is the zone where the character stands, null while it is not in the world."""

    character: int
    name: str
    class_id: str
    level: int
    zone: str | None
    is_online: bool


class PartyInvited(Wire, frozen=True, kw_only=True):
    """Somebody who was asked into the party and has not answered."""

    invitation: int
    character: int
    name: str
    expires_at: float


class Party(Wire, frozen=True, kw_only=True):
    """`members` are in the order in which they came; `leader` is the character that leads them."""

    id: int
    leader: int
    members: tuple[PartyMember, ...]
    invited: tuple[PartyInvited, ...]


class PartyInvitation(Wire, frozen=True, kw_only=True):
    """`character` asks into its party, which has so many members, until `expires_at`."""

    invitation: int
    character: int
    name: str
    members: int
    expires_at: float


class PartyStanding(Wire, frozen=True, kw_only=True):
    """The party of a character, if any, and what it is asked (part `party` of the snapshot of `me`)."""

    party: Party | None
    stream: str | None
    invitations: tuple[PartyInvitation, ...]


class InvitationSent(Wire, frozen=True, kw_only=True):
    invitation: int
    expires_at: float


class InviteToParty(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Ask a character into one's party, which begins with the first who is asked."""

    type_name: ClassVar[str] = "chat.party_invite"
    reply_type: ClassVar[type[Wire]] = InvitationSent

    name: CharacterName


class PartyJoined(Wire, frozen=True, kw_only=True):
    """`stream` is followed from now on; its snapshot comes as an update."""

    party: int
    stream: str


class AcceptPartyInvitation(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    type_name: ClassVar[str] = "chat.party_accept"
    reply_type: ClassVar[type[Wire]] = PartyJoined

    invitation: Id


class DeclinePartyInvitation(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    type_name: ClassVar[str] = "chat.party_decline"
    reply_type: ClassVar[type[Wire]] = Done

    invitation: Id


class LeaveParty(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Leave one's party. Who leads it hands it on to the member who has been there longest."""

    type_name: ClassVar[str] = "chat.party_leave"
    reply_type: ClassVar[type[Wire]] = Done


class RemoveFromParty(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Send a member away; for the leader only."""

    type_name: ClassVar[str] = "chat.party_kick"
    reply_type: ClassVar[type[Wire]] = Done

    character: Id


class PromoteInParty(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Let another member lead; for the leader only."""

    type_name: ClassVar[str] = "chat.party_promote"
    reply_type: ClassVar[type[Wire]] = Done

    character: Id


class PartyShown(Update, frozen=True, kw_only=True):
    """On `party:<id>`: something about the party has changed; this is the whole of it now."""

    type_name: ClassVar[str] = "chat.party"

    party: Party


class PartySnapshot(Update, frozen=True, kw_only=True):
    """The party as it is now."""

    type_name: ClassVar[str] = "party.snapshot"

    party: Party


class CurrentPartyChanged(Update, frozen=True, kw_only=True):
    """On `me`: the character has come into a party, or is in none any more."""

    type_name: ClassVar[str] = "chat.party_current"

    party: int | None
    stream: str | None
    cause: Literal["begun", "joined", "left", "removed", "dissolved"]


class PartyInvitationReceived(Update, frozen=True, kw_only=True):
    """On `me`: somebody asks the character into a party."""

    type_name: ClassVar[str] = "chat.party_invited"

    invitation: PartyInvitation


class PartyInvitationClosed(Update, frozen=True, kw_only=True):
    """On `me` of both: an invitation is no longer open. `name` is the other one."""

    type_name: ClassVar[str] = "chat.party_answered"

    invitation: int
    name: str
    answer: Literal["accepted", "declined", "expired", "withdrawn"]
