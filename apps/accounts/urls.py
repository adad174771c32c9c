"""The REST addresses of accounts."""

from __future__ import annotations

from django.urls import path

from apps.accounts import views

urlpatterns = [
    path("classes", views.classes),
    path("characters", views.characters),
    path("characters/<int:character_id>/transfer", views.character_transfer),
    path("shards", views.shard_list),
    path("socket-tickets", views.socket_tickets),
    path("transfers", views.transfers),
    path("transfers/<uuid:transfer_id>", views.transfer),
]
