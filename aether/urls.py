"""Every address of the platform."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularJSONAPIView

from aether import overview, pages
from aether.kernel.content.views import show_catalogue

MAIL_PATHS = (
    r"^_allauth/(?:app|browser)/v1/(?:auth/password/(?:request|reset)|auth/email/|account/(?:email|phone))"
)

overview.register()

urlpatterns = [
    path("", pages.entrance),
    path("", include("aether.gateway.urls")),
    path("api/v1/", include("apps.accounts.urls")),
    path("api/v1/", include("apps.world.urls")),
    path("api/v1/", include("apps.combat.urls")),
    path("api/v1/", include("apps.economy.history_urls")),
    path("api/v1/catalogue", show_catalogue),
    path("api/v1/schema/", SpectacularJSONAPIView.as_view()),
    re_path(MAIL_PATHS, pages.no_password_mail),
    path("_allauth/", include("allauth.headless.urls")),
    path("gm/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    re_path(r"^(?P<language>en|fr)(?:/(?P<rest>.*))?$", pages.client),
]

handler400 = "aether.pages.bad_request"
handler403 = "aether.pages.forbidden"
handler404 = "aether.pages.not_found"
handler500 = "aether.pages.failed"
