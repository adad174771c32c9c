"""What chat keeps for good: who does not want to hear whom. What was said lives in Redis."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from aether.kernel import clock


class Block(models.Model):
    """One character does not hear another."""

    character_id = models.BigIntegerField(_("character"))
    blocked_id = models.BigIntegerField(_("blocked character"))
    at = models.DateTimeField(_("at"), default=clock.utc_now)

    class Meta:
        verbose_name = _("block")
        verbose_name_plural = _("blocks")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["character_id", "blocked_id"], name="block_once"),
            models.CheckConstraint(condition=~Q(character_id=F("blocked_id")), name="block_somebody_else"),
        ]

    def __str__(self) -> str:
        return f"{self.character_id} blocks {self.blocked_id}"
