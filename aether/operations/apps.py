"""The operations app: it has commands and nothing else."""

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "aether.operations"
    label = "operations"
