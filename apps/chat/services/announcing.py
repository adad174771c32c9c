"""Announcing: what the staff tell everybody, or those in one zone copy, in every language."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from aether.kernel import audit, realtime
from aether.kernel.transactions import transactional
from aether.protocol.chat import ChatLine, LineSaid
from apps.chat import lines, rules
from apps.chat.errors import BadTextError
from apps.chat.models import Announcement

SYSTEM = "system"
NOBODY = 0


@transactional
def announce(
    *, actor: AbstractBaseUser, text_en: str, text_fr: str, instance: str = "", reason: str
) -> Announcement:
    """Tell everybody who is in the world, or in one zone copy, something (staff)."""
    said = {"en": rules.cleaned(text_en), "fr": rules.cleaned(text_fr)}
    texts = {language: text for language, text in said.items() if text}
    if len(texts) < len(said):
        raise BadTextError
    row = Announcement.objects.create(text_en=texts["en"], text_fr=texts["fr"], instance=instance)
    details: dict[str, object] = {**texts, "instance": instance}
    audit.record(actor, "announce", f"announcement:{row.pk}", reason, details)
    channel = lines.zone(instance) if instance else lines.GLOBAL
    line = ChatLine(
        id=0,
        channel=SYSTEM,
        sender=NOBODY,
        name="",
        text=texts["en"],
        at=row.at.timestamp(),
        texts=texts,
    )
    transaction.on_commit(lambda: _tell(line, channel), robust=True)
    return row


def _tell(line: ChatLine, channel: str) -> None:
    realtime.send_now(f"chat:{channel}", LineSaid(line=lines.keep_now(line, channel)))
