"""A pytest plugin for a machine that is emulated: it says what it is, and tries fewer examples."""

import platform
import sqlite3
import sys

from hypothesis import HealthCheck, settings

settings.register_profile(
    "emulated",
    max_examples=5,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


def pytest_report_header():
    """What the figures below it were made on."""
    python = ".".join(map(str, sys.version_info[:3]))
    return f"machine: {platform.machine()}, Python {python}, SQLite {sqlite3.sqlite_version}"
