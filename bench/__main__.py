"""`python -m bench [name …] [--json file]`: measures, prints a table, and writes JSON where asked."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
from pathlib import Path

import msgspec

from bench.measurements import GROUPS, MEASUREMENTS, chosen
from bench.report import Figures, json_of, table


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the platform.")
    known = ", ".join([*GROUPS, *MEASUREMENTS])
    parser.add_argument("names", nargs="*", metavar="name", help=f"or several, with commas between: {known}")
    parser.add_argument("--json", type=Path, help="file to write the figures to")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that servers and databases are stopped
    try:
        names = chosen([name for each in given.names for name in each.split(",") if name])
    except LookupError as error:
        parser.error(f"there is no measurement {error}; there are {known}")
    figures = [one for name in names if (one := measured(name)) is not None]
    print(table(figures))
    if given.json:
        given.json.write_bytes(json_of(figures))
    if len(figures) < len(names):
        sys.exit(1)


def measured(name: str) -> Figures | None:
    """Measure one thing, and note how busy the machine was. One that fails does not take the others along."""
    print(f"{name} …", file=sys.stderr, flush=True)
    try:
        figures = MEASUREMENTS[name]()
    except (RuntimeError, OSError, subprocess.SubprocessError) as error:
        print(f"{name} failed: {error}", file=sys.stderr, flush=True)
        return None
    figures.load_average = round(os.getloadavg()[0], 1)
    print(msgspec.json.encode(figures).decode(), file=sys.stderr, flush=True)
    return figures


if __name__ == "__main__":
    main()
