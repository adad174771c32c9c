"""Balance tools: duels of AI against AI on the pure engine, many of them, and what they say about content."""
