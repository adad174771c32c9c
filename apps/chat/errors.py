"""What chat may refuse, with a sentence per language."""

from __future__ import annotations

from aether.kernel.errors import GameError


class BadTextError(GameError):
    code = "chat.bad_text"
    en = "Only plain text can be said, one line of up to 1000 characters."
    fr = "Seul un texte simple peut être dit, sur une ligne de 1000 caractères au plus."


class UnknownSlashCommandError(GameError):
    code = "chat.unknown_command"
    en = "There is no such slash command."
    fr = "Cette commande n'existe pas."


class MutedError(GameError):
    code = "chat.muted"
    http_status = 403
    en = "You may not speak for now."
    fr = "Vous n'avez pas la parole pour l'instant."


class NoRecipientError(GameError):
    code = "chat.no_recipient"
    en = "Say to whom you whisper, and only when you whisper."
    fr = "Dites à qui vous chuchotez, et seulement quand vous chuchotez."


class UnknownCharacterError(GameError):
    code = "chat.unknown_character"
    http_status = 404
    en = "Nobody bears this name."
    fr = "Personne ne porte ce nom."


class UnreachableError(GameError):
    """Offline, or listening to somebody else: which of the two is not told."""

    code = "chat.unreachable"
    en = "They cannot hear you now."
    fr = "Cette personne ne peut pas vous entendre maintenant."


class OneselfError(GameError):
    code = "chat.oneself"
    en = "That is you."
    fr = "C'est vous."


class NowhereError(GameError):
    code = "chat.nowhere"
    en = "Enter the world first."
    fr = "Entrez d'abord dans le monde."


class TooManyBlockedError(GameError):
    code = "chat.too_many_blocked"
    en = "No more than {most} characters can be blocked."
    fr = "On ne peut pas bloquer plus de {most} personnages."


class TooManyFriendsError(GameError):
    code = "chat.too_many_friends"
    en = "No more than {most} characters can be friends, or asked to be."
    fr = "On ne peut pas avoir plus de {most} amis, demandes comprises."


class NoFriendError(GameError):
    code = "chat.no_friend"
    http_status = 404
    en = "That is no friend of yours, and neither of you has asked."
    fr = "Ce n'est pas votre ami, et personne n'a rien demandé."


class NoPartyError(GameError):
    code = "chat.no_party"
    http_status = 409
    en = "You are in no party."
    fr = "Vous n'êtes dans aucun groupe."


class NotPartyLeaderError(GameError):
    code = "chat.not_party_leader"
    http_status = 403
    en = "Only the leader of the party may do this."
    fr = "Seul le chef du groupe peut faire cela."


class PartyFullError(GameError):
    code = "chat.party_full"
    http_status = 409
    en = "A party has no more than {most} members."
    fr = "Un groupe compte au plus {most} membres."


class AlreadyInPartyError(GameError):
    code = "chat.already_in_party"
    http_status = 409
    en = "You are in a party already. Leave it first."
    fr = "Vous êtes déjà dans un groupe. Quittez-le d'abord."


class TheyHavePartyError(GameError):
    code = "chat.they_have_party"
    http_status = 409
    en = "They are in a party already."
    fr = "Cette personne est déjà dans un groupe."


class AlreadyInvitedError(GameError):
    code = "chat.already_invited"
    http_status = 409
    en = "They are invited already. Wait for an answer."
    fr = "Cette personne est déjà invitée. Attendez sa réponse."


class TooManyInvitationsError(GameError):
    code = "chat.too_many_invitations"
    http_status = 409
    en = "Too many invitations are open. Wait for an answer."
    fr = "Trop d'invitations sont ouvertes. Attendez une réponse."


class InvitationGoneError(GameError):
    code = "chat.invitation_gone"
    http_status = 404
    en = "This invitation is no longer open."
    fr = "Cette invitation n'est plus ouverte."


class NotAMemberError(GameError):
    code = "chat.not_a_member"
    http_status = 404
    en = "They are not in your party."
    fr = "Cette personne n'est pas dans votre groupe."
