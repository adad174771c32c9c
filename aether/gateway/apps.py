"""Wires the gateway into the platform."""

from __future__ import annotations

from django.apps import AppConfig


class GatewayConfig(AppConfig):
    name = "aether.gateway"
    label = "gateway"
    verbose_name = "Gateway"
