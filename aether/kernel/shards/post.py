"""Post between shards, through the realm's database: a question waits for its answer, news does not.

The shard that is asked takes each message once (`courier`), answers, and rings. Whoever asks listens on
its own connection meanwhile, so nothing is polled. A message nobody took for `LAPSES_S` is never acted on.
"""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import DatabaseError, connections, transaction

from aether.kernel import clock, realm
from aether.kernel.errors import GameError
from aether.kernel.shards.models import RealmPost
from aether.kernel.shards.registry import here, shards

CHANNEL = "aether_post"
PATIENCE_S = 3.0
LAPSES_S = 10
POLL_S = 0.5
TAKEN_AT_ONCE = 100
KEPT_S = 60

Body = dict[str, Any]
Answer = dict[str, Any]
Receiver = Callable[[str, Body], Answer | None]
"""Is told the sender's shard and the body, in a thread, outside of any transaction."""

_asking = threading.BoundedSemaphore(3)
"""Who asks waits in a database thread: a shard that hangs must not take all of them."""

logger = structlog.get_logger(__name__)

_receivers: dict[str, Receiver] = {}

_TAKE = """
UPDATE kernel_realmpost SET taken_at = clock_timestamp() WHERE id IN (
    SELECT id FROM kernel_realmpost
    WHERE recipient = %s AND taken_at IS NULL AND posted_at > clock_timestamp() - %s * interval '1 second'
    ORDER BY posted_at LIMIT %s FOR UPDATE SKIP LOCKED
) RETURNING id, sender, kind, body, is_question, posted_at
"""


class ShardSilentError(GameError):
    code = "shard_silent"
    http_status = 503
    en = "That shard does not answer now. Try again in a moment."
    fr = "Ce royaume ne répond pas pour l'instant. Réessayez dans un moment."


def receives(kind: str) -> Callable[[Receiver], Receiver]:
    """Register what is done with a kind of message. What it returns is the answer to a question."""

    def register(receiver: Receiver) -> Receiver:
        if _receivers.setdefault(kind, receiver) is not receiver:
            raise ValueError(f"two receivers of {kind}")
        return receiver

    return register


def ask(recipient: str, kind: str, body: Body, *, patience_s: float = PATIENCE_S) -> Answer:
    """Ask another shard and return its answer; refuse where it is silent. Never inside a transaction."""
    if not any(each.id == recipient and each.standing != "away" for each in shards()):
        raise ShardSilentError
    if not _asking.acquire(blocking=False):
        raise ShardSilentError
    try:
        return _ask(recipient, kind, body, patience_s)
    finally:
        _asking.release()


def _ask(recipient: str, kind: str, body: Body, patience_s: float) -> Answer:
    connection = connections[realm.alias()]
    channel = f"{CHANNEL}_{here()}"
    with connection.cursor() as cursor:
        cursor.execute(f'LISTEN "{channel}"')
    try:
        message = _post(recipient, kind, body, is_question=True)
        answer = _awaited(connection, message.pk, patience_s)
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f'UNLISTEN "{channel}"')
    if answer is None:
        raise ShardSilentError
    return answer


def post_to_all(kind: str, body: Body) -> None:
    """Tell every other shard something, once the surrounding transaction has committed."""

    def post() -> None:
        for each in shards():
            if each.id != here():
                _post(each.id, kind, body, is_question=False)

    transaction.on_commit(post, robust=True)


def deliver_waiting() -> int:
    """Take what waits for this shard and do it; return how much that was."""
    with connections[realm.alias()].cursor() as cursor:
        cursor.execute(_TAKE, [here(), LAPSES_S, TAKEN_AT_ONCE])
        taken = sorted(cursor.fetchall(), key=lambda row: row[5])
    for message_id, sender, kind, body, is_question, _ in taken:
        answer = _received(kind, sender, json.loads(body) if isinstance(body, str) else body)
        if is_question:
            RealmPost.objects.filter(pk=message_id).update(answer=answer)
            _ring(sender)
    return len(taken)


def deliver_until(stop: threading.Event) -> None:
    """Deliver until told to stop; a realm that is away is waited for."""
    connection = connections[realm.alias()]
    while not stop.is_set():
        try:
            with connection.cursor() as cursor:
                cursor.execute(f'LISTEN "{CHANNEL}_{here()}"')
            while not stop.is_set():
                if not deliver_waiting():
                    _wait(connection, POLL_S)
        except Exception:
            logger.exception("the post between shards was interrupted and goes on in a moment")
            connection.close()
            stop.wait(1.0)
    _stop_listening(connection)


def _stop_listening(connection: Any) -> None:
    """Hear no more bells: the connection may serve others after this."""
    with contextlib.suppress(DatabaseError), connection.cursor() as cursor:
        cursor.execute("UNLISTEN *")
    connection.close()


def forget_old() -> None:
    """Delete what was delivered, or lapsed."""
    RealmPost.objects.filter(posted_at__lt=clock.utc_now() - timedelta(seconds=KEPT_S)).delete()


def _received(kind: str, sender: str, body: Body) -> Answer:
    receiver = _receivers.get(kind)
    if receiver is None:
        return {"refusal": "unknown_kind"}
    try:
        return receiver(sender, body) or {}
    except Exception:
        logger.exception("a message of another shard could not be delivered", kind=kind, sender=sender)
        return {"refusal": "internal"}


def _post(recipient: str, kind: str, body: Body, *, is_question: bool) -> RealmPost:
    message = RealmPost.objects.create(
        sender=here(), recipient=recipient, kind=kind, body=body, is_question=is_question
    )
    _ring(recipient)
    return message


def _ring(shard: str) -> None:
    with connections[realm.alias()].cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [f"{CHANNEL}_{shard}"])


def _awaited(connection: Any, message_id: UUID, patience_s: float) -> Answer | None:
    give_up_at = time.monotonic() + patience_s
    while (left := give_up_at - time.monotonic()) > 0:
        found = RealmPost.objects.filter(pk=message_id).first()
        if found is not None and found.answer is not None:
            return dict(found.answer)
        _wait(connection, min(left, POLL_S))
    return None


def _wait(connection: Any, seconds: float) -> None:
    for _ in connection.connection.notifies(timeout=seconds, stop_after=1):
        return
