"""From which addresses accounts sign in, kept so that they can be compared and not read.

An address is cut to what a household has (IPv4 whole, IPv6 to its /64) and told only by a keyed hash, for
thirty days. It is no proof of anything: families, schools and telephone networks share addresses.
"""

from __future__ import annotations

from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.utils.crypto import salted_hmac

from aether.kernel import clock
from apps.accounts.models import AddressSighting

KEPT = timedelta(days=30)
SALT = "accounts.addresses"
HOUSEHOLD_V6 = 64


def note_address(*, account_id: int, address: str) -> None:
    """Remember that an account has signed in from an address; what is no address is passed over."""
    key = _key_of(address)
    if key is None:
        return
    sighting = AddressSighting(account_id=account_id, address_key=key, seen_at=clock.utc_now())
    AddressSighting.objects.bulk_create(
        [sighting],
        update_conflicts=True,
        unique_fields=["account", "address_key"],
        update_fields=["seen_at"],
    )


def forget_addresses() -> int:
    """Delete what was seen too long ago; return how much that was."""
    deleted, _ = AddressSighting.objects.filter(seen_at__lt=clock.utc_now() - KEPT).delete()
    return deleted


def _key_of(address: str) -> str | None:
    try:
        found = ip_address(address)
    except ValueError:
        return None
    if isinstance(found, IPv6Address):
        mapped = found.ipv4_mapped
        cut = str(mapped or ip_network((int(found), HOUSEHOLD_V6), strict=False))
    else:
        cut = str(found)
    return salted_hmac(SALT, cut, secret=settings.SECRET_KEY, algorithm="sha256").hexdigest()[:32]
