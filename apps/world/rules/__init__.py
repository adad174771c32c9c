"""Pure rules of the world: walking in time, roaming, and what a battle takes of a zone."""
