"""Everything that the console says exists in French, and what is compiled is what is written."""

from __future__ import annotations

import gettext
import re
from pathlib import Path

import pytest

FOLDERS = [
    Path("aether/locale/fr/LC_MESSAGES"),
    Path("apps/accounts/locale/fr/LC_MESSAGES"),
    Path("apps/economy/locale/fr/LC_MESSAGES"),
    Path("apps/economy/console_locale/fr/LC_MESSAGES"),
    Path("apps/world/locale/fr/LC_MESSAGES"),
    Path("aether/console/unfold_locale/fr/LC_MESSAGES"),
]
ENTRY = re.compile(r'^msgid ((?:".*"\n)+)msgstr ((?:".*"\n)+)', re.MULTILINE)


def written(folder: Path) -> dict[str, str]:
    text = (Path(__file__).parents[2] / folder / "django.po").read_text() + "\n"
    pairs = [(_joined(key), _joined(value)) for key, value in ENTRY.findall(text)]
    return {key: value for key, value in pairs if key}


def _joined(quoted: str) -> str:
    return "".join(re.findall(r'"(.*)"', quoted)).replace('\\"', '"').replace("\\n", "\n")


@pytest.mark.parametrize("folder", FOLDERS, ids=str)
def test_every_text_has_its_french(folder: Path) -> None:
    assert [key for key, value in written(folder).items() if not value] == []


@pytest.mark.parametrize("folder", FOLDERS, ids=str)
def test_the_compiled_french_is_the_written_one(folder: Path) -> None:
    with (Path(__file__).parents[2] / folder / "django.mo").open("rb") as compiled:
        catalogue = gettext.GNUTranslations(compiled)
    assert {key: catalogue.gettext(key) for key in written(folder)} == written(folder)
