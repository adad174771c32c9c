"""The gateway's own addresses over HTTP."""

from __future__ import annotations

from django.urls import path

from aether.gateway import views

urlpatterns = [
    path("healthz", views.alive),
    path("readyz", views.ready),
    path("metrics", views.metrics),
    path("api/v1/protocol.json", views.protocol),
]
