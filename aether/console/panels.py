"""What the console's shared pages show: tiles and tables of the overview, tables of a character's page.

The wiring registers them; this module knows no app.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from django.db import DatabaseError
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from redis.exceptions import RedisError

Text = str | Promise
Cell = object
Rows = Sequence[Sequence[Cell]]

UNTIL_DIGITS_MAX = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number of the overview; an alarming one is shown so."""

    text: str
    is_alarming: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    title: Text
    icon: str
    permission: str
    read: Callable[[], Figure]
    link: Callable[[], str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A table of the overview."""

    title: Text
    permission: str
    headers: Sequence[Text]
    read: Callable[[], Rows]
    empty: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A table of a character's page."""

    title: Text
    permission: str
    headers: Sequence[Text]
    read: Callable[[int], Rows]
    empty: Text


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the list of who is online: the text of each character that has one."""

    title: Text
    read: Callable[[Sequence[int]], dict[int, Cell]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A table as the templates take it; `links` lead to more of it."""

    title: Text
    headers: Sequence[Text]
    rows: Rows
    empty: Text
    links: Sequence[SafeString] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PageContent:
    """What a page shows, from top to bottom: a form that asks by GET, numbers, pictures, tables."""

    form: Any = None
    notes: Sequence[Text] = ()
    figures: Sequence[tuple[Text, Figure]] = ()
    charts: Sequence[SafeString] = ()
    tables: Sequence[Shown] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of the console that is no room of a model. `group` names the part of the sidebar.

    A page that lives asks for its `data` again and again, as JSON, at its own address with `data/`.
    """

    name: str
    title: Text
    group: Text
    icon: str
    permission: str
    read: Callable[[HttpRequest], PageContent]
    template: str = "console/page.html"
    data: Callable[[HttpRequest], msgspec.Struct] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Banner:
    """Something that stands above every page as long as `read` says anything."""

    permission: str
    read: Callable[[], Text | None]
    link: Callable[[], str]


@dataclass(slots=True)
class Registry:
    tiles: list[Tile] = field(default_factory=list)
    panels: list[Panel] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)
    pages: dict[str, Page] = field(default_factory=dict)
    banners: dict[str, Banner] = field(default_factory=dict)


registry = Registry()


def tiles_of(request: HttpRequest) -> list[dict[str, object]]:
    """Return the tiles that the viewer may see."""
    return [
        {
            "title": tile.title,
            "icon": tile.icon,
            "figure": _read_figure(tile),
            "link": tile.link() if tile.link else None,
        }
        for tile in registry.tiles
        if request.user.has_perm(tile.permission)
    ]


def panels_of(request: HttpRequest) -> list[Shown]:
    """Return the tables of the overview that the viewer may see."""
    return [_shown(panel, panel.read) for panel in registry.panels if request.user.has_perm(panel.permission)]


def sections_of(request: HttpRequest, character_id: int) -> list[Shown]:
    """Return the tables of a character's page that the viewer may see."""
    return [
        _shown(section, lambda section=section: section.read(character_id))  # type: ignore[misc]
        for section in registry.sections
        if request.user.has_perm(section.permission)
    ]


def columns_of(character_ids: Sequence[int]) -> Iterable[dict[int, Cell]]:
    """Return each registered column's cells, by character."""
    return [column.read(character_ids) for column in registry.columns]


def add_page(page: Page) -> None:
    """Give the console a page. Call while the rooms are registered."""
    registry.pages[page.name] = page


def banners_of(request: HttpRequest) -> list[dict[str, object]]:
    """Return what stands above every page for this viewer."""
    shown: list[dict[str, object]] = []
    for banner in registry.banners.values():
        if request.user.has_perm(banner.permission) and (text := banner.read()) is not None:
            shown.append({"text": text, "link": banner.link()})
    return shown


def link(text: object, url: str) -> SafeString:
    """Return a link; its text is escaped."""
    return format_html('<a href="{}" class="text-primary-600 dark:text-primary-500">{}</a>', url, text)


def post_button(request: HttpRequest, text: object, url: str, values: Mapping[str, object]) -> SafeString:
    """Return a button that posts some values to an address, with the token of who looks at it."""
    posted = {"csrfmiddlewaretoken": get_token(request), **values}
    fields = format_html_join("", '<input type="hidden" name="{}" value="{}">', posted.items())
    return format_html(
        '<form method="post" action="{}">{}<button type="submit" '
        'class="cursor-pointer text-primary-600 dark:text-primary-500">{}</button></form>',
        url,
        fields,
        text,
    )


def _read_figure(tile: Tile) -> Figure:
    try:
        return tile.read()
    except (RedisError, DatabaseError):
        return Figure(text="?", is_alarming=True)


def _shown(table: Panel | Section, read: Callable[[], Rows]) -> Shown:
    try:
        rows, empty = read(), table.empty
    except (RedisError, DatabaseError):
        rows, empty = [], _("This cannot be read right now.")
    return Shown(title=table.title, headers=table.headers, rows=rows, empty=empty)


@dataclass(frozen=True, slots=True)
class VersionPage:
    """A page of what is numbered from 1 on, the latest last: the entries after one, up to another."""

    after: int
    until: int

    @property
    def size(self) -> int:
        return self.until - self.after


def version_page(request: HttpRequest, last: int, *, most: int) -> VersionPage:
    """Return the page that an address asks for by `until`, else the latest."""
    asked = request.GET.get("until", "")
    until = min(last, int(asked)) if asked.isdecimal() and len(asked) <= UNTIL_DIGITS_MAX else last
    return VersionPage(max(0, until - most), max(0, until))


def version_links(page: VersionPage, last: int, *, most: int) -> list[SafeString]:
    """Return the links to what is older and newer than a page, as far as there is any."""
    links = []
    if page.after > 0:
        links.append(link(_("Older"), f"?until={page.after}"))
    if page.until < last:
        links.append(link(_("Newer"), f"?until={min(last, page.until + most)}"))
    return links
