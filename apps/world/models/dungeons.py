"""Rows of dungeons: runs, who is in them, and whose loot of the week was had."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from aether.kernel import clock


class DungeonRun(models.Model):
    """A party's way through a dungeon in one week. It is kept while no copy of the zone is open.

    `room` is how many rooms are done; `pulled` and `clues` belong to the puzzle of the one that is not.
    """

    class State(models.TextChoices):
        OPEN = "open", _("under way")
        DONE = "done", _("done")
        ABANDONED = "abandoned", _("abandoned")
        OVER = "over", _("over with its week")

    dungeon = models.CharField(_("dungeon"), max_length=64)
    week = models.DateField(_("week"))
    state = models.CharField(_("state"), max_length=16, choices=State.choices, default=State.OPEN)
    leader_id = models.BigIntegerField(_("opened by"))
    instance = models.CharField(_("zone copy"), max_length=80, null=True, blank=True)
    room = models.PositiveSmallIntegerField(_("rooms done"), default=0)
    beaten = models.JSONField(_("beaten"), default=list)
    pulled = models.JSONField(_("levers pulled"), default=list)
    clues = models.JSONField(_("inscriptions read"), default=list)
    seed = models.BinaryField()
    opened_at = models.DateTimeField(_("opened"), default=clock.utc_now)
    moved_at = models.DateTimeField(_("last progress"), default=clock.utc_now)
    emptied_at = models.DateTimeField(_("empty since"), null=True, blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)

    class Meta:
        verbose_name = _("dungeon run")
        verbose_name_plural = _("dungeon runs")
        default_permissions = ("view",)
        permissions = (
            ("end_run", "Can end a dungeon run"),
            ("open_room", "Can open a room of a dungeon run"),
        )
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["instance"], name="run_of_a_copy"),
            models.CheckConstraint(
                condition=models.Q(state="done", done_at__isnull=False)
                | (~models.Q(state="done") & models.Q(done_at__isnull=True)),
                name="run_done_has_moment",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["week"], name="run_open", condition=models.Q(state="open")),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class DungeonMember(models.Model):
    """A character in a run; nobody is in two of one dungeon that are under way."""

    run = models.ForeignKey(DungeonRun, on_delete=models.CASCADE, related_name="members")
    dungeon = models.CharField(_("dungeon"), max_length=64)
    character_id = models.BigIntegerField(_("character"))
    is_live = models.BooleanField(_("under way"), default=True)
    joined_at = models.DateTimeField(_("joined"), default=clock.utc_now)

    class Meta:
        verbose_name = _("member of a run")
        verbose_name_plural = _("members of runs")
        default_permissions = ("view",)
        ordering: ClassVar[list[str]] = ["joined_at", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["run", "character_id"], name="run_member_once"),
            models.UniqueConstraint(
                fields=["character_id", "dungeon"],
                condition=models.Q(is_live=True),
                name="character_in_one_run",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.character_id}"


class DungeonLock(models.Model):
    """A character has had the loot of a dungeon in a week, from one battle; staff may have lifted it."""

    dungeon = models.CharField(_("dungeon"), max_length=64)
    week = models.DateField(_("week"))
    character_id = models.BigIntegerField(_("character"))
    battle = models.BigIntegerField(_("battle"))
    at = models.DateTimeField(_("when"), default=clock.utc_now)
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)

    class Meta:
        verbose_name = _("loot lock")
        verbose_name_plural = _("loot locks")
        default_permissions = ("view",)
        permissions = (("lift_lock", "Can lift a loot lock"),)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["character_id", "dungeon", "week"],
                condition=models.Q(lifted_at__isnull=True),
                name="loot_once_a_week",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.character_id}: {self.dungeon} {self.week}"
