"""Hostile chat: markup stays text, disguises and forgeries are refused, a mute holds everywhere."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from asgiref.sync import sync_to_async
from hypothesis import given
from hypothesis import strategies as st

from aether.kernel import clock
from aether.kernel.errors import RateLimitedError
from aether.kernel.live import redis
from aether.protocol.chat import Say
from apps.chat import lines, rules, services
from apps.chat.errors import BadTextError, MutedError, UnknownSlashCommandError, UnreachableError
from tests.chat.cast import person, speech


@pytest.fixture
def cast() -> Any:
    redis().flushdb()
    yield {name: person(name) for name in ("Alice", "Bob")}
    redis().flushdb()


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "javascript:alert(1)",
        "{{7*7}} ${7*7} #{7*7}",
        "[click](javascript:alert(1))",
        "<svg onload=alert(1)>",
        "%s %d {0} {name} %(secret)s",
        "'; DROP TABLE economy_line; --",
    ],
)
@pytest.mark.django_db(transaction=True)
async def test_c01_c08_markup_and_templates_are_kept_letter_by_letter(cast: Any, text: str) -> None:
    await services.say(speech(cast["Alice"], text))
    (line,) = await lines.recent("global", limit=1)
    assert line.text == text


@pytest.mark.parametrize(
    "text",
    [
        "line\r\nAdmin: forged line",
        "line\nforged",
        "\x1b[31mred",
        "nul\x00",
        "bell\x07",
        "\u202egnol",
        "\u2066isolated\u2069",
        "zero\u200bwidth",
        "line\u2028separator",
        "z" + "\u0301" * 20,
        "noncharacter \ufffe",
        "   ",
        "\u200d\u200d",
        "\u00ad",
        "\u3164",
        "\U000e0041",
        "a" * 1001,
    ],
)
def test_c03_what_is_no_plain_line_is_refused(text: str) -> None:
    assert rules.cleaned(text) is None


@pytest.mark.parametrize(
    "text", ["Café à l’heure", "日本語", "مرحبا", "שלום", "👩‍👩‍👧 🇫🇷 ❤️", "𝔣𝔯𝔞𝔨𝔱𝔲𝔯", "a" * 1000]
)
def test_c03_words_of_every_script_are_plain(text: str) -> None:
    assert rules.cleaned(text) is not None


@given(st.text(max_size=1200))
def test_c03_nothing_that_is_said_can_forge_a_line(text: str) -> None:
    said = rules.cleaned(text)
    assert said is None or (len(said) <= 1000 and "\x00" not in said and len(said.splitlines()) == 1)


def test_c03_a_line_of_1001_characters_does_not_even_decode() -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"channel": "global", "text": "a" * 1001}, Say)


@pytest.mark.django_db(transaction=True)
async def test_c04_the_same_words_of_many_accounts_are_refused_as_spam() -> None:
    redis().flushdb()
    people = [await sync_to_async(person)(f"Crier{chr(97 + i)}") for i in range(8)]
    with clock.replaced(lambda: 1_000_000.0):
        for who in people[:5]:
            await services.say(speech(who, "Buy GLIM at example.org"))
        with pytest.raises(RateLimitedError):
            await services.say(speech(people[5], "buy  glim at EXAMPLE.org"))
        assert await services.say(speech(people[6], "something of one's own"))
    redis().flushdb()


@pytest.mark.django_db(transaction=True)
async def test_c04_whispers_to_one_character_are_limited(cast: Any) -> None:
    with clock.replaced(lambda: 1_000_000.0):
        for number in range(5):
            await services.say(speech(cast["Alice"], f"psst {number}", "whisper", "Bob"))
        with pytest.raises(RateLimitedError):
            await services.say(speech(cast["Alice"], "psst 5", "whisper", "Bob"))


@pytest.mark.parametrize("field", ["sender", "name", "system", "at", "id"])
def test_c05_who_speaks_is_never_said_by_the_client(field: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=field):
        msgspec.convert({"channel": "global", "text": "hello", field: 1}, Say)


@pytest.mark.parametrize("channel", ["system", "officer", "zone:lastmoor", "battle", ""])
def test_c05_other_channels_cannot_be_spoken_in(channel: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"channel": channel, "text": "hello"}, Say)


@pytest.mark.django_db(transaction=True)
async def test_c05_who_is_blocked_is_not_told_so(cast: Any) -> None:
    await sync_to_async(services.block)(character_id=cast["Bob"].pk, name="Alice")
    with pytest.raises(UnreachableError) as refusal:
        await services.say(speech(cast["Alice"], "psst", "whisper", "Bob"))
    assert refusal.value.details == {}


@pytest.mark.django_db(transaction=True)
async def test_c06_a_mute_holds_for_every_character_and_channel(cast: Any) -> None:
    account = cast["Alice"].account
    account.muted_until = clock.utc_now().replace(year=9999)
    await sync_to_async(account.save)()
    for channel, to in (("global", None), ("whisper", "Bob"), ("zone", None)):
        with pytest.raises(MutedError):
            await services.say(speech(cast["Alice"], "hello", channel, to))
    assert await lines.recent("global", limit=10) == []


@pytest.mark.parametrize("text", ["/gm give reed_hook 100", "/", " /ban Bob"])
@pytest.mark.django_db(transaction=True)
async def test_c08_slash_commands_are_refused_and_never_run(cast: Any, text: str) -> None:
    with pytest.raises(UnknownSlashCommandError):
        await services.say(speech(cast["Alice"], text))
    assert await lines.recent("global", limit=10) == []


@pytest.mark.django_db(transaction=True)
async def test_c03_refused_text_leaves_nothing_behind(cast: Any) -> None:
    with pytest.raises(BadTextError):
        await services.say(speech(cast["Alice"], "a\nb"))
    assert redis().keys("chat:*") == []


@pytest.mark.django_db(transaction=True)
async def test_c03_what_is_said_or_refused_never_reaches_the_log(
    cast: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("DEBUG"):
        await services.say(speech(cast["Alice"], "a very private remark"))
        with pytest.raises(BadTextError):
            await services.say(speech(cast["Alice"], "forged\n2026-01-01 INFO a very private remark"))
    from_apps = [record for record in caplog.records if record.name.startswith(("apps", "aether"))]
    assert not [record for record in from_apps if "private remark" in record.getMessage()]
