"""`python -m aether.operations.cluster`: not a command of manage.py, since the settings are made here."""

from __future__ import annotations

import argparse
import sys

from django.core.exceptions import ImproperlyConfigured

from aether.operations.cluster.processes import ClusterError
from aether.operations.cluster.running import run
from aether.operations.cluster.shards import as_count
from aether.operations.listening import PortError, as_port
from aether.settings import environment


def main() -> None:
    """Run a cluster; what is wrong is one sentence, not a traceback."""
    parser = argparse.ArgumentParser(prog="cluster", description="Run every role of the game behind nginx.")
    parser.add_argument("--port", default="8000", help="the port to listen on (8000)")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (127.0.0.1)")
    parser.add_argument("--shards", default="1", help="how many shards, each on a port of its own (1)")
    options = parser.parse_args()
    try:
        port = as_port(options.port, command="make cluster")
        count = as_count(options.shards)
        run(host=options.host, port=port, folder=environment.data_folder(), say=_say, count=count)
    except (ClusterError, PortError, ImproperlyConfigured) as error:
        sys.exit(f"aether: {error}")


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    main()
