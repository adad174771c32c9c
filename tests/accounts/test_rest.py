"""What REST answers when all is well, and what the schema promises."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.accounts import cast

pytestmark = pytest.mark.django_db


def schema() -> dict[str, Any]:
    found: dict[str, Any] = Client().get("/api/v1/schema/").json()
    return found


def codes_of(path: str, method: str, status: str) -> set[str]:
    answer = schema()["paths"][path][method]["responses"][status]
    return set(answer["content"]["application/json"]["schema"]["properties"]["code"]["enum"])


@pytest.mark.parametrize(("language", "name"), [("en", "Anchorite"), ("fr", "Anachorète")])
def test_classes_are_shown_to_everybody_in_their_language(language: str, name: str) -> None:
    answer = Client().get("/api/v1/classes", headers={"Accept-Language": language}).json()
    [shown] = answer["classes"]
    assert (shown["id"], shown["name"], shown["skills"]) == ("anchorite", name, ["brace"])


def test_a_character_is_made_over_rest() -> None:
    client = cast.signed_in(cast.account())
    answer = client.post("/api/v1/characters", {"name": "Maren", "class": "anchorite"}, "application/json")
    assert answer.status_code == 201
    made = answer.json()
    assert made == {"id": made["id"], "name": "Maren", "class_id": "anchorite", "level": 1}
    assert client.get("/api/v1/characters").json()["characters"] == [made]


def test_the_schema_names_every_refusal_of_a_new_character() -> None:
    assert {"accounts.name_length", "bad_json", "unknown_field"} <= codes_of(
        "/api/v1/characters", "post", "400"
    )
    assert codes_of("/api/v1/characters", "post", "409") == {
        "accounts.name_taken",
        "accounts.too_many_characters",
    }
    assert codes_of("/api/v1/characters", "get", "401") == {"not_authenticated"}


def test_the_schema_gives_the_shape_of_bodies_and_answers() -> None:
    made = schema()["paths"]["/api/v1/characters"]["post"]
    body = made["requestBody"]["content"]["application/json"]["schema"]
    assert set(body["required"]) == {"name", "class"}
    assert body["additionalProperties"] is False
    assert "level" in made["responses"]["201"]["content"]["application/json"]["schema"]["properties"]


@pytest.mark.parametrize(("language", "target"), [("fr-CA, en", "/fr/"), ("en", "/en/"), ("de", "/en/")])
def test_the_entrance_leads_to_the_client_in_the_right_language(language: str, target: str) -> None:
    answer = Client().get("/", headers={"Accept-Language": language})
    assert (answer.status_code, answer.headers["Location"]) == (302, target)


@pytest.mark.parametrize("path", ["/en/", "/fr/play/7", "/en"])
def test_every_address_of_the_client_answers_with_the_client(path: str, settings: Any, tmp_path: Any) -> None:
    for language in ("en", "fr"):
        (tmp_path / language).mkdir()
        (tmp_path / language / "index.html").write_text(f"<html lang={language}>")
    settings.CLIENT_DIST = tmp_path
    answer = Client().get(path)
    assert answer.content.decode() == f"<html lang={path[1:3]}>"
    assert "csrftoken" in answer.cookies


def test_a_client_that_is_not_built_is_said_plainly(settings: Any, tmp_path: Any) -> None:
    settings.CLIENT_DIST = tmp_path
    answer = Client().get("/fr/", headers={"Accept-Language": "fr"})
    assert answer.status_code == 503
    assert "pas encore construit" in answer.content.decode()


def test_a_page_that_is_not_there_is_a_page() -> None:
    answer = Client().get("/nothing/here", headers={"Accept-Language": "fr"})
    assert answer.status_code == 404
    assert "Rien ne porte ce nom ici." in answer.content.decode()
