"""Accounts and characters: columns, constraints and facts of a single row."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from django.contrib.auth.models import AbstractUser
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from aether.kernel import clock
from apps.accounts.rules.names import NAME_LENGTH_MAX
from apps.accounts.rules.progress import STATS

FOREVER = datetime(9999, 12, 31, tzinfo=UTC)
"""The end of a mute or ban that has none."""

ACCOUNT_NAME = r"^[A-Za-z0-9][A-Za-z0-9_.-]{2,31}\Z"


class Account(AbstractUser):
    """A person's key to the platform. Only staff ever see its name; players see characters."""

    username = models.CharField(
        _("account name"),
        max_length=32,
        unique=True,
        validators=[
            RegexValidator(
                ACCOUNT_NAME,
                _("Use 3 to 32 letters without accents, digits, dots, dashes or underscores."),
            )
        ],
        error_messages={"unique": _("This account name is taken.")},
    )
    language = models.CharField(
        _("language"), max_length=2, default="en", choices=[("en", "English"), ("fr", "Français")]
    )
    muted_until = models.DateTimeField(_("muted until"), null=True, blank=True)
    mute_reason = models.CharField(_("reason of the mute"), max_length=500, blank=True)
    banned_until = models.DateTimeField(_("banned until"), null=True, blank=True)
    ban_reason = models.CharField(_("reason of the ban"), max_length=500, blank=True)
    session_epoch = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        permissions = [
            ("mute_account", "Can mute and unmute players"),
            ("kick_account", "Can disconnect players"),
            ("ban_account", "Can ban and unban players"),
        ]
        constraints = [
            models.UniqueConstraint(Lower("username"), name="account_name_unique_in_any_case"),
            models.CheckConstraint(condition=models.Q(language__in=["en", "fr"]), name="account_language"),
        ]

    def get_session_auth_hash(self) -> str:
        """Sessions made under another password or before the epoch moved are over."""
        return f"{super().get_session_auth_hash()}.{self.session_epoch}"

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        for fallback in super().get_session_auth_fallback_hash():
            yield f"{fallback}.{self.session_epoch}"

    @property
    def is_muted(self) -> bool:
        return self.muted_until is not None and self.muted_until > clock.utc_now()

    @property
    def is_banned(self) -> bool:
        return self.banned_until is not None and self.banned_until > clock.utc_now()


class Character(models.Model):
    """A being that an account plays. `xp_total` caches the sum of its journal; the level follows from it."""

    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="characters", verbose_name=_("account")
    )
    name = models.CharField(_("name"), max_length=NAME_LENGTH_MAX)
    name_key = models.CharField(max_length=64, unique=True, editable=False)
    class_id = models.CharField(_("class"), max_length=64)
    xp_total = models.PositiveBigIntegerField(_("experience"), default=0)
    vigor = models.PositiveIntegerField(default=0)
    stone = models.PositiveIntegerField(default=0)
    ember = models.PositiveIntegerField(default=0)
    gale = models.PositiveIntegerField(default=0)
    tide = models.PositiveIntegerField(default=0)
    focus = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(_("created"), default=clock.utc_now, editable=False)

    class Meta:
        verbose_name = _("character")
        verbose_name_plural = _("characters")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name

    @property
    def stats(self) -> dict[str, int]:
        """The allocated points by stat."""
        return {stat: getattr(self, stat) for stat in STATS}
