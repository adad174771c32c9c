"""What is generated from the wire types is in the repository, and says everything."""

from __future__ import annotations

import httpx

from aether.gateway import contract
from aether.protocol.base import command_types
from tests.serving import Served


def test_the_generated_files_are_up_to_date() -> None:
    for path, text in contract.rendered().items():
        assert path.read_text() == text, f"{path.name}: run `manage.py export_protocol`"


def test_the_contract_names_every_command_and_its_reply() -> None:
    messages = contract.document()["components"]["messages"]
    for t in command_types():
        assert {f"command-{t}", f"reply-{t}"} <= set(messages)


def test_every_reference_of_the_contract_leads_somewhere() -> None:
    document = contract.document()
    for ref in _references(document):
        found = document
        for key in ref.removeprefix("#/").split("/"):
            found = found[key]
        assert found


def test_every_refusal_is_said_in_two_languages() -> None:
    for code, said in contract.error_codes().items():
        assert said["en"], code
        assert said["fr"], code
        assert said["en"] != said["fr"], code


async def test_the_contract_and_the_health_are_served(server: Served) -> None:
    async with httpx.AsyncClient(base_url=server.http_url) as http:
        assert (await http.get("/api/v1/protocol.json")).json()["asyncapi"] == "3.0.0"
        for address in ("/healthz", "/readyz"):
            health = await http.get(address)
            assert (health.status_code, set(health.json().values())) == (200, {"ok"}), health.text
        metrics = await http.get("/metrics")
        assert "aether_sockets" in metrics.text
        assert (await http.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"})).status_code == 404


def _references(value: object) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [ref for inner in value.values() for ref in _references(inner)]
    if isinstance(value, list):
        return [ref for inner in value for ref in _references(inner)]
    return []
