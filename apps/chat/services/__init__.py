"""The write path of chat: speaking, and not hearing somebody."""

from apps.chat.services.blocking import block, unblock
from apps.chat.services.speaking import Speech, say

__all__ = ["Speech", "block", "say", "unblock"]
