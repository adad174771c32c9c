"""Packs of charms: one small kind of content, registered for these tests alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from aether.kernel.content import kinds
from tests.kernel.content.charms import Charm, WritePack


@pytest.fixture(autouse=True)
def only_charms(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "_kinds", {})
    monkeypatch.setattr(kinds, "_checks", [])
    kinds.register("charms", Charm)


@pytest.fixture
def write_pack(tmp_path: Path) -> WritePack:
    """Return a function that writes a pack of the given files and returns its folder."""

    def write(**charms: str | bytes) -> Path:
        (tmp_path / "pack.json").write_text(
            '{"id": "test", "name": {"en": "Test", "fr": "Essai"}, "version": "1.2.3", "rules_version": 1}'
        )
        (tmp_path / "charms").mkdir(exist_ok=True)
        for name, text in charms.items():
            content = text if isinstance(text, bytes) else text.encode()
            (tmp_path / "charms" / f"{name}.yaml").write_bytes(content)
        return tmp_path

    return write
