"""Which names a character may bear."""

NAME_LENGTH_MAX = 16
