"""What a technician gets from export and import-receipts: files, codes, sentences, exit codes."""

import errno
import json
import os
import resource
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
import segno
from click.testing import CliRunner

from contract import event, invitation, receipt, stick, typed
from contract.event import Scan
from contract.receipt import Receipt
from terminal_agent import agent, cli, identity
from terminal_agent.clock import Clock
from terminal_agent.delivery import Delivery, Reading
from terminal_agent.errors import StickFailed
from terminal_agent.journal import Journal
from terminal_agent.journal_view import View
from terminal_agent.sticks import bundle, carried, courier, qr
from terminal_agent.sticks.carried import Mark
from terminal_agent.sticks.courier import Courier, Parcel
from tests.halves import Centre, Kiosk, TestClock

NOW = 1_795_000_000
AGENT = (Path(sys.executable).parent / "terminal-agent",)
DONE, DOES_NOT_HOLD, WRONG, OUT_OF_REACH = 0, 1, 2, 3


@pytest.fixture
def state(tmp_path):
    """An enrolled kiosk whose journal holds three hundred scans."""
    clock, state = TestClock(), tmp_path / "state"
    with closing(Centre(tmp_path / "centre", clock)) as centre:
        (tmp_path / "T07A.json").write_bytes(invitation.encode(centre.invite("T07A")))
    identity.enrol(tmp_path / "T07A.json", state)
    punch(state, 300)
    return state


def punch(state, people, first=NOW):
    scans = [Scan(0, str(i % 80), first + i, False, 0, 1, 0, 0, "pull") for i in range(people)]
    readings = tuple(Reading(scan) for scan in scans)
    look = TestClock().look()
    with closing(Journal(state / "journal.db", "T07A", look)) as journal:
        journal.store(Delivery("CJ1", "ZMM220", "6.60", readings, 25_200_000), look)


@pytest.fixture
def config(tmp_path) -> Path:
    file = tmp_path / "agent.toml"
    file.write_text(f'[kiosk]\nstate = "{tmp_path}/state"\n')
    return file


@pytest.fixture
def run(config, state, monkeypatch):
    monkeypatch.setenv("LANG", "id_ID.UTF-8")
    return lambda *words: CliRunner().invoke(cli.main, ["--config", str(config), *map(str, words)])


def receipts(state, **fields):
    """A receipt file of the centre for everything that the journal holds."""
    invited = identity.load(state)
    with closing(bundle.Bundle(state)) as held:
        given = {"epoch": held.waiting.epoch, "acked": held.waiting.last, "received_ms": NOW}
    told = Receipt(**given | {"sent_ms": NOW} | fields)
    return stick.encode_receipts("T07A", [receipt.encode("T07A", told, invited.mac_key)])


def newest(state) -> int:
    """The last seq: three hundred scans, and what the journal says beside them."""
    with closing(bundle.Bundle(state)) as held:
        assert held.waiting.last > 300
        return held.waiting.last


def waiting(run):
    return json.loads(run("status", "--json").stdout)["waiting"]


# export --to


def test_export_says_what_it_wrote_and_what_to_do_next(run, state, tmp_path):
    done = run("export", "--to", tmp_path)
    [file] = tmp_path.glob("*.hadir")
    assert (done.exit_code, done.stdout) == (DONE, "")
    assert f"Peristiwa 1-{newest(state)} ditulis ke {file}" in done.stderr
    assert "sync-server import" in done.stderr
    assert "bukan di stik" in done.stderr, "the test's folder is on the kiosk's own disk"
    epoch = stick.decode(file.read_bytes()).head.epoch
    assert file.name == f"T07A-{epoch:08x}-000001-{newest(state):06d}.hadir"
    assert stat.S_IMODE(file.stat().st_mode) == 0o644, "sealed: whoever carries it may copy it"


def test_what_leaves_on_a_stick_ends_in_a_seal(run, state, tmp_path):
    """Whoever carries it, or keeps it, holds something that nobody can write again without the key."""
    said = json.loads(run("export", "--to", tmp_path, "--json").stdout)
    with closing(View(state / "journal.db")) as view:
        seq, data, _ = view.events()[-1]
    assert event.kind(data) == "seal"
    assert said["files"][-1]["last"] == seq
    again = json.loads(run("export", "--to", tmp_path, "--json").stdout)
    assert again["files"][-1]["last"] == seq, "a seal needs no other seal"


def test_an_agent_that_runs_is_asked_for_the_seal(run, state, tmp_path, monkeypatch):
    """It is the journal's only writer; one that does not answer holds up no stick."""
    monkeypatch.setattr("terminal_agent.vouching.ask", lambda state, clock: False)
    with agent.alone(state):
        done = run("export", "--to", tmp_path)
    assert done.exit_code == DONE
    assert "tidak menyegel" in done.stderr
    assert list(tmp_path.glob("*.hadir"))


def test_export_twice_leaves_one_file_and_json_says_where(run, state, tmp_path):
    run("export", "--to", tmp_path)
    said = json.loads(run("export", "--to", tmp_path, "--json").stdout)
    assert [file["last"] for file in said["files"]] == [newest(state)]
    assert [Path(said["files"][0]["file"])] == list(tmp_path.glob("*.hadir*"))


def test_export_looks_at_the_journal_only(run, state, tmp_path):
    before = (state / "journal.db").read_bytes()
    with agent.alone(state):
        assert run("export", "--to", tmp_path).exit_code == DONE
    assert (state / "journal.db").read_bytes() == before


def test_where_nothing_waits_no_stick_is_made(run, state, tmp_path):
    (tmp_path / "T07A.receipt").write_bytes(receipts(state))
    run("import-receipts", tmp_path)
    done = run("export", "--to", tmp_path)
    assert (done.exit_code, list(tmp_path.glob("*.hadir"))) == (DONE, [])
    assert "Tidak ada yang menunggu" in done.stderr


def test_a_stick_that_is_not_there_is_said_and_nothing_is_lost(run, tmp_path):
    before = waiting(run)
    for words, said in (
        (("export", "--to"), "Folder itu tidak ada"),
        (("import-receipts",), "usb tidak ada. Sebut folder"),
    ):
        done = run(*words, tmp_path / "usb")
        assert (done.exit_code, said in done.stderr) == (WRONG, True), done.stderr
    assert waiting(run) == before > 300


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EIO, errno.ENODEV])
def test_every_way_in_which_a_stick_fails_has_a_sentence(code, tmp_path):
    with pytest.raises(StickFailed) as failed:
        bundle._complain(tmp_path, OSError(code, os.strerror(code)))
    expected = {errno.ENOSPC: "stick_full", errno.EROFS: "stick_read_only"}
    assert failed.value.code == expected.get(code, "stick_gone")


def test_a_stick_without_room_leaves_no_half_file(config, state, tmp_path):
    """A limit on file sizes stands for the full stick: the write fails half way."""
    (tmp_path / "usb").mkdir()
    punch(state, 900, NOW + 400)
    room = (40_000, 40_000)  # SQLite wants 32 KiB for its own file beside the journal
    done = subprocess.run(
        [*AGENT, "--config", config, "--lang", "id", "export", "--plain", "--to", tmp_path / "usb"],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, room),
        capture_output=True,
    )
    assert (done.returncode, "Stik penuh" in done.stderr.decode()) == (OUT_OF_REACH, True)
    assert list((tmp_path / "usb").iterdir()) == []


@pytest.mark.parametrize("words", [(), ("--to", ".", "--qr"), ("--qr", "kode.txt")])
def test_export_wants_one_place(run, words):
    assert run("export", *words).exit_code == WRONG


# export --qr


def test_qr_codes_are_drawn_in_the_terminal(run, state):
    done = run("export", "--qr")
    assert done.exit_code == DONE
    assert done.stdout.count("█") > 1_000
    assert max(map(len, done.stdout.splitlines())) <= 120, "they fit a wide terminal"
    assert f"2 kode QR, peristiwa 1-{newest(state)}" in done.stderr


@pytest.mark.parametrize(("ending", "magic"), [("svg", b"<?xml"), ("PNG", b"\x89PNG")])
def test_qr_codes_are_written_as_pictures(run, tmp_path, ending, magic):
    done = run("export", "--qr", tmp_path / f"hari.{ending}")
    files = [tmp_path / f"hari-{number}.{ending}" for number in (1, 2)]
    assert (done.exit_code, done.stdout.split()) == (DONE, [str(file) for file in files])
    assert all(file.read_bytes().startswith(magic) for file in files)


def test_an_office_day_is_one_code_of_the_small_alphabet(state):
    """200 events: a code that a cheap telephone reads off a screen."""
    with closing(bundle.Bundle(state)) as held:
        [text, _], last = held.texts()
    code = segno.make_qr(text, error="l", boost_error=False)
    assert (code.mode, last) == ("alphanumeric", newest(state))
    assert len(text) < 1_200
    assert code.version <= 20


def test_what_no_longer_fits_nine_codes_is_said(run, state, monkeypatch):
    monkeypatch.setattr(bundle, "QR_CODES", 1)
    done = run("export", "--qr", "--json")
    assert json.loads(done.stdout)["left"] == newest(state) - 200
    assert f"Masih ada {newest(state) - 200} peristiwa" in run("export", "--qr").stderr


def test_one_picture_has_the_name_that_was_asked_for(tmp_path):
    assert qr.save(["HADIR:1/1:ABC"], tmp_path / "x.svg") == [tmp_path / "x.svg"]


# import-receipts


def test_receipts_are_applied_where_no_agent_runs(run, state, tmp_path):
    (tmp_path / "T07A.receipt").write_bytes(receipts(state))
    done = run("import-receipts", tmp_path)
    assert (done.exit_code, waiting(run)) == (DONE, 0)
    assert f"Diterima pusat sampai peristiwa {newest(state)}; 0 masih menunggu." in done.stderr


def test_a_stick_without_this_kiosks_receipt_says_whose_are_there(run, tmp_path):
    (tmp_path / "T07B.receipt").write_bytes(stick.encode_receipts("T07B", []))
    done = run("import-receipts", tmp_path)
    assert (done.exit_code, "receipts there: T07B" in done.stderr) == (DOES_NOT_HOLD, True)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda data: stick.encode_receipts("T07B", []), "untuk kios T07B"),
        (lambda data: stick.encode_receipts("T07A", []), "tidak berisi tanda terima"),
        (lambda data: b"", "rusak atau terpotong"),
        (lambda data: data[:-9], "rusak atau terpotong"),
        (lambda data: data[:-9] + bytes(9), "DITOLAK"),
        (lambda data: b"foto.jpg", "rusak atau terpotong"),
    ],
)
def test_receipts_that_do_not_hold_change_nothing_and_end_with_1(run, state, tmp_path, spoil, said):
    (tmp_path / "T07A.receipt").write_bytes(spoil(receipts(state)))
    done = run("import-receipts", tmp_path)
    assert (done.exit_code, said in done.stderr) == (DOES_NOT_HOLD, True), done.stderr
    assert waiting(run) == newest(state)


@pytest.mark.parametrize("code", ["", "  "])
def test_an_empty_code_is_wrong_usage(run, code):
    done = run("import-receipts", "--code", code)
    assert (done.exit_code, "--code KODE" in done.stderr) == (WRONG, True)


def test_receipts_come_as_a_file_a_pipe_or_a_text_in_a_file(run, config, state, tmp_path):
    """Whatever the centre's answer came in: mail, ssh, a chat on a telephone."""
    data = receipts(state)
    text = stick.returned(*stick.decode_receipts(data))
    other = stick.encode_receipts("T07B", [b"x" * 40])
    chat = f"\ufeff[22/11/26 06.20] Pusat: \u201c{text[:50]}\n{text[50:]}\u201d\n[06.21] Budi: terima kasih"
    for name, content in (
        ("unduhan.bin", data),
        ("dua.receipt", other + data),
        ("wa.txt", chat.encode()),
        ("notepad.txt", chat.encode("utf-16")),
    ):
        (tmp_path / name).write_bytes(content)
        done = run("import-receipts", tmp_path / name)
        assert done.exit_code == DONE, (name, done.stderr)
        assert waiting(run) == 0
        piped = ["--config", str(config), "import-receipts", "-"]
        assert CliRunner().invoke(cli.main, piped, input=content).exit_code == DONE
    assert run("import-receipts", "--code", chat).exit_code == DONE


def test_a_forged_code_is_told_from_a_mistyped_one(run, state):
    key = bytes(32)
    with closing(bundle.Bundle(state)) as held:
        forged = typed.encode("T07A", held.waiting.epoch, held.waiting.last, key)
    done = run("import-receipts", "--code", forged)
    assert (done.exit_code, "DITOLAK" in done.stderr) == (DOES_NOT_HOLD, True)
    done = run("import-receipts", "--code", forged[:-1])
    assert (done.exit_code, "salah ketik" in done.stderr) == (DOES_NOT_HOLD, True)
    assert waiting(run) == newest(state)


def test_a_receipt_that_the_agent_does_not_take_at_once_waits_for_it(state):
    """The command gives up after its patience; the parcel is there for the next look."""
    clock = TestClock()
    _, [data] = stick.decode_receipts(receipts(state))
    assert courier.hand_over(state, Parcel((data,)), Clock(), patience=0.0) is None
    (state / "receipts" / "torn.parcel").write_bytes(b"{")
    kiosk = Kiosk(state, identity.load(state), clock)
    Courier(kiosk.journal, kiosk.dispatch).look()
    assert kiosk.journal.standing().acked == newest(state)
    assert [file.suffix for file in (state / "receipts").iterdir()] == [".said"]
    kiosk.journal.close()


@pytest.mark.parametrize(
    ("told", "outcome"),
    [
        ({"acked": 51}, "moved"),
        ({"acked": 50}, "known"),
        ({"acked": 40, "sent_ms": 6}, "back"),
        ({"acked": 40, "sent_ms": 5}, "old"),
        ({"acked": 40, "want": 41, "sent_ms": 6}, "back"),
        ({"acked": 40, "want": 41, "sent_ms": 4}, "old"),
        ({"acked": 50, "want": 51, "sent_ms": 6}, "known"),
        ({"acked": 40, "refused": True, "sent_ms": 6}, "refused"),
        ({"acked": 40, "fork": True}, "new_epoch"),
        ({"acked": 101}, "new_epoch"),
        ({"acked": 100}, "moved"),
        ({"acked": 60, "epoch": 2}, "other_epoch"),
        ({"acked": 60, "epoch": 2, "fork": True}, "other_epoch"),
    ],
)
def test_what_a_carried_receipt_is_worth(told, outcome):
    """The journal ends in 100, its mark stands at 50 by a receipt of server time 5."""
    given = {"epoch": 1, "received_ms": 0, "sent_ms": 0}
    assert carried.judge(Receipt(**given | told), Mark(1, 100, 50, 5)) == outcome
