"""Who plays: accounts, their characters, how these grow, and the mutes and bans that they earn."""
