"""Semantic checks of combat content: what types alone cannot say. Call before content is used."""

from .pack import validate
from .problems import Problem

__all__ = ["Problem", "validate"]
