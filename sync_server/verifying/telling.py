"""What does not hold, in words. Pure."""

from sync_server.verifying.found import Broken
from sync_server.wording import say


def told(lang: str, broken: Broken) -> tuple[str, str]:
    """Where it is, and why it does not hold, in "id" or "en"."""
    return _where(lang, broken), say(lang, f"why_{broken.why}")


def _where(lang: str, broken: Broken) -> str:
    parts = []
    if broken.kid:
        event = f"{broken.kid}-{broken.epoch:08x}-{broken.seq}"
        parts.append(event if broken.seq else broken.kid)
    if broken.line:
        parts.append(say(lang, "check_line", line=broken.line))
    return ", ".join([*parts, *([broken.detail] if broken.detail else [])])
