"""Battles as rows: what is searched, swept and constrained. What happened in them is in the journal."""

from __future__ import annotations

from typing import ClassVar, Literal, cast

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

VIEW_ONLY = ("view",)

Kind = Literal["pve", "duel", "team"]


class BattleRecord(models.Model):
    """A battle. `deadline` is when it goes on by itself; `lease_until` says that a sweeper is at it."""

    class Mode(models.TextChoices):
        PVE = "pve", _("monsters")
        DUEL = "duel", _("duel")
        TEAM = "team", _("battle of parties")

    class Status(models.IntegerChoices):
        LIVE = 1, _("running")
        ENDED = 2, _("ended")
        FAULTED = 3, _("stopped by a fault")
        DRAWN = 4, _("ended as a draw by a game master")

    class Spectating(models.TextChoices):
        NONE = "none", _("nobody")
        PARTY = "party", _("by the fighters' parties")
        DELAYED = "delayed", _("late")
        LIVE = "live", _("live")

    mode = models.CharField(_("kind"), max_length=8, choices=Mode.choices)
    spectating = models.CharField(
        _("may be watched"), max_length=8, choices=Spectating.choices, db_default=Spectating.NONE
    )
    zone = models.CharField(_("zone"), max_length=64)
    instance = models.CharField(max_length=80)
    group_id = models.BigIntegerField(_("monster group"), null=True)
    status = models.SmallIntegerField(_("state"), choices=Status.choices, default=Status.LIVE)
    round = models.SmallIntegerField(_("round"), default=0)
    deadline = models.DateTimeField(_("goes on by itself at"), null=True)
    lease_until = models.DateTimeField(null=True)
    faults = models.SmallIntegerField(_("faults"), default=0)
    content_hash = models.CharField(max_length=64)
    rules_version = models.SmallIntegerField()
    monsters = ArrayField(models.CharField(max_length=64), default=list, db_default=[])
    team_max = models.SmallIntegerField(_("players at most"), default=4, db_default=4)
    created_at = models.DateTimeField(_("begun"), db_default=Now())
    ended_at = models.DateTimeField(_("ended"), null=True)

    class Meta:
        verbose_name = _("battle")
        verbose_name_plural = _("battles")
        default_permissions = VIEW_ONLY
        permissions = (
            ("draw_battle", "Can end a battle as a draw"),
            ("compensate_battle", "Can compensate the players of a battle"),
            ("settle_battle", "Can settle a battle again"),
        )
        ordering: ClassVar[list[str]] = ["-id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index("deadline", name="battle_due", condition=models.Q(status=1)),
            models.Index("instance", name="battles_live_in", condition=models.Q(status=1)),
            models.Index("id", name="battle_faulted", condition=models.Q(status=3)),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="battle_ended_has_moment",
                condition=models.Q(status=1, ended_at__isnull=True)
                | (~models.Q(status=1) & models.Q(ended_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_mode_display()} #{self.pk}"

    @property
    def kind(self) -> Kind:
        return cast(Kind, self.mode)


class BattleParticipant(models.Model):
    """A human's part in a battle; nobody is in two that run."""

    battle = models.ForeignKey(BattleRecord, on_delete=models.PROTECT, related_name="participants")
    character_id = models.BigIntegerField(_("character"))
    team = models.SmallIntegerField(_("team"))
    is_live = models.BooleanField(default=True)
    outcome = models.CharField(_("outcome"), max_length=8, blank=True)

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        default_permissions = VIEW_ONLY
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["battle", "character_id"], name="battle_participant_once"),
            models.UniqueConstraint(
                fields=["character_id"],
                condition=models.Q(is_live=True),
                name="character_in_one_live_battle",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["character_id", "-battle"], name="battles_of_character"),
        ]

    def __str__(self) -> str:
        return f"#{self.character_id}"


class BattleCompensation(models.Model):
    """What somebody was given for a battle that went wrong: once for each battle and person."""

    battle = models.ForeignKey(BattleRecord, on_delete=models.PROTECT, related_name="compensations")
    character_id = models.BigIntegerField(_("character"))
    glim = models.BigIntegerField(_("glim"))
    xp = models.BigIntegerField(_("experience"))
    reason = models.TextField(_("reason"))
    actor = models.CharField(_("given by"), max_length=150)
    approved_by = models.CharField(_("approved by"), max_length=150, blank=True)
    at = models.DateTimeField(_("when"), db_default=Now())

    class Meta:
        verbose_name = _("compensation")
        verbose_name_plural = _("compensations")
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["battle", "character_id"], name="battle_compensated_once"),
            models.CheckConstraint(
                name="compensation_is_something",
                condition=models.Q(glim__gte=0, xp__gte=0) & ~models.Q(glim=0, xp=0),
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.character_id}"


class BattleSecret(models.Model):
    """The server's seed of a battle, sealed. No screen and no view reads this table."""

    battle = models.OneToOneField(BattleRecord, on_delete=models.PROTECT, primary_key=True)
    sealed_seed = models.BinaryField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"#{self.pk}"
