"""What every command starts from: the configuration, the language, the ledger, the exit codes."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click
import msgspec

from sync_server import config, server
from sync_server.database import Database
from sync_server.errors import BadFile
from sync_server.wording import say

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

    def load(self) -> config.Config:
        """The configuration, or an end that says which key is wrong."""
        with explaining():
            return config.load(self.path)

    @contextmanager
    def ledger(self) -> Iterator[Database]:
        """The ledger, closed afterwards."""
        database = server.open_ledger(self.load())
        try:
            with explaining():
                yield database
        finally:
            database.close()


@contextmanager
def explaining() -> Iterator[None]:
    """Turn what cannot be used into its sentence and exit code 2."""
    try:
        yield
    except BadFile as problem:
        click.echo(str(problem), err=True)
        raise click.exceptions.Exit(WRONG) from problem


setting = click.make_pass_decorator(Setting)


def emit(found: Sequence[msgspec.Struct], name: str) -> None:
    """One JSON object on stdout, and nothing else there."""
    click.echo(msgspec.json.encode({name: found}))


def read_text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except OSError as problem:
        wrong = problem.strerror or "cannot be read"
        raise BadFile(str(file), "file", wrong, "check its name and place") from problem
    except UnicodeDecodeError as problem:
        raise BadFile(
            str(file), f"byte {problem.start}", "not UTF-8", "save it as UTF-8"
        ) from problem
