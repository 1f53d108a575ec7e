"""A ZKTeco terminal, written from the published protocol."""
