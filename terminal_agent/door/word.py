"""What every word at the agent's door is. Pure."""

import msgspec


class Word(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="say"):
    """One line."""
