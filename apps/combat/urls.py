"""Where the REST of combat is."""

from __future__ import annotations

from django.urls import path

from apps.combat import views

urlpatterns = [
    path("battles", views.past_battles),
    path("battles/live", views.live_battles),
    path("battles/<int:battle_id>/reveal", views.reveal_battle),
    path("battles/<int:battle_id>/export", views.export_battle),
]
