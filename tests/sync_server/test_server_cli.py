"""What people type at the centre: exit codes, sentences, and JSON for scripts."""

import json
import os
import socket
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from contract import batch, chain, event, health, invitation
from contract.batch import Batch
from sync_server.cli import main
from sync_server.database import Database
from sync_server.desk import Desk

DATA = Path(__file__).parent / "data"
BIN = Path(sys.executable).parent
NOW = 1_768_300_000.0  # January 2026
PEOPLE = "nip,nama,opd,zona,pin\n199001012015031001,Sari,1.01,WIB,17\n"


class Desktop:
    """A folder with a configuration, and somebody who types there."""

    def __init__(self, folder, port=18_830):
        self.folder, self.config = folder, folder / "server.toml"
        self.config.write_text(
            f'state = "{folder}/state"\n[broker]\nport = {port}\n[web]\nport = 0\n'
        )

    def type(self, *words, lang="en"):
        line = ["--config", str(self.config), "--lang", lang, *map(str, words)]
        return CliRunner().invoke(main, line, catch_exceptions=False)

    def file(self, name, content):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def furnish(self):
        """Everything that facts need."""
        for words in (
            ("kiosk", "invite", "T07A", "--opd", "1.01", "--to", self.folder / "T07A.json"),
            ("shift", "import", DATA / "shifts.toml"),
            ("calendar", "import", DATA / "calendar.toml"),
            ("person", "import", self.file("people.csv", PEOPLE)),
            ("roster", "import", self.file("rota.csv", "nip,shift\n199001012015031001,REG\n")),
        ):
            assert self.type(*words).exit_code == 0, words

    def receive(self, *records, first=1, birth=None):
        """Let frames of T07A arrive, as from a kiosk that was enrolled with its invitation."""
        key = invitation.decode((self.folder / "T07A.json").read_bytes()).mac_key
        data = tuple(map(event.canonical, records))
        head = chain.genesis("T07A", 5)
        sent = Batch("T07A", 5, first, data, head, chain.heads(head, data)[-1])
        with closing(Database(self.folder / "state" / "ledger.db")) as database:
            desk = Desk(database, lambda: NOW)
            desk.take([("T07A", batch.encode(sent, [], key, batch.JSON))])
            if birth:
                desk.born([("T07A", health.encode(birth))])


@pytest.fixture
def desktop(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return Desktop(tmp_path)


def test_an_invitation_is_written_for_its_owner_only(desktop):
    """It was there with a mode that everybody reads: that ends too."""
    desktop.file("T07A.json", "an old one").chmod(0o644)
    done = desktop.type("kiosk", "invite", "T07A", "--opd", "1.01")
    assert done.exit_code == 0
    assert done.stdout == ""
    assert "terminal-agent enrol-kiosk T07A.json" in done.stderr
    file = desktop.folder / "T07A.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert invitation.decode(file.read_bytes()).kid == "T07A"


def test_a_kiosk_is_invited_once(desktop):
    desktop.type("kiosk", "invite", "T07A", "--opd", "1.01")
    before = (desktop.folder / "T07A.json").read_bytes()
    again = desktop.type("kiosk", "invite", "T07A", "--opd", "1.01")
    assert (again.exit_code, again.stdout) == (2, "")
    assert (
        "T07A: is invited already; for a new card: sync-server kiosk replace T07A" in again.stderr
    )
    assert (desktop.folder / "T07A.json").read_bytes() == before


def test_a_kiosk_for_an_office_that_no_list_has_is_noticed(desktop):
    desktop.file("offices.csv", "opd,nama\n1.01,Dinas Komunikasi\n")
    assert desktop.type("office", "import", "offices.csv").exit_code == 0
    assert "mistyped?" in desktop.type("kiosk", "invite", "T07A", "--opd", "1.10").stderr.lower()
    assert (
        "mistyped?" not in desktop.type("kiosk", "invite", "T07B", "--opd", "1.01").stderr.lower()
    )


def test_a_replacement_has_another_key(desktop):
    desktop.type("kiosk", "invite", "T07A", "--opd", "1.01")
    before = invitation.decode((desktop.folder / "T07A.json").read_bytes())
    assert desktop.type("kiosk", "replace", "T07A").exit_code == 0
    after = invitation.decode((desktop.folder / "T07A.json").read_bytes())
    assert (after.kid, after.sign_key) == (before.kid, before.sign_key)
    assert after.mac_key != before.mac_key


@pytest.mark.parametrize("place", ["no/such/folder/T07A.json", "."])
def test_an_invitation_that_cannot_be_written_admits_nobody(desktop, place):
    """The key would be lost, and the kiosk could neither be invited again nor enrolled."""
    done = desktop.type("kiosk", "invite", "T07A", "--opd", "1.01", "--to", place)
    assert done.exit_code == 2
    assert desktop.type("kiosk", "invite", "T07A", "--opd", "1.01").exit_code == 0


# What is typed, and what is said of it in English.
WRONG = {
    "a name that is none": (("kiosk", "invite", "T07", "--opd", "1"), "T07: not a kiosk name; use"),
    "an office without a code": (
        ("kiosk", "invite", "T07B", "--opd", " "),
        "--opd: is empty; write the code of the office",
    ),
    "the chains of a stranger": (
        ("ledger", "verify", "--kid", "NOPE"),
        "NOPE: was never invited; NOPE is no kiosk here, see: sync-server kiosk list",
    ),
    "a lost option": (("kiosk", "invite", "T07A"), "Missing option '--opd'"),
    "replacing a stranger": (
        ("kiosk", "replace", "T07B"),
        "T07B: was never invited; T07B is no kiosk here, see: sync-server kiosk list",
    ),
    "no such command": (("kiosk", "invitee", "T07A"), "No such command 'invitee'"),
    "a month that is none": (
        ("facts", "export", "--month", "2026-13", "--opd", "1.01"),
        "month: 2026-13: not a month; write it as 2026-01",
    ),
    "a month in another order": (
        ("facts", "export", "--month", "01-2026", "--opd", "1.01"),
        "month: 01-2026: not a month; write it as 2026-01",
    ),
    "an office without people": (
        ("facts", "export", "--month", "2026-01", "--opd", "9.99"),
        "there are no people of office 9.99; type: sync-server person import FILE",
    ),
    "a year without a calendar": (
        ("facts", "export", "--month", "2027-01", "--opd", "1.01"),
        "facts: 2027-01-01: there is no calendar of 2027; type: sync-server calendar import FILE",
    ),
    "a format that is none": (
        ("facts", "export", "--month", "2026-01", "--opd", "1.01", "--format", "xlsx"),
        "'xlsx' is not one of 'jsonl', 'csv'",
    ),
    "a resolution without a reason": (("forks", "resolve", "T07A"), "Missing option '--note'"),
    **{
        f"{thing} {deed}: no such file": (
            (thing, deed, "none.txt"),
            "none.txt: is not there; check its name and place",
        )
        for thing, deed in (
            ("person", "import"), ("roster", "import"), ("shift", "import"), ("shift", "check"),
            ("calendar", "import"), ("calendar", "check"),
        )
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def furnished(tmp_path_factory):
    """For what changes nothing."""
    desktop = Desktop(tmp_path_factory.mktemp("furnished"))
    desktop.furnish()
    return desktop


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_meant_ends_with_2_and_says_what_to_type(furnished, case):
    words, says = WRONG[case]
    done = furnished.type(*words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert says in done.stderr


@pytest.mark.parametrize("thing", ["person", "roster", "shift", "calendar"])
def test_a_file_that_is_not_utf_8_or_not_what_it_should_be_changes_nothing(furnished, thing):
    desktop, before = furnished, dump(furnished)
    for content, says in (
        (b"nip;nama\xe9", "x: not UTF-8 at byte 8; save it as UTF-8"),
        (b"[[[", "x: "),
    ):
        done = desktop.type(thing, "import", desktop.file("x", content))
        assert (done.exit_code, done.stdout) == (2, "")
        assert says in done.stderr
    assert dump(desktop) == before


def dump(desktop):
    with closing(sqlite3.connect(desktop.folder / "state" / "ledger.db")) as db:
        return list(db.iterdump())


def test_a_calendar_that_names_a_shift_nobody_imported_is_refused(desktop):
    done = desktop.type("calendar", "import", DATA / "calendar.toml")
    assert done.exit_code == 2
    assert "calendar.toml: period RAMADAN replace REG: no shift 'REG'" in done.stderr
    assert desktop.type("calendar", "check", DATA / "calendar.toml").exit_code == 0


def test_checking_a_file_imports_nothing(desktop):
    assert desktop.type("shift", "check", DATA / "shifts.toml").exit_code == 0
    assert not (desktop.folder / "state").exists()


def test_a_pin_that_is_a_nip_is_warned_of_and_imported(desktop):
    text = "nip,nama,opd,zona,pin\n199001012015031001,Sari,1.01,WIB,199001012015031001\n"
    done = desktop.type("person", "import", desktop.file("p.csv", text))
    assert done.exit_code == 0
    assert "Warning: 1 PINs are NIPs" in done.stderr
    assert "1 people imported" in done.stderr


def test_turns_of_people_whom_nobody_imported_are_counted_and_imported(desktop):
    desktop.furnish()
    text = "nip,shift\n199001012015031001,REG\n31,REG\n32,REG\n"
    done = desktop.type("roster", "import", desktop.file("g.csv", text))
    assert done.exit_code == 0
    assert "Warning: 2 NIPs were never imported (31, ...)" in done.stderr
    assert "3 turns imported" in done.stderr


def test_turns_of_known_people_are_imported_without_a_warning(desktop):
    desktop.furnish()
    text = "nip,shift\n199001012015031001,REG\n"
    done = desktop.type("roster", "import", desktop.file("g.csv", text))
    assert (done.exit_code, done.stderr) == (0, "1 turns imported.\n")


@pytest.mark.parametrize(
    ("config", "says"),
    [
        ("prot = 1", "no key is called prot; correct its spelling or take it out"),
        ("[broker]\nhost = '0.0.0.0'", "broker.host: the embedded broker knows no passwords"),
        ("state = '/proc/hadir'", "ledger.db: the ledger cannot be opened ("),
        (b"state = '\xff'", "not UTF-8 at byte 9; save it as UTF-8"),
    ],
)
@pytest.mark.parametrize("words", [("gaps",), ("run",), ("kiosk", "invite", "T07A", "--opd", "1")])
def test_a_configuration_that_cannot_be_used_ends_every_command_with_2(
    desktop, config, says, words
):
    desktop.file("server.toml", config)
    done = desktop.type(*words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert says in done.stderr


def modes(folder):
    """Who may do what with everything in a folder, and the folder itself."""
    return {p.name: oct(stat.S_IMODE(p.stat().st_mode)) for p in (folder, *folder.iterdir())}


def test_nobody_else_reads_the_ledger_or_its_folder(desktop):
    before = os.umask(0)
    try:
        desktop.type("kiosk", "invite", "T07A", "--opd", "1.01")
        assert os.umask(0) == 0, "whoever calls a command keeps a umask of their own"
    finally:
        os.umask(before)
    found = modes(desktop.folder / "state")
    assert found.pop("state") == "0o700"
    assert "ledger.db" in found
    assert set(found.values()) == {"0o600"}


@pytest.mark.parametrize("words", [("gaps",), ("run",), ("kiosk", "invite", "T07A", "--opd", "1")])
def test_a_ledger_that_is_no_database_is_said_to_be_unusable(desktop, words):
    (desktop.folder / "state").mkdir()
    desktop.file("state/ledger.db", "not a database, but long enough to be one" * 100)
    done = desktop.type(*words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "ledger.db: the ledger cannot be opened (file is not a database)" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_ledger_that_is_damaged_inside_is_said_to_be_unusable(desktop):
    """Its first page is good, so it opens; what a command reads next is not."""
    desktop.furnish()
    file = desktop.folder / "state" / "ledger.db"
    data = file.read_bytes()
    file.write_bytes(data[:4096] + b"\xff" * (len(data) - 4096))
    done = desktop.type("kiosk", "list")
    assert (done.exit_code, done.stdout) == (2, "")
    assert (
        "ledger.db: the ledger cannot be opened (database disk image is malformed)" in done.stderr
    )


def test_a_configuration_that_is_not_there_is_named(desktop):
    desktop.config.unlink()
    done = desktop.type("status")
    assert done.exit_code == 2
    assert f"{desktop.config}: is not there; name another with --config" in done.stderr


def test_a_ledger_of_a_newer_program_is_refused_in_clear_words(desktop):
    desktop.furnish()
    with closing(sqlite3.connect(desktop.folder / "state" / "ledger.db")) as db, db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")
    before = dump(desktop)
    for words in (("gaps",), ("run",), ("kiosk", "invite", "T07B", "--opd", "1")):
        done = desktop.type(*words, lang="id")
        assert done.exit_code == 2
        assert "versi 9999 lebih baru daripada program ini" in done.stderr
        assert "perbarui Hadir" in done.stderr
    assert dump(desktop) == before


@pytest.mark.parametrize(
    ("lang", "option", "says"),
    [
        ("id_ID.UTF-8", [], "belum pernah diundang"),
        ("C", [], "belum pernah diundang"),
        ("", [], "belum pernah diundang"),
        ("en_US.UTF-8", [], "was never invited"),
        ("en_US.UTF-8", ["--lang", "id"], "belum pernah diundang"),
        ("id_ID.UTF-8", ["--lang", "en"], "was never invited"),
    ],
)
def test_people_are_told_in_indonesian_unless_they_ask_for_english(
    desktop, monkeypatch, lang, option, says
):
    monkeypatch.setenv("LANG", lang)
    line = ["--config", str(desktop.config), *option, "kiosk", "replace", "T07A"]
    assert says in CliRunner().invoke(main, line).stderr


CHECKS = (
    *("chains", "punches", "seals", "receipts", "witnessed", "distrusted"),
    *("log", "decisions", "rulings", "checkpoints", "months", "kiosks", "credentials", "facts"),
)


def test_a_quiet_centre_has_nothing_to_report(desktop):
    for words, says in (
        (("gaps",), "No gap."),
        (("forks",), "No fork."),
        (("kiosk", "list"), "No kiosk yet. Invite one:"),
        (("status",), "No kiosk yet."),
    ):
        done = desktop.type(*words)
        assert (done.exit_code, done.stdout) == (0, "")
        assert says in done.stderr
    assert desktop.type("ledger", "verify").exit_code == 0
    whole = one_object(desktop.type("ledger", "verify", "--json"))
    assert whole["chains"] == []
    assert {one["kind"]: one["failed"] for one in whole["checks"]} == dict.fromkeys(CHECKS, 0)


def one_object(done):
    """The one JSON object that is all of stdout."""
    assert done.stdout.count("\n") == 1
    found = json.loads(done.stdout)
    assert isinstance(found, dict)
    assert done.stderr == ""
    return found


def test_json_is_one_object_whether_there_is_anything_or_not(desktop):
    for words, name in (("gaps", "gaps"), ("forks", "forks"), ("status", "kiosks")):
        assert one_object(desktop.type(words, "--json")) == {name: []}
    desktop.furnish()
    desktop.receive(event.LogShifted(1, 1), first=3)
    desktop.receive(event.LogShifted(1, 1))
    desktop.receive(event.LogShifted(1, 2))
    [gap] = one_object(desktop.type("gaps", "--json"))["gaps"]
    assert (gap["kid"], gap["first"], gap["last"]) == ("T07A", 2, 2)
    [fork] = one_object(desktop.type("forks", "--json"))["forks"]
    assert (fork["kid"], fork["stored"], fork["branches"]) == ("T07A", 1, 1)
    kiosks = one_object(desktop.type("kiosk", "list", "--json"))["kiosks"]
    assert kiosks == one_object(desktop.type("status", "--json"))["kiosks"]
    assert [(one["kid"], one["stored"], one["forked"]) for one in kiosks] == [("T07A", 1, True)]


def test_gaps_forks_and_broken_chains_end_with_1(desktop):
    desktop.furnish()
    desktop.receive(event.LogShifted(1, 1), first=3)
    desktop.receive(event.LogShifted(1, 1))
    found = desktop.type("gaps")
    assert (found.exit_code, found.stdout) == (
        1,
        "T07A: events 2-2 were announced and are not here yet\n",
    )
    assert desktop.type("forks").exit_code == 0
    desktop.receive(event.LogShifted(1, 2))
    found = desktop.type("forks")
    assert found.exit_code == 1
    assert "T07A epoch 5: two versions after event 1; 1 batches in quarantine." in found.stdout
    assert desktop.type("ledger", "verify").stdout.startswith(
        "T07A epoch 5: holds, 1 events\nChains of events: hold (1)\n"
    )
    assert desktop.type("forks", "resolve", "T07A", "--note", "dilihat").exit_code == 0
    assert desktop.type("forks", "resolve", "T07A", "--note", "dilihat").exit_code == 1
    assert desktop.type("forks").exit_code == 0
    with closing(sqlite3.connect(desktop.folder / "state" / "ledger.db")) as db, db:
        db.execute("UPDATE chain SET head = x'00'")
    broken = desktop.type("ledger", "verify", "--json")
    assert broken.exit_code == 1
    [check] = one_object(broken)["chains"]
    assert (check["kid"], check["epoch"], check["broken_at"]) == ("T07A", 5, 2)
    found = desktop.type("ledger", "verify", "--kid", "T07A")
    assert found.exit_code == 1
    first, second, *_ = found.stdout.splitlines()
    assert first == "T07A epoch 5: BROKEN at event 2"
    assert second.startswith("Chains of events: 1 of 1 do NOT hold; the first T07A-00000005-2:")


def test_of_a_kiosk_that_only_sends_sticks_nothing_is_claimed(desktop):
    """It never said what it holds, nor what its clock is worth."""
    desktop.furnish()
    [line] = desktop.type("kiosk", "list", lang="id").stdout.splitlines()
    assert line.startswith("T07A  OPD 1.01  belum pernah tersambung, 0 peristiwa diterima")
    assert "tidak diketahui" in line
    [kiosk] = one_object(desktop.type("status", "--json"))["kiosks"]
    assert (kiosk["waiting"], kiosk["trust"]) == (None, None)


def test_a_kiosk_is_listed_with_its_alerts_in_words(desktop):
    desktop.furnish()
    alerts = (("aula", "comm_key"), ("lobi", "a_code_of_tomorrow"))
    birth = health.Birth(
        online=True, epoch=5, max_seq=4, alerts=alerts, bytes_month=640, quota_left=9_360
    )
    desktop.receive(event.LogShifted(1, 1), birth=birth)
    desktop.receive(event.LogShifted(1, 2))
    assert desktop.type("kiosk", "list", lang="id").stdout.splitlines() == [
        "T07A  OPD 1.01  tersambung, 1 peristiwa diterima, 3 menunggu di kios, tingkat jam 0",
        "    640 byte bulan ini, sisa kuota 9360 byte",
        "    aula: kunci komunikasi ditolak: samakan comm_key di agent.toml dengan menu Comm mesin",
        "    lobi: a_code_of_tomorrow",
        "    CABANG: kartu ini pernah disalin atau dipulihkan; lihat sync-server forks",
        "    1 kiriman ditolak dan disimpan",
    ]


def test_facts_are_exported_in_both_forms_and_nothing_else_is_on_stdout(desktop):
    desktop.furnish()
    lines = desktop.type("facts", "export", "--month", "2026-02", "--opd", "1.01")
    assert (lines.exit_code, lines.stderr) == (0, "")
    found = [json.loads(line) for line in lines.stdout.splitlines()]
    assert [fact["workdate"] for fact in found] == [f"2026-02-{day:02}" for day in range(1, 29)]
    words = ("facts", "export", "--month", "2026-02", "--opd", "1.01", "--format", "csv")
    table = desktop.type(*words).stdout.splitlines()
    assert table[0].startswith("schema,nip,opd,workdate,tz,shift,")
    assert len(table) == 29


@pytest.mark.parametrize("command", ["run", "broker"])
def test_a_port_that_is_taken_ends_with_3(tmp_path, command):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        desktop = Desktop(tmp_path, port)
        done = started(desktop, command)
        with done:
            assert done.wait(30) == 3
            assert f"Port broker {port} sudah dipakai" in done.stderr.read()


def started(desktop, command):
    return subprocess.Popen(
        [BIN / "sync-server", "--config", desktop.config, command],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "LANG": "id_ID.UTF-8"},
    )


def test_every_command_works_while_the_centre_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    desktop = Desktop(tmp_path, port)
    centre = started(desktop, "run")
    with centre:
        try:
            line = next(line for line in centre.stderr if "server.started" in line)
            assert f"port={port}" in line
            desktop.furnish()
            desktop.receive(event.LogShifted(1, 1))
            listed = one_object(desktop.type("kiosk", "list", "--json"))["kiosks"]
            assert [(one["kid"], one["stored"]) for one in listed] == [("T07A", 1)]
            for words in (("gaps",), ("forks",), ("ledger", "verify")):
                assert desktop.type(*words).exit_code == 0
            month = ("facts", "export", "--month", "2026-01", "--opd", "1.01")
            assert desktop.type(*month).exit_code == 0
            assert desktop.type("kiosk", "replace", "T07A").exit_code == 0
            second = desktop.type("run")
            assert (second.exit_code, second.stdout) == (2, "")
            assert "state: another centre is running in this folder" in second.stderr
        finally:
            centre.terminate()
        assert centre.wait(30) == 0
        assert "Traceback" not in centre.stderr.read()
