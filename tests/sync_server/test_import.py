"""What is said and written at the centre when sticks and texts are handed in."""

import json
import stat

import pytest
from click.testing import CliRunner

from contract import invitation, receipt, stick
from sync_server import cli
from sync_server.authority import Keys
from terminal_agent.sticks import courier
from tests.halves import Centre, TestClock
from tests.link.test_sticks import NOON, Office

BROKEN, WRONG = 1, 2


class Desktop:
    """A centre, an office, and somebody who types at the centre."""

    def __init__(self, folder):
        self.folder, self.stick = folder, folder / "stick"
        self.centre = Centre(folder / "state", TestClock())
        self.office = Office(folder / "a", self.centre)
        self.stick.mkdir()
        (folder / "server.toml").write_text(f'state = "{folder}/state"\n')

    def type(self, *words, stdin=None):
        line = ["--config", f"{self.folder}/server.toml", "--lang", "id", "import", *words]
        done = CliRunner().invoke(cli.main, list(map(str, line)), input=stdin)
        assert isinstance(done.exception, SystemExit | None), done.exception
        return done


@pytest.fixture
def desktop(tmp_path):
    desktop = Desktop(tmp_path)
    yield desktop
    desktop.office.kiosk.journal.close()
    desktop.centre.close()


def test_the_whole_stick_is_told_and_receipts_lie_beside(desktop):
    desktop.office.punch(("17", NOON), ("18", NOON + 5))
    desktop.office.export(desktop.stick)
    last = desktop.office.standing().last
    done = desktop.type(desktop.stick)
    assert done.exit_code == 0
    assert (
        f"T07A: {last} peristiwa baru, 0 sudah ada; lengkap sampai peristiwa {last}" in done.stdout
    )
    assert "terminal-agent import-receipts --code" in done.stdout
    file = desktop.stick / "T07A.receipt"
    assert stat.S_IMODE(file.stat().st_mode) == 0o644
    parcel = courier.parcel_of("T07A", file.read_bytes())
    assert desktop.office.say(parcel) == ["moved"]
    again = desktop.type(desktop.stick)
    assert f"T07A: 0 peristiwa baru, {last} sudah ada" in again.stdout


def test_a_damaged_file_is_named_kept_and_the_others_are_taken(desktop):
    desktop.office.punch(("17", NOON))
    desktop.office.export(desktop.stick)
    (desktop.stick / "aaa.hadir").write_bytes(b"HADIRS\x01")
    done = desktop.type(desktop.stick)
    assert (done.exit_code, len(desktop.centre.scans("T07A"))) == (BROKEN, 1)
    assert "aaa.hadir: berkas rusak atau terpotong" in done.stderr
    assert (desktop.stick / "aaa.hadir").exists()


def test_one_file_alone_and_json(desktop):
    desktop.office.punch(("17", NOON))
    [(name, _)] = desktop.office.export(desktop.stick)
    done = desktop.type(desktop.stick / name, "--json")
    [kiosk] = json.loads(done.stdout)["kiosks"]
    assert kiosk["kid"] == "T07A"
    assert (kiosk["new"], kiosk["missing_from"]) == (desktop.office.standing().last, 0)
    assert stick.read_returned(kiosk["receipts"])[0] == "T07A"
    assert (desktop.stick / "T07A.receipt").exists()


def test_a_pipe_is_a_stick_too(desktop):
    """ssh kiosk cat … | sync-server import - | ssh kiosk …"""
    desktop.office.punch(("17", NOON))
    [(_, data)] = desktop.office.export()
    done = desktop.type("-", stdin=data)
    parcel = courier.parcel_of("T07A", done.stdout_bytes)
    assert (done.exit_code, desktop.office.say(parcel)) == (0, ["moved"])


def test_texts_are_answered_with_a_receipt_text_and_a_short_code(desktop):
    desktop.office.punch(*[(str(i % 70), NOON + i) for i in range(300)])
    texts = desktop.office.texts()
    file = desktop.folder / "wa.txt"
    file.write_text("\n".join([texts[1], "", "bukan kode", texts[0], texts[1]]))
    done = desktop.type("--text", file)
    assert done.exit_code == BROKEN
    assert f"{file}:3: bukan teks QR kios" in done.stderr
    kid, [data] = stick.read_returned(done.stdout.split()[-1])
    told = receipt.decode(kid, data, desktop.office.invited.mac_key)
    assert told.acked == desktop.office.standing().last > 300


def test_what_is_missing_is_named_with_exit_code_1(desktop):
    desktop.office.punch(*[(str(i % 70), NOON + i) for i in range(300)])
    done = desktop.type("--text", "-", stdin=desktop.office.texts()[1])
    assert done.exit_code == BROKEN
    assert "HILANG: peristiwa 1-200 tidak ada di stik mana pun" in done.stdout
    assert "--code" not in done.stdout, "nothing was compared, so nobody may forget"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("nowhere",), "nowhere: tidak ada; periksa nama"),
        ((".",), ".: tidak ada berkas *.hadir di sana"),
        (("--text", "-"), "-: tidak ada teks"),
    ],
)
def test_nothing_to_import_is_said(desktop, monkeypatch, words, says):
    monkeypatch.chdir(desktop.stick)
    done = desktop.type(*words)
    assert (done.exit_code, says in done.stderr) == (WRONG, True), done.stderr


def test_a_stick_that_cannot_be_written_is_still_taken(desktop):
    desktop.office.punch(("17", NOON))
    desktop.office.export(desktop.stick)
    (desktop.stick / "T07A.receipt.part").mkdir()
    done = desktop.type(desktop.stick)
    assert (done.exit_code, len(desktop.centre.scans("T07A"))) == (BROKEN, 1)
    assert "peristiwanya sudah tersimpan" in done.stderr


def test_the_seal_opens_with_the_key_that_invitations_name(desktop):
    sealed_for = invitation.decode(
        (desktop.office.folder / "invitation.json").read_bytes()
    ).seal_key
    ours = Keys(desktop.folder / "state").seal.public_key().public_bytes_raw()
    assert sealed_for == ours
