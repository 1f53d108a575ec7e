"""How the demo tells what it proved: one line a step, nothing that was not checked."""

import re
import threading
from collections.abc import Callable
from datetime import timedelta

from rich.console import Console
from rich.text import Text

from simulators.site import Unproven, now

_PATIENCE = 40.0


class Story:
    """Prints each step once it is proven; `as_json` keeps them for one object at the end."""

    def __init__(self, as_json: bool, lang: str) -> None:
        self.steps: list[dict[str, object]] = []
        self._lang = lang
        self.console = Console(width=100, quiet=as_json, record=True, highlight=False)

    def proven(self, step: str, indonesian: str, english: str) -> None:
        """Say what was proven."""
        text = english if self._lang == "en" else indonesian
        self.steps.append({"step": step, "proof": text})
        self.console.print(Text.assemble(("  ✓ ", "green"), (f"{step:<10}", "bold"), f" {text}"))

    def say(self, indonesian: str, english: str) -> None:
        """Say what happens, which proves nothing."""
        self.console.print(Text(english if self._lang == "en" else indonesian))

    def picture(self) -> str:
        """Everything that was printed, as SVG that fetches nothing."""
        drawn = self.console.export_svg(title="./run demo --once")
        return re.sub(r"<!--.*?-->|@font-face \{.*?\}", "", drawn, flags=re.DOTALL)


def until(true: Callable[[], bool], what: str) -> None:
    """Wait for something to come true; after 40 seconds it is not proven.

    A program that was just started has nothing to show yet: that counts as not yet.
    """
    until = now() + timedelta(seconds=_PATIENCE)
    while True:
        seen = what
        try:
            if true():
                return
        except Unproven as problem:
            seen = str(problem)
        if now() > until:
            raise Unproven(f"not seen within {_PATIENCE:.0f} s: {seen}")
        threading.Event().wait(0.1)
