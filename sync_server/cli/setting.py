"""What every command starts from: the configuration, the language, the ledger, the exit codes."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NoReturn

import click
import msgspec

from sync_server import config, server
from sync_server.cli.spoken import Unfit
from sync_server.database import Database, explained, named
from sync_server.errors import BadFile, unreadable, unusable
from sync_server.wording import complaint, say

BROKEN, WRONG, OUT_OF_REACH = 1, 2, 3
FILE = click.Path(path_type=Path, dir_okay=False)
as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


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
        """The configuration, or an end that says which key is wrong."""
        with self.explaining():
            return config.load(self.path)

    @contextmanager
    def ledger(self) -> Iterator[Database]:
        """The ledger, closed afterwards."""
        settings = self.load()
        damaged = explained(named(settings.database))
        with self.explaining(), damaged, closing(server.open_ledger(settings)) as database:
            yield database

    @contextmanager
    def explaining(self) -> Iterator[None]:
        """Turn what cannot be used into its sentence and exit code 2; 3 where it is out of reach."""
        try:
            yield
        except BadFile as bad:
            said = complaint(self.lang, bad.file, bad.where, bad.code, bad.values)
            click.echo(said, err=True)
            away = bad.code == "ledger_away"
            raise click.exceptions.Exit(OUT_OF_REACH if away else WRONG) from bad


setting = click.make_pass_decorator(Setting)


def emit(found: Sequence[msgspec.Struct], name: str) -> None:
    """One JSON object on stdout, and nothing else there."""
    click.echo(msgspec.json.encode({name: found}))


def read_bytes(file: Path) -> bytes:
    """What a file holds, also a spreadsheet. Raises BadFile."""
    try:
        return file.read_bytes()
    except OSError as problem:
        unreadable(str(file), problem)


def read_text(file: Path) -> str:
    """What a file holds. Raises BadFile."""
    try:
        return file.read_text("utf-8")
    except OSError as problem:
        unreadable(str(file), problem)
    except UnicodeDecodeError as problem:
        unusable(str(file), problem)
