"""REST: the catalogue of the running content."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import api_view, authentication_classes, permission_classes, throttle_classes
from rest_framework.permissions import AllowAny
from rest_framework.request import Request

from aether.kernel.content import running
from aether.kernel.content.catalogue import LANGUAGES, catalogue


@extend_schema(
    summary="Names and public definitions of the content, by kind and id",
    description="The same until the content's hash changes: send `If-None-Match` and keep what you have.",
    parameters=[OpenApiParameter("lang", str, enum=list(LANGUAGES), default="en")],
    responses={(200, "application/json"): OpenApiTypes.OBJECT, 304: None},
)
@api_view(["GET"])
@authentication_classes([])
@permission_classes([AllowAny])
@throttle_classes([])  # like a static file: a hundred people behind one address may come in one minute
def show_catalogue(request: Request) -> HttpResponseBase:
    language = "fr" if request.query_params.get("lang", "").startswith("fr") else "en"
    pack = running.current()
    etag = f'"{pack.hash[:32]}-{language}"'
    known = get_conditional_response(request._request, etag=etag)
    if isinstance(known, HttpResponseNotModified):
        return known
    response = HttpResponse(catalogue(pack, language), content_type="application/json")
    response["ETag"] = etag
    response["Cache-Control"] = "public, no-cache"
    return response
