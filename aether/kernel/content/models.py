"""The releases of content that have run here."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class ContentRelease(models.Model):
    """A pack in its canonical form, compressed. Rows are never changed."""

    hash: models.CharField[str, str] = models.CharField(primary_key=True, max_length=64)
    release: models.CharField[str, str] = models.CharField(max_length=64)
    compiled = models.BinaryField()
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "kernel"
        ordering: ClassVar[list[str]] = ["-recorded_at"]

    def __str__(self) -> str:
        return f"{self.release} ({self.hash[:12]})"
