"""Every role in a process of its own on this machine, behind nginx: `make cluster`."""
