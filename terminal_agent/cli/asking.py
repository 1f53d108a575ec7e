"""Questions at a terminal: in the person's language, what may be answered beside them, and asked again
with the reason where the answer is none of it."""

from collections.abc import Callable, Mapping
from typing import TypeVar

import click

from terminal_agent.cli.setting import Setting
from terminal_agent.wording import say

T = TypeVar("T")
Reader = Callable[[str], T]


class Unclear(Exception):
    """An answer that is none: a code of wording, and what its sentence names."""

    def __init__(self, code: str, **told: object) -> None:
        super().__init__(code)
        self.code, self.told = code, told


class Asking:
    """The questions of one command."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting

    def ask(self, code: str, plain: str, read: Reader[T]) -> T:
        """The answer as `read` takes it, which raises Unclear. Enter answers `plain`."""
        shown = self._word("ask_plain", plain=plain) if plain else ""
        while True:
            question = f"{self._word(code)}{shown}"
            typed = str(click.prompt(question, default="", show_default=False, err=True)).strip()
            try:
                return read(_printable(typed) or plain)
            except Unclear as why:
                self._setting.tell(why.code, **why.told)

    def text(self, code: str, plain: str = "") -> str:
        """Any line."""
        return self.ask(code, plain, str)

    def number(self, code: str, plain: int, least: int, most: int) -> int:
        """A whole number within these."""

        def read(typed: str) -> int:
            if typed.isascii() and typed.isdigit() and least <= int(typed) <= most:
                return int(typed)
            raise Unclear("ask_number", typed=typed, least=least, most=most)

        return self.ask(code, str(plain), read)

    def among(self, code: str, names: Mapping[str, str], plain: str) -> str:
        """One of the keys, by its name as people see it; the key itself is understood, too."""

        def read(typed: str) -> str:
            for key, name in names.items():
                if typed.casefold() in (key.casefold(), name.casefold()):
                    return key
            raise Unclear("ask_among", typed=typed, names=", ".join(names.values()))

        return self.ask(code, names[plain], read)

    def yes(self, code: str, *, plain: bool) -> bool:
        """Yes or no."""
        return self.ask(code, self._word("ask_yes" if plain else "ask_no"), yes_or_no)

    def _word(self, code: str, **values: object) -> str:
        return say(self._setting.lang, code, **values)


def yes_or_no(typed: str) -> bool:
    """In either language. Raises Unclear."""
    word = typed.casefold()
    if word in ("y", "ya", "yes"):
        return True
    if word in ("t", "tidak", "tdk", "n", "no"):
        return False
    raise Unclear("ask_yes_no", typed=typed)


def _printable(typed: str) -> str:
    """Arrow keys and half letters are no part of any answer."""
    if typed.isprintable():
        return typed
    raise Unclear("ask_odd")
