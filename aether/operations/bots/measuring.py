"""What a run of bots has seen: how long each command took, what was refused, what was never answered."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter

from aether_sdk import RefusedError


class RunOverError(Exception):
    """The run is over: nothing more is asked."""


@dataclass
class Measures:
    """Shared by all bots of a run."""

    latencies_ms: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    refusals: Counter[str] = field(default_factory=Counter)
    deeds: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    asked: int = 0
    answered: int = 0
    is_closed: bool = False

    @property
    def unanswered(self) -> int:
        """Commands that got neither a reply nor a refusal."""
        return self.asked - self.answered

    @contextmanager
    def timing(self, command_type: str) -> Iterator[None]:
        """Time one command; a refusal is an answer too."""
        if self.is_closed:
            raise RunOverError
        self.asked += 1
        began = perf_counter()
        try:
            yield
        except RefusedError as refusal:
            self.refusals[f"{command_type} → {refusal.code}"] += 1
            if refusal.code == "internal":
                self.failures[f"{command_type}: internal error"] += 1
            self._answer(command_type, began)
            raise
        else:
            self._answer(command_type, began)

    def _answer(self, command_type: str, began: float) -> None:
        self.answered += 1
        self.latencies_ms[command_type].append((perf_counter() - began) * 1000)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that `share` (0 to 1) of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def summary(measures: Measures, *, bots: int, elapsed_s: float) -> str:
    """Return the run as a table for people."""
    total = sum(len(values) for values in measures.latencies_ms.values())
    lines = [
        f"{bots} bots, {elapsed_s:.0f} s, {total} commands answered ({total / max(elapsed_s, 0.001):.0f}/s), "
        f"{measures.unanswered} unanswered",
        "",
        f"{'command':<22}{'count':>8}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}{'max ms':>9}",
    ]
    for name, values in sorted(measures.latencies_ms.items()):
        figures = [percentile(values, share) for share in (0.5, 0.95, 0.99, 1.0)]
        lines.append(f"{name:<22}{len(values):>8}" + "".join(f"{figure:>9.1f}" for figure in figures))
    for title, counts in (
        ("done", measures.deeds),
        ("refused", measures.refusals),
        ("FAILED", measures.failures),
    ):
        if counts:
            lines += ["", f"{title}:"] + [f"  {name:<44}{count:>8}" for name, count in counts.most_common()]
    return "\n".join(lines)
