"""The tables of undoing: cases, the steps of their plans, debts, and what happens to unique items."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from aether.kernel import clock

ASSET_LENGTH_MAX = 64


class ItemEvent(models.Model):
    """Something that changed about a unique item: the facts that are true of it from then on."""

    instance = models.ForeignKey(
        "economy.ItemInstance", on_delete=models.PROTECT, related_name="events", verbose_name=_("item")
    )
    kind = models.CharField(_("kind"), max_length=32)
    facts = models.JSONField(_("facts"), default=dict)
    entry = models.ForeignKey(
        "economy.Entry", on_delete=models.PROTECT, related_name="+", null=True, verbose_name=_("entry")
    )
    at = models.DateTimeField(_("at"), default=clock.utc_now)

    class Meta:
        verbose_name = _("item event")
        verbose_name_plural = _("item events")
        default_permissions = ("view",)
        ordering: ClassVar[list[str]] = ["id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.instance_id}"


class RollbackCase(models.Model):
    """What is to be undone and why, from its opening to its report.

    `scope` says which entries; `fingerprint` says of which the last dry run was, and of what state.
    """

    class State(models.TextChoices):
        OPEN = "open", _("open")
        PLANNED = "planned", _("planned")
        RUNNING = "running", _("running")
        RETURNING = "returning", _("gives back")
        DONE = "done", _("done")
        STALE = "stale", _("needs a new dry run")
        WITHDRAWN = "withdrawn", _("withdrawn")

    reason = models.CharField(_("reason"), max_length=500)
    scope = models.JSONField(_("scope"))
    evidence = models.JSONField(_("evidence"), default=dict)
    income_share_pct = models.PositiveSmallIntegerField(_("share of income, %"), default=20)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.OPEN)
    undoes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="undone_by", verbose_name=_("undoes")
    )
    opened_by = models.BigIntegerField(_("opened by"))
    opened_name = models.CharField(_("opened by"), max_length=150)
    opened_at = models.DateTimeField(_("opened"), default=clock.utc_now)
    approved_by = models.BigIntegerField(_("approved by"), null=True)
    approved_name = models.CharField(_("approved by"), max_length=150, blank=True)
    planned_at = models.DateTimeField(_("planned"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    fingerprint = models.CharField(_("fingerprint"), max_length=64, blank=True)
    summary = models.JSONField(_("dry run"), default=dict)

    class Meta:
        verbose_name = _("rollback case")
        verbose_name_plural = _("rollback cases")
        default_permissions = ("view",)
        permissions = (("run_rollback", "Can open, plan and approve rollbacks"),)
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="rollback_by_two", condition=Q(approved_by=None) | ~Q(approved_by=F("opened_by"))
            ),
            models.CheckConstraint(
                name="rollback_runs_approved",
                condition=~Q(state__in=["running", "returning", "done"]) | Q(approved_by__isnull=False),
            ),
            models.CheckConstraint(
                name="rollback_share", condition=Q(income_share_pct__gte=1, income_share_pct__lte=100)
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.reason}"

    @property
    def cause(self) -> str:
        """What entries and letters of this case name as their cause."""
        return f"rollback:{self.pk}"


class RollbackStep(models.Model):
    """A part of a plan that happens whole or not at all, and once."""

    case = models.ForeignKey(
        RollbackCase, on_delete=models.CASCADE, related_name="steps", verbose_name=_("case")
    )
    number = models.PositiveIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=16)
    content = models.JSONField(_("content"))
    done_at = models.DateTimeField(_("done"), null=True)

    class Meta:
        verbose_name = _("rollback step")
        verbose_name_plural = _("rollback steps")
        default_permissions = ("view",)
        ordering: ClassVar[list[str]] = ["case_id", "number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case", "number"], name="rollback_step_once"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.number} {self.kind}"


class Debt(models.Model):
    """What a rollback could not take back. How much of it is left, the account `debt:<character>` says.

    `due` is the part of the income up to line `seen_to` that is still to be collected.
    """

    character_id = models.BigIntegerField(_("character"))
    asset = models.CharField(_("asset"), max_length=ASSET_LENGTH_MAX)
    case = models.ForeignKey(
        RollbackCase, on_delete=models.PROTECT, related_name="debts", verbose_name=_("case")
    )
    share_pct = models.PositiveSmallIntegerField(_("share of income, %"))
    seen_to = models.BigIntegerField(_("seen to line"))
    due = models.BigIntegerField(_("due"), default=0)
    payments = models.PositiveIntegerField(_("payments"), default=0)
    opened_at = models.DateTimeField(_("opened"), default=clock.utc_now)
    settled_at = models.DateTimeField(_("settled"), null=True)

    class Meta:
        verbose_name = _("debt")
        verbose_name_plural = _("debts")
        default_permissions = ("view",)
        permissions = (("waive_debt", "Can waive what a character owes"),)
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["character_id", "asset"], condition=Q(settled_at__isnull=True), name="debt_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.character_id} {self.asset}"
