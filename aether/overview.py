"""What the console's shared pages show of each app: the overview, and the page of a character.

Wiring, as `urls.py` is: it may know every app; the apps and the console do not know it.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from django.core.cache import cache
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from aether.console import approvals
from aether.console.moments import moment_text
from aether.console.panels import Cell, Column, Figure, Panel, Rows, Section, Tile, columns_of, link, registry
from aether.kernel import audit, facts, live
from aether.kernel.errors import NotFoundError
from aether.kernel.journal import StreamKind
from aether.kernel.models import JournalLine
from apps.accounts import selectors as accounts
from apps.chat import friends, guilds
from apps.combat import selectors as combat
from apps.economy import auditing
from apps.economy import selectors as economy
from apps.economy.services.freezing import frozen_among
from apps.quests import selectors as quests
from apps.world import selectors as world

ONLINE_SHOWN = 50
ACTS_SHOWN = 10
BATTLES_SHOWN = 20
LATEST_BATTLES = 1_000
LEDGER_KEPT_S = 60
ACT_NAMES = {
    "approve": _("approved"),
    "approve_rollback": _("approved a rollback"),
    "ask_approval": _("asked for approval"),
    "ban": _("banned"),
    "compensate_battle": _("compensated"),
    "create_gm": _("made a game master"),
    "draw_battle": _("ended as a draw"),
    "approve_grant": _("approved a grant"),
    "freeze_character": _("froze the dealings of"),
    "grant": _("granted"),
    "thaw_character": _("let deal again"),
    "kick": _("kicked"),
    "mute": _("muted"),
    "open_rollback": _("opened a rollback"),
    "plan_rollback": _("made a dry run"),
    "cancel_transfer": _("called back"),
    "retry_transfer": _("retried the transfer of"),
    "shard_state": _("opened or closed the shard"),
    "shard_terms": _("changed the terms of the shard"),
    "rename_guild": _("renamed a guild"),
    "change_guild_motd": _("changed the message of a guild"),
    "hand_over_guild": _("handed over a guild"),
    "disband_guild": _("disbanded a guild"),
    "refuse_approval": _("refused"),
    "retry_fact": _("retried"),
    "settle_battle": _("settled again"),
    "unban": _("unbanned"),
    "unmute": _("gave the voice back"),
    "waive_debt": _("waived a debt"),
    "withdraw_approval": _("took back"),
    "withdraw_rollback": _("withdrew a rollback"),
}


def register() -> None:
    """Fill the console's shared pages. Called once, when the addresses are read."""
    registry.tiles[:] = TILES
    registry.columns[:] = COLUMNS
    registry.panels[:] = PANELS
    registry.sections[:] = SECTIONS


def _online() -> Figure:
    return Figure(text=str(len(live.online_characters())))


def _parked() -> Figure:
    parked = facts.backlog().parked
    return Figure(text=str(parked), is_alarming=parked > 0)


def _waiting() -> Figure:
    return Figure(text=str(approvals.open_count()))


def _broken_off() -> Figure:
    broken_off, among = combat.broken_off_among_latest(LATEST_BATTLES)
    text = gettext("%(count)s of the last %(among)s") % {"count": broken_off, "among": among}
    return Figure(text=text, is_alarming=broken_off * 100 > among)


def _faulted() -> Figure:
    faulted = combat.faulted_battle_count()
    return Figure(text=str(faulted), is_alarming=faulted > 0)


def _live_battle_count() -> Figure:
    return Figure(text=str(combat.live_battle_count()))


def _ledger() -> Figure:
    # The audit reads the whole ledger, so one answer serves everybody for a while.
    broken = cache.get_or_set("overview.ledger", lambda: len(auditing.audit_ledger()), LEDGER_KEPT_S) or 0
    return Figure(text=gettext("balanced") if not broken else str(broken), is_alarming=broken > 0)


def _who_is_online() -> Rows:
    records = accounts.characters(live.online_characters()[:ONLINE_SHOWN])
    cells = columns_of(list(records))
    return [
        (
            character_link(each.name, each.id),
            each.class_id,
            each.level,
            *(column.get(each.id, "–") for column in cells),
        )
        for each in sorted(records.values(), key=lambda record: record.name)
    ]


def _last_acts() -> Rows:
    acts = JournalLine.objects.filter(kind=StreamKind.AUDIT, stream_id=audit.STREAM_ID).order_by("-version")
    return [
        (
            moment_text(line.at),
            line.payload["actor"],
            ACT_NAMES.get(line.payload["action"], line.payload["action"]),
            line.payload["details"].get("account") or line.payload["target"],
            line.payload["reason"],
        )
        for line in acts[:ACTS_SHOWN]
    ]


def _battles(character_ids: Sequence[int]) -> dict[int, Cell]:
    found = {each: combat.current_battle_id(each) for each in character_ids}
    return {character: battle_link(battle) for character, battle in found.items() if battle is not None}


def _places(character_ids: Sequence[int]) -> dict[int, Cell]:
    found: dict[int, Cell] = {}
    for each in character_ids:
        with suppress(NotFoundError):
            place = world.place_of(each)
            found[each] = f"{_zone_name(place.zone)} {place.cell[0]},{place.cell[1]}"
    return found


def _place(character_id: int) -> Rows:
    try:
        place = world.place_of(character_id)
    except NotFoundError:
        return []
    return [(_zone_name(place.zone), place.instance, f"{place.cell[0]},{place.cell[1]}")]


def _zone_name(zone: str) -> str:
    return world.zone_name(zone, get_language() or "en")


def _live_battles() -> Rows:
    battles = combat.live_battles(BATTLES_SHOWN)
    names = accounts.characters([each for battle in battles for each in battle.character_ids])
    return [
        (
            battle_link(battle.id),
            _zone_name(battle.zone),
            battle.round,
            ", ".join(names[each].name for each in battle.character_ids if each in names),
            moment_text(battle.begun_at),
        )
        for battle in battles
    ]


def _inventory(character_id: int) -> Rows:
    held = economy.inventory(character_id)
    stacks = [(stack.item, stack.count, "–") for stack in held.stacks]
    items = [(item.item, 1, item.slot or "–") for item in held.items]
    return [("glim", held.glim, "–"), *sorted(stacks), *sorted(items)]


def _dealings(character_id: int) -> Rows:
    asked, room = f"?character={character_id}", reverse("admin:economy_freeze_changelist")
    is_frozen = bool(frozen_among([character_id]))
    if is_frozen:
        change = link(_("Let it deal again"), f"{room}{character_id}/thaw/")
    else:
        change = link(_("Freeze"), f"{room}freeze/{asked}")
    return [
        (
            _("frozen") if is_frozen else _("free"),
            change,
            link(_("Give something"), reverse("admin:economy_staffgrant_changelist") + f"give/{asked}"),
        )
    ]


def _quests(character_id: int) -> Rows:
    return [(each.quest, each.state, each.step or "–") for each in quests.quest_log(character_id).quests]


def _current_battle(character_id: int) -> Rows:
    battle = combat.current_battle_id(character_id)
    return [] if battle is None else [(battle_link(battle),)]


def character_link(name: str, character_id: int) -> Cell:
    return link(name, reverse("admin:accounts_character_change", args=[character_id]))


def battle_link(battle_id: int) -> Cell:
    try:
        return link(f"#{battle_id}", reverse("admin:combat_battlerecord_change", args=[battle_id]))
    except NoReverseMatch:
        return f"#{battle_id}"


def _guild(character_id: int) -> Rows:
    own = guilds.memberships([character_id]).get(character_id)
    if own is None:
        return []
    joined = moment_text(own.joined_at)
    return [(link(own.name, reverse("admin:chat_guild_change", args=[own.guild])), own.rank, joined)]


def _bonds(character_id: int) -> Rows:
    bonds, page = friends.bonds_of(character_id), reverse("admin:page_bonds")
    blocked = len(bonds.blocked) + len(bonds.blocked_names)
    return [
        (
            link(len(bonds.friends), f"{page}?character={character_id}"),
            len(bonds.asking),
            len(bonds.asked),
            blocked,
            len(bonds.blocking),
        )
    ]


TILES = [
    Tile(title=_("Online"), icon="groups", permission="accounts.view_character", read=_online),
    Tile(
        title=_("Live battles"),
        icon="swords",
        permission="combat.view_battlerecord",
        read=_live_battle_count,
    ),
    Tile(title=_("Ledger"), icon="account_balance", permission="economy.view_entry", read=_ledger),
    Tile(
        title=_("Waiting for approval"),
        icon="how_to_reg",
        permission="console.view_approval",
        read=_waiting,
        link=lambda: f"{reverse('admin:console_approval_changelist')}?state__exact=open",
    ),
    Tile(
        title=_("Battles stopped by a fault"),
        icon="report",
        permission="combat.view_battlerecord",
        read=_faulted,
        link=lambda: f"{reverse('admin:combat_battlerecord_changelist')}?status__exact=3",
    ),
    Tile(
        title=_("Battles broken off"),
        icon="heart_broken",
        permission="combat.view_battlerecord",
        read=_broken_off,
    ),
    Tile(
        title=_("Parked facts"),
        icon="inbox",
        permission="kernel.view_failedfact",
        read=_parked,
        link=lambda: reverse("admin:kernel_failedfact_changelist"),
    ),
]
COLUMNS = [Column(_("place"), _places), Column(_("battle"), _battles)]
PANELS = [
    Panel(
        title=_("Who is online"),
        permission="accounts.view_character",
        headers=[_("name"), _("class"), _("level"), *(column.title for column in COLUMNS)],
        read=_who_is_online,
        empty=_("Nobody."),
    ),
    Panel(
        title=_("Live battles"),
        permission="combat.view_battlerecord",
        headers=[_("battle"), _("zone"), _("round"), _("who"), _("begun")],
        read=_live_battles,
        empty=_("None."),
    ),
    Panel(
        title=_("Last acts of the staff"),
        permission="kernel.view_journalline",
        headers=[_("when"), _("who"), _("did"), _("to"), _("why")],
        read=_last_acts,
        empty=_("None yet."),
    ),
]
SECTIONS = [
    Section(
        title=_("Place"),
        permission="world.view_characterplace",
        headers=[_("zone"), _("zone copy"), _("cell")],
        read=_place,
        empty=_("Nowhere yet."),
    ),
    Section(
        title=_("Battle now"),
        permission="combat.view_battlerecord",
        headers=[_("battle")],
        read=_current_battle,
        empty=_("Not in a battle."),
    ),
    Section(
        title=_("Inventory"),
        permission="economy.view_balance",
        headers=[_("item"), _("count"), _("worn at")],
        read=_inventory,
        empty=_("Nothing."),
    ),
    Section(
        title=_("Dealings"),
        permission="economy.view_freeze",
        headers=[_("state"), "", ""],
        read=_dealings,
        empty=_("None."),
    ),
    Section(
        title=_("Quests"),
        permission="accounts.view_character",
        headers=[_("quest"), _("state"), _("step")],
        read=_quests,
        empty=_("None yet."),
    ),
    Section(
        title=_("Guild"),
        permission="chat.view_guild",
        headers=[_("guild"), _("rank"), _("joined")],
        read=_guild,
        empty=_("In no guild."),
    ),
    Section(
        title=_("Friends and blocks"),
        permission="chat.view_block",
        headers=[_("friends"), _("who ask it"), _("whom it asks"), _("whom it blocks"), _("who block it")],
        read=_bonds,
        empty=_("None."),
    ),
]
