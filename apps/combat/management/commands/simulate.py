"""Simulates duels of AI against AI, to see how content is balanced."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from aether.kernel import content, interpreter
from apps.combat import engine
from apps.combat.balance import baseline as baselines
from apps.combat.balance import matrices, tables
from apps.combat.balance.baseline import Baseline, UnreadableBaselineError
from apps.combat.balance.duels import CONTENT_HASH, UnknownFighterError, fighter
from apps.combat.balance.matrices import Pair, Tallies
from apps.combat.balance.progress import Progress
from apps.combat.balance.simulating import processors, simulate
from apps.combat.rulebooks import rulebook_in

DUELS_MAX = 1_000_000
DUELS, DUELS_IN_MATRIX = 1_000, 200


class Command(BaseCommand):
    help = "Simulates duels: --a anchorite:10 --b cindersmith:10, or --matrix, or --check a baseline."
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--a", help="a class or monster and its level, as in anchorite:10")
        parser.add_argument("--b", help="whom it fights")
        parser.add_argument("--matrix", choices=matrices.KINDS, help="everybody against everybody instead")
        parser.add_argument("--level", type=int, default=10, help="the level of a matrix (10)")
        parser.add_argument("--n", type=int, help="duels of each pair (1000; in a matrix 200)")
        parser.add_argument("--seed", default="balance", help="any text; the same gives the same duels")
        parser.add_argument("--jobs", type=int, default=processors(), help="processes (all processors)")
        parser.add_argument(
            "--content", type=Path, default=Path(settings.CONTENT_PACK), help="a pack's folder"
        )
        parser.add_argument("--svg", type=Path, help="a file to draw the result into")
        parser.add_argument("--write", type=Path, help="a file to keep a matrix in, as a baseline")
        parser.add_argument("--within", type=float, default=15.0, help="points that --check will allow (15)")
        parser.add_argument(
            "--within-pct", type=float, default=3.0, help="percent of turns and of damage (3)"
        )
        parser.add_argument("--check", type=Path, help="fight the duels of a baseline again, and compare")

    def handle(self, *args: Any, **options: Any) -> None:
        rulebook = self._rulebook(options["content"])
        if settings.SPARE_THE_COLLECTOR:
            interpreter.spare_the_collector()
        if not (1 <= options["level"] <= 100 and 1 <= options["jobs"] <= 256):
            raise CommandError("--level is 1 to 100, --jobs 1 to 256.")
        if not 1 <= (options["n"] or 1) <= DUELS_MAX:
            raise CommandError(f"--n is 1 to {DUELS_MAX}.")
        if options["check"] is not None:
            self._check(options, rulebook)
        elif options["matrix"] is not None:
            self._matrix(options, rulebook)
        elif options["a"] and options["b"]:
            self._pair(options, rulebook)
        else:
            raise CommandError("Say who fights: --a and --b, or --matrix, or --check.")

    def _rulebook(self, folder: Path) -> engine.Rulebook:
        try:
            rulebook = rulebook_in(content.load(folder))
        except content.InvalidContentError as error:
            raise CommandError(f"The content cannot be used: {error.problems[0]}") from None
        return engine.rulebook(rulebook, content_hash=CONTENT_HASH)

    def _pair(self, options: dict[str, Any], rulebook: engine.Rulebook) -> None:
        try:
            pair = fighter(options["a"], rulebook), fighter(options["b"], rulebook)
        except UnknownFighterError as error:
            raise CommandError(str(error)) from None
        tally = self._fought([pair], options["n"] or DUELS, options["seed"], options["jobs"], rulebook)[pair]
        self.stdout.write(tables.pair_table(*pair, tally))
        self._draw(options["svg"], tables.pair_svg(*pair, tally))

    def _matrix(self, options: dict[str, Any], rulebook: engine.Rulebook) -> None:
        kind, level, duels = options["matrix"], options["level"], options["n"] or DUELS_IN_MATRIX
        pairs = matrices.pairs_of(kind, level, rulebook)
        tallies = self._fought(pairs, duels, options["seed"], options["jobs"], rulebook)
        matrix = matrices.matrix_of(kind, level, tallies)
        self.stdout.write(tables.matrix_table(matrix))
        self._draw(options["svg"], tables.matrix_svg(matrix))
        if options["write"] is not None:
            kept = Baseline(
                matrix=kind,
                level=level,
                duels=duels,
                seed=options["seed"],
                within=options["within"],
                within_pct=options["within_pct"],
                pairs=baselines.figures_of(tallies),
            )
            self._keep(options["write"], baselines.written(kept))

    def _check(self, options: dict[str, Any], rulebook: engine.Rulebook) -> None:
        path: Path = options["check"]
        try:
            kept = baselines.read_baseline(path.read_bytes())
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from None
        except UnreadableBaselineError as error:
            raise CommandError(f"{path}: {error}.") from None
        pairs = matrices.pairs_of(kept.matrix, kept.level, rulebook)
        tallies = self._fought(pairs, kept.duels, kept.seed, options["jobs"], rulebook)
        moved = list(baselines.moves(kept, tallies))
        if moved:
            raise CommandError(
                "\n".join(
                    [
                        f"{path}: the balance moved by more than {kept.within:g} points "
                        f"or {kept.within_pct:g} %.",
                        *moved,
                        "If this is meant, write the baseline anew (docs/content.md).",
                    ]
                )
            )
        self.stdout.write(
            f"{path}: {len(pairs)} pairs are within {kept.within:g} points and {kept.within_pct:g} % "
            "of the baseline."
        )

    def _fought(
        self, pairs: list[Pair], duels: int, seed: str, jobs: int, rulebook: engine.Rulebook
    ) -> Tallies:
        began = time.perf_counter()
        with Progress(len(pairs) * duels, self.stderr) as progress:
            tallies = simulate(
                pairs, duels=duels, seed=seed, rulebook=rulebook, jobs=jobs, told=progress.show
            )
        seconds = time.perf_counter() - began
        total = len(pairs) * duels
        self.stderr.write(f"{total} duels in {seconds:.1f} s: {total / seconds:.0f} a second.")
        return tallies

    def _draw(self, path: Path | None, picture: str) -> None:
        if path is not None:
            self._keep(path, picture.encode())

    def _keep(self, path: Path, text: bytes) -> None:
        try:
            path.write_bytes(text)
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}.") from None
        self.stdout.write(f"Wrote {path}.")
