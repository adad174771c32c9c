"""The console's rooms of chat: people and what they are to one another, and their guilds."""

from apps.chat.admin import guilds, people

__all__ = ["guilds", "people"]
