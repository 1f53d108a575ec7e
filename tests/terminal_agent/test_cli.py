"""What people and scripts get from terminal-agent: exit codes, one JSON object, their language."""

import ast
import json
import os
import socket
import sqlite3
import stat
import string
import tomllib
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from contract import invitation
from contract.event import Gallery, Scan
from contract.invitation import Invitation
from simulators.zk.device import Device
from simulators.zk.faults import Faults
from simulators.zk.profiles import ACCESS_MODE, F19, OLD8
from simulators.zk.sample import furnish
from simulators.zk.terminal import Terminal
from terminal_agent import cli, device_read, usage, wording
from terminal_agent.clock import Look
from terminal_agent.delivery import Delivery, Reading
from terminal_agent.journal import Journal

ROOT = Path(__file__).parents[2]
DONE, DOES_NOT_HOLD, WRONG, OUT_OF_REACH = 0, 1, 2, 3
NOW = 1_795_000_000
LOOK = Look("boot-1", 100, NOW, 3, 5)
INVITED = Invitation(
    "T07A", "127.0.0.1", 1883, False, "", bytes(range(32)), bytes(range(32)), bytes(range(32))
)


@pytest.fixture
def terminal():
    """A running terminal with so many punches; more arguments go to Device."""
    with ExitStack() as running:

        def start(profile=F19, punches=0, **more) -> Terminal:
            device = Device(profile, lambda: datetime.now(UTC), **more)
            furnish(device, punches)
            return running.enter_context(Terminal(device, Faults()))

        yield start


@pytest.fixture
def config(tmp_path) -> Path:
    file = tmp_path / "agent.toml"
    file.write_text(f'[kiosk]\nstate = "{tmp_path}/state"\n')
    return file


@pytest.fixture
def run(config, tmp_path, monkeypatch):
    """Type a command; its result has exit_code, stdout and stderr."""
    monkeypatch.setattr(device_read, "FOLDER", tmp_path / "device-read")
    monkeypatch.delenv("HADIR_CONFIG", raising=False)
    monkeypatch.setenv("LANG", "id_ID.UTF-8")
    return lambda *words: CliRunner().invoke(cli.main, ["--config", str(config), *map(str, words)])


def read(run, at, *more):
    return run("device", "read", "127.0.0.1", "--port", at.port, "--timeout", "2", *more)


@pytest.fixture
def journal(tmp_path):
    """The journal of an enrolled kiosk with three scans."""
    (tmp_path / "state").mkdir()
    scans = [Scan(0, pin, NOW + 25_200, False, 0, 1, 0, 0, "pull") for pin in ("17", "18", "19")]
    readings = tuple(Reading(scan) for scan in scans)
    parcel = Delivery("CJ1", "ZMM220", "6.60", readings, 25_200_000, read_at=NOW, count=3)
    with closing(Journal(tmp_path / "state/journal.db", "T07A", LOOK)) as journal:
        journal.store(parcel, LOOK)
        journal.acknowledge(journal.standing().epoch, 4)
        yield journal


# device read


def test_device_read_prints_a_json_line_for_each_record_and_the_summary_for_people(run, terminal):
    at = terminal(punches=20)
    at.device.punch("1007", verify=15, state=1)
    result = read(run, at)
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert (result.exit_code, len(lines)) == (DONE, 21)
    last = lines[-1]
    assert (last["pin"], last["verify"], last["punch"]) == ("1007", 15, 1)
    assert last.keys() == {
        *("serial", "pin", "device_time", "utc", "verify", "punch", "workcode", "raw")
    }
    shown = datetime.fromisoformat(last["device_time"]).replace(tzinfo=UTC)
    told = datetime.fromisoformat(last["utc"])
    assert abs((shown - told).total_seconds() - 25_200) <= 1, "the terminal shows WIB"
    assert "21 rekaman di mesin, 21 dibaca" in result.stderr


def test_nobody_else_reads_what_the_agent_keeps(run, terminal, tmp_path):
    kept = tmp_path / "device-read"
    before = os.umask(0)
    try:
        assert read(run, terminal(punches=1)).exit_code == DONE
        assert os.umask(0) == 0, "whoever calls a command keeps a umask of their own"
    finally:
        os.umask(before)
    modes = {oct(stat.S_IMODE(path.stat().st_mode)) for path in (kept, *kept.iterdir())}
    assert modes == {"0o700", "0o600"}


def test_device_read_json_prints_one_object_and_nothing_else(run, terminal):
    result = read(run, terminal(punches=20), "--json")
    said = json.loads(result.stdout)
    assert result.exit_code == DONE
    assert result.stderr == ""
    assert len(said["records"]) == 20
    summary = said["summary"]
    assert (summary["serial"], summary["on_device"], summary["read"]) == ("BWXP204560001", 20, 20)
    assert summary["dialect"] == "text40"
    assert summary["bytes"] > 800
    assert abs(summary["clock_offset_s"] - 25_200) <= 1


def test_a_second_device_read_reads_only_what_is_new(run, terminal):
    at = terminal(punches=2_000)
    whole = json.loads(read(run, at, "--json").stdout)
    at.device.punch("1007")
    new = json.loads(read(run, at, "--json").stdout)
    assert [record["pin"] for record in new["records"]] == ["1007"]
    assert new["summary"]["on_device"] == 2_001
    assert new["summary"]["bytes"] < 3_000 < whole["summary"]["bytes"]
    assert json.loads(read(run, at, "--json").stdout)["records"] == []
    full = json.loads(read(run, at, "--json", "--full").stdout)
    assert len(full["records"]) == 2_001


def test_two_terminals_at_one_address_do_not_share_a_cursor(run, terminal):
    at = terminal(punches=9)
    read(run, at)
    at.device.become("CJ2")
    assert json.loads(read(run, at, "--json").stdout)["summary"]["read"] == 9


def test_a_cleared_log_is_said_and_read_whole(run, terminal):
    at = terminal(punches=9)
    read(run, at)
    at.device.clear_log()
    at.device.punch("1007")
    result = read(run, at)
    assert "LOG_REPLACED" in result.stderr
    assert len(result.stdout.splitlines()) == 1


def test_a_cursor_that_cannot_be_read_costs_a_full_read_only(run, terminal, tmp_path):
    at = terminal(punches=9)
    read(run, at)
    [file] = (tmp_path / "device-read").iterdir()
    file.write_text("{half a curs")
    assert json.loads(read(run, at, "--json").stdout)["summary"]["read"] == 9


def test_old_terminals_without_pins_in_their_records_are_read_too(run, terminal):
    said = json.loads(read(run, terminal(OLD8, punches=9), "--json").stdout)
    assert said["records"][0]["pin"] == "1007"


def test_reading_changes_nothing_on_the_terminal(run, terminal):
    at = terminal(punches=9)
    before = (at.device.body(13), dict(at.device.options), len(at.device.operations))
    read(run, at)
    assert (at.device.body(13), dict(at.device.options), len(at.device.operations)) == before
    assert not {14, 15, 1002, 1003} & set(at.traffic.commands)


@pytest.mark.parametrize("command", ["read", "info"])
@pytest.mark.parametrize(("lang", "said"), [("id", "tidak terjangkau"), ("en", "is out of reach")])
def test_a_terminal_out_of_reach_is_3_and_says_what_to_check(run, command, lang, said):
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    result = run("--lang", lang, "device", command, "127.0.0.1", "--port", port, "--timeout", "1")
    assert (result.exit_code, result.stdout) == (OUT_OF_REACH, "")
    assert said in result.stderr
    assert f"127.0.0.1:{port}" in result.stderr


def test_a_terminal_that_stops_answering_is_3(run, terminal):
    at = terminal(punches=9)
    at.faults.mute = True
    result = run("device", "read", "127.0.0.1", "--port", at.port, "--timeout", "0.3")
    assert (result.exit_code, result.stdout) == (OUT_OF_REACH, "")


@pytest.mark.parametrize("command", ["read", "info"])
def test_a_wrong_communication_key_is_2_and_says_what_to_type(run, terminal, command):
    at = terminal(comm_key=1234)
    words = ("device", command, "127.0.0.1", "--port", at.port, "--password")
    wrong = run(*words, 99)
    assert (wrong.exit_code, wrong.stdout) == (WRONG, "")
    assert "--password" in wrong.stderr
    assert run(*words, 1234).exit_code == DONE


def test_a_terminal_in_access_control_mode_is_2_and_names_the_menu(run, terminal):
    result = read(run, terminal(ACCESS_MODE), "--json")
    assert (result.exit_code, result.stdout) == (WRONG, "")
    assert "Absensi (T&A)" in result.stderr


def test_device_info_says_what_a_terminal_is(run, terminal):
    at = terminal(punches=9)
    result = run("device", "info", "127.0.0.1", "--port", at.port)
    said = json.loads(result.stdout)
    assert result.exit_code == DONE
    assert (said["serial"], said["platform"]) == ("BWXP204560001", "ZMM220_TFT")
    assert said["firmware"].startswith("Ver 6.60")
    assert said["counters"]["records"] == 9
    assert abs(said["clock_offset_s"] - 25_200) <= 1


def test_device_users_lists_the_people_on_a_terminal(run, terminal):
    at = terminal(punches=2)
    at.device.enrol("1007", "Wayan", privilege=14, uid=7)
    words = ("device", "users", "127.0.0.1", "--port", at.port)
    listed = [json.loads(line) for line in run(*words).stdout.splitlines()]
    assert {"uid": 7, "pin": "1007", "name": "Wayan", "privilege": 14} in listed
    assert json.loads(run(*words, "--json").stdout)["users"] == listed
    assert len(listed) == len(at.device.users)


# enrol-kiosk, status, journal, config


def test_enrol_kiosk_installs_an_invitation(run, tmp_path):
    file = tmp_path / "T07A.json"
    file.write_bytes(invitation.encode(INVITED))
    result = run("enrol-kiosk", file)
    assert (result.exit_code, result.stdout) == (DONE, "")
    assert "Kios T07A terdaftar" in result.stderr


@pytest.mark.parametrize("content", [None, b"", b"{}", b"\xff"])
def test_a_bad_invitation_is_2_and_installs_nothing(run, tmp_path, content):
    file = tmp_path / "T07A.json"
    if content is not None:
        file.write_bytes(content)
    result = run("enrol-kiosk", file)
    assert (result.exit_code, result.stdout) == (WRONG, "")
    assert "sync-server kiosk invite" in result.stderr
    assert not (tmp_path / "state").exists()


def test_running_before_enrolment_is_2_and_says_what_to_type(run):
    result = run("run")
    assert result.exit_code == WRONG
    assert "terminal-agent enrol-kiosk" in result.stderr


def test_status_says_what_waits(run, journal):
    """Bookkeeping behind the last scan waits for company, and is not counted: on a quiet day there is
    always some, and whoever looks would think that the kiosk sends nothing."""
    last, urgent = journal.standing().last, journal.standing().urgent
    assert urgent < last
    people = run("status")
    assert people.exit_code == DONE
    assert (
        f"{last} peristiwa tersimpan, 4 diterima pusat, {urgent - 4} menunggu, "
        f"{last - urgent} catatan kios sendiri"
    ) in people.stdout, "whoever adds them up comes to what is stored"
    said = json.loads(run("status", "--json").stdout)
    assert (said["kid"], said["last"], said["acked"], said["waiting"]) == (
        "T07A",
        last,
        4,
        urgent - 4,
    )
    assert [(d["serial"], d["covered"]) for d in said["devices"]] == [("CJ1", NOW)]


def test_status_tells_a_camera_and_a_screen_from_a_terminal(run, journal):
    journal.store(Delivery("CAM-T07A", "camera", read_at=NOW, count=0, up_since=NOW - 60), LOOK)
    journal.store(Delivery("SCR-T07A", "screen"), LOOK)
    journal.note([Gallery(4, "dlib", 31, 4600, "ab")], LOOK)
    people = run("status").stdout + run("status").stderr
    assert "kamera CAM-T07A: menyala" in people
    assert "layar SCR-T07A" in people
    assert "Wajah: 31 orang terdaftar, galeri 4" in people
    said = json.loads(run("status", "--json").stdout)
    assert (said["gallery"], said["people_enrolled"]) == (4, 31)


def test_status_says_what_the_link_has_cost_and_what_is_left(run, journal):
    state = journal.path.parent
    (state / usage.FILE).write_text('{"day":"2026-11-22","today":31200,"month":640000}')
    people = run("status").stdout
    assert "31200 byte hari ini, 640000 byte bulan ini (per 2026-11-22)" in people
    assert "kuota" not in people
    assert json.loads(run("status", "--json").stdout)["quota_left"] is None
    [config] = state.parent.glob("*.toml")
    config.write_text(config.read_text().replace("[kiosk]\n", "[kiosk]\nquota_mb = 10\n", 1))
    assert "sisa kuota 9360000 byte" in run("status").stdout
    said = json.loads(run("status", "--json").stdout)
    assert (said["bytes_today"], said["bytes_month"]) == (31_200, 640_000)
    assert said["quota_left"] == 9_360_000


@pytest.mark.parametrize("words", [("status",), ("journal", "verify"), ("journal", "show")])
def test_without_a_journal_every_look_at_it_says_what_comes_first(run, tmp_path, words):
    result = run(*words)
    assert (result.exit_code, result.stdout) == (WRONG, "")
    assert "terminal-agent enrol-kiosk" in result.stderr
    file = tmp_path / "T07A.json"
    file.write_bytes(invitation.encode(INVITED))
    run("enrol-kiosk", file)
    result = run(*words)
    assert (result.exit_code, result.stdout) == (DOES_NOT_HOLD, "")
    assert "terminal-agent run" in result.stderr


def test_status_of_a_kiosk_without_a_link_names_no_day_and_shows_the_time_on_the_wall(
    run, config, journal
):
    config.write_text(config.read_text() + 'zone = "WITA"\n')
    done = run("status")
    assert "sambungan: belum ada yang lewat" in done.stdout
    assert "(per )" not in done.stdout
    shown = datetime.fromtimestamp(NOW + 8 * 3_600, UTC).strftime("%Y-%m-%d %H:%M")
    assert f"dibaca utuh sampai {shown} WITA" in done.stderr
    state = journal.path.parent
    (state / usage.FILE).write_text('{"today":512,"month":512}')
    assert "512 byte; tanggalnya belum diketahui" in run("status").stdout


def test_the_journal_of_another_kiosk_is_not_blamed_on_the_disk(run, journal, tmp_path):
    other = msgspec.structs.replace(INVITED, kid="T08B")
    (tmp_path / "T08B.json").write_bytes(invitation.encode(other))
    run("enrol-kiosk", tmp_path / "T08B.json")
    for words in (("run",), ("export", "--to", tmp_path)):
        done = run(*words)
        assert (done.exit_code, "folder kosong" in done.stderr) == (DOES_NOT_HOLD, True)
        assert "ruang disk" not in done.stderr
    assert list(tmp_path.glob("*.hadir")) == []


def test_a_damaged_journal_stops_the_agent_with_what_to_do_and_not_with_disk_space(run, journal):
    file = journal.path
    (file.parent.parent / "T07A.json").write_bytes(invitation.encode(INVITED))
    run("enrol-kiosk", file.parent.parent / "T07A.json")
    journal.close()
    file.write_bytes(b"\xa5" * 9_000)
    done = run("run")
    assert done.exit_code == DOES_NOT_HOLD
    assert "kiosk replace" in done.stderr
    assert "ruang disk" not in done.stderr


@pytest.mark.parametrize("words", [("status",), ("journal", "verify"), ("journal", "show")])
def test_a_damaged_journal_is_1_and_no_traceback(run, journal, tmp_path, words):
    file = tmp_path / "state/journal.db"
    journal.close()
    file.write_bytes(file.read_bytes()[:4096] + b"\xa5" * 90_000)
    result = run(*words)
    assert result.exit_code == DOES_NOT_HOLD
    assert "journal.db" in result.stderr
    assert isinstance(result.exception, SystemExit)


def test_journal_verify_is_0_where_every_chain_holds(run, journal):
    result = run("journal", "verify")
    assert (result.exit_code, result.stdout) == (DONE, "")
    assert "rantai utuh" in result.stderr


def test_journal_verify_is_1_and_names_the_first_event_that_does_not_hold(run, journal, tmp_path):
    with closing(sqlite3.connect(tmp_path / "state/journal.db")) as db:
        db.execute("UPDATE event SET head = x'00' WHERE seq = 6")
        db.commit()
    result = run("--lang", "en", "journal", "verify")
    assert result.exit_code == DOES_NOT_HOLD
    assert "BROKEN at event 6" in result.stderr


def test_journal_show_prints_one_event_a_line_with_its_head(run, journal):
    lines = [json.loads(line) for line in run("journal", "show").stdout.splitlines()]
    assert [line["seq"] for line in lines] == list(range(1, journal.standing().last + 1))
    assert lines[-1]["head"] == journal.standing().head.hex()
    assert [line["record"][2] for line in lines if line["record"][0] == "scan"] == [
        "17",
        "18",
        "19",
    ]
    rest = run("journal", "show", "--after", 6).stdout.splitlines()
    assert [json.loads(line)["seq"] for line in rest] == list(range(7, len(lines) + 1))


def test_config_shows_what_is_in_force_with_secrets_masked(run, config):
    with config.open("a") as file:
        file.write('[[zkteco]]\nname = "lobi"\nhost = "10.0.0.5"\ncomm_key = 987123\n')
        file.write('[[zkteco]]\nname = "pintu"\nhost = "10.0.0.6"\n')
    result = run("config")
    said = json.loads(result.stdout)
    assert result.exit_code == DONE
    assert [device["comm_key"] for device in said["zkteco"]] == ["***", 0]
    assert "987123" not in result.output
    assert said["kiosk"]["link"] == "normal", "defaults are shown too"
    assert "Berlaku: berkas setempat." in result.stderr


def test_config_shows_a_network_camera_without_its_password(run, config):
    with config.open("a") as file:
        file.write('[camera]\nsource = "rtsp://admin:ra%40hasia@10.0.0.9:554/Streaming/101"\n')
    result = run("config")
    source = json.loads(result.stdout)["camera"]["source"]
    assert source == "rtsp://***@10.0.0.9:554/Streaming/101"
    assert "hasia" not in result.output


@pytest.mark.parametrize(
    ("toml", "link", "says"),
    [
        ('[kiosk]\nlink = "metered"\n', "metered", "konfigurasi dari pusat, perintah 17"),
        ("[kamera]\n", "normal", "tidak dikenal versi agen ini"),
    ],
)
def test_config_says_whether_the_centres_or_the_local_one_is_in_force(
    run, config, toml, link, says
):
    state = Path(tomllib.loads(config.read_text())["kiosk"]["state"])
    state.mkdir(exist_ok=True)
    (state / "ordered.toml").write_text(f"# command 17\n{toml}")
    result = run("config")
    assert json.loads(result.stdout)["kiosk"]["link"] == link
    assert says in result.stderr


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "No such file"), ("[kiosk]\nspeed = 3\n", "speed"), ("[kiosk", "agent.toml")],
)
@pytest.mark.parametrize("words", [("config",), ("status",), ("run",), ("journal", "verify")])
def test_a_configuration_that_cannot_be_used_is_2_and_names_the_key(
    run, config, words, content, said
):
    if content is None:
        config.unlink()
    else:
        config.write_text(content)
    result = run(*words)
    assert (result.exit_code, result.stdout) == (WRONG, "")
    assert said in result.stderr


def test_a_word_that_is_no_command_is_2(run):
    assert run("devise").exit_code == WRONG
    assert run("device", "read").exit_code == WRONG


# Languages


@pytest.mark.parametrize(
    ("lang", "flags", "said"),
    [
        ("id_ID.UTF-8", (), "Kios ini belum terdaftar"),
        ("en_GB.UTF-8", (), "This kiosk is not enrolled"),
        ("C.UTF-8", (), "Kios ini belum terdaftar"),
        ("en_GB.UTF-8", ("--lang", "id"), "Kios ini belum terdaftar"),
        ("id_ID.UTF-8", ("--lang", "en"), "This kiosk is not enrolled"),
    ],
)
def test_people_are_told_in_their_language(run, monkeypatch, lang, flags, said):
    """Indonesian first; English where LANG or --lang asks for it."""
    monkeypatch.setenv("LANG", lang)
    assert said in run(*flags, "run").stderr


TELLING = ("SourceUnavailable", "SourceMisconfigured", "JournalFailed", "StickFailed", "tell")


def codes() -> set[str]:
    """Every code that an error of the agent carries or a source tells, read from the source."""
    found = set()
    for path in (ROOT / "terminal_agent").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and node.args:
                name = ast.unparse(node.func).split(".")[-1]
                if name in TELLING:
                    found |= {
                        text.value
                        for text in ast.walk(node.args[0])
                        if isinstance(text, ast.Constant) and isinstance(text.value, str)
                    }
    return found - {""}


# Said to nobody: a Link that was closed is a fault of the program, and its thread starts anew.
UNSAID = {"closed", "removed"}  # "removed" is what happened to a template, no error
# Of a release that is fetched: it goes on by itself, and only the centre hears why it waits.
UNSAID |= {"release_link", "release_gone", "release_pause", "release_quota"}


def test_every_code_of_an_error_has_a_sentence_in_both_languages():
    found = codes()
    assert {"unreachable", "comm_key", "journal_damaged", "two_ways", "log_almost_full"} <= found
    missing = found - wording._WORDS.keys() - UNSAID
    assert not missing, f"say what to do about {missing} in terminal_agent/wording.py"


@pytest.mark.parametrize("code", wording._WORDS)
def test_both_languages_say_the_same_things(code):
    """The same values in both, and neither is the other's copy."""

    def named(text):
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    indonesian, english = wording._WORDS[code]
    assert named(indonesian) == named(english)
    assert indonesian != english


def test_a_code_without_a_sentence_is_said_as_the_error_itself():
    assert wording.say("id", "never heard of", detail="the detail") == "the detail"


@pytest.mark.parametrize(("reason", "says"), [("lost_rows", "pernah mundur"), ("fork", "disalin")])
def test_status_says_why_numbering_began_anew(run, journal, reason, says):
    assert says not in run("status").stderr
    journal.begin_epoch(reason, LOOK)
    assert says in run("status").stderr
    assert json.loads(run("status", "--json").stdout)["epoch_reason"] == reason
