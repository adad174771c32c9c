"""The GM console as a site: who gets in, what its first page shows, what its sidebar lists."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec
from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.sites import UnfoldAdminSite

from aether.console import panels
from aether.console.signing_in import ConsoleSignInForm, has_totp, is_idle, mark_seen, was_signed_in
from aether.console.two_factor import two_factor
from aether.kernel import clock
from aether.kernel.errors import GameError, NotFoundError
from aether.kernel.rest import refuse

ShowPage = Callable[[panels.Page, HttpRequest], HttpResponse]

HIDDEN_APPS = {"account", "auth", "mfa", "usersessions"}
"""Libraries bring rooms of their own, where things could be edited past the services."""

ICONS = {
    "accounts.account": "person",
    "accounts.character": "swords",
    "chat.announcement": "campaign",
    "accounts.transfer": "flight_takeoff",
    "chat.block": "block",
    "chat.guild": "shield",
    "chat.party": "group",
    "combat.battlerecord": "sports_martial_arts",
    "console.approval": "how_to_reg",
    "economy.account": "account_balance",
    "economy.auction": "gavel",
    "economy.book": "menu_book",
    "economy.alarm": "notification_important",
    "economy.debt": "money_off",
    "economy.craftjob": "construction",
    "economy.dropsimulation": "bar_chart",
    "economy.entry": "receipt_long",
    "economy.featureswitch": "toggle_on",
    "world.calendarevent": "event",
    "world.vitality": "favorite",
    "economy.fill": "handshake",
    "economy.freeze": "ac_unit",
    "economy.staffgrant": "redeem",
    "economy.hold": "lock_clock",
    "economy.iteminstance": "inventory_2",
    "economy.learntrecipe": "menu_book",
    "economy.letter": "mail",
    "economy.order": "list_alt",
    "economy.trade": "swap_horiz",
    "economy.rollbackcase": "undo",
    "economy.pitycounter": "hourglass_bottom",
    "economy.profession": "school",
    "economy.seedpair": "casino",
    "kernel.failedfact": "inbox",
    "kernel.journalline": "history_edu",
    "kernel.shard": "public",
    "world.characterplace": "location_on",
    "world.monstergroup": "pets",
    "world.dungeonrun": "door_open",
    "world.dungeonmember": "group",
    "world.dungeonlock": "lock",
    "world.zonecopy": "layers",
    "world.worldobject": "door_open",
    "world.objecttaking": "redeem",
    "world.cooldown": "timer",
    "world.exitunlock": "lock_open",
    "quests.flag": "flag",
    "quests.queststatus": "assignment",
}


class ConsoleSite(UnfoldAdminSite):  # type: ignore[misc]  # the library is untyped
    """Staff only, signed in at this door, and not for long when idle."""

    login_form = ConsoleSignInForm
    index_title = _("Overview")

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self.disable_action("delete_selected")

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        models: list[Any] = (
            [model_or_iterable] if isinstance(model_or_iterable, type) else list(model_or_iterable)
        )
        ours = [model for model in models if model._meta.app_label not in HIDDEN_APPS]
        super().register(ours, admin_class, **options)

    def unregister(self, model_or_iterable: type[Model] | list[type[Model]]) -> None:
        models = [model_or_iterable] if isinstance(model_or_iterable, type) else list(model_or_iterable)
        super().unregister([model for model in models if self.is_registered(model)])

    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and was_signed_in(request)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        response: HttpResponse = super().login(request, extra_context)
        if request.method == "POST" and request.user.is_authenticated and response.status_code == 302:
            mark_seen(request)
        return response

    def admin_view(
        self, view: Callable[..., HttpResponseBase], cacheable: bool = False
    ) -> Callable[..., HttpResponseBase]:
        inner = super().admin_view(view, cacheable)

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if is_idle(request, clock.now()):
                logout(request)
            elif self.has_permission(request):
                mark_seen(request)
                if self._lacks_second_factor(request):
                    return redirect("admin:two_factor")
            response: HttpResponseBase = inner(request, *args, **kwargs)
            return response

        return guarded

    def extra_urls(self) -> list[URLPattern]:
        pages = list(panels.registry.pages.values())
        return [
            path("two-factor/", self.admin_view(two_factor), name="two_factor"),
            *(self._url_of(f"pages/{page.name}/", f"page_{page.name}", self._show, page) for page in pages),
            *(
                self._url_of(f"pages/{page.name}/data/", f"page_{page.name}_data", self._answer, page)
                for page in pages
                if page.data is not None
            ),
        ]

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        context: dict[str, Any] = super().each_context(request)
        is_staff = self.has_permission(request)
        return {**context, "banners": panels.banners_of(request) if is_staff else []}

    def _show(self, page: panels.Page, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm(page.permission):
            raise PermissionDenied
        try:
            content = page.read(request)
        except NotFoundError as error:
            raise Http404 from error
        context = {**self.each_context(request), "title": page.title, "content_of": content}
        return TemplateResponse(request, page.template, context)

    def _answer(self, page: panels.Page, request: HttpRequest) -> HttpResponse:
        if page.data is None or not request.user.has_perm(page.permission):
            raise PermissionDenied
        try:
            answer = msgspec.json.encode(page.data(request))
        except GameError as refusal:
            return refuse(refusal)
        return HttpResponse(answer, content_type="application/json", headers={"Cache-Control": "no-store"})

    def _url_of(self, route: str, name: str, show: ShowPage, page: panels.Page) -> URLPattern:
        return path(route, self.admin_view(partial(show, page)), name=name)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        shown = {
            "tiles": panels.tiles_of(request),
            "panels": panels.panels_of(request),
            "should_add_second_factor": not has_totp(request.user),
        }
        response: HttpResponse = super().index(request, {**shown, **(extra_context or {})})
        return response

    def get_sidebar_list(self, request: HttpRequest) -> list[dict[str, Any]]:
        overview = _item(request, _("Overview"), reverse("admin:index"), "dashboard", is_exact=True)
        groups: list[dict[str, Any]] = [{"items": [overview]}]
        for app in self.get_app_list(request):
            items = [
                _item(
                    request,
                    model["name"],
                    model["admin_url"],
                    ICONS.get(model["model"]._meta.label_lower, "folder"),
                )
                for model in app["models"]
                if model["admin_url"]
            ]
            title = gettext(str(app["name"]))
            items += [
                _item(request, page.title, reverse(f"admin:page_{page.name}"), page.icon)
                for page in panels.registry.pages.values()
                if str(page.group) == title and request.user.has_perm(page.permission)
            ]
            groups.append({"title": title, "separator": True, "items": items})
        return groups

    def _lacks_second_factor(self, request: HttpRequest) -> bool:
        is_at_the_door = request.path in {reverse("admin:two_factor"), reverse("admin:logout")}
        return settings.STAFF_MUST_USE_TOTP and not is_at_the_door and not has_totp(request.user)


def _item(
    request: HttpRequest, title: object, link: str, icon: str, *, is_exact: bool = False
) -> dict[str, Any]:
    is_active = request.path == link if is_exact else request.path.startswith(link)
    return {"title": title, "link": link, "icon": icon, "active": is_active, "has_permission": True}
