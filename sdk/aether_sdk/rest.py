"""Accounts, characters and tickets over REST, for one account."""

from __future__ import annotations

from types import TracebackType
from typing import Any, NamedTuple, Self

import httpx

from aether_sdk.errors import AetherError, RefusedError

AUTH = "/_allauth/app/v1/auth"


class Ticket(NamedTuple):
    """What opens one socket, once, within half a minute."""

    secret: str
    url: str


class Rest:
    """Use it as `async with Rest("http://localhost:8000") as rest`."""

    def __init__(self, base_url: str, *, language: str = "en", timeout_s: float = 10.0) -> None:
        self._http = httpx.AsyncClient(
            base_url=base_url, timeout=timeout_s, headers={"Accept-Language": language}
        )

    @classmethod
    def signed_in(cls, base_url: str, session_token: str, **options: Any) -> Self:
        """Return one for an account that is signed in already, by the token that the sign-in gave."""
        rest = cls(base_url, **options)
        rest._http.headers["X-Session-Token"] = session_token
        return rest

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def sign_up(self, username: str, password: str) -> None:
        """Make an account and sign in to it."""
        await self._authenticate("signup", username, password)

    async def sign_in(self, username: str, password: str) -> None:
        """Sign in."""
        await self._authenticate("login", username, password)

    async def sign_out(self) -> None:
        """Sign out; sockets that were opened from this login are closed."""
        await self._http.delete(f"{AUTH}/session")
        self._http.headers.pop("X-Session-Token", None)

    async def classes(self) -> list[dict[str, Any]]:
        """Return the classes that a character may have."""
        return list((await self._ask("GET", "/api/v1/classes"))["classes"])

    async def characters(self) -> list[dict[str, Any]]:
        """Return the account's characters."""
        return list((await self._ask("GET", "/api/v1/characters"))["characters"])

    async def create_character(self, name: str, class_id: str) -> dict[str, Any]:
        """Make a character."""
        return await self._ask("POST", "/api/v1/characters", {"name": name, "class": class_id})

    async def move_character(self, character: int, to: str) -> dict[str, Any]:
        """Ask that a character goes over to another shard; return its transfer, which has only begun."""
        return await self._ask("POST", f"/api/v1/characters/{character}/transfer", {"to": to})

    async def transfers(self) -> list[dict[str, Any]]:
        """Return the account's transfers between shards, the latest first."""
        return list((await self._ask("GET", "/api/v1/transfers"))["transfers"])

    async def ticket(self, character: int | None) -> Ticket:
        """Ask for a ticket; for no character, to watch only."""
        made = await self._ask("POST", "/api/v1/socket-tickets", {"character": character})
        return Ticket(str(made["ticket"]), str(made["url"]))

    async def catalogue(self, language: str = "en") -> dict[str, Any]:
        """Return the names and public definitions of the running content, by kind and id."""
        return await self._ask("GET", f"/api/v1/catalogue?lang={language}")

    async def zone_map(self, zone: str, map_hash: str) -> dict[str, Any]:
        """Return the map of a zone; what a hash names never changes."""
        return await self._ask("GET", f"/api/v1/zones/{zone}/map/{map_hash}")

    async def _authenticate(self, step: str, username: str, password: str) -> None:
        answer = await self._http.post(f"{AUTH}/{step}", json={"username": username, "password": password})
        body = answer.json()
        token = body.get("meta", {}).get("session_token")
        if answer.status_code != httpx.codes.OK or token is None:
            raise _refusal_of(body, answer.status_code)
        self._http.headers["X-Session-Token"] = str(token)

    async def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        answer = await self._http.request(method, path, json=body)
        if answer.is_success:
            return dict(answer.json())
        try:
            refused = answer.json()
        except ValueError:
            raise AetherError(f"{method} {path} was answered {answer.status_code}") from None
        raise _refusal_of(refused, answer.status_code)


def _refusal_of(body: dict[str, Any], status: int) -> RefusedError:
    """Both shapes: this platform's own, and the sign-in library's list of errors."""
    errors = body.get("errors")
    if isinstance(errors, list) and errors:
        return RefusedError.from_body(errors[0])
    return RefusedError.from_body({"code": f"http_{status}", **body})
