"""The tables of facts: what was published, who handled it, and where handling failed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class OutboxFact(models.Model):
    """A published fact. `due_at` is when the relay looks at it (again); a fact that is done has none."""

    type = models.CharField(_("fact"), max_length=64)
    payload = models.TextField(_("content"))
    created_at = models.DateTimeField(_("published"), db_default=Now())
    due_at = models.DateTimeField(_("due"), null=True, db_default=Now())
    request_id = models.CharField(_("request"), max_length=36, default="", db_default="")
    relayed = models.SmallIntegerField(_("times relayed"), db_default=0)

    class Meta:
        app_label = "kernel"
        verbose_name = _("fact")
        verbose_name_plural = _("facts")
        indexes: ClassVar[list[models.Index]] = [
            models.Index("due_at", "id", name="fact_due", condition=models.Q(due_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.type} #{self.pk}"


class HandledFact(models.Model):
    """The effect of a fact on a subscriber is committed with this row, hence once."""

    fact = models.ForeignKey(OutboxFact, on_delete=models.CASCADE, db_index=False, related_name="handled")
    subscriber = models.CharField(max_length=64)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        app_label = "kernel"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["fact", "subscriber"], name="fact_handled_once"),
        ]

    def __str__(self) -> str:
        return f"{self.subscriber} #{self.fact_id}"


class FailedFact(models.Model):
    """A subscriber that failed on a fact; after too many failures it is parked until a GM retries it."""

    fact = models.ForeignKey(
        OutboxFact, on_delete=models.CASCADE, related_name="failures", verbose_name=_("fact")
    )
    subscriber = models.CharField(_("subscriber"), max_length=64)
    failures = models.SmallIntegerField(_("failures"))
    error = models.TextField(_("last error"))
    failed_at = models.DateTimeField(_("last failure"))
    parked_at = models.DateTimeField(_("parked"), null=True)

    class Meta:
        app_label = "kernel"
        verbose_name = _("failed fact")
        verbose_name_plural = _("failed and parked facts")
        permissions = (("retry_fact", "Can retry parked facts"),)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["fact", "subscriber"], name="fact_failure_of_subscriber"),
        ]

    def __str__(self) -> str:
        return f"{self.subscriber} #{self.fact_id}"


class Canary(models.Model):
    """The last canary of a queue. `returned_at` is empty while it is away; `lost` counts those before it."""

    queue = models.CharField(primary_key=True, max_length=64)
    sent_at = models.DateTimeField()
    returned_at = models.DateTimeField(null=True)
    lost = models.IntegerField()

    class Meta:
        app_label = "kernel"

    def __str__(self) -> str:
        return self.queue
