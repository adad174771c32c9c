"""Where assets are, by name: of characters, in escrow and mail, faucets and sinks, and what staff give."""

from __future__ import annotations

from typing import NamedTuple

from apps.economy.definitions import CURRENCY
from apps.economy.models import CHARACTER, SYSTEM

EQUIPPED = "equipped:"


class Bucket(NamedTuple):
    """Names a ledger account; the account itself is opened at its first use."""

    owner_type: str
    owner_id: int
    name: str

    @property
    def is_system(self) -> bool:
        return self.owner_type == SYSTEM


def wallet(character_id: int) -> Bucket:
    return Bucket(CHARACTER, character_id, "wallet")


def bag(character_id: int) -> Bucket:
    return Bucket(CHARACTER, character_id, "bag")


def bank(character_id: int) -> Bucket:
    return Bucket(CHARACTER, character_id, "bank")


def equipped(character_id: int, slot: str) -> Bucket:
    return Bucket(CHARACTER, character_id, EQUIPPED + slot)


def faucet(kind: str) -> Bucket:
    return Bucket(SYSTEM, 0, f"faucet:{kind}")


def sink(kind: str) -> Bucket:
    return Bucket(SYSTEM, 0, f"sink:{kind}")


def staff(kind: str) -> Bucket:
    return Bucket(SYSTEM, 0, f"gm:{kind}")


def beyond() -> Bucket:
    """Return what stands for all other shards: what left for them, less what came from them."""
    return Bucket(SYSTEM, 0, "transfer:realm")


def escrow(owner_id: int, purpose: str, reference: int) -> Bucket:
    """Return where what somebody has set aside for something lies: `escrow:trade:7`, `escrow:order:12`."""
    return Bucket(CHARACTER, owner_id, f"escrow:{purpose}:{reference}")


def mail(owner_id: int, mail_id: int) -> Bucket:
    """Return where the attachments of a letter lie, for whom it lies there."""
    return Bucket(CHARACTER, owner_id, f"mail:{mail_id}")


def home(owner_id: int, asset: str) -> Bucket:
    """Return where a character carries an asset: coins in its wallet, everything else in its bag."""
    return wallet(owner_id) if asset == CURRENCY else bag(owner_id)
