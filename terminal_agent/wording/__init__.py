"""What the commands say to people: Indonesian first, English as the second catalogue."""

from terminal_agent.wording import kiosk, rehearsal, sticks

_WORDS = {**kiosk.WORDS, **rehearsal.WORDS, **sticks.WORDS}


def say(lang: str, code: str, **values: object) -> str:
    """The sentence for a code in "id" or "en"; a code without one is said as it is."""
    indonesian, english = _WORDS.get(code, ("{detail}", "{detail}"))
    return (english if lang == "en" else indonesian).format(**{"detail": code, **values})
