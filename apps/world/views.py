"""REST: the maps of zones, which never change under their hash."""

from __future__ import annotations

from functools import lru_cache

import msgspec
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view, authentication_classes, permission_classes, throttle_classes
from rest_framework.permissions import AllowAny
from rest_framework.request import Request

from aether.kernel import content
from aether.kernel.errors import NotFoundError
from aether.protocol.world import Decor, ZoneMap
from apps.world.definitions import MapDef, ZoneDef

FOR_EVER = "public, max-age=31536000, immutable"


@extend_schema(
    summary="The map of a zone, as it is drawn and walked",
    description="What a hash names never changes. Another hash than the running one's is not found.",
    responses={
        (200, "application/json"): OpenApiTypes.OBJECT,
        (404, "application/json"): OpenApiTypes.OBJECT,
    },
)
@api_view(["GET"])
@authentication_classes([])
@permission_classes([AllowAny])
@throttle_classes([])  # like a static file: a hundred people behind one address may come in one minute
def show_map(request: Request, zone: str, map_hash: str) -> HttpResponse:
    pack = content.current()
    drawn = pack.get(MapDef, pack.get(ZoneDef, zone).map)
    if drawn.hash != map_hash:
        raise NotFoundError
    response = HttpResponse(_encoded(zone, drawn.hash), content_type="application/json")
    response["Cache-Control"] = FOR_EVER
    return response


@lru_cache(maxsize=64)
def _encoded(zone: str, map_hash: str) -> bytes:
    pack = content.current()
    drawn = pack.get(MapDef, pack.get(ZoneDef, zone).map)
    return msgspec.json.encode(
        ZoneMap(
            zone=zone,
            hash=drawn.hash,
            width=drawn.width,
            height=drawn.height,
            tiles=list(drawn.tiles),
            ground=list(drawn.ground),
            walk=[int(digit) for digit in drawn.walk],
            sight_blocked=[int(digit) for digit in drawn.sight_blocked],
            cost=[int(digit) for digit in drawn.cost],
            decor=[Decor(sprite=thing.sprite, cell=thing.cell) for thing in drawn.decor],
        )
    )
