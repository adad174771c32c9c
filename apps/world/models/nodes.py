"""Nodes to gather from, and who is at work on them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from aether.kernel import clock


class ResourceNode(models.Model):
    """What is left of a node of a zone copy; a spent one is whole again at `respawn_at`."""

    instance = models.CharField(_("zone copy"), max_length=80)
    node_id = models.CharField(_("node"), max_length=64)
    definition = models.CharField(_("kind"), max_length=64)
    charges = models.IntegerField(_("charges"))
    respawn_at = models.DateTimeField(_("comes back"), null=True, blank=True)

    class Meta:
        verbose_name = _("resource node")
        verbose_name_plural = _("resource nodes")
        permissions = (("restore_node", "Can make a node whole again"),)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["instance", "node_id"], name="node_once"),
            models.CheckConstraint(condition=models.Q(charges__gte=0), name="node_charges_not_negative"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index("respawn_at", name="node_due", condition=models.Q(respawn_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.instance}: {self.node_id}"


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
