"""Play Aether from Python: accounts over REST, turns over one WebSocket that resumes by itself."""

from aether_sdk.client import Client
from aether_sdk.errors import AetherError, ConnectionLostError, RefusedError
from aether_sdk.rest import Rest, Ticket
from aether_sdk.streams import Update

__all__ = ["AetherError", "Client", "ConnectionLostError", "RefusedError", "Rest", "Ticket", "Update"]
