"""C02: names that people could take for another, or for the staff, are refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.accounts.errors import (
    NameLengthError,
    NameLettersError,
    NameReservedError,
    NameTakenError,
)
from apps.accounts.rules import names
from tests.accounts import cast

LATIN = st.text("abcdefghijklmnopqrstuvwxyzéèçñøœłABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=3, max_size=16)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Maren", "MAREN"),
        ("Maren", "Märén"),
        ("Maren", "Mare\u0144"),
        ("Illia", "lllia"),
        ("Corne", "Come"),
        ("Ｍａｒｅｎ", "Maren"),
        ("Cœur", "Coeur"),
        ("Straße", "STRASSE"),
        ("Øystein", "Oystein"),
        ("Vvest", "West"),
    ],
)
def test_names_that_look_the_same_have_the_same_skeleton(one: str, other: str) -> None:
    assert names.skeleton(one) == names.skeleton(other)


@pytest.mark.parametrize(("one", "other"), [("Maren", "Marin"), ("Bob", "Rob"), ("Edda", "Eddo")])
def test_names_that_look_different_have_different_skeletons(one: str, other: str) -> None:
    assert names.skeleton(one) != names.skeleton(other)


@given(LATIN)
def test_a_skeleton_fits_its_column_and_ignores_case(name: str) -> None:
    assert len(names.skeleton(name)) <= 64
    assert names.skeleton(name) == names.skeleton(name.upper()) == names.skeleton(name.lower())


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["Éloïse", "Łukasz", "Bjørn", "Anselm", "Œdipe"])
def test_names_of_europe_are_welcome(name: str) -> None:
    assert cast.character(cast.account(), name).name == name


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["Al", "A" * 17, ""])
def test_c02_names_too_short_or_too_long_are_refused(name: str) -> None:
    with pytest.raises(NameLengthError):
        cast.character(cast.account(), name)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name",
    [
        "Аdmin",
        "GM\u200bBob",
        "Mar en",
        "Maren7",
        "M\u0336a\u0336r",
        "\u202eneraM",
        "Maren\x00",
        "<b>Mar</b>",
        "{{7*7}}",
        "Mārёn",
        "Μαρεν",
        "Mar\ud800",
        "ﷺxyz",
    ],
)
def test_c02_letters_that_could_deceive_are_refused(name: str) -> None:
    with pytest.raises((NameLettersError, NameLengthError)):
        cast.character(cast.account(), name)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["Admin", "ADMIN", "Ädmín", "Ａｄｍｉｎ", "AdmlN", "Modérateur", "SuperAdmin", "System", "aclmin"]
)
def test_c02_names_of_the_house_are_refused(name: str) -> None:
    with pytest.raises(NameReservedError):
        cast.character(cast.account(), name)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["maren", "MAREN", "Marén", "Ｍaren"])
def test_c02_a_name_that_looks_like_another_is_refused(name: str) -> None:
    owner = cast.account()
    cast.character(owner, "Maren")
    with pytest.raises(NameTakenError):
        cast.character(owner, name)
