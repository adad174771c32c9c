"""The switches of the economy: staff stop a part of it with a reason, and no process goes on with it.

The switch is a row that each command reads in its own transaction, so it acts at once and everywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db import connection, transaction

from aether.kernel import audit, clock
from apps.economy.errors import SwitchedOffError
from apps.economy.models import FeatureSwitch

Feature = FeatureSwitch.Feature
Reopening = Callable[[timedelta], None]

# Written out: every command of these parts asks.
_IS_OFF = "SELECT 1 FROM economy_featureswitch WHERE feature = %s AND NOT is_on"

_reopenings: dict[Feature, list[Reopening]] = {feature: [] for feature in Feature}


def when_reopened(feature: Feature) -> Callable[[Reopening], Reopening]:
    """Let a function give back the time that was lost while a part of the economy was stopped."""

    def register(reopening: Reopening) -> Reopening:
        _reopenings[feature].append(reopening)
        return reopening

    return register


def is_on(feature: Feature) -> bool:
    """Tell if a part of the economy goes on."""
    with connection.cursor() as cursor:
        cursor.execute(_IS_OFF, [feature.value])
        return cursor.fetchone() is None


def require_on(feature: Feature) -> None:
    """Refuse what belongs to a part of the economy that is stopped. Call inside the act's transaction."""
    if not is_on(feature):
        raise SwitchedOffError(feature=str(feature.value))


@transaction.atomic
def switch_off(*, actor: AbstractBaseUser, feature: Feature, reason: str) -> None:
    """Stop a part of the economy. Where it is stopped already, only the reason is another one."""
    stopped = FeatureSwitch.objects.select_for_update().filter(pk=feature, is_on=False).first()
    _switch(actor, feature, reason, is_on=False)
    if stopped is not None:
        FeatureSwitch.objects.filter(pk=feature).update(changed_at=stopped.changed_at)


@transaction.atomic
def switch_on(*, actor: AbstractBaseUser, feature: Feature, reason: str) -> None:
    """Let a part of the economy go on; nobody's time was running while it was stopped."""
    stopped = FeatureSwitch.objects.select_for_update().filter(pk=feature, is_on=False).first()
    _switch(actor, feature, reason, is_on=True)
    if stopped is not None:
        for reopening in _reopenings[feature]:
            reopening(clock.utc_now() - stopped.changed_at)


def _switch(actor: AbstractBaseUser, feature: Feature, reason: str, *, is_on: bool) -> None:
    audit.record(actor, "switch_on" if is_on else "switch_off", f"feature:{feature.value}", reason)
    FeatureSwitch.objects.update_or_create(
        feature=feature,
        defaults={
            "is_on": is_on,
            "changed_at": clock.utc_now(),
            "changed_by": actor.get_username(),
            "reason": reason.strip(),
        },
    )
