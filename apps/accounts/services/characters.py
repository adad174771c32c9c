"""Making characters."""

from __future__ import annotations

import msgspec
from django.db import IntegrityError, transaction

from aether.kernel import content, facts, journal
from aether.kernel.facts.types import CharacterCreated
from aether.kernel.journal import StreamKind
from apps.accounts.errors import (
    NameLengthError,
    NameLettersError,
    NameReservedError,
    NameTakenError,
    TooManyCharactersError,
    UnknownClassError,
)
from apps.accounts.models import Account, Character
from apps.accounts.rules import names
from apps.accounts.selectors import CharacterRecord, record_of

CHARACTERS_MAX = 5


class CharacterMade(msgspec.Struct, frozen=True, kw_only=True, tag="character_made"):
    name: str
    class_id: str


@transaction.atomic
def create_character(*, account_id: int, name: str, class_id: str) -> CharacterRecord:
    """Give an account another character, with a name that nobody has and that looks like nobody's."""
    name = names.normalised(name)
    _check_name(name)
    if class_id not in content.current().raw("classes"):
        raise UnknownClassError
    account = Account.objects.select_for_update().get(pk=account_id)
    if account.characters.count() >= CHARACTERS_MAX:
        raise TooManyCharactersError(most=CHARACTERS_MAX)
    character = _insert(account, name, class_id)
    made = CharacterMade(name=name, class_id=class_id)
    journal.record(StreamKind.CHARACTER, character.pk, made, actor_id=character.pk)
    facts.publish(CharacterCreated(character=character.pk, account=account_id, class_id=class_id))
    return record_of(character)


def _check_name(name: str) -> None:
    if names.has_bad_length(name):
        raise NameLengthError(shortest=names.NAME_LENGTH_MIN, longest=names.NAME_LENGTH_MAX)
    if names.has_foreign_letters(name):
        raise NameLettersError
    if names.is_reserved(name):
        raise NameReservedError


def _insert(account: Account, name: str, class_id: str) -> Character:
    try:
        with transaction.atomic():
            return Character.objects.create(
                account=account, name=name, name_key=names.skeleton(name), class_id=class_id
            )
    except IntegrityError as error:
        raise NameTakenError from error
