"""What logs never show."""

from __future__ import annotations

import pytest
import structlog


def test_a_traceback_shows_no_local_variable(capsys: pytest.CaptureFixture[str]) -> None:
    ticket = "-".join(["only", "in", "memory"])
    try:
        raise ZeroDivisionError
    except ZeroDivisionError:
        structlog.get_logger().exception("a command failed", type="hello")
    told = capsys.readouterr().out
    assert "ZeroDivisionError" in told
    assert ticket not in told
