"""The centre's rooms on both databases: the same month is the same to the byte, people who decide at the
same moment do not decide twice, and the pages run as a program of their own."""

import http.client
import re
import signal
import subprocess
import sys
import threading
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from sync_server import absences, attachments, decisions, imports, sheet
from sync_server.accounts import book
from sync_server.accounts.book import Account
from sync_server.corrections import SUBJECT, asking, deciding, record
from sync_server.corrections.asking import Ask
from sync_server.database import Database
from sync_server.daybook import book as days
from sync_server.ekinerja import inbox
from sync_server.errors import BadFile
from sync_server.fact import to_json
from sync_server.imports import Upload
from tests.region import FIRST, NOW, PASSWORD, TODAY, Region, nip
from tests.sync_server.asked_office import WHO, at, furnish

BIN = Path(sys.executable).parent
PDF = b"%PDF-1.4 berita acara %%EOF"
DAY = date(2026, 1, 13)


@pytest.fixture
def ledger(ledger_at):
    database = Database(ledger_at)
    with database.writing() as tx:
        furnish(tx)
    yield database
    database.close()


def outage(database):
    """An outage of a morning, asked for with its evidence."""
    dewi, now = WHO["dewi"], at(DAY, 12)
    with database.writing() as tx:
        what = {"kind": "GANGGUAN", "reason": "listrik padam", "opd": "1.01"}
        asked = Ask(**what, since=at(DAY, 7), until=at(DAY, 9))
        digest = attachments.store(tx, "ba.pdf", PDF, "dewi", now)
        no = asking.draft(tx, asked.with_file(digest), dewi, now)
        asking.submit(tx, no, dewi, now)
    return no


def at_once(database, no, names):
    """Who got his yes through, of people who say it at the same moment."""
    ready, through = threading.Barrier(len(names)), []

    def say(name):
        ready.wait()
        try:
            with database.writing() as tx:
                deciding.approve(tx, no, WHO[name], at(DAY, 13))
            through.append(name)
        except BadFile:
            pass

    threads = [threading.Thread(target=say, args=(name,)) for name in names]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return through


@pytest.mark.parametrize(
    "names",
    [
        ("sari", "sari"),
        ("sari", "bkpsdm"),
        ("sari", "sari-2", "bkpsdm", "bkpsdm-2"),
        ("sari", "dewi-too", "sari", "bkpsdm"),
    ],
)
def test_people_who_approve_at_the_same_moment_count_once_each_and_two_of_them_decide(
    ledger, names
):
    for _ in range(6):
        no = outage(ledger)
        through = at_once(ledger, no, names)
        with ledger.reading() as tx:
            one = record.get(tx, no)
            yes = [
                done.who for done in decisions.of(tx, SUBJECT, one.ref) if done.verdict == "approve"
            ]
        assert sorted(yes) == sorted(through)
        assert len(set(yes)) == len(yes) <= 2
        assert {0: "submitted", 1: "half", 2: "approved"}[len(yes)] == one.state
        assert "dewi-too" not in yes, "whoever asked does not decide under another name"


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """The sample region on SQLite."""
    region = lived(Region(tmp_path_factory.mktemp("plain")))
    yield region
    region.close()


def lived(region):
    """The region's month, with files, letters and decisions that came in between."""
    region.people()
    region.papers()
    region.month()
    region.settle()
    rows = f"dokumen,nip,kode,mulai\n9/SPT,{nip('1005')},DL,2026-01-20\n".encode()
    with region.database.writing() as tx:
        imports.take(tx, imports.read(tx, "absence", Upload("spt.csv", rows, "dewi", NOW)))
        absences.withdraw(tx, "850/007/CT/2026", [nip("1006")], "dewi", NOW)
        [waits] = record.waiting(tx, "1.01", "2026-01")
        deciding.approve(tx, waits.no, region.viewer(tx, "atasan"), NOW)
        deciding.approve(tx, waits.no, region.viewer(tx, "bkpsdm"), NOW)
        budi = region.viewer(tx, "atasan")
        nos = [one.activity.no for one in inbox.waiting(tx, budi.nip, NOW)]
        inbox.verify(tx, nos[:2], budi, NOW)
        inbox.send_back(tx, nos[2], budi, NOW, "volume?")
    region.settle()
    return region


def seen(region):
    """Facts and sheets of both offices, as bytes; a journal's number is drawn anew each time."""
    offices = ("1.01", "1.02")
    with region.database.reading() as tx:
        facts = [to_json(one) for opd in offices for one in days.facts(tx, opd, FIRST, TODAY)]
        made = [sheet.sheet(tx, opd, "2026-01") for opd in offices]
    sheets = [sheet.encode(replace(one, facts_sha256="")) for one in made]
    return [re.sub(rb"(T0[12]A)-[0-9a-f]{8}", rb"\1", one) for one in facts], sheets


@pytest.mark.all_only("needs postgresql, and some seconds")
def test_a_month_on_postgresql_is_the_month_on_sqlite_to_the_byte(plain, postgres, tmp_path):
    region = lived(Region(tmp_path, postgres.database()))
    try:
        facts, sheets = seen(region)
        assert (facts, sheets) == seen(plain)
        assert len(facts) > 200
        assert days.rebuild(region.database, "1.01", FIRST, TODAY, NOW) == []
    finally:
        region.close()


@pytest.mark.all_only("needs postgresql")
def test_the_same_evidence_of_two_people_at_the_same_moment_is_kept_once(postgres):
    url = postgres.database()
    with closing(Database(url)) as database, postgres.session(url.rpartition("/")[2]) as looking:
        kept, waiting = [], "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"

        def keep():
            with database.writing() as tx:
                kept.append(attachments.store(tx, "ba.pdf", PDF, "sari", 0))

        other = threading.Thread(target=keep)
        with database.writing() as tx:
            kept.append(attachments.store(tx, "ba.pdf", PDF, "dewi", 0))
            other.start()
            while other.is_alive() and not looking.execute(waiting).fetchone()[0]:
                pass
        other.join()
        assert len(kept) == 2
        assert len(set(kept)) == 1


@pytest.mark.all_only("needs postgresql")
def test_the_pages_run_by_themselves_beside_workers_and_end_when_they_are_told(postgres, tmp_path):
    url = postgres.database()
    database = Database(url)
    with database.writing() as tx:
        book.add(tx, Account("sari", "", "admin", "", False, False, "", 0), PASSWORD)
    database.close()
    config = tmp_path / "server.toml"
    config.write_text(
        f'state = "{tmp_path}/state"\n[ledger]\nurl = "{url}"\n[web]\nport = 0\n'
        "[broker]\nport = 1\n"
    )
    words = [BIN / "sync-server", "--config", config, "web"]
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as program:
        try:
            port = next(
                int(found[1])
                for line in program.stderr
                if (found := re.search(r"web.started address=http://127.0.0.1:(\d+)", line))
            )
            assert asked(port, "/healthz") == (200, "")
            form = f"name=sari&password={PASSWORD}"
            assert asked(port, "/login", form) == (303, "/accounts")
        finally:
            program.send_signal(signal.SIGTERM)
        assert program.wait(20) == 0


def asked(port, path, form=None):
    """(status, where it leads) of an address of the program."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    heads = {"Origin": f"http://127.0.0.1:{port}"}
    heads |= {"Content-Type": "application/x-www-form-urlencoded"}
    line.request("POST" if form else "GET", path, form, heads)
    answer = line.getresponse()
    answer.read()
    line.close()
    return answer.status, answer.headers.get("Location", "")


def test_the_pages_by_themselves_are_refused_on_sqlite_with_the_way_out(tmp_path):
    config = tmp_path / "server.toml"
    config.write_text(f'state = "{tmp_path}/state"\n[web]\nport = 0\n')
    words = [BIN / "sync-server", "--config", config, "--lang", "en", "web"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert "PostgreSQL" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
