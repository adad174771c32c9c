"""Bots: players that are programs. They use the SDK and the front door, like anybody else."""
