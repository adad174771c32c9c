"""The gateway's own addresses over HTTP."""

from __future__ import annotations

from django.urls import path
from django_prometheus.exports import ExportToDjangoView

from aether.gateway import views

urlpatterns = [
    path("healthz", views.health),
    path("metrics", ExportToDjangoView),
    path("api/v1/protocol.json", views.protocol),
]
