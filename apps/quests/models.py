"""Where each character stands in its quests; the journal (stream kind QUEST) tells how it got there."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aether.kernel import clock

STATES = {
    "available": _("available"),
    "active": _("active"),
    "ready": _("ready"),
    "completed": _("completed"),
    "failed": _("failed"),
    "abandoned": _("abandoned"),
}


class QuestStatus(models.Model):
    """A character's state in a quest. A quest without a row is locked."""

    character_id = models.BigIntegerField(_("character"))
    quest = models.CharField(_("quest"), max_length=48)
    state = models.CharField(_("state"), max_length=16, choices=list(STATES.items()))
    step = models.CharField(_("step"), max_length=48, null=True)
    progress = models.JSONField(_("progress"), default=dict)
    version = models.PositiveIntegerField(_("version of the quest"), default=1)
    changed_at = models.DateTimeField(_("changed"), default=clock.utc_now)

    class Meta:
        verbose_name = _("quest of a character")
        verbose_name_plural = _("quests of characters")
        ordering: ClassVar[list[str]] = ["character_id", "quest"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["character_id", "quest"], name="quest_status_once"),
            models.CheckConstraint(condition=Q(state__in=list(STATES)), name="quest_state_known"),
            models.CheckConstraint(
                condition=Q(state="active") ^ Q(step__isnull=True), name="quest_step_while_active"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.character_id} {self.quest}: {self.state}"


class Flag(models.Model):
    """A number that content keeps about a character."""

    character_id = models.BigIntegerField(_("character"))
    key = models.CharField(_("flag"), max_length=48)
    value = models.BigIntegerField(_("value"))

    class Meta:
        verbose_name = _("flag")
        verbose_name_plural = _("flags")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["character_id", "key"], name="flag_once"),
        ]

    def __str__(self) -> str:
        return f"{self.character_id} {self.key} = {self.value}"


class Talk(models.Model):
    """The talk that a character is in. `rev` grows with every change, so that an old answer is known."""

    character_id = models.BigIntegerField(_("character"), primary_key=True)
    npc = models.CharField(_("NPC"), max_length=48)
    node = models.CharField(_("node"), max_length=48, null=True)
    rev = models.PositiveIntegerField(_("revision"), default=1)

    class Meta:
        verbose_name = _("talk")
        verbose_name_plural = _("talks")

    def __str__(self) -> str:
        return f"{self.character_id} {self.npc} {self.node}"


class AppliedEffect(models.Model):
    """An effect that a character has had: it is never applied again from the same source."""

    character_id = models.BigIntegerField(_("character"))
    source = models.CharField(_("source"), max_length=200)
    at = models.DateTimeField(_("at"), default=clock.utc_now)

    class Meta:
        verbose_name = _("applied effect")
        verbose_name_plural = _("applied effects")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["character_id", "source"], name="effect_once"),
        ]

    def __str__(self) -> str:
        return f"{self.character_id} {self.source}"
