"""New ledgers for tests: to copy an empty one costs a tenth of what making its tables costs, and to
compile a statement costs more than to run it."""

from collections.abc import Hashable
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sync_server.database import Database


def laid(path: Path) -> Path:
    """`path`, with an empty ledger there unless there is one; as the migrations make it."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_empty())
    return path


class _Compiled(dict[tuple[Hashable, ...], Any]):
    """Statements that were compiled for any ledger, by what SQLAlchemy keys them with; the first part
    of that is the engine's own dialect, and a test run opens thousands of engines."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get((key[0].name, *key[1:]), default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        super().__setitem__((key[0].name, *key[1:]), compiled)


_COMPILED = _Compiled()


def opened(where: Path | str) -> Database:
    """The ledger there, as `Database` opens it; its statements are compiled once in a run of tests."""
    database = Database(where)
    database._engine.update_execution_options(compiled_cache=_COMPILED)
    return database


@lru_cache(1)
def _empty() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.db"
        Database(path).close()
        assert not path.with_name("ledger.db-wal").exists(), "all of it is in one file"
        return path.read_bytes()
