"""The relay's line to the broker: opened when it is needed, and given up as soon as anything goes wrong.

Every message is confirmed by the broker within two seconds, or counts as not sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import structlog
from amqp.exceptions import MessageNacked, PreconditionFailed
from celery import current_app

from aether.kernel.facts import queues

logger = structlog.get_logger(__name__)

PATIENCE_S = 2
DEAD_LETTERS_AT_ONCE = 100


class QueueFullError(Exception):
    """The queue of a domain takes no more messages; the others may."""


class Depth(NamedTuple):
    """How many messages a queue holds that nobody has in hand, and how many consumers it has."""

    queue: str
    messages: int
    consumers: int
    dead: int


class Broker:
    """One connection, for one thread."""

    def __init__(self) -> None:
        self._connection: Any = None
        self._producer: Any = None

    def send(self, task: Any, arguments: tuple[object, ...], queue: str, **options: object) -> None:
        """Send a message and wait until the broker has it; raises what went wrong."""
        try:
            task.apply_async(
                arguments,
                queue=queue,
                declare=(),  # they were, when the line was opened: for each message it is dear
                producer=self._open(),
                retry=False,
                timeout=PATIENCE_S,
                confirm_timeout=PATIENCE_S,
                **options,
            )
        except MessageNacked as error:
            raise QueueFullError(queue) from error

    def names(self) -> list[str]:
        """Return the queues of all domains."""
        return sorted(current_app.amqp.queues)

    def declare(self) -> list[Depth]:
        """Make sure that every queue exists, and return how full each is."""
        return [self._declare(name) for name in self.names()]

    def dead_letters(self, name: str) -> Iterator[Any]:
        """Take what the broker has given up on, some at a time; the caller acknowledges each."""
        self._open()
        for _ in range(DEAD_LETTERS_AT_ONCE):
            letter = queues.dead_letters(name)(self._connection.default_channel).get()
            if letter is None:
                return
            yield letter

    def close(self) -> None:
        """Give the line up, without a word to a broker that may not listen."""
        connection, self._connection, self._producer = self._connection, None, None
        if connection is not None:
            connection.collect(PATIENCE_S)

    def _open(self) -> Any:
        if self._producer is None:
            self._connection = current_app.connection_for_write(connect_timeout=PATIENCE_S)
            self._connection.connect()
            self._producer = current_app.amqp.Producer(self._connection)
            self.declare()
        return self._producer

    def _declare(self, name: str) -> Depth:
        dead = self._declared(queues.dead_letters(name))
        living = self._declared(current_app.amqp.queues[name])
        return Depth(name, living.message_count, living.consumer_count, dead.message_count)

    def _declared(self, queue: Any) -> Any:
        self._open()
        try:
            return self._declare_queue(queue)
        except PreconditionFailed:
            # An earlier release made it otherwise. The outbox sends again whatever was in it.
            logger.warning("a queue is made anew", queue=queue.name)
            self._open()
            queue(self._connection.channel()).delete()
            return self._declare_queue(queue)

    def _declare_queue(self, queue: Any) -> Any:
        channel = self._connection.channel()
        try:
            bound = queue(channel)
            bound.exchange.declare()
            declared = bound.queue_declare()
            bound.queue_bind()
        finally:
            channel.close()
        return declared
