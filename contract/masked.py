"""What no log line may show, on either side: a NIP, a password in a URL, and a process's own secrets."""

import re
from collections.abc import Iterable

MASK = "***"
# 18 digits as a NIP is printed, together or in its four groups; and who logs in at a URL.
_NIP = re.compile(r"(?<![\w.])(?:\d{18}|\d{8} \d{6} \d \d{3})(?!\w)")
_LOGIN = re.compile(r"(?<=://)[^/\s]+@")


class Mask:
    """Takes them out of a text. `secrets` are words that stand by themselves."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        words = sorted({re.escape(word) for word in secrets if word}, key=len, reverse=True)
        self._secret = re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)") if words else None

    def __call__(self, text: str) -> str:
        """The text without them."""
        hidden = self._secret.sub(MASK, text) if self._secret else text
        return _NIP.sub(MASK, _LOGIN.sub(f"{MASK}@", hidden))
