"""The REST addresses of accounts."""

from __future__ import annotations

from django.urls import path

from apps.accounts import views

urlpatterns = [
    path("classes", views.classes),
    path("characters", views.characters),
    path("socket-tickets", views.socket_tickets),
]
