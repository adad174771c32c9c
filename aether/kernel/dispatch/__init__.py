"""From a Command to the function that handles it: one registry, the same for local and remote services.

A handler is registered with `@handles(CommandType)` in its app's `handlers.py`. A plain function runs
in a database thread, inside one transaction together with the receipt that makes it exactly-once; a
coroutine runs on the loop and, when its command is durable, hands `caller.receipt(...)` to
`journal.append`, which keeps the same promise. With `@handles_together` one function executes all commands
that come while others are being committed, in one transaction with their receipts; those about something that
somebody else holds wait in a lane of their own.

An app is local, and its handlers run in the gateway's process, or remote: then `execute` sends the command to
a process that serves the app. Correctness never depends on which one.
"""

from aether.kernel.dispatch.grouping import handles_together
from aether.kernel.dispatch.local import execute_here, executed_before
from aether.kernel.dispatch.refusing import DOWN, refusal_of
from aether.kernel.dispatch.registry import (
    Caller,
    Outcome,
    Route,
    body_digest,
    by_character,
    handles,
    register_fence,
    routes,
)
from aether.kernel.dispatch.running import (
    execute,
    is_ours,
    note_presence,
    remote_apps,
    serve,
    start,
    stop,
    stop_serving,
)
from aether.kernel.dispatch.serving import Server

__all__ = [
    "DOWN",
    "Caller",
    "Outcome",
    "Route",
    "Server",
    "body_digest",
    "by_character",
    "execute",
    "execute_here",
    "executed_before",
    "handles",
    "handles_together",
    "is_ours",
    "note_presence",
    "refusal_of",
    "register_fence",
    "remote_apps",
    "routes",
    "serve",
    "start",
    "stop",
    "stop_serving",
]
