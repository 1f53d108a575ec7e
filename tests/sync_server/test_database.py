"""The centre's file: durable, migrated, one writer at a time, and never opened by an older program."""

import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import IntegrityError

import sync_server
from sync_server import database as database_module
from sync_server import schema
from sync_server.database import REVISION, Database
from sync_server.errors import BadFile

MIGRATIONS = Path(sync_server.__file__).with_name("migrations")

# Another process that writes as fast as it can; it says "go" once it has begun.
WRITER = """
import sys
from pathlib import Path
from sync_server import schema
from sync_server.database import Database

database = Database(Path(sys.argv[1]))
for n in range(int(sys.argv[2])):
    with database.writing() as tx:
        seen = tx.execute(schema.rota.select()).all()
        tx.execute(schema.rota.insert().values(
            nip=f"child{n}", shift=str(len(seen)), valid_from="", valid_to=""))
    if n == 0:
        print("go", flush=True)
database.close()
"""


@pytest.fixture
def file(tmp_path):
    return tmp_path / "new" / "folder" / "ledger.db"


@pytest.fixture
def database(file):
    database = Database(file)
    yield database
    database.close()


TURN = {"nip": "1", "shift": "REG", "valid_from": "", "valid_to": ""}


def write(tx, nip, shift="REG"):
    tx.execute(schema.rota.insert().values(**TURN | {"nip": nip, "shift": shift}))


def shapes(tx):
    """Of each table: its columns with their place in the primary key, and whether it has rowids."""
    listed = tx.exec_driver_sql("SELECT name, wr FROM pragma_table_list WHERE type = 'table'").all()
    columns = "SELECT name, pk FROM pragma_table_info(?)"
    return {
        name: (bare, tx.exec_driver_sql(columns, (name,)).all())
        for name, bare in listed
        if name != "alembic_version"
    }


def nips(database):
    with database.reading() as tx:
        return [row.nip for row in tx.execute(schema.rota.select())]


def test_two_processes_that_write_at_once_never_fail_and_see_each_other(database, file):
    """Each transaction reads first and writes then, which plain SQLite refuses when both do it."""
    turns = 60
    child = subprocess.Popen(
        [sys.executable, "-c", WRITER, file, str(turns)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with child:
        assert child.stdout.readline() == "go\n", child.stderr.read()
        mine = 0
        while child.poll() is None:
            with database.writing() as tx:
                write(tx, f"parent{mine}", str(len(tx.execute(schema.rota.select()).all())))
            mine += 1
        assert child.returncode == 0, child.stderr.read()
    with database.reading() as tx:
        counts = [int(row.shift) for row in tx.execute(schema.rota.select())]
    assert mine > 1, "they never met"
    assert sorted(counts) == list(range(turns + mine)), "each saw all that was written before it"


def test_a_reader_sees_one_moment_and_stops_no_writer(database):
    with database.reading() as tx:
        before = tx.execute(schema.rota.select()).all()
        with database.writing() as other:
            write(other, "1")
        assert tx.execute(schema.rota.select()).all() == before == []
    assert nips(database) == ["1"]


def test_a_transaction_that_fails_leaves_nothing_and_the_next_one_works(database):
    with pytest.raises(IntegrityError), database.writing() as tx:
        tx.execute(schema.rota.insert(), [TURN, TURN])
    with database.writing() as tx:
        write(tx, "2")
    assert nips(database) == ["2"]


def test_every_connection_waits_for_the_disk_and_for_others(database):
    """synchronous 2 is FULL: a receipt may go out as soon as a commit has returned."""
    for opened in (database.writing, database.reading):
        with opened() as tx:
            found = [
                tx.exec_driver_sql(f"PRAGMA {name}").scalar()
                for name in ("journal_mode", "synchronous", "busy_timeout")
            ]
        assert found == ["wal", 2, 30_000]


@pytest.mark.parametrize("table", ["punch", "repeat"])
def test_what_is_raw_is_not_replaced_by_our_own_connections(database, table):
    put = f"INTO {table} (kid, epoch, seq, serial, pin, t) VALUES ('T07A', 1, 1, 'CJ1', '17', {{}})"
    with database.writing() as tx:
        tx.exec_driver_sql("INSERT " + put.format(5))
    with pytest.raises(IntegrityError, match="is append-only"), database.writing() as tx:
        tx.exec_driver_sql("INSERT OR REPLACE " + put.format(5))


def test_the_migrations_make_what_the_schema_says(database):
    made = sqlalchemy.create_engine("sqlite://")
    with database.reading() as tx, made.connect() as other:
        assert compare_metadata(MigrationContext.configure(tx), schema.metadata) == []
        schema.metadata.create_all(other)
        assert shapes(tx) == shapes(other), "keys or WITHOUT ROWID, which Alembic does not compare"
    made.dispose()


def test_the_program_knows_the_newest_migration(database):
    assert ScriptDirectory(str(MIGRATIONS)).get_heads() == [REVISION]
    with database.reading() as tx:
        assert tx.exec_driver_sql("SELECT version_num FROM alembic_version").all() == [(REVISION,)]


def test_what_was_stored_is_there_when_the_file_is_opened_again(database, file):
    with database.writing() as tx:
        write(tx, "1")
    database.close()
    again = Database(file)
    assert nips(again) == ["1"]
    again.close()


def test_a_ledger_newer_than_the_program_is_left_alone(database, file, monkeypatch):
    database.close()
    monkeypatch.setattr(database_module, "REVISION", "0000")
    with pytest.raises(BadFile) as caught:
        Database(file)
    assert caught.value.code == "ledger_newer"
    assert caught.value.values == {"found": REVISION, "known": "0000"}


@pytest.mark.parametrize("what", ["a folder", "text", "a file where its folder should be"])
def test_a_file_that_is_no_ledger_is_named_and_left_as_it_is(tmp_path, what):
    file = tmp_path / "ledger.db"
    if what == "a folder":
        file.mkdir()
    else:
        file.write_text("not a database, but somebody's notes\n" * 100)
    opened = file / "ledger.db" if what == "a file where its folder should be" else file
    with pytest.raises(BadFile) as caught:
        Database(opened)
    assert (caught.value.file, caught.value.code) == (str(opened), "ledger_unusable")
    assert caught.value.values["detail"]
    assert file.is_dir() or file.read_text().startswith("not a database")
