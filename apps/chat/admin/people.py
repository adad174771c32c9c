"""The console's rooms of chat: who likes whom, who does not want to hear whom, and who travels together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextInputWidget

from aether.console.moments import moment_text
from aether.console.panels import Cell, Page, PageContent, Rows, Shown, add_page, link
from aether.console.rooms import Opening, ReadOnlyRoom, ReasonForm, ask_and_open
from aether.kernel.errors import NotFoundError
from apps.accounts import selectors as accounts
from apps.chat import friends, services
from apps.chat.models import Announcement, Block, Party


@admin.register(Announcement)
class AnnouncementRoom(ReadOnlyRoom):
    """What the staff have told everybody; who did, and why, is in the journal."""

    list_display = ("text_en", "text_fr", "instance", "at")
    search_fields = ("text_en", "text_fr", "=instance")
    ordering = ("-at",)
    fields = list_display
    readonly_fields = fields
    actions_list = ("announce",)

    def has_announce_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return bool(request.user.has_perm("chat.announce"))

    @action(  # type: ignore[untyped-decorator]  # the library is untyped
        description=_("Announce"), url_path="announce/", permissions=["announce"], icon="campaign"
    )
    def announce(self, request: HttpRequest) -> HttpResponse:
        return ask_and_open(self, request, ANNOUNCE)


class AnnouncementForm(ReasonForm):
    """What is announced, and to whom."""

    text_en = forms.CharField(label=_("In English"), max_length=300, widget=UnfoldAdminTextInputWidget)
    text_fr = forms.CharField(label=_("In French"), max_length=300, widget=UnfoldAdminTextInputWidget)
    instance = forms.RegexField(
        r"^[a-z][a-z0-9_]{0,63}\.\d{1,9}$",
        label=_("Zone copy"),
        required=False,
        max_length=80,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Its name, as in lastmoor.1; without one, everybody hears it."),
    )
    field_order = ["text_en", "text_fr", "instance", "reason"]


def _announce(actor: Any, form: Any) -> Announcement:
    return services.announce(actor=actor, **form.cleaned_data)


ANNOUNCE = Opening(
    title=_("Announce something"),
    explanation=_("Players see it at once, each in their language, and find it in their chat."),
    perform=_announce,
    form=AnnouncementForm,
)


@admin.register(Block)
class BlockRoom(ReadOnlyRoom):
    """Blocks: somebody whom many block is worth a look."""

    list_display = ("blocker", "blocked", "at")
    search_fields = ("=character_id", "=blocked_id")
    search_help_text = _("The id of a character")
    ordering = ("-at",)
    fields = ("blocker", "blocked", "at")
    readonly_fields = fields

    @admin.display(description=_("character"), ordering="character_id")
    def blocker(self, block: Block) -> Cell:
        return _character_link(block.character_id)

    @admin.display(description=_("blocked character"), ordering="blocked_id")
    def blocked(self, block: Block) -> Cell:
        return _character_link(block.blocked_id)


@admin.register(Party)
class PartyRoom(ReadOnlyRoom):
    """Parties as they are now; what becomes of them is up to their members."""

    list_display = ("__str__", "led_by", "company", "at")
    search_fields = ("=leader_id", "=members__character_id")
    search_help_text = _("The id of a character")
    ordering = ("-id",)
    fields = ("led_by", "company", "asked", "at")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Party]:
        parties: QuerySet[Party] = super().get_queryset(request)
        return parties.prefetch_related("members", "invitations")

    @admin.display(description=_("leader"), ordering="leader_id")
    def led_by(self, party: Party) -> Cell:
        return _character_link(party.leader_id)

    @admin.display(description=_("members"))
    def company(self, party: Party) -> Cell:
        return _character_links(member.character_id for member in party.members.all())

    @admin.display(description=_("invitations"))
    def asked(self, party: Party) -> Cell:
        return _character_links(each.invited_id for each in party.invitations.all())


class CharacterForm(forms.Form):
    """Whose bonds are shown."""

    character = forms.CharField(
        label=_("Character"),
        max_length=64,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Its name or its id."),
    )


def read_bonds(request: HttpRequest) -> PageContent:
    """Return the page of whom a character likes, asks and does not hear."""
    form = CharacterForm(request.GET if "character" in request.GET else None)
    if not form.is_bound or not form.is_valid():
        return PageContent(form=form)
    found = _character_called(form.cleaned_data["character"])
    if found is None:
        return PageContent(form=form, notes=[_("Nobody bears this name.")])
    return PageContent(form=form, tables=_bonds_shown(found))


def _character_called(name: str) -> accounts.CharacterRecord | None:
    if name.isascii() and name.isdigit():
        number = int(name)
        return accounts.characters([number]).get(number) if number < 2**63 else None
    try:
        return accounts.character_named(name)
    except NotFoundError:
        return None


def _bonds_shown(character: accounts.CharacterRecord) -> list[Shown]:
    bonds, own = friends.bonds_of(character.id), {"name": character.name}
    written = accounts.names_of_keys(bonds.blocked_names)
    elsewhere = {written.get(key, key): at for key, at in bonds.blocked_names.items()}
    requests = [
        *_rows(bonds.asking, gettext("asks %(name)s") % own),
        *_rows(bonds.asked, gettext("is asked by %(name)s") % own),
    ]
    blocks = [
        *_rows(bonds.blocked, gettext("is blocked by %(name)s") % own),
        *_rows(elsewhere, gettext("on another shard, is blocked by %(name)s") % own),
        *_rows(bonds.blocking, gettext("has blocked %(name)s") % own),
    ]
    headers = [_("who"), _("how"), _("since")]
    return [
        Shown(
            title=_("Friends"),
            headers=headers,
            rows=_rows(bonds.friends, gettext("is a friend of %(name)s") % own),
            empty=_("None yet."),
        ),
        Shown(title=_("Requests for friendship"), headers=headers, rows=requests, empty=_("None.")),
        Shown(title=_("Blocks"), headers=headers, rows=blocks, empty=_("None.")),
    ]


def _rows(since: Mapping[int, datetime] | Mapping[str, datetime], how: str) -> Rows:
    """Return a row for each of some people, by id or, where they are not here, by name; the latest first."""
    known = accounts.characters(each for each in since if isinstance(each, int))
    return [
        (
            _character_link(who, known[who].name if who in known else "?") if isinstance(who, int) else who,
            how,
            moment_text(at),
        )
        for who, at in sorted(since.items(), key=lambda each: each[1], reverse=True)
    ]


add_page(
    Page(
        name="bonds",
        title=_("Friends and blocks"),
        group=_("Chat"),
        icon="diversity_3",
        permission="chat.view_block",
        read=read_bonds,
    )
)


def _character_links(character_ids: Iterable[int]) -> Cell:
    return format_html_join(", ", "{}", ((_character_link(who),) for who in character_ids)) or "–"


def _character_link(character_id: int, text: str = "") -> Cell:
    return link(text or character_id, reverse("admin:accounts_character_change", args=[character_id]))
