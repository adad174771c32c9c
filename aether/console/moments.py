"""Moments as the console writes and asks them: in its own time zone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import formats, timezone
from unfold.widgets import UnfoldAdminTextInputWidget


def moment_text(at: datetime) -> str:
    """Return a moment as people read it, in their language."""
    return formats.date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT")


def moment_value(at: datetime) -> str:
    """Return a moment as the field of a form holds it."""
    return timezone.localtime(at).strftime("%Y-%m-%dT%H:%M:%S")


class MomentField(forms.DateTimeField):
    """Asks for a moment, to the second."""

    def __init__(self, **options: Any) -> None:
        widget = UnfoldAdminTextInputWidget(attrs={"type": "datetime-local", "step": "1"})
        super().__init__(**{"widget": widget, **options})
