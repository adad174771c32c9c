"""Commands for people who run the platform: play, bots, and what they share."""
