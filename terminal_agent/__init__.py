"""The kiosk daemon and its commands."""
