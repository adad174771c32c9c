"""The ledger's tables. The database itself keeps its laws, by the triggers of migration `ledger_laws`.

Per entry and asset the lines sum to zero; entries, lines and instances are never changed or deleted;
a balance moves only with a line; no balance is negative; an instance has one holder at most.
System accounts (faucets and sinks) have no balance row: nothing has to wait for them, and what they
hold is the sum of their lines.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aether.kernel import clock

CHARACTER = "character"
SYSTEM = "system"
ASSET_LENGTH_MAX = 64
BALANCE_MAX = 10**12


class Account(models.Model):
    """A place that holds assets: a bucket of an owner, such as a character's wallet, or a faucet."""

    owner_type = models.CharField(_("owner type"), max_length=16)
    owner_id = models.BigIntegerField(_("owner"))
    bucket = models.CharField(_("bucket"), max_length=64)

    class Meta:
        verbose_name = _("ledger account")
        verbose_name_plural = _("ledger accounts")
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["owner_type", "owner_id", "bucket"], name="account_once"),
            models.CheckConstraint(
                condition=Q(owner_type__in=[CHARACTER, SYSTEM]), name="account_owner_type"
            ),
        ]

    def __str__(self) -> str:
        return (
            self.bucket if self.owner_type == SYSTEM else f"{self.owner_type} {self.owner_id} {self.bucket}"
        )


class Entry(models.Model):
    """One movement, whole or not at all. `cause` says what it happened for (`battle:77`)."""

    kind = models.CharField(_("kind"), max_length=32)
    idempotency_key = models.CharField(_("idempotency key"), max_length=200, unique=True)
    cause = models.CharField(_("cause"), max_length=200)
    actor_id = models.BigIntegerField(_("acting character"), null=True)
    at = models.DateTimeField(_("at"), default=clock.utc_now)

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        ordering: ClassVar[list[str]] = ["-id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["cause"], name="entry_by_cause"),
            models.Index(fields=["actor_id", "-id"], name="entry_by_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.cause}"


class Line(models.Model):
    """What one entry did to one asset of one account. Their order is the order in which things happened."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="lines", verbose_name=_("entry"))
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="lines", verbose_name=_("account")
    )
    asset = models.CharField(_("asset"), max_length=ASSET_LENGTH_MAX)
    amount = models.BigIntegerField(_("amount"))

    class Meta:
        verbose_name = _("ledger line")
        verbose_name_plural = _("ledger lines")
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["entry", "account", "asset"], name="line_once"),
            models.CheckConstraint(condition=~Q(amount=0), name="line_moves_something"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["account", "asset"], name="line_by_account"),
            models.Index(fields=["asset", "id"], name="line_by_asset"),
        ]

    def __str__(self) -> str:
        return f"{self.amount:+d} {self.asset}"


class Balance(models.Model):
    """What a character's account holds of an asset: the sum of its lines, kept by the database."""

    pk = models.CompositePrimaryKey("account_id", "asset")
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="balances", verbose_name=_("account")
    )
    asset = models.CharField(_("asset"), max_length=ASSET_LENGTH_MAX)
    posted = models.BigIntegerField(_("amount"))

    class Meta:
        verbose_name = _("balance")
        verbose_name_plural = _("balances")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(posted__gte=0) & Q(posted__lte=BALANCE_MAX), name="balance_within_bounds"
            ),
            models.CheckConstraint(
                condition=~Q(asset__startswith="item:") | Q(posted__lte=1), name="balance_of_instance"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.posted} {self.asset}"


class ItemInstance(models.Model):
    """A unique item as it was made. Who holds it is told by the ledger (asset `item:<id>`)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    definition = models.CharField(_("item"), max_length=48)
    content_hash = models.CharField(_("content"), max_length=64)
    stats = models.JSONField(_("stats"))
    bound_to = models.BigIntegerField(_("bound to"), null=True)
    created_entry = models.ForeignKey(
        Entry, on_delete=models.PROTECT, related_name="+", verbose_name=_("made by")
    )
    created_at = models.DateTimeField(_("made at"), default=clock.utc_now)

    class Meta:
        verbose_name = _("item instance")
        verbose_name_plural = _("item instances")
        ordering: ClassVar[list[str]] = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.definition} {self.id}"

    @property
    def asset(self) -> str:
        return f"item:{self.id}"


class PityCounter(models.Model):
    """How often a character has missed a pitied entry of a loot table since it last fell."""

    character_id = models.BigIntegerField(_("character"))
    table = models.CharField(_("loot table"), max_length=48)
    item = models.CharField(_("item"), max_length=48)
    misses = models.PositiveIntegerField(_("misses"))

    class Meta:
        verbose_name = _("pity counter")
        verbose_name_plural = _("pity counters")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["character_id", "table", "item"], name="pity_once"),
        ]

    def __str__(self) -> str:
        return f"{self.character_id} {self.table} {self.item}: {self.misses}"
