"""The journal's tables. Rows are only ever inserted; a database trigger refuses the rest."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class JournalEntry(models.Model):
    """One entry of a stream. Read it through `journal`; people look at `JournalLine`."""

    pk = models.CompositePrimaryKey("kind", "stream_id", "version")
    kind = models.SmallIntegerField()
    stream_id = models.BigIntegerField(db_column="id")
    version = models.IntegerField()
    payload = models.BinaryField()
    actor_id = models.BigIntegerField()
    at_us = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        app_label = "kernel"
        db_table = "journal"


class CommandReceipt(models.Model):
    """The answer that a command got, kept with what it changed."""

    pk = models.CompositePrimaryKey("character_id", "command_id")
    character_id = models.BigIntegerField()
    command_id = models.CharField(max_length=36)
    digest = models.BinaryField()
    reply = models.BinaryField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        app_label = "kernel"
        db_table = "command_receipt"
        indexes: ClassVar[list[models.Index]] = [BrinIndex(fields=["at"], name="command_receipt_at")]


class JournalLine(models.Model):
    """The journal as people read it: a view with the payload as JSON."""

    key = models.CharField(_("entry"), primary_key=True, max_length=64)
    kind = models.SmallIntegerField(_("kind"))
    stream_id = models.BigIntegerField(_("number"))
    version = models.IntegerField(_("version"))
    payload = models.JSONField(_("content"))
    actor_id = models.BigIntegerField(_("actor"))
    at = models.DateTimeField(_("when"))
    hash = models.CharField(_("hash"), max_length=64)

    class Meta:
        app_label = "kernel"
        db_table = "journal_lines"
        managed = False
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal")
        ordering: ClassVar[list[str]] = ["-at"]

    def __str__(self) -> str:
        return self.key
