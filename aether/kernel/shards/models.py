"""What the realm knows of its shards, and the post between them."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Shard(models.Model):
    """A shard as it last described itself. `state` and the terms of leaving are what staff have set."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        MAINTENANCE = "maintenance", _("under maintenance")
        CLOSED = "closed", _("closed")

    id = models.CharField(_("shard"), max_length=32, primary_key=True)
    name_en = models.CharField(_("name in English"), max_length=48)
    name_fr = models.CharField(_("name in French"), max_length=48)
    address = models.CharField(_("address"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.OPEN)
    online = models.PositiveIntegerField(_("online"), default=0)
    capacity = models.PositiveIntegerField(_("capacity"))
    seen_at = models.DateTimeField(_("last seen"), db_default=Now())
    transfer_fee = models.PositiveIntegerField(_("fee of leaving"), default=100)
    transfer_cooldown_s = models.PositiveIntegerField(_("seconds between transfers"), default=604_800)

    class Meta:
        app_label = "kernel"
        verbose_name = _("shard")
        verbose_name_plural = _("shards")
        ordering: ClassVar[list[str]] = ["id"]
        default_permissions = ("view",)
        permissions = (("run_shard", "Can open and close shards, and decide about transfers"),)

    def __str__(self) -> str:
        return self.id

    def name_in(self, language: str) -> str:
        return self.name_fr if language.startswith("fr") else self.name_en


class RealmPost(models.Model):
    """A message from one shard to another; who asks waits for `answer`. Kept for a minute or so."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    sender = models.CharField(max_length=32)
    recipient = models.CharField(max_length=32)
    kind = models.CharField(max_length=32)
    body = models.JSONField()
    is_question = models.BooleanField()
    posted_at = models.DateTimeField(db_default=Now())
    taken_at = models.DateTimeField(null=True)
    answer = models.JSONField(null=True)

    class Meta:
        app_label = "kernel"
        default_permissions = ()
        indexes: ClassVar[list[models.Index]] = [
            models.Index("recipient", "posted_at", name="post_waiting", condition=Q(taken_at__isnull=True)),
            models.Index("posted_at", name="post_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.recipient}"
