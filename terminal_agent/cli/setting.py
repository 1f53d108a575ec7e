"""What every command starts from: the configuration, the language, the exit codes."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import click
import msgspec

from terminal_agent import ballast, config, identity, usage
from terminal_agent.cli.spoken import Unfit
from terminal_agent.errors import (
    JournalFailed,
    SourceMisconfigured,
    SourceUnavailable,
    StickFailed,
)
from terminal_agent.journal_view import View
from terminal_agent.wording import say

BROKEN, WRONG, OUT_OF_REACH = 1, 2, 3
_STICK_ENDS = {
    "no_folder": WRONG,
    "no_receipt_file": WRONG,
    "no_receipt": BROKEN,
    "receipt_damaged": BROKEN,
    "receipt_foreign": BROKEN,
}


class Setting(msgspec.Struct, frozen=True):
    """What was said before the command: which file, which language."""

    path: Path
    lang: str

    def tell(self, code: str, **values: object) -> None:
        """Say a sentence to the person who typed the command; results stay alone on stdout."""
        click.echo(say(self.lang, code, **values), err=True)

    def unfit(self, code: str) -> NoReturn:
        """End with what to type instead, where options do not fit together."""
        raise Unfit(say(self.lang, code), click.get_current_context())

    def load(self) -> config.Config:
        """The configuration. Raises SourceMisconfigured."""
        return config.load(self.path)

    @contextmanager
    def explaining(self, where: str = "") -> Iterator[None]:
        """Turn what went wrong into a sentence and the exit code that scripts rely on."""
        try:
            yield
        except SourceUnavailable as problem:
            self._end(problem, where, OUT_OF_REACH)
        except StickFailed as problem:
            self._end(problem, where, _STICK_ENDS.get(problem.code, OUT_OF_REACH))
        except SourceMisconfigured as problem:
            self._end(problem, where, WRONG)
        except JournalFailed as problem:
            self._end(problem, where, BROKEN)

    def _end(
        self,
        problem: SourceUnavailable | SourceMisconfigured | JournalFailed | StickFailed,
        where: str,
        code: int,
    ) -> NoReturn:
        self.tell(problem.code, where=where, detail=str(problem))
        raise click.exceptions.Exit(code) from problem


setting = click.make_pass_decorator(Setting)


def journal_of(setting: Setting) -> View:
    """The journal of this kiosk, read only. Raises JournalFailed, and SourceMisconfigured where the
    kiosk is to be enrolled first."""
    state = Path(setting.load().kiosk.state)
    try:
        return View(state / "journal.db")
    except JournalFailed as problem:
        if problem.code == "no_journal":
            identity.load(state)
        raise gone_or_never(problem, state) from problem


def gone_or_never(problem: JournalFailed, state: Path) -> JournalFailed:
    """The same, or, where no file is there although the folder shows that there was one, that."""
    path = state / "journal.db"
    if problem.code != "no_journal" or path.exists():
        return problem
    marks = (ballast.FILE, usage.FILE, f"{path.name}-wal")
    if not any((state / name).exists() for name in marks):
        return problem
    return JournalFailed("journal_gone", f"{path} is gone")
