"""Roles of the staff: what a game master may do, and how one comes into being."""

from __future__ import annotations

import secrets
from typing import Any

from django.apps import AppConfig, apps
from django.contrib.auth import get_user_model
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q

from aether.kernel import audit, realm

GAME_MASTERS = "Game masters"
ACTS = (
    "mute_account",
    "kick_account",
    "ban_account",
    "retry_fact",
    "unstick_character",
    "teleport_character",
    "steer_group",
    "announce",
    "draw_battle",
    "compensate_battle",
    "settle_battle",
    "decide_approval",
    "switch_feature",
    "halt_book",
    "cancel_auction",
    "run_rollback",
    "freeze_character",
    "grant_assets",
    "waive_debt",
    "drain_copy",
    "reset_object",
    "give_again",
    "end_wait",
    "switch_event",
    "simulate_drops",
    "reset_pity",
    "run_shard",
    "run_guild",
    "end_run",
    "open_room",
    "lift_lock",
)
SEEN_APPS = ("accounts", "chat", "combat", "console", "economy", "kernel", "quests", "world")


def make_roles(app_config: AppConfig, using: str, **_signal: Any) -> None:
    """After a migration of the realm, let game masters see every room and do what they are there for."""
    if app_config is not list(apps.get_app_configs())[-1] or using != realm.alias():
        return
    for config in apps.get_app_configs():
        create_permissions(config, verbosity=0, using=using)
    group, _ = Group.objects.get_or_create(name=GAME_MASTERS)
    seen = Q(codename__startswith="view_", content_type__app_label__in=SEEN_APPS)
    group.permissions.set(Permission.objects.filter(seen | Q(codename__in=ACTS)))


def ensure_gm(name: str = "gm") -> str | None:
    """Make sure that there is a game master; return the password of one that had to be made."""
    if get_user_model().objects.filter(is_staff=True, is_active=True).exists():
        return None
    return create_gm(name)


@transaction.atomic
def create_gm(name: str) -> str:
    """Make a game master and return its password, which is kept nowhere."""
    password = secrets.token_urlsafe(15)
    account = get_user_model().objects.create_user(name, password=password, is_staff=True)
    account.groups.add(Group.objects.get(name=GAME_MASTERS))
    audit.record(
        account, "create_gm", f"account:{account.pk}", "made from the command line", {"account": name}
    )
    return password
