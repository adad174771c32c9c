"""Accounts and characters: columns, constraints and facts of a single row."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import ClassVar

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
    """A being that an account plays. `xp_total` caches the sum of its journal; the level follows from it.

    Accounts are kept by the realm, characters by their shard, so no constraint of the database ties them.
    One that is on its way to another shard, or there, has `gone_to`; what is left of it here only tells
    others what it was called, until it comes back.
    """

    account = models.ForeignKey(
        Account,
        on_delete=models.PROTECT,
        related_name="characters",
        verbose_name=_("account"),
        db_constraint=False,
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
    gone_to = models.CharField(_("gone to"), max_length=32, default="", db_default="", editable=False)

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


class AddressSighting(models.Model):
    """That an account has signed in from an address, by a keyed hash of it, when last."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    address_key = models.CharField(max_length=32)
    seen_at = models.DateTimeField(default=clock.utc_now, db_index=True)

    class Meta:
        verbose_name = _("address of a sign-in")
        verbose_name_plural = _("addresses of sign-ins")
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["account", "address_key"], name="address_sighted_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["address_key"], name="address_sighted_by"),
        ]

    def __str__(self) -> str:
        return f"account {self.account_id}"


class CharacterName(models.Model):
    """A name that is taken in the whole realm, and the shard on which its bearer is."""

    name_key = models.CharField(max_length=64, primary_key=True)
    name = models.CharField(_("name"), max_length=NAME_LENGTH_MAX)
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="names", verbose_name=_("account")
    )
    shard = models.CharField(_("shard"), max_length=32)
    taken_at = models.DateTimeField(_("taken"), default=clock.utc_now)

    class Meta:
        verbose_name = _("name of a character")
        verbose_name_plural = _("names of characters")
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class Transfer(models.Model):
    """A character on its way from one shard to another, as the realm knows it.

    The state says who acts next, and which shard has the character: the target from `imported` on, and
    the source before and after everything else. Every change is one conditional update.
    """

    class State(models.TextChoices):
        REQUESTED = "requested", _("requested")
        FROZEN = "frozen", _("rests before it is packed")
        EXPORTED = "exported", _("packed")
        IMPORTING = "importing", _("arrives")
        IMPORTED = "imported", _("has arrived")
        DONE = "done", _("done")
        CANCELLING = "cancelling", _("is called back")
        RETURNED = "returned", _("came home")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="+", verbose_name=_("account")
    )
    name = models.CharField(_("name"), max_length=NAME_LENGTH_MAX)
    source = models.CharField(_("leaves"), max_length=32)
    target = models.CharField(_("goes to"), max_length=32)
    source_character = models.BigIntegerField(_("character there"))
    target_character = models.BigIntegerField(_("character here"), null=True)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.REQUESTED)
    fee = models.BigIntegerField(_("fee"))
    package = models.JSONField(_("what goes along"), null=True)
    digest = models.CharField(_("digest"), max_length=64, blank=True)
    why = models.JSONField(_("why it came back"), default=list)
    attempts = models.PositiveIntegerField(_("failed attempts"), default=0)
    error = models.TextField(_("last error"), blank=True)
    requested_at = models.DateTimeField(_("requested"), default=clock.utc_now)
    changed_at = models.DateTimeField(_("last change"), default=clock.utc_now)
    due_at = models.DateTimeField(_("due"), default=clock.utc_now)

    MAY_BE_CALLED_BACK: ClassVar[tuple[str, ...]] = ("requested", "frozen", "exported")
    ENDED: ClassVar[tuple[str, ...]] = ("done", "returned")

    class Meta:
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")
        ordering: ClassVar[list[str]] = ["-requested_at"]
        default_permissions = ("view",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["source", "source_character"],
                condition=~models.Q(state__in=["done", "returned"]),
                name="transfer_open_once",
            ),
            models.CheckConstraint(condition=~models.Q(source=models.F("target")), name="transfer_elsewhere"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index("due_at", name="transfer_due", condition=~models.Q(state__in=["done", "returned"])),
            models.Index(fields=["account", "-requested_at"], name="transfer_of_account"),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.source} → {self.target}"


class Departure(models.Model):
    """What the source has done for a transfer. The package is kept here first, with what moved out."""

    class State(models.TextChoices):
        LEAVING = "leaving", _("leaving")
        PACKED = "packed", _("packed")
        RELEASED = "released", _("released")
        RETURNED = "returned", _("came home")

    transfer = models.UUIDField(primary_key=True)
    character_id = models.BigIntegerField(db_index=True)
    target = models.CharField(max_length=32)
    state = models.CharField(max_length=8, choices=State.choices, default=State.LEAVING)
    package = models.JSONField(null=True)
    why = models.JSONField(default=list)
    at = models.DateTimeField(default=clock.utc_now)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.transfer} {self.state}"


class Arrival(models.Model):
    """What the target has decided about a transfer, once and for ever: it arrived, or it was declined."""

    transfer = models.UUIDField(primary_key=True)
    source = models.CharField(max_length=32)
    character_id = models.BigIntegerField(null=True)
    digest = models.CharField(max_length=64)
    declined_for = models.JSONField(null=True)
    at = models.DateTimeField(default=clock.utc_now)

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(character_id__isnull=False) ^ models.Q(declined_for__isnull=False),
                name="arrived_or_declined",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.transfer} {self.declined_for or self.character_id}"
