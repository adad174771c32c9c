"""What players say to one another."""
