"""Duels of machines give the same numbers everywhere, and the tools say truly what they come to."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.core.management import CommandError, call_command
from msgspec.structs import replace

from apps.combat import engine
from apps.combat.balance import baseline, matrices, tables
from apps.combat.balance.duels import CONTENT_HASH, Fighter, UnknownFighterError, fight, fighter
from apps.combat.balance.progress import Progress, bar
from apps.combat.balance.simulating import simulate
from apps.combat.balance.tallies import Tally, added, tally_of, wilson
from tests.combat.engine.cast import pack

RULES = engine.rulebook(pack(), content_hash=CONTENT_HASH)
ANCHORITE, CINDERSMITH = Fighter("anchorite", 5), Fighter("cindersmith", 5)
CONTENT = Path(__file__).parents[3] / "content"
BASELINES = sorted(CONTENT.glob("aether.balance.*.json"))


def command(*words: str) -> str:
    out = StringIO()
    call_command("simulate", *words, stdout=out, stderr=StringIO())
    return out.getvalue()


def tally(**sums: int) -> Tally:
    return Tally(duels=100, turns=900, lengths={9: 100}, **sums)


@pytest.mark.parametrize("number", [0, 1, 2, 3])
def test_a_duel_is_the_same_every_time(number: int) -> None:
    once = fight(ANCHORITE, CINDERSMITH, number, "seed", RULES)
    assert once == fight(ANCHORITE, CINDERSMITH, number, "seed", RULES)
    assert once.winner in (-1, 0, 1)
    assert once.turns > 0


def test_another_seed_is_another_duel() -> None:
    assert len({fight(ANCHORITE, CINDERSMITH, 0, seed, RULES) for seed in "abcdef"}) > 1


def test_who_fights_whom_does_not_depend_on_who_is_named_first() -> None:
    """The damage of a side stays with its fighter, whichever end of the ground it begins on."""
    outcomes = [fight(Fighter("cindersmith", 10), Fighter("mud_skitter", 1), n, "s", RULES) for n in range(6)]
    assert all(outcome.winner == 0 for outcome in outcomes)
    assert all(outcome.damage[0] > outcome.damage[1] for outcome in outcomes)


def test_texts_of_the_content_do_not_shift_the_dice() -> None:
    skills = {
        name: replace(skill, description=replace(skill.description, en="Else."))
        for name, skill in RULES.skills.items()
    }
    retold = replace(RULES, skills=skills)
    assert fight(ANCHORITE, CINDERSMITH, 3, "s", retold) == fight(ANCHORITE, CINDERSMITH, 3, "s", RULES)


def test_several_processes_come_to_the_same_as_one() -> None:
    pairs = [(ANCHORITE, CINDERSMITH), (CINDERSMITH, Fighter("mud_skitter", 2))]
    told: list[int] = []
    alone, together = (
        simulate(pairs, duels=30, seed="s", rulebook=RULES, jobs=jobs, told=told.append) for jobs in (1, 2)
    )
    assert alone == together
    assert told[-1] == 60


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("anchorite", "not of the form"),
        ("anchorite:0", "not of the form"),
        ("anchorite:101", "not of the form"),
        ("anchorite:²", "not of the form"),
        ("dragon:5", "no class or monster"),
    ],
)
def test_nobody_unknown_fights(text: str, why: str) -> None:
    with pytest.raises(UnknownFighterError, match=why):
        fighter(text, RULES)


def test_monsters_fight_at_a_level_that_they_have() -> None:
    assert fighter("mud_skitter:99", RULES) == Fighter("mud_skitter", 2)


@pytest.mark.parametrize(
    ("wins", "duels", "low", "high"), [(8, 10, 0.490, 0.943), (0, 10, 0.0, 0.278), (50, 100, 0.404, 0.596)]
)
def test_wilson_s_interval_is_the_published_one(wins: int, duels: int, low: float, high: float) -> None:
    assert wilson(wins, duels) == pytest.approx((low, high), abs=0.001)


def test_of_no_duels_nothing_is_known() -> None:
    assert (Tally().rate, Tally().interval, Tally().damage_per_point(0)) == (0.5, (0.0, 1.0), 0.0)


def test_tallies_add_up_and_can_be_seen_from_both_sides() -> None:
    outcomes = [fight(ANCHORITE, CINDERSMITH, number, "s", RULES) for number in range(8)]
    whole = tally_of(outcomes)
    assert added(tally_of(outcomes[:3]), tally_of(outcomes[3:])) == whole
    assert sum(whole.lengths.values()) == whole.duels == 8
    assert whole.seen_from_the_other_side().rate == pytest.approx(1 - whole.rate)


@pytest.mark.parametrize("kind", matrices.KINDS)
def test_a_matrix_has_a_cell_for_every_two(kind: matrices.Kind) -> None:
    pairs = matrices.pairs_of(kind, 5, RULES)
    matrix = matrices.matrix_of(kind, 5, dict.fromkeys(pairs, tally(wins=70)))
    assert len(matrix.rows) == len(RULES.classes)
    assert all(len(row) == len(matrix.columns) for row in matrix.cells)
    shown = tables.matrix_table(matrix)
    assert shown.count(" %") == sum(len(row) for row in matrix.cells)
    for each in (each for row in matrix.cells for each in row):
        assert f"{each.mean_turns:.1f}" in shown
        assert f"{each.damage_per_point(0):.2f}" in shown
    assert ElementTree.fromstring(tables.matrix_svg(matrix)).tag.endswith("svg")


def test_a_matrix_of_classes_says_the_opposite_across_its_diagonal() -> None:
    tallies = {pair: tally(wins=70) for pair in matrices.pairs_of("classes", 5, RULES)}
    cells = matrices.matrix_of("classes", 5, tallies).cells
    assert (cells[0][1].rate, cells[1][0].rate) == (0.7, 0.3)


def test_a_pair_is_told_and_drawn(tmp_path: Path) -> None:
    path = tmp_path / "duel.svg"
    told = command(
        "--a", "anchorite:5", "--b", "cindersmith:5", "--n", "6", "--jobs", "1", "--svg", str(path)
    )
    assert "damage per AP" in told
    assert "6 duels" in told
    assert "anchorite:5 against cindersmith:5" in path.read_text()
    assert ElementTree.parse(path).getroot().tag.endswith("svg")


def test_content_that_moves_the_balance_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    command("--matrix", "classes", "--level", "3", "--n", "4", "--jobs", "1", "--write", str(path))
    assert "within 15 points and 3 %" in command("--check", str(path), "--jobs", "1")
    kept = baseline.read_baseline(path.read_bytes())
    pair = "anchorite:3 kitewright:3"
    moved = replace(kept.pairs[pair], rate=(kept.pairs[pair].rate + 50) % 100)
    path.write_bytes(baseline.written(replace(kept, pairs={**kept.pairs, pair: moved})))
    with pytest.raises(CommandError, match="anchorite:3 kitewright:3 moved from"):
        command("--check", str(path), "--jobs", "1")


def test_a_class_that_comes_or_goes_is_noticed() -> None:
    kept = baseline.Baseline(
        matrix="classes",
        level=5,
        duels=1,
        seed="s",
        within=5.0,
        within_pct=5.0,
        pairs=dict.fromkeys(("a:5 b:5", "a:5 c:5"), baseline.Figures(40.0, 9.0, (0.0, 0.0), (0.0, 0.0))),
    )
    now = {(Fighter("a", 5), Fighter("b", 5)): tally(wins=44), (Fighter("a", 5), Fighter("d", 5)): tally()}
    assert list(baseline.moves(kept, now)) == ["a:5 d:5 is new: 0.0 %", "a:5 c:5 is gone"]


@pytest.mark.parametrize("text", [b"", b"{}", b"[" * 100_000, b'{"format":"other"}', b"\xff\xfe"])
def test_what_is_no_baseline_gets_a_sentence(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "baseline.json"
    path.write_bytes(text)
    with pytest.raises(CommandError, match="it is no baseline"):
        command("--check", str(path))


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--a", "anchorite:5"],
        ["--a", "anchorite:5", "--b", "nobody:1"],
        ["--matrix", "classes", "--level", "0"],
        ["--a", "anchorite:5", "--b", "anchorite:5", "--n", "-3"],
        ["--check", "/nowhere/at/all.json"],
        ["--matrix", "classes", "--content", "/nowhere"],
    ],
)
def test_a_command_that_makes_no_sense_gets_a_sentence(words: list[str]) -> None:
    with pytest.raises(CommandError):
        command(*words)


@pytest.mark.parametrize("path", BASELINES, ids=lambda path: path.stem)
def test_the_baselines_of_the_sample_game_name_everybody(path: Path) -> None:
    kept = baseline.read_baseline(path.read_bytes())
    pairs = matrices.pairs_of(kept.matrix, kept.level, RULES)
    assert set(kept.pairs) == {f"{one} {other}" for one, other in pairs}


def test_a_monster_is_met_by_classes_of_its_own_level() -> None:
    pairs = matrices.pairs_of("monsters", 10, RULES)
    assert all(one.level == other.level for one, other in pairs)
    assert (Fighter("lampwarden", 2), Fighter("mud_skitter", 2)) in pairs


COMMON = [ref for ref, monster in RULES.monsters.items() if monster.loot and monster.hp.mult_pct <= 100]
TOO_WEAK = {("mud_skitter", "damage +10 %"), ("reed_stalker", "damage +10 %")}
"""A tenth of their hits is less than one hit point, which rounding takes away: their fights are the same."""
CHANGES = {
    "life +10 %": lambda hp, stats: (replace(hp, mult_pct=hp.mult_pct * 110 // 100), stats),
    "life -10 %": lambda hp, stats: (replace(hp, mult_pct=hp.mult_pct * 90 // 100), stats),
    "damage +10 %": lambda hp, stats: (hp, {**stats, "out_pct": 10}),
    "damage -10 %": lambda hp, stats: (hp, {**stats, "out_pct": -10}),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_monster_that_changes_by_a_tenth_moves_the_baseline_that_is_kept(change: str) -> None:
    """For each common monster, in the duels of two classes against it, as the file has them."""
    kept = baseline.read_baseline((CONTENT / "aether.balance.monsters.json").read_bytes())
    for ref in COMMON:
        if (ref, change) in TOO_WEAK:
            continue
        monster = RULES.monsters[ref]
        hp, stats = CHANGES[change](monster.hp, monster.stats)
        rules = replace(RULES, monsters={**RULES.monsters, ref: replace(monster, hp=hp, stats=stats)})
        pairs = [
            pair
            for pair in matrices.pairs_of("monsters", kept.level, RULES)
            if pair[1].ref == ref and pair[0].ref in ("anchorite", "cindersmith")
        ]
        now = simulate(pairs, duels=kept.duels, seed=kept.seed, rulebook=rules, jobs=1, told=lambda _: None)
        moved = [move for move in baseline.moves(kept, now) if "gone" not in move]
        assert moved, f"{ref} with {change}"


class _Terminal(StringIO):
    def isatty(self) -> bool:
        return True

    def write(self, msg: str, *, ending: str | None = None) -> None:  # type: ignore[override]  # as Django's
        super().write(msg + (ending or ""))


def test_progress_is_shown_on_a_terminal_only() -> None:
    terminal, file = _Terminal(), StringIO()
    for screen in (terminal, file):
        with Progress(10, screen) as progress:  # type: ignore[arg-type]  # a file has no ending to give
            progress.show(5)
    assert "5/10" in terminal.getvalue()
    assert file.getvalue() == ""
    assert bar(10, 10).count("#") == bar(0, 10).count(".")
