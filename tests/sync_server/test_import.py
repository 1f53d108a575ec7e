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


def test_a_pipe_with_json_holds_json_only(desktop):
    desktop.office.punch(("17", NOON))
    [(_, data)] = desktop.office.export()
    done = desktop.type("-", "--json", stdin=data)
    [kiosk] = json.loads(done.stdout)["kiosks"]
    parcel = courier.parcel_typed("T07A", kiosk["receipts"])
    assert desktop.office.say(parcel) == ["moved"]


def test_several_sticks_in_one_pipe_are_read_one_after_the_other(desktop):
    second = Office(desktop.folder / "b", desktop.centre, "T07B")
    desktop.office.punch(("17", NOON))
    second.punch(("18", NOON))
    sticks = [office.export()[0][1] for office in (second, desktop.office)]
    done = desktop.type("-", stdin=sticks[0] + sticks[0][:-9] + sticks[1])
    assert done.exit_code == BROKEN
    assert "-:2: berkas rusak atau terpotong" in done.stderr
    for office in (second, desktop.office):
        assert office.say(courier.parcel_of(office.kid, done.stdout_bytes)) == ["moved"]
    second.kiosk.journal.close()


def test_more_than_a_pipe_may_hold_is_said_and_nothing_is_taken(desktop, monkeypatch):
    monkeypatch.setattr(cli.sticks, "_MOST_PIPED", 1 << 20)
    desktop.office.punch(("17", NOON))
    [(_, data)] = desktop.office.export()
    done = desktop.type("-", stdin=data + bytes(1 << 20))
    assert (done.exit_code, "lebih dari 1 MiB" in done.stderr) == (WRONG, True)
    assert desktop.centre.scans("T07A") == []


def test_what_cannot_be_read_on_a_stick_is_named_and_the_others_are_taken(desktop):
    desktop.office.punch(("17", NOON))
    desktop.office.export(desktop.stick)
    (desktop.stick / "aaa.hadir").mkdir()
    done = desktop.type(desktop.stick, "--json")
    assert (done.exit_code, len(desktop.centre.scans("T07A"))) == (BROKEN, 1)
    assert "aaa.hadir: tidak terbaca" in done.stderr
    not_taken = json.loads(done.stdout)["not_taken"]
    assert not_taken == [{"file": "aaa.hadir", "code": "stick_unreadable"}]


def test_texts_are_answered_with_a_receipt_text_and_a_short_code(desktop):
    desktop.office.punch(*[(str(i % 70), NOON + i) for i in range(300)])
    texts = desktop.office.texts()
    file = desktop.folder / "wa.txt"
    file.write_text("\n".join([texts[1], "", "HADIR:1/2:ABC", texts[0], texts[1]]))
    done = desktop.type("--text", file)
    assert done.exit_code == BROKEN
    assert f"{file}:3: bukan teks QR kios" in done.stderr
    kid, [data] = stick.read_returned(done.stdout.split()[-1])
    told = receipt.decode(kid, data, desktop.office.invited.mac_key)
    assert told.acked == desktop.office.standing().last > 300


def pastes(text):
    """What telephones, mail programs and editors make of a text."""
    wrapped = "\n".join(text[at : at + 60] for at in range(0, len(text), 60))
    return {
        "wrapped": wrapped.encode(),
        "mail": ("> " + wrapped.replace("\n", "\r\n> ")).encode(),
        "bom": b"\xef\xbb\xbf" + text.encode(),
        "utf16": text.encode("utf-16"),
        "utf16 without its mark": text.encode("utf-16-be"),
        "quotes": f" \u201c{text}\u201d ".encode(),
        "no-break": f"{text[:30]}\u00a0\u200b{text[30:]}".encode(),
        "chat": f"[22/11/26 06.20] Budi: {text}\n[22/11/26 06.21] Budi: sudah ya".encode(),
        "small": f"{text.lower()}\n".encode(),
        "dot": f"Pak, ini: {text}. Terima kasih".encode(),
    }


def test_texts_are_taken_as_people_paste_them(desktop):
    desktop.office.punch(*[(str(i % 70), NOON + i) for i in range(300)])
    one, two = (pastes(text) for text in desktop.office.texts())
    for name, first in one.items():
        both = first + ("\n".encode("utf-16")[2:] if "utf16" in name else b"\n") + two[name]
        for data in (first, two[name]) if "utf16" in name else (both,):
            done = desktop.type("--text", "-", "--json", stdin=data)
            said = json.loads(done.stdout)
            assert (said["not_taken"], len(said["kiosks"])) == ([], 1), (name, done.stderr)
    assert desktop.centre.rows("chain")[0].acked == desktop.office.standing().last


def test_a_text_that_was_cut_short_is_said_to_be(desktop):
    desktop.office.punch(("17", NOON))
    [text] = desktop.office.texts()
    for cut in (30, 200, len(text) - 8):
        done = desktop.type("--text", "-", stdin=text[:cut])
        assert (done.exit_code, "terpotong" in done.stderr) == (BROKEN, True), done.stderr


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
    assert "Tanda terima sudah ditulis" not in done.stderr


def test_the_seal_opens_with_the_key_that_invitations_name(desktop):
    sealed_for = invitation.decode(
        (desktop.office.folder / "invitation.json").read_bytes()
    ).seal_key
    ours = Keys(desktop.folder / "state").seal.public_key().public_bytes_raw()
    assert sealed_for == ours
