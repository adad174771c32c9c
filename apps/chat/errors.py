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
    """`until` is when it ends, in seconds of the server; null where it does not."""

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


class AskedOftenError(GameError):
    code = "chat.asked_often"
    http_status = 429
    en = "You have asked them several times. Let some time pass."
    fr = "Vous l'avez déjà demandé plusieurs fois. Laissez passer un peu de temps."


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


class NoGuildError(GameError):
    code = "chat.no_guild"
    http_status = 409
    en = "You are in no guild."
    fr = "Vous n'êtes dans aucune guilde."


class AlreadyInGuildError(GameError):
    code = "chat.already_in_guild"
    http_status = 409
    en = "You are in a guild already. Leave it first."
    fr = "Vous êtes déjà dans une guilde. Quittez-la d'abord."


class TheyHaveGuildError(GameError):
    code = "chat.they_have_guild"
    http_status = 409
    en = "They are in a guild already."
    fr = "Cette personne est déjà dans une guilde."


class GuildFullError(GameError):
    code = "chat.guild_full"
    http_status = 409
    en = "A guild has no more than {most} members."
    fr = "Une guilde compte au plus {most} membres."


class GuildNameTakenError(GameError):
    code = "chat.guild_name_taken"
    http_status = 409
    en = "A guild has this name already, or one that looks the same."
    fr = "Une guilde porte déjà ce nom, ou un nom qui lui ressemble."


class GuildNameLengthError(GameError):
    code = "chat.guild_name_length"
    en = "The name of a guild has {shortest} to {longest} letters."
    fr = "Le nom d'une guilde compte de {shortest} à {longest} lettres."


class GuildNameLettersError(GameError):
    code = "chat.guild_name_letters"
    en = "A guild is called by words of Latin letters, with one space, hyphen or apostrophe between."
    fr = "Une guilde se nomme en lettres latines, une espace, un trait ou une apostrophe entre les mots."


class GuildNameReservedError(GameError):
    code = "chat.guild_name_reserved"
    en = "This name is kept for the staff."
    fr = "Ce nom est réservé à l'équipe."


class NotPermittedError(GameError):
    code = "chat.guild_not_permitted"
    http_status = 403
    en = "Your rank in the guild does not permit this ({permission})."
    fr = "Votre rang dans la guilde ne le permet pas ({permission})."


class NotGuildLeaderError(GameError):
    code = "chat.not_guild_leader"
    http_status = 403
    en = "Only the leader of the guild may do this."
    fr = "Seul le chef de la guilde peut faire cela."


class RankTooHighError(GameError):
    code = "chat.guild_rank_too_high"
    http_status = 403
    en = "Only ranks below your own, and who has them, are yours to change."
    fr = "Vous ne pouvez changer que les rangs inférieurs au vôtre, et ceux qui les portent."


class LackedPermissionError(GameError):
    code = "chat.guild_permission_lacked"
    http_status = 403
    en = "You cannot give what your own rank does not have: {permission}."
    fr = "Vous ne pouvez pas donner ce que votre rang n'a pas : {permission}."


class LeaderStaysError(GameError):
    code = "chat.guild_leader_stays"
    http_status = 409
    en = "You lead this guild: hand it over first, or disband it."
    fr = "Vous dirigez cette guilde : confiez-la d'abord à quelqu'un, ou dissolvez-la."


class NotInGuildError(GameError):
    code = "chat.not_in_guild"
    http_status = 404
    en = "They are not in this guild."
    fr = "Cette personne n'est pas dans cette guilde."


class UnknownRankError(GameError):
    code = "chat.guild_rank_unknown"
    http_status = 404
    en = "Your guild has no such rank."
    fr = "Votre guilde n'a pas ce rang."


class TooManyRanksError(GameError):
    code = "chat.guild_too_many_ranks"
    http_status = 409
    en = "A guild has no more than {most} ranks."
    fr = "Une guilde compte au plus {most} rangs."


class RankNameTakenError(GameError):
    code = "chat.guild_rank_name_taken"
    http_status = 409
    en = "Your guild has a rank called {name} already."
    fr = "Votre guilde a déjà un rang nommé {name}."


class LastRankError(GameError):
    code = "chat.guild_last_rank"
    http_status = 409
    en = "The lowest rank stays: it is where newcomers begin."
    fr = "Le rang le plus bas demeure : c'est là que commencent les nouveaux venus."


class GuildNameWrongError(GameError):
    code = "chat.guild_name_wrong"
    en = "Write the name of the guild, {name}, to disband it."
    fr = "Écrivez le nom de la guilde, {name}, pour la dissoudre."
