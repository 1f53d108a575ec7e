"""Commands whose mistakes are explained in the language of whoever types them."""

import os
import sys
from typing import Any

import click

from contract import mistyped


class Unfit(click.UsageError):
    """What was typed does not fit together; its sentence is in the reader's language already."""


def language(asked: str | None) -> str:
    """Either id or en: as asked with --lang, otherwise by LANG."""
    return asked or mistyped.by_locale(os.environ.get("LANG", ""))


class Spoken(click.Group):
    """The program itself: what click says in English of wrong usage is said in Indonesian to whoever
    did not ask for English. Exit codes stay click's."""

    def main(self, *args: Any, **extra: Any) -> Any:  # noqa: ANN401 - as click has it
        """Run what was typed."""
        typed = (args[0] if args else extra.get("args")) or sys.argv[1:]
        if language(mistyped.asked(typed)) == "en":
            return super().main(*args, **extra)
        try:
            code = super().main(*args, **{**extra, "standalone_mode": False})
        except click.exceptions.NoArgsIsHelpError as wanted:
            wanted.show()
            code = wanted.exit_code
        except (click.ClickException, click.Abort) as problem:
            click.echo(mistyped.explained(problem), err=True)
            code = getattr(problem, "exit_code", 1)
        sys.exit(code if isinstance(code, int) else 0)
