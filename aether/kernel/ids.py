"""Ids as types, so that one cannot be passed for another."""

from __future__ import annotations

from typing import NewType

AccountId = NewType("AccountId", int)
CharacterId = NewType("CharacterId", int)
BattleId = NewType("BattleId", int)
GroupId = NewType("GroupId", int)
SessionId = NewType("SessionId", str)
CommandId = NewType("CommandId", str)
StreamName = NewType("StreamName", str)
