"""Colyseus beside us: a small server of its own, and a load that speaks its protocol."""
