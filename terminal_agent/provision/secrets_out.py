"""Answers without what nobody else may read. Pure."""

from collections.abc import Mapping

from terminal_agent.config_shown import shown_source

_SECRET = ("comm_key", "password")


def public(answers: Mapping[str, object]) -> dict[str, object]:
    """The same answers without communication keys, passwords, and cameras whose address holds one."""
    kept = {key: _of(value) for key, value in answers.items() if not _tells(key, value)}
    return {key: value for key, value in kept.items() if value != {}}


def _of(value: object) -> object:
    if isinstance(value, dict):
        return public(value)
    return [_of(one) for one in value] if isinstance(value, list) else value


def _tells(key: str, value: object) -> bool:
    in_address = key == "source" and isinstance(value, str) and shown_source(value) != value
    return key in _SECRET or in_address
