"""Who listens to which fact."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar, cast

from aether.kernel.facts.types import Fact

F = TypeVar("F", bound=Fact)


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A function of one app that reacts to one type of fact. The first part of its name is its queue."""

    name: str
    fact_type: type[Fact]
    react: Callable[[Fact, int], None]
    when: Callable[[Fact], bool] | None = None

    def is_concerned(self, fact: Fact) -> bool:
        """Return whether there is anything to do about a fact."""
        return self.when is None or self.when(fact)

    @property
    def queue(self) -> str:
        return self.name.partition(".")[0]


_subscribers: dict[str, Subscriber] = {}


def subscribe(
    fact_type: type[F], *, name: str, when: Callable[[F], bool] | None = None
) -> Callable[[Callable[[F, int], None]], Callable[[F, int], None]]:
    """Let a function react to a fact. It gets the fact and its event id, inside one transaction.

    `name` is `<app>.<what it does>` and must never change: by it the database knows what was handled.
    `when` looks at the fact alone; where it says no, the fact counts as handled and is never carried.
    """

    def register(react: Callable[[F, int], None]) -> Callable[[F, int], None]:
        if name in _subscribers:
            raise ValueError(f"two subscribers are called {name}")
        _subscribers[name] = Subscriber(
            name,
            fact_type,
            cast("Callable[[Fact, int], None]", react),
            cast("Callable[[Fact], bool] | None", when),
        )
        return react

    return register


def subscriber(name: str) -> Subscriber:
    """Return a subscriber by its name."""
    return _subscribers[name]


def is_known(name: str) -> bool:
    """Tell if this release has such a subscriber."""
    return name in _subscribers


def subscribers() -> tuple[Subscriber, ...]:
    """Return everybody who listens to anything."""
    return tuple(_subscribers.values())


def subscribers_of(type_name: str) -> tuple[str, ...]:
    """Return the names of those who listen to a type of fact."""
    return tuple(who.name for who in _subscribers.values() if who.fact_type.type_name == type_name)
