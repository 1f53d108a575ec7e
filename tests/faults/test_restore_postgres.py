"""The centre's machine is lost, and its ledger was in PostgreSQL: what the commands print is typed."""

import json
import re
import shlex
import shutil
import subprocess

import pytest
from click.testing import CliRunner

from sync_server.cli import main
from sync_server.database import Database
from tests.halves import Centre, Kiosk, TestClock, talk

pytestmark = pytest.mark.all_only("needs postgresql")

KID, NOON = "T07A", 1_795_000_000 + 25_200


class Site:
    """A centre whose ledger is in PostgreSQL, and one kiosk."""

    def __init__(self, folder, postgres):
        self.state, self.toml = folder / "pusat", folder / "server.toml"
        self.postgres, self.clock = postgres, TestClock()
        self.state.mkdir()
        self.begin(postgres.database())
        self.kiosk = Kiosk(folder / "kiosk", self.centre.invite(KID), self.clock)

    def begin(self, url):
        """The centre, on this database."""
        self.configure(url)
        self.centre = Centre(self.state, self.clock, url)

    def configure(self, url):
        ledger = f"[ledger]\nurl = {json.dumps(url)}\n"
        self.toml.write_text(f"state = {json.dumps(str(self.state))}\n{ledger}")

    def punch(self, first, count):
        self.kiosk.punch(*((str(no), NOON + no) for no in range(first, first + count)))
        talk(self.kiosk, self.centre)

    def type(self, *words):
        command = ["--config", str(self.toml), "--lang", "en", *map(str, words)]
        return CliRunner().invoke(main, command, catch_exceptions=False)

    def type_as_printed(self, program, told):
        """Type the line of a program of PostgreSQL that one of our commands printed."""
        line = re.search(rf"{program} .*?(?= - then|$)", told, re.MULTILINE).group()
        _, *words = shlex.split(line)
        done = subprocess.run([program, *words], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr

    def pins(self):
        return {pin for pin, _ in self.centre.scans(KID)}


@pytest.fixture
def site(tmp_path, postgres):
    place = Site(tmp_path, postgres)
    yield place
    place.kiosk.journal.close()
    place.centre.close()


def test_a_centre_on_postgresql_comes_back_from_its_dump_and_its_keys(site, tmp_path):
    """And what was punched since comes again from the kiosk, once."""
    site.punch(1000, 40)
    saved = tmp_path / "cadangan-2026.11"
    made = site.type("backup", saved)
    assert made.exit_code == 0
    site.type_as_printed("pg_dump", made.stderr)
    site.punch(2000, 30)
    site.centre.close()
    shutil.rmtree(site.state)
    empty = site.postgres.database()
    site.configure(empty)
    early = site.type("restore", saved)
    assert early.exit_code == 2
    assert not (site.state / "sign.key").exists(), "nothing is half restored"
    site.type_as_printed("pg_restore", early.stderr)
    restored = site.type("restore", saved)
    assert restored.exit_code == 0, restored.output
    site.begin(empty)
    site.kiosk.dispatch.connected()
    for _, data in site.centre.desk.born([(KID, site.kiosk.dispatch.birth("1", {}))]):
        site.kiosk.dispatch.take(data)
    talk(site.kiosk, site.centre)
    assert site.pins() == {str(no) for no in (*range(1000, 1040), *range(2000, 2030))}
    assert len(site.centre.rows("punch")) == 70
    assert [row.did for row in site.centre.rows("access")][1:] == ["ledger_restored"]
    assert site.type("ledger", "verify").exit_code == 0


def test_what_a_dump_brings_back_is_guarded_as_it_was(site, tmp_path):
    """Guards are part of the tables, and pg_restore makes them anew."""
    site.punch(1000, 5)
    site.type_as_printed("pg_dump", site.type("backup", tmp_path / "cadangan").stderr)
    fresh = site.postgres.database()
    site.configure(fresh)
    site.type_as_printed("pg_restore", site.type("restore", tmp_path / "cadangan").stderr)
    asked = "SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal"
    counts = []
    for url in (site.centre.database._where, fresh):
        database = Database(url)
        with database.reading() as tx:
            counts.append(tx.exec_driver_sql(asked).scalar())
        database.close()
    assert counts[0] == counts[1] > 10


def test_the_dump_is_named_without_the_password(site, tmp_path):
    """A password on a command line is everybody's who lists the processes; pg_dump asks for it."""
    with_password = site.centre.database._where.replace("hadir@", "hadir:rahasia@")
    site.configure(with_password)
    made = site.type("backup", tmp_path / "cadangan")
    assert "postgresql://hadir@127.0.0.1" in made.stderr
    assert "rahasia" not in made.output
