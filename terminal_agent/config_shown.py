"""The configuration for eyes, log bundles and the centre: whether a secret is set, never it."""

import re
from collections.abc import Iterator
from urllib.parse import unquote

import msgspec

from terminal_agent.config import Config

_MASK = "***"
_USER = re.compile(r"://([^/?#]*)@")
_UP_TO_LAST = re.compile(r"://(.*)@")  # a slash in a password makes no URL, and no less a password
_IN_PATH = re.compile(r"(?i)((?:password|passwd|pwd|pass)=)([^&/?#]+)")
# Makers call it token, auth, key, access_token, ...: behind the question mark every value counts.
_IN_QUERY = re.compile(r"(?<=[?&])([^=&?#]*=)([^&#]+)")
_LONG = 6  # letters; a shorter value of a query (channel=1) is a word of many other lines


def masked(config: Config) -> dict[str, object]:
    """Everything that is set, without keys, passwords, and the person whom the privacy notice names."""
    shown: dict[str, object] = msgspec.to_builtins(config)
    shown["zkteco"] = [
        msgspec.to_builtins(device) | {"comm_key": _MASK if device.comm_key else 0}
        for device in config.zkteco
    ]
    shown["sensor"] = [
        msgspec.to_builtins(one) | {"password": _MASK if one.password else 0}
        for one in config.sensor
    ]
    source = shown_source(config.camera.source)
    shown["camera"] = msgspec.to_builtins(config.camera) | {"source": source}
    contact = _MASK if config.screen.contact else ""
    shown["screen"] = msgspec.to_builtins(config.screen) | {"contact": contact}
    return shown


def shown_source(source: str) -> str:
    """A camera's source without what lets somebody in: who logs in, and every value of its query."""
    address, mark, query = _UP_TO_LAST.sub(f"://{_MASK}@", source).partition("?")
    if "://" not in source:
        return source
    hidden = _IN_QUERY.sub(rf"\1{_MASK}", mark + query)
    return _IN_PATH.sub(rf"\1{_MASK}", address + hidden)


def camera_secrets(source: str) -> set[str]:
    """What no log line may hold of a camera's source: user and password, the password that some makers
    want in the path, and what stands in its query; as written and as decoded."""
    if "://" not in source:
        return set()
    users = {found[1] for sign in (_USER, _UP_TO_LAST) if (found := sign.search(source))}
    held = {password for _, password in _IN_PATH.findall(source)} | users | set(_asked(source))
    held |= {user.partition(":")[2] or user for user in users}
    return {one for word in held for one in (word, unquote(word)) if one}


def _asked(source: str) -> Iterator[str]:
    _, mark, query = source.partition("?")
    for key, value in _IN_QUERY.findall(mark + query):
        yield key + value
        if len(value) >= _LONG:
            yield value
