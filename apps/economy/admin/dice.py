"""The console's room of the dice outside battles. Nobody sees a seed of the house that is still in use."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from aether.console.panels import Cell, Shown, link
from aether.kernel.errors import NotFoundError
from aether.kernel.rest import refuse
from apps.economy import dice
from apps.economy.admin.ledger import LedgerRoom, character_link
from apps.economy.models import SeedPair

THROWS_SHOWN = 100


@admin.register(SeedPair)
class SeedPairRoom(LedgerRoom):
    """Pairs of seeds of characters' dice, what was thrown with them, and the proof of what has ended."""

    list_display = ("id", "character_text", "number", "throws", "started_at", "ended_at")
    search_fields = ("=character_id",)
    search_help_text = _("The id of a character")
    fields = (
        "character_text",
        "number",
        "commitment",
        "client_seed_text",
        "server_seed_text",
        "throws",
        "started_at",
        "ended_at",
        "file_text",
    )
    readonly_fields = fields
    ordering = ("-id",)

    @admin.display(description=_("character"), ordering="character_id")
    def character_text(self, pair: SeedPair) -> Cell:
        return character_link(pair.character_id)

    @admin.display(description=_("seed of the player"))
    def client_seed_text(self, pair: SeedPair) -> str:
        return bytes(pair.client_seed).hex() or "–"

    @admin.display(description=_("seed of the house"))
    def server_seed_text(self, pair: SeedPair) -> Cell:
        return dice.pair_seen(pair).server_seed or _("Shown once the pair has ended.")

    @admin.display(description=_("file"))
    def file_text(self, pair: SeedPair) -> Cell:
        if pair.ended_at is None:
            return "–"
        return link(_("Everything that was thrown"), reverse("admin:economy_seedpair_export", args=[pair.pk]))

    def tables(self, target: SeedPair) -> list[Shown]:
        seen = dice.throws_of(target, latest=THROWS_SHOWN)
        return [
            Shown(
                title=_("The last throws"),
                headers=[_("number"), _("cause"), _("dice"), _("gave")],
                rows=[
                    (
                        throw.nonce,
                        throw.cause,
                        ", ".join(f"{value}/{n}" for _index, n, value, _next in throw.rolls),
                        ", ".join(f"{n} × {item}" for item, n in sorted(throw.gave.items())) or "–",
                    )
                    for throw in seen
                ],
                empty=_("Nothing."),
            )
        ]

    def get_urls(self) -> list[URLPattern]:
        export: Callable[..., HttpResponse] = self.admin_site.admin_view(self._export)
        own = path("<int:pair_id>/export.json", export, name="economy_seedpair_export")
        return [own, *super().get_urls()]

    def _export(self, request: HttpRequest, pair_id: int) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        pair = SeedPair.objects.filter(pk=pair_id, ended_at__isnull=False).first()
        if pair is None:
            return refuse(NotFoundError())
        exported = msgspec.json.encode(dice.export(pair.character_id, pair.number))
        response = HttpResponse(exported, content_type="application/json")
        name = f"dice-{pair.character_id}-{pair.number}.json"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
