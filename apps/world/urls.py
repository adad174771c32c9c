"""Where the REST of the world is."""

from __future__ import annotations

from django.urls import path

from apps.world import views

urlpatterns = [
    path("zones/<slug:zone>/map/<slug:map_hash>", views.show_map),
]
