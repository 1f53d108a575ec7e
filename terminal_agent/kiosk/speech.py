"""The screen's catalogue in one language. Pure."""

from typing import Literal

import msgspec

from terminal_agent.wording import door, keypad, privacy, screen

Lang = Literal["id", "en"]
_LABELS = {**screen.WORDS, **keypad.WORDS}


class Speech(msgspec.Struct, frozen=True):
    """One of the two languages. Values are put into the sentences as they are: whoever shows them
    escapes."""

    lang: Lang = "id"

    def of(self, pair: tuple[str, str]) -> str:
        """This language's one of (Indonesian, English)."""
        return pair[self.lang == "en"]

    def say(self, key: str, **values: object) -> str:
        """A sentence of the screen. Raises KeyError where there is none."""
        return self.of(screen.WORDS[key]).format(**values)

    def label(self, key: str) -> str:
        """A word of the page or of its keypad, as it stands."""
        return self.of(_LABELS[key])

    def told(self, code: str) -> str:
        """Why the agent refused something."""
        return self.of(keypad.TOLD.get(code) or door.WORDS.get(code) or keypad.TOLD["other"])

    def notice(self, contact: str) -> list[tuple[str, str]]:
        """Headings and paragraphs of the privacy notice."""
        contact = contact or self.of(privacy.NO_CONTACT)
        return [
            (self.of(head), self.of(text).replace("{contact}", contact))
            for head, text in privacy.NOTICE
        ]
