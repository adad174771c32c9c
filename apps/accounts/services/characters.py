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
    UnknownClassError,
)
from apps.accounts.models import Character
from apps.accounts.rules import names
from apps.accounts.selectors import CharacterRecord, record_of
from apps.accounts.services.realm_names import give_back, take_name


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
    take_name(account_id=account_id, name=name)
    try:
        return _make(account_id, name, class_id)
    except Exception:
        give_back(name)
        raise


def _make(account_id: int, name: str, class_id: str) -> CharacterRecord:
    character = _insert(account_id, name, class_id)
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


def _insert(account_id: int, name: str, class_id: str) -> Character:
    try:
        with transaction.atomic():
            return Character.objects.create(
                account_id=account_id, name=name, name_key=names.skeleton(name), class_id=class_id
            )
    except IntegrityError as error:
        raise NameTakenError from error
