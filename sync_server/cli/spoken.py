"""Commands whose mistakes are explained in the language of whoever types them."""

import os
import sys
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import click

from contract import mistyped


class Unfit(click.UsageError):
    """What was typed does not fit together; its sentence is in the reader's language already."""


def language(asked: str | None) -> str:
    """Either id or en: as asked with --lang, otherwise by LANG."""
    english = os.environ.get("LANG", "").startswith("en")
    return asked or ("en" if english else "id")


class Spoken(click.Group):
    """The program itself: what click says in English of wrong usage is said in Indonesian to whoever
    did not ask for English. Exit codes stay click's."""

    def main(self, *args: Any, **extra: Any) -> Any:  # noqa: ANN401 - as click has it
        """Run what was typed."""
        typed = (args[0] if args else extra.get("args")) or sys.argv[1:]
        if language(_asked(typed)) == "en":
            return super().main(*args, **extra)
        sys.exit(self._explained(*args, **extra))

    def _explained(self, *args: Any, **extra: Any) -> int:  # noqa: ANN401
        try:
            code = super().main(*args, **{**extra, "standalone_mode": False})
        except click.exceptions.NoArgsIsHelpError as asked:
            asked.show()
            return asked.exit_code
        except click.ClickException as problem:
            context = getattr(problem, "ctx", None)
            usage = context.get_usage().partition(": ")[2] if context else ""
            command = context.command_path if context else ""
            click.echo(mistyped.explained(problem, usage, command), err=True)
            return problem.exit_code
        except click.Abort:
            click.echo(mistyped.ABORTED, err=True)
            return 1
        return code if isinstance(code, int) else 0


def _asked(typed: Sequence[str]) -> str | None:
    """Read before anything is parsed: what is wrong may stand before it."""
    apart = [after for word, after in pairwise(typed) if word == "--lang"]
    joined = [word.removeprefix("--lang=") for word in typed if word.startswith("--lang=")]
    return next(iter(apart + joined), None)
