"""What apps tell one another: frozen facts, published with a change and delivered at least once."""
