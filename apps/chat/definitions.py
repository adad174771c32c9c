"""What a pack says about guilds."""

from __future__ import annotations

from typing import Annotated

import msgspec


class GuildRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The one document of `guilds/`. `founding_price` is in glim, and gone when it is paid."""

    id: str = "rules"
    founding_price: Annotated[int, msgspec.Meta(ge=0, le=10**9)] = 500
