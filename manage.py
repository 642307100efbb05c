#!/usr/bin/env python
"""Django's command line for this project."""

import os
import sys

from django.conf import settings
from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    # Read first: a setting that is missing is named, and no command goes on without it.
    assert settings.INSTALLED_APPS
    execute_from_command_line(sys.argv)
