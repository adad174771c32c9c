"""Pure rules of quests: conditions, progress, transitions and dialogue."""
