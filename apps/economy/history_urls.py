"""Where the REST of the histories of items is."""

from __future__ import annotations

from django.urls import path

from apps.economy.history_views import show_history

urlpatterns = [
    path("items/<uuid:instance>/history", show_history),
]
