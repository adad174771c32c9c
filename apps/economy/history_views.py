"""REST: where an item was, for whoever holds it."""

from __future__ import annotations

from uuid import UUID

import msgspec
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from aether.kernel.errors import NotFoundError
from aether.kernel.rest import documented
from aether.protocol.economy import ItemHistory
from apps.accounts import selectors as accounts
from apps.economy import provenance


@documented(reply=ItemHistory, errors=[NotFoundError])
@api_view(["GET"])
def show_history(request: Request, instance: UUID) -> Response:
    """Where a unique item was, ever: its holders in order. Only its present holder is told."""
    assert request.user.pk is not None  # the permission let nobody else in
    own = [record.id for record in accounts.characters_of(int(request.user.pk))]
    return Response(msgspec.to_builtins(provenance.history_for_holder(instance, own)))
