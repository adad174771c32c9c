"""What accounts refuses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from aether.kernel.errors import GameError


class Blocked(Protocol):
    """Something that keeps a character where it is."""

    @property
    def code(self) -> str: ...

    def in_language(self, language: str) -> str: ...


class NameLengthError(GameError):
    code = "accounts.name_length"
    en = "A name has {shortest} to {longest} letters."
    fr = "Un nom compte de {shortest} à {longest} lettres."


class NameLettersError(GameError):
    code = "accounts.name_letters"
    en = "A name is one word of Latin letters, without digits, spaces or signs."
    fr = "Un nom est un seul mot en lettres latines, sans chiffre, espace ni signe."


class NameReservedError(GameError):
    code = "accounts.name_reserved"
    en = "This name belongs to the house. Choose another."
    fr = "Ce nom appartient à la maison. Choisissez-en un autre."


class NameTakenError(GameError):
    code = "accounts.name_taken"
    http_status = 409
    en = "Somebody bears this name already, or one that looks the same."
    fr = "Quelqu'un porte déjà ce nom, ou un nom qui lui ressemble trop."


class UnknownClassError(GameError):
    code = "accounts.unknown_class"
    en = "There is no class by this name."
    fr = "Aucune classe ne porte ce nom."


class TooManyCharactersError(GameError):
    code = "accounts.too_many_characters"
    http_status = 409
    en = "An account has {most} characters at most."
    fr = "Un compte a {most} personnages au plus."


class NotEnoughPointsError(GameError):
    code = "accounts.not_enough_points"
    en = "You have {left} stat points left."
    fr = "Il vous reste {left} points de caractéristiques."


class NothingSpentError(GameError):
    code = "accounts.nothing_spent"
    en = "You have no spent points to take back."
    fr = "Vous n'avez pas de points dépensés à reprendre."


class NothingToAllocateError(GameError):
    code = "accounts.nothing_to_allocate"
    en = "Say which stat gets how many points."
    fr = "Dites quelle caractéristique reçoit combien de points."


class CharacterAwayError(GameError):
    code = "accounts.character_away"
    http_status = 409
    en = "This character has left for another shard ({shard})."
    fr = "Ce personnage est parti pour un autre royaume ({shard})."


class SameShardError(GameError):
    code = "accounts.same_shard"
    en = "The character is on that shard already."
    fr = "Le personnage est déjà dans ce royaume."


class ShardNotOpenError(GameError):
    code = "accounts.shard_not_open"
    http_status = 409
    en = "That shard takes nobody now ({standing})."
    fr = "Ce royaume n'accueille personne pour l'instant ({standing})."


class TransferTooSoonError(GameError):
    code = "accounts.transfer_too_soon"
    http_status = 409
    en = "This character has moved lately, and may leave from {until} on."
    fr = "Ce personnage a déménagé récemment et pourra repartir à partir du {until}."


class TransferUnderWayError(GameError):
    code = "accounts.transfer_under_way"
    http_status = 409
    en = "This character is on its way already."
    fr = "Ce personnage est déjà en route."


class TransferTooLateError(GameError):
    code = "accounts.transfer_too_late"
    http_status = 409
    en = "The character is arriving, or has arrived: it cannot be called back any more."
    fr = "Le personnage arrive ou est arrivé : on ne peut plus le rappeler."


class TransferFailedError(GameError):
    code = "accounts.transfer_failed"
    http_status = 409
    en = "The other shard could not take the character in."
    fr = "L'autre royaume n'a pas pu accueillir le personnage."


class TransferStoppedError(GameError):
    code = "accounts.transfer_stopped"
    http_status = 409
    en = "A game master has called the character back."
    fr = "Un maître du jeu a rappelé le personnage."


class BrokenPackageError(GameError):
    """What arrived is not what was packed."""

    code = "accounts.broken_package"
    http_status = 409
    en = "What the character brings is damaged."
    fr = "Ce que le personnage apporte est endommagé."


class TransferBlockedError(GameError):
    """Lists everything that is open, in words of the reader's language; programs read the codes."""

    code = "accounts.transfer_blocked"
    http_status = 409
    en = "The character cannot leave yet: {open}."
    fr = "Le personnage ne peut pas encore partir : {open}."

    def __init__(self, blockers: Sequence[Blocked]) -> None:
        super().__init__(blockers=[blocker.code for blocker in blockers])
        self._blockers = blockers

    def message(self, language: str = "en") -> str:
        """Return the sentence, with everything that keeps the character."""
        reasons = ", ".join(blocker.in_language(language) for blocker in self._blockers)
        return (self.fr if language.startswith("fr") else self.en).format(open=reasons)


class BannedError(GameError):
    code = "accounts.banned"
    http_status = 403
    en = "This account is banned until {until}. Reason: {reason}"
    fr = "Ce compte est banni jusqu'au {until}. Motif : {reason}"


class BannedForeverError(GameError):
    code = "accounts.banned"
    http_status = 403
    en = "This account is banned. Reason: {reason}"
    fr = "Ce compte est banni. Motif : {reason}"


class NotOnStaffError(GameError):
    """A staff member is not muted or banned from here, nor does anybody judge themselves."""

    code = "accounts.not_on_staff"
    http_status = 403
    en = "This cannot be done to a member of the staff, nor to yourself."
    fr = "Cela ne peut viser ni un membre de l'équipe, ni vous-même."


class EndInThePastError(GameError):
    code = "accounts.end_in_the_past"
    en = "Choose an end that is still to come."
    fr = "Choisissez une échéance à venir."
