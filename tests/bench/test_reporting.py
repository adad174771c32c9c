"""What measurements are called, and how their figures are written."""

from __future__ import annotations

import json

import pytest

from bench.measurements import GROUPS, MEASUREMENTS, chosen
from bench.report import Figures, json_of, table, timed


def test_a_group_stands_for_what_belongs_side_by_side() -> None:
    assert chosen(["duels"]) == GROUPS["duels"]
    assert set(GROUPS["duels"]) <= set(MEASUREMENTS)


def test_names_may_be_beginnings_and_come_once() -> None:
    assert chosen(["limit_ins", "engine_cast", "limit_inserts"]) == ("limit_inserts", "engine_cast")


def test_a_whole_name_is_not_a_beginning() -> None:
    assert chosen(["duels_durable_50"]) == ("duels_durable_50",)


def test_no_name_stands_for_everything() -> None:
    assert chosen([]) == tuple(MEASUREMENTS)


def test_an_unknown_name_is_named() -> None:
    with pytest.raises(LookupError, match="nothing_of_ours"):
        chosen(["duels", "nothing_of_ours"])


def test_figures_are_an_object_by_name_without_what_was_not_measured() -> None:
    figures = [timed("limit_echo", [0.002, 0.001, 0.004], took_s=0.5), Figures(name="start_up", seconds=1.5)]
    assert json.loads(json_of(figures)) == {
        "limit_echo": {"per_s": 6.0, "p50_ms": 2.0, "p99_ms": 4.0, "count": 3},
        "start_up": {"seconds": 1.5},
    }


def test_the_table_has_the_columns_that_were_measured() -> None:
    head, row = table([Figures(name="start_up", seconds=1.5)]).splitlines()
    assert head.split() == ["name", "seconds"]
    assert row.split() == ["start_up", "1.5"]
