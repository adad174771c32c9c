"""The realm: the database that all shards of a game share, and the rule of what lies there.

`default` is the database of the shard that this process serves; `realm` is only there where another
database keeps the realm. No statement joins the two, no foreign key crosses, and what changes both is
written down in the realm first or last, never as if it were one transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.models import Model

ALIAS = "realm"

APPS = frozenset({"account", "admin", "auth", "contenttypes", "mfa", "sessions", "usersessions"})
"""Who people are and how they sign in: the same on every shard."""

MODELS = frozenset(
    {
        "accounts.account",
        "accounts.account_groups",
        "accounts.account_user_permissions",
        "accounts.addresssighting",
        "accounts.charactername",
        "accounts.transfer",
        "chat.guild",
        "chat.guildinvitation",
        "chat.guildmember",
        "chat.guildrank",
        "kernel.realmpost",
        "kernel.shard",
    }
)


class Router:
    """Sends what the realm keeps to its database, and everything else to the shard's own.

    Every database has all tables, so that a shard may lend its own to the realm; those that are not its
    business stay empty.
    """

    def db_for_read(self, model: type[Model], **_hints: Any) -> str:
        return alias() if is_kept_there(model) else DEFAULT_DB_ALIAS

    db_for_write = db_for_read

    def allow_relation(self, *_both: Model, **_hints: Any) -> bool:
        return True


def alias() -> str:
    """Return how the realm's database is called in this process."""
    return ALIAS if ALIAS in connections.settings else DEFAULT_DB_ALIAS


def is_apart() -> bool:
    """Tell if the realm lies in another database than the shard."""
    return alias() != DEFAULT_DB_ALIAS


def is_kept_there(model: type[Model]) -> bool:
    return model._meta.app_label in APPS or model._meta.label_lower in MODELS


def atomic() -> AbstractContextManager[None]:
    """Begin a transaction of the realm, or a part of the shard's own where the two are one."""
    return transaction.atomic(using=alias())


def on_commit(act: Callable[[], None]) -> None:
    """Do something once what is under way in the realm has committed."""
    transaction.on_commit(act, using=alias(), robust=True)
