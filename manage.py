#!/usr/bin/env python
"""Every command of the platform starts here."""

import os
import sys


def main() -> None:
    """Run the command; what the environment has wrong is one sentence, not a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aether.settings.embedded")
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        # Read here, since the first failure is the one that says why.
        settings.INSTALLED_APPS  # noqa: B018
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"aether: {error}")


if __name__ == "__main__":
    main()
