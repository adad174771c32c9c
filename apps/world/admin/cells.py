"""A form that asks for a cell of a map."""

from __future__ import annotations

from django import forms
from unfold.widgets import UnfoldAdminIntegerFieldWidget

from aether.console.rooms import (
    ReasonForm,
)

CELL_MAX = 127


class CellForm(ReasonForm):
    """A cell of a map."""

    x = forms.IntegerField(min_value=0, max_value=CELL_MAX, widget=UnfoldAdminIntegerFieldWidget)
    y = forms.IntegerField(min_value=0, max_value=CELL_MAX, widget=UnfoldAdminIntegerFieldWidget)
