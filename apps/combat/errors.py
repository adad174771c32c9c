"""Why combat refuses, apart from the rules of battle (those are the engine's refusals)."""

from __future__ import annotations

from aether.kernel.errors import GameError


class AlreadyInBattleError(GameError):
    code = "combat.already_in_battle"
    http_status = 409
    en = "You are in a battle already."
    fr = "Vous êtes déjà dans un combat."


class OpponentInBattleError(GameError):
    code = "combat.opponent_in_battle"
    http_status = 409
    en = "Your opponent is in a battle already."
    fr = "Votre adversaire est déjà dans un combat."


class BattleOverError(GameError):
    code = "combat.battle_over"
    http_status = 409
    en = "This battle is over."
    fr = "Ce combat est terminé."


class BattleNotOverError(GameError):
    code = "combat.battle_not_over"
    http_status = 409
    en = "This battle is still being fought; its dice are shown when it is over."
    fr = "Ce combat dure encore ; ses dés seront montrés à la fin."


class BattleUnreadableError(GameError):
    code = "combat.battle_unreadable"
    http_status = 410
    en = "This battle was fought under rules or content that are gone; it cannot be shown any more."
    fr = "Ce combat a été livré sous des règles ou un contenu disparus ; il ne peut plus être montré."


class BattleFaultedError(GameError):
    code = "combat.battle_faulted"
    http_status = 409
    en = "This battle was stopped by a fault; nobody loses anything."
    fr = "Ce combat a été interrompu par une erreur ; personne ne perd rien."


class TooManySpectatorsError(GameError):
    code = "combat.too_many_spectators"
    http_status = 409
    en = "As many watch this battle as there is room for."
    fr = "Ce combat a autant de spectateurs qu'il peut en avoir."


class BattleOutdatedError(GameError):
    code = "combat.battle_outdated"
    http_status = 410
    en = "This battle was begun under other rules and cannot go on; nobody loses anything."
    fr = "Ce combat a commencé sous d'autres règles et ne peut pas continuer ; personne ne perd rien."


class SettledLongAgoError(GameError):
    code = "combat.settled_long_ago"
    http_status = 410
    en = (
        "This battle was settled so long ago that nothing is known of it any more: everybody has done theirs."
    )
    fr = "Ce combat a été réglé depuis si longtemps qu'on n'en sait plus rien : chacun a fait sa part."


class NotToCompensateError(GameError):
    code = "combat.not_to_compensate"
    http_status = 409
    en = "Only a battle that a fault has stopped, or that ended as a draw, is compensated."
    fr = "Seul un combat arrêté par une erreur, ou terminé par un match nul, est dédommagé."


class NothingToCompensateError(GameError):
    code = "combat.nothing_to_compensate"
    en = "Give each at most {glim} glim and {xp} experience, and something at least."
    fr = "Donnez à chacun au plus {glim} glim et {xp} points d'expérience, et au moins quelque chose."


class CompensatedError(GameError):
    code = "combat.compensated"
    http_status = 409
    en = "Everybody has been compensated for this battle already."
    fr = "Tout le monde a déjà été dédommagé pour ce combat."


class SelfChallengeError(GameError):
    code = "combat.self_challenge"
    en = "You cannot challenge yourself."
    fr = "Vous ne pouvez pas vous défier vous-même."


class NotInSameZoneError(GameError):
    code = "combat.not_in_same_zone"
    http_status = 409
    en = "A duel is fought in the same zone."
    fr = "Un duel se livre dans la même zone."


class TooFarFromBattleError(GameError):
    code = "combat.too_far_from_battle"
    http_status = 409
    en = "Come closer to join this battle."
    fr = "Approchez-vous pour rejoindre ce combat."


class BattleFullError(GameError):
    code = "combat.battle_full"
    http_status = 409
    en = "No more than {most} players fight on a side."
    fr = "Un camp compte au plus {most} joueurs."


class PartyLeaderNeededError(GameError):
    code = "combat.party_leader_needed"
    http_status = 409
    en = "A party is challenged by the leader of another, through its own leader."
    fr = "Un groupe est défié par le chef d'un autre, en la personne de son propre chef."


class PartyNotReadyError(GameError):
    code = "combat.party_not_ready"
    http_status = 409
    en = "Not everybody is here and free to fight: {names}."
    fr = "Tout le monde n'est pas ici et libre de combattre : {names}."


class OtherPartyNotReadyError(GameError):
    code = "combat.other_party_not_ready"
    http_status = 409
    en = "The other party is not ready to fight."
    fr = "L'autre groupe n'est pas prêt à combattre."


class TeamsChangedError(GameError):
    code = "combat.teams_changed"
    http_status = 409
    en = "The parties are not what they were when this battle was asked for. Ask again."
    fr = "Les groupes ne sont plus ceux qui se sont défiés. Lancez un nouveau défi."


class ChallengeGoneError(GameError):
    code = "combat.challenge_gone"
    http_status = 404
    en = "This challenge is no longer open."
    fr = "Ce défi n'est plus ouvert."


class ChallengeOpenError(GameError):
    code = "combat.challenge_open"
    http_status = 409
    en = "You have challenged this player already. Wait for an answer."
    fr = "Vous avez déjà défié ce joueur. Attendez sa réponse."
