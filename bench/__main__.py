"""`python -m bench [name …] [--json file]`: measures, prints a table, and writes JSON where asked."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "sdk"))
os.environ["PYTHONPATH"] = os.pathsep.join(
    [str(Path(__file__).resolve().parents[1] / "sdk"), os.environ.get("PYTHONPATH", "")]
)

from bench import duels, engine_cast, limit_inserts
from bench.report import Figures, table

MEASUREMENTS: dict[str, Callable[[], Figures]] = {
    "duels_durable_50": duels.run,
    "engine_cast": engine_cast.run,
    "limit_inserts": limit_inserts.run,
}


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the platform.")
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(MEASUREMENTS))
    parser.add_argument("--json", type=Path, help="file to write the figures to")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that servers and databases are stopped
    chosen = [name for name in MEASUREMENTS if not given.names or any(map(name.startswith, given.names))]
    if not chosen:
        parser.error(f"there is no such measurement; there are {', '.join(MEASUREMENTS)}")
    figures = [MEASUREMENTS[name]() for name in chosen]
    print(table(figures))
    if given.json:
        given.json.write_bytes(msgspec.json.format(msgspec.json.encode(figures), indent=2) + b"\n")


if __name__ == "__main__":
    main()
