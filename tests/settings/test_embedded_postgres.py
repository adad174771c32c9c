"""The folder of sockets: private, or not used at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from aether.settings.embedded_postgres import runtime_folder


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path / f"aether-{os.getuid()}"


def test_the_folder_of_sockets_is_private_and_kept(place: Path) -> None:
    assert runtime_folder() == str(place)
    assert place.stat().st_mode & 0o777 == 0o700
    assert runtime_folder() == str(place)


@pytest.mark.parametrize("mode", [0o770, 0o707, 0o711])
def test_a_folder_that_others_may_enter_is_refused(place: Path, mode: int) -> None:
    place.mkdir()
    place.chmod(mode)
    with pytest.raises(ImproperlyConfigured, match="not a private folder"):
        runtime_folder()


def test_a_link_to_a_folder_is_refused(place: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    place.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ImproperlyConfigured, match="not a private folder"):
        runtime_folder()


def test_a_file_in_its_place_is_refused(place: Path) -> None:
    place.touch(mode=0o600)
    with pytest.raises(ImproperlyConfigured, match="not a private folder"):
        runtime_folder()


def test_the_folder_of_another_user_is_refused(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place.mkdir(mode=0o700)
    owner = place.stat().st_uid
    monkeypatch.setattr(os, "getuid", lambda: owner + 1)
    place.rename(place.with_name(f"aether-{owner + 1}"))
    with pytest.raises(ImproperlyConfigured, match="not a private folder"):
        runtime_folder()
