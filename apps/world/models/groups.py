"""Monster groups."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from aether.kernel import clock


class MonsterGroup(models.Model):
    """A place in a spawn rule for one group: roaming, claimed, fighting, or due again at `respawn_at`.

    It strays around its home, unless it is after its `prey`. `bonus_pct` is what it is worth more because
    nobody has touched it, and grows again at `bonus_at`.
    """

    class State(models.TextChoices):
        ROAMING = "roaming", _("roaming")
        ENGAGING = "engaging", _("engaging")
        IN_BATTLE = "in_battle", _("in battle")
        COOLDOWN = "cooldown", _("cooling down")

    zone = models.CharField(_("zone"), max_length=64)
    instance = models.CharField(_("zone copy"), max_length=80)
    rule = models.CharField(_("spawn rule"), max_length=64)
    slot = models.PositiveSmallIntegerField()
    state = models.CharField(_("state"), max_length=16, choices=State.choices, default=State.COOLDOWN)
    monsters = models.JSONField(_("monsters"), default=list)
    x = models.PositiveSmallIntegerField(default=0)
    y = models.PositiveSmallIntegerField(default=0)
    path = models.JSONField(default=list)
    started_at = models.FloatField(default=0)
    step_ms = models.PositiveIntegerField(default=0)
    roams_at = models.DateTimeField(_("walks on"), default=clock.utc_now)
    respawn_at = models.DateTimeField(_("comes back"), null=True, blank=True)
    engaged_at = models.DateTimeField(_("claimed"), null=True, blank=True)
    engaged_by = models.BigIntegerField(_("claimed by"), null=True, blank=True)
    battle = models.BigIntegerField(_("battle"), null=True, blank=True)
    is_extra = models.BooleanField(_("brought by staff"), default=False, db_default=False)
    """Comes beside those that its rule keeps, and once beaten it does not come back."""
    home_x = models.PositiveSmallIntegerField(default=0, db_default=0)
    home_y = models.PositiveSmallIntegerField(default=0, db_default=0)
    prey = models.BigIntegerField(_("hunts"), null=True, blank=True)
    bonus_pct = models.PositiveSmallIntegerField(_("bonus in per cent"), default=0, db_default=0)
    bonus_at = models.DateTimeField(_("bonus grows"), null=True, blank=True)

    class Meta:
        verbose_name = _("monster group")
        verbose_name_plural = _("monster groups")
        permissions = (("steer_group", "Can bring and take away monster groups"),)
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["battle"], name="group_battle", condition=models.Q(battle__isnull=False)),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["instance", "rule", "slot"], name="group_slot_once"),
            models.CheckConstraint(
                condition=models.Q(battle__isnull=True) | models.Q(state="in_battle"),
                name="group_battle_only_in_battle",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="cooldown") | models.Q(respawn_at__isnull=False),
                name="group_cooldown_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instance}: {self.rule} {self.slot}"

    @property
    def cell(self) -> tuple[int, int]:
        """Where it stands, or will stand at the end of its walk."""
        return self.x, self.y

    @property
    def home(self) -> tuple[int, int]:
        return self.home_x, self.home_y
