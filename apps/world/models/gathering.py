"""Who is at work on a node of a zone copy."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from aether.kernel import clock


class Gathering(models.Model):
    """A character at work on a node: at `ends_at` it has what one charge gives, if it has not moved."""

    character_id = models.BigIntegerField(_("character"), unique=True)
    instance = models.CharField(_("zone copy"), max_length=80)
    node_id = models.CharField(_("node"), max_length=64)
    began_at = models.DateTimeField(_("began"), default=clock.utc_now)
    ends_at = models.DateTimeField(_("ends"))

    class Meta:
        verbose_name = _("gathering")
        verbose_name_plural = _("gatherings")
        default_permissions = ("view",)
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["instance", "ends_at"], name="gathering_due"),
        ]

    def __str__(self) -> str:
        return f"{self.character_id}: {self.node_id}"
