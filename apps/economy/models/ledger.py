"""The ledger's tables. The database itself keeps its laws, by the triggers of migration `ledger_laws`.

Per entry and asset the lines sum to zero; entries, lines and instances are never changed or deleted;
a balance moves only with a line; no balance is negative; an instance has one holder at most.

No row is hot. A credit that finds the balance of its account taken stays beside it until somebody who
has the row, or the fold, adds it. System accounts (faucets and sinks) have no balance row at all: what
they hold is their folded total and the lines after the mark.

Lines name accounts and entries without foreign keys, whose checks lock the row that everybody names: as
nothing is ever deleted there, the trigger only looks whether they exist.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aether.kernel import clock

CHARACTER = "character"
SYSTEM = "system"
ASSET_LENGTH_MAX = 64
BALANCE_MAX = 10**12
"""What services let anybody hold of one asset."""
BALANCE_BOUND = 2**53 - 1
"""What a balance may never exceed: credits that come at the same time may pass the other bound."""


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
    idempotency_key = models.CharField(_("idempotency key"), max_length=200)
    cause = models.CharField(_("cause"), max_length=200)
    actor_id = models.BigIntegerField(_("acting character"), null=True)
    at = models.DateTimeField(_("at"), default=clock.utc_now)
    reverses = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        related_name="reversals",
        verbose_name=_("reverses"),
        db_constraint=False,
        db_index=False,
    )

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # No `unique=True`: that makes a second index, for searches by the beginning of a key.
            models.UniqueConstraint(fields=["idempotency_key"], name="economy_entry_idempotency_key_key"),
            models.UniqueConstraint(
                fields=["reverses"], condition=Q(reverses__isnull=False), name="entry_reversed_once"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["cause"], name="entry_by_cause"),
            models.Index(fields=["actor_id", "-id"], name="entry_by_actor"),
            # Entries come in the order of time, so a few pages say where each hour is.
            BrinIndex(fields=["at"], name="entry_by_moment", pages_per_range=16, autosummarize=True),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.cause}"


class EntryNote(models.Model):
    """Why staff have made an entry, in their words."""

    entry = models.OneToOneField(
        Entry, on_delete=models.PROTECT, primary_key=True, related_name="note", verbose_name=_("entry")
    )
    text = models.TextField(_("reason"))

    class Meta:
        verbose_name = _("reason of an entry")
        verbose_name_plural = _("reasons of entries")
        default_permissions = ()

    def __str__(self) -> str:
        return self.text


class Line(models.Model):
    """What one entry did to one asset of one account. Their order is the order in which things happened."""

    entry = models.ForeignKey(
        Entry,
        on_delete=models.PROTECT,
        related_name="lines",
        verbose_name=_("entry"),
        db_constraint=False,
        db_index=False,
    )
    account = models.ForeignKey(
        Account,
        on_delete=models.PROTECT,
        related_name="lines",
        verbose_name=_("account"),
        db_constraint=False,
        db_index=False,
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
            models.Index(fields=["account", "id"], name="line_of_account"),
            models.Index(fields=["asset", "id"], name="line_by_asset"),
        ]

    def __str__(self) -> str:
        return f"{self.amount:+d} {self.asset}"


class Balance(models.Model):
    """What a character's account holds of an asset, but for its unfolded credits; kept by the database."""

    pk = models.CompositePrimaryKey("account_id", "asset")
    account = models.ForeignKey(
        Account,
        on_delete=models.PROTECT,
        related_name="balances",
        verbose_name=_("account"),
        db_constraint=False,
        db_index=False,
    )
    asset = models.CharField(_("asset"), max_length=ASSET_LENGTH_MAX)
    posted = models.BigIntegerField(_("amount"))

    class Meta:
        verbose_name = _("balance")
        verbose_name_plural = _("balances")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(posted__gte=0) & Q(posted__lte=BALANCE_BOUND), name="balance_within_bounds"
            ),
            models.CheckConstraint(
                condition=~Q(asset__startswith="item:") | Q(posted__lte=1), name="balance_of_instance"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.posted} {self.asset}"


class BalanceRepair(models.Model):
    """A balance that was not the sum of its lines. Writing this row puts it right (trigger)."""

    account = models.ForeignKey(
        Account,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("account"),
        db_constraint=False,
        db_index=False,
    )
    asset = models.CharField(_("asset"), max_length=ASSET_LENGTH_MAX)
    before = models.BigIntegerField(_("before"), default=0)
    after = models.BigIntegerField(_("after"), default=0)
    at = models.DateTimeField(_("at"), default=clock.utc_now)

    class Meta:
        verbose_name = _("repair of a balance")
        verbose_name_plural = _("repairs of balances")
        default_permissions = ("view",)
        ordering: ClassVar[list[str]] = ["-id"]

    def __str__(self) -> str:
        return f"{self.asset}: {self.before} → {self.after}"


class UnfoldedCredit(models.Model):
    """A credit whose balance was taken by somebody else. Deleting it adds it to the balance (trigger)."""

    account = models.ForeignKey(
        Account,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("account"),
        db_constraint=False,
        db_index=False,
    )
    asset = models.CharField(_("asset"), max_length=ASSET_LENGTH_MAX)
    amount = models.BigIntegerField(_("amount"))

    class Meta:
        verbose_name = _("unfolded credit")
        verbose_name_plural = _("unfolded credits")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(amount__gt=0) & ~Q(asset__startswith="item:"), name="unfolded_is_a_credit"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["account", "asset"], name="unfolded_by_account"),
        ]

    def __str__(self) -> str:
        return f"{self.amount:+d} {self.asset}"


class Holding(models.Model):
    """What characters' accounts hold: balances and unfolded credits, so several rows may make one sum."""

    pk = models.CompositePrimaryKey("account_id", "asset")
    account = models.ForeignKey(Account, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False)
    asset = models.CharField(max_length=ASSET_LENGTH_MAX)
    amount = models.BigIntegerField()

    class Meta:
        managed = False
        db_table = "economy_holding"

    def __str__(self) -> str:
        return f"{self.amount} {self.asset}"


class SystemTotal(models.Model):
    """The sum of a system account's lines up to the mark, by currency and stacked item."""

    pk = models.CompositePrimaryKey("account_id", "asset")
    account = models.ForeignKey(
        Account,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("account"),
        db_constraint=False,
        db_index=False,
    )
    asset = models.CharField(_("asset"), max_length=ASSET_LENGTH_MAX)
    total = models.BigIntegerField(_("amount"))

    class Meta:
        verbose_name = _("folded total")
        verbose_name_plural = _("folded totals")

    def __str__(self) -> str:
        return f"{self.total} {self.asset}"


class FoldMark(models.Model):
    """How far the lines of system accounts are folded.

    Lines up to `seen_to` had their numbers when only transactions before `seen_before` could be writing
    them: once those have ended, no such line can appear any more, and they may be folded.
    """

    id = models.SmallIntegerField(primary_key=True)
    folded_to = models.BigIntegerField(default=0)
    seen_to = models.BigIntegerField(default=0)
    seen_before = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(id=1), name="one_fold_mark"),
        ]

    def __str__(self) -> str:
        return f"folded to {self.folded_to}"


class ItemInstance(models.Model):
    """A unique item as it was made. Who holds it is told by the ledger (asset `item:<id>`)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    definition = models.CharField(_("item"), max_length=48)
    content_hash = models.CharField(_("content"), max_length=64)
    stats = models.JSONField(_("stats"))
    bound_to = models.BigIntegerField(_("bound to"), null=True)
    crafted_by = models.BigIntegerField(_("crafted by"), null=True)
    is_fine = models.BooleanField(_("fine work"), default=False, db_default=False)
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


class LootReceipts(models.Model):
    """The dice that a character's loot of a battle was thrown with: (index, n, value, next index) each.

    Without a character, those of what fell once for all winners.
    """

    battle_id = models.BigIntegerField(_("battle"))
    character_id = models.BigIntegerField(_("character"), null=True)
    rolls = models.JSONField(_("rolls"))

    class Meta:
        verbose_name = _("dice of loot")
        verbose_name_plural = _("dice of loot")
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["battle_id", "character_id"], name="loot_receipts_once"),
            models.UniqueConstraint(
                fields=["battle_id"], name="shared_loot_once", condition=Q(character_id__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"battle {self.battle_id}, character {self.character_id or 'all'}"


class PityCounter(models.Model):
    """How often a character has missed a pitied entry of a loot table since it last fell."""

    character_id = models.BigIntegerField(_("character"))
    table = models.CharField(_("loot table"), max_length=48)
    item = models.CharField(_("item"), max_length=48)
    misses = models.PositiveIntegerField(_("misses"))

    class Meta:
        verbose_name = _("pity counter")
        verbose_name_plural = _("pity counters")
        permissions = (("reset_pity", "Can reset how long somebody has waited for a drop"),)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["character_id", "table", "item"], name="pity_once"),
        ]

    def __str__(self) -> str:
        return f"{self.character_id} {self.table} {self.item}: {self.misses}"
