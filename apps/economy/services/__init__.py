"""The economy's write path: grants, loot, equipment and shops, all through one posting function."""

from apps.economy.occasions import register_events
from apps.economy.services.auctioning import (
    Listing,
    Offer,
    bid_in_auction,
    cancel_auction,
    cancel_auction_of,
    end_auctions,
    open_auction,
)
from apps.economy.services.awards import Granted
from apps.economy.services.banking import deposit, read_bank, withdraw
from apps.economy.services.crafting import cancel_craft, cancel_craft_as_staff, craft, settle_crafts
from apps.economy.services.discarding import discard
from apps.economy.services.equipment import equip, unequip
from apps.economy.services.folding import fold
from apps.economy.services.founding import is_paid, pay_for_guild
from apps.economy.services.freezing import freeze_dealings, thaw_dealings
from apps.economy.services.gathering import gather, require_gatherer
from apps.economy.services.grants import compensate, grant, take
from apps.economy.services.holds import HoldTerms, expire_holds, place_hold, post_hold, void_hold
from apps.economy.services.loot import pay_battle_loot
from apps.economy.services.mail import (
    Sending,
    Taking,
    discard_letter,
    expire_letters,
    open_letter,
    send_letter,
    take_attachments,
)
from apps.economy.services.ordering import (
    cancel_order,
    cancel_order_of,
    expire_orders,
    halt_book,
    open_book,
)
from apps.economy.services.placing import Placement, place_order, place_orders
from apps.economy.services.professions import unlock_recipes
from apps.economy.services.shops import Deal, buy, register_presence, sell
from apps.economy.services.simulating import reset_pity, simulate_drops
from apps.economy.services.starters import give_starter
from apps.economy.services.story import send_story_letter
from apps.economy.services.supplies import set_aside_supplies, settle_supplies
from apps.economy.services.surroundings import (
    Outlook,
    register_effect,
    register_healer,
    register_listening,
    register_loot_lock,
    register_outlook,
    register_peace,
    register_reopening,
    register_stations,
)
from apps.economy.services.sweeping import sweep
from apps.economy.services.switches import Feature, require_on, switch_off, switch_on
from apps.economy.services.throwing import read_dice, share_in_dice, show_dice, show_due_dice
from apps.economy.services.tolls import take_toll
from apps.economy.services.trading import (
    Step,
    accept_trade,
    cancel_trade,
    confirm_trade,
    expire_trades,
    invite_to_trade,
    lock_trade,
    offer_in_trade,
    register_meeting,
)
from apps.economy.services.using import repair, use, wear_out

__all__ = [
    "Deal",
    "Feature",
    "Granted",
    "HoldTerms",
    "Listing",
    "Offer",
    "Outlook",
    "Placement",
    "Sending",
    "Step",
    "Taking",
    "accept_trade",
    "bid_in_auction",
    "buy",
    "cancel_auction",
    "cancel_auction_of",
    "cancel_craft",
    "cancel_craft_as_staff",
    "cancel_order",
    "cancel_order_of",
    "cancel_trade",
    "compensate",
    "confirm_trade",
    "craft",
    "deposit",
    "discard",
    "discard_letter",
    "end_auctions",
    "equip",
    "expire_holds",
    "expire_letters",
    "expire_orders",
    "expire_trades",
    "fold",
    "freeze_dealings",
    "gather",
    "give_starter",
    "grant",
    "halt_book",
    "invite_to_trade",
    "is_paid",
    "lock_trade",
    "offer_in_trade",
    "open_auction",
    "open_book",
    "open_letter",
    "pay_battle_loot",
    "pay_for_guild",
    "place_hold",
    "place_order",
    "place_orders",
    "post_hold",
    "read_bank",
    "read_dice",
    "register_effect",
    "register_events",
    "register_healer",
    "register_listening",
    "register_loot_lock",
    "register_meeting",
    "register_outlook",
    "register_peace",
    "register_presence",
    "register_reopening",
    "register_stations",
    "repair",
    "require_gatherer",
    "require_on",
    "reset_pity",
    "sell",
    "send_letter",
    "send_story_letter",
    "set_aside_supplies",
    "settle_crafts",
    "settle_supplies",
    "share_in_dice",
    "show_dice",
    "show_due_dice",
    "simulate_drops",
    "sweep",
    "switch_off",
    "switch_on",
    "take",
    "take_attachments",
    "take_toll",
    "thaw_dealings",
    "unequip",
    "unlock_recipes",
    "use",
    "void_hold",
    "wear_out",
    "withdraw",
]
