"""A file that was written on the card before the first start: applied once, and nothing secret left."""

import os
import pty
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from contract import enrolment as contract
from contract import invitation
from contract.enrolment import Admission, Pass, Waiting
from simulators.zk.device import Device
from simulators.zk.profiles import F19
from simulators.zk.terminal import Terminal
from sync_server.certificates import PrivateAuthority
from terminal_agent import config, identity
from terminal_agent.clock import Clock
from terminal_agent.provision.card import Card
from tests.scripted import invitation as plain_invitation
from tests.terminal_agent.test_enrolment import door

PROGRAM = Path(sys.executable).with_name("terminal-agent")
SAMPLE = (Path(__file__).parents[3] / "systemd/agent.toml").read_text()
# Nobody is at port 9: what is not well is told, and kept all the same.
SETTINGS = """
[kiosk]
zone = "WITA"
link = "metered"

[[zkteco]]
name = "lobi"
host = "127.0.0.1"
port = 9
comm_key = 918273

[camera]
source = "rtsp://admin:rahasia@127.0.0.1:9/1"
"""


class Kiosk:
    def __init__(self, folder):
        self.state, self.config = folder / "state", folder / "agent.toml"
        self.config.write_text(SAMPLE.replace("/var/lib/hadir/agent", str(self.state)))
        self.boot = folder / "boot"
        self.boot.mkdir()

    def write(self, text, name="hadir.toml"):
        (self.boot / name).write_text(text)

    def start(self):
        """As hadir-firstboot.service does; the exit code and what was said."""
        command = [PROGRAM, "--config", self.config, "init", "--from", self.boot / "nothing.toml"]
        for name in ("hadir.toml", "hadir.toml.txt"):
            command += ["--from", self.boot / name]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.returncode, done.stderr

    def names(self):
        return {path.name for path in self.boot.iterdir()}

    def held(self):
        return "".join(path.read_text("utf-8") for path in self.boot.iterdir())

    def note(self):
        return (self.boot / "hadir-hasil.txt").read_text("utf-8")


@pytest.fixture
def kiosk(tmp_path):
    return Kiosk(tmp_path)


@contextmanager
def centre(folder, answers):
    """A centre's door; `answers` gets what was asked so far, and says what comes."""
    signer, asked = PrivateAuthority(folder / "centre", int(time.time())), []

    def reply(application):
        asked.append(application)
        return answers(asked) or admission(signer, application)

    with door(signer, signer.file.read_text(), reply) as (url, _):
        yield Pass(url, signer.fingerprint())


def admission(signer, application):
    made = signer.certify(application.csr, "T07A")
    return Admission(
        kid="T07A",
        broker_host="127.0.0.1",
        broker_port=8883,
        ca=signer.file.read_text(),
        sign_key=b"s" * 32,
        seal_key=b"e" * 32,
        certificate=made.certificate,
        share=made.share,
        door="",
        time=0,
    )


def with_token(given):
    return contract.write_pass(msgspec.structs.replace(given, kid="T07A", token=b"k" * 16))


def test_settings_and_token_are_used_once_and_nothing_secret_stays_on_the_card(kiosk, tmp_path):
    with centre(tmp_path, lambda _: None) as given:
        token = with_token(given)
        kiosk.write(f'{SETTINGS}\n[enrol]\ntoken = "{token}"\n# comm_key 918273, {token}\n')
        code, said = kiosk.start()
        assert code == 1, said
    assert identity.load(kiosk.state).kid == "T07A"
    settings = config.load(kiosk.config)
    assert (settings.kiosk.zone, settings.kiosk.link) == ("WITA", "metered")
    assert (settings.zkteco[0].comm_key, settings.camera.source[:12]) == (918273, "rtsp://admin")
    assert "# Periksa hasilnya" in kiosk.config.read_text()
    assert kiosk.names() == {"hadir.diterapkan.toml", "hadir-hasil.txt"}
    for secret in ("918273", "rahasia", token, token.partition("#")[2]):
        assert secret not in kiosk.held()
    assert kiosk.note().startswith("Kios T07A terdaftar")
    assert "[BELUM] lobi: Ada perangkat di 127.0.0.1:9, tetapi port itu tertutup" in kiosk.note()
    assert "[BELUM] camera: rtsp://***@127.0.0.1:9/1 tidak memberi gambar" in kiosk.note()
    assert "siap" not in kiosk.note().partition("\n\n")[0]
    assert kiosk.start()[0] == 2, "there is nothing left to apply"


def test_an_invitation_beside_the_file_is_used_and_gone(kiosk):
    kiosk.write('[enrol]\ninvitation = "T07A.json"\n')
    (kiosk.boot / "T07A.json").write_bytes(invitation.encode(plain_invitation(1883)))
    assert kiosk.start()[0] == 0
    assert identity.load(kiosk.state).kid == plain_invitation(1883).kid
    assert kiosk.names() == {"hadir.diterapkan.toml", "hadir-hasil.txt"}


def test_a_kiosk_that_asks_leaves_its_code_on_the_card_and_goes_on_until_it_is_approved(
    kiosk, tmp_path
):
    def answers(asked):
        return Waiting("ABCDE-FGHIJ", 0) if len(asked) == 1 else None

    with centre(tmp_path, answers) as given:
        kiosk.write(f'{SETTINGS}\n[enrol]\nurl = "{contract.write_pass(given)}"\n')
        assert kiosk.start()[0] == 3
        assert "ABCDE-FGHIJ" in kiosk.note()
        assert "mencoba lagi sendiri" in kiosk.note()
        assert "918273" not in kiosk.held(), "keys go at once, the address is no secret"
        assert kiosk.start()[0] == 1
    settings = config.load(kiosk.config)
    assert settings.zkteco[0].comm_key == 918273, "and what was taken out is not forgotten"


def test_a_centre_out_of_reach_leaves_the_token_for_the_next_try(kiosk, tmp_path):
    with centre(tmp_path, lambda _: None) as given:
        token = with_token(given)
    kiosk.write(f'[enrol]\ntoken = "{token}"\n')
    code, said = kiosk.start()
    assert code == 3
    assert "tidak terjangkau" in said
    assert token in kiosk.held()
    assert "mencoba lagi sendiri" in kiosk.note()


def test_a_card_that_was_applied_up_to_a_power_cut_is_applied_to_its_end(kiosk):
    """The invitation was installed, and the current went before the file was cleaned."""
    kiosk.write(f'{SETTINGS}\n[enrol]\ninvitation = "T07A.json"\n')
    (kiosk.boot / "T07A.json").write_bytes(invitation.encode(plain_invitation(1883)))
    identity.install(plain_invitation(1883), kiosk.state)
    assert kiosk.start()[0] == 1, "what it names is not there"
    assert kiosk.names() == {"hadir.diterapkan.toml", "hadir-hasil.txt"}
    assert "918273" not in kiosk.held()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[kiosk]\nzone = "WIP"\n', "WIB, WIT, WITA"),
        (
            '[enrol]\ntoken = "hadir:https://127.0.0.1:9/#T07A.ABC"\n',
            "Token atau alamat tidak utuh",
        ),
        ("[kiosk\n", "hadir.toml"),
        (
            '[[zkteco]]\nname = "lobi"\nhost = "192.168..201"\n',
            "host '192.168..201' bukan alamat; tulis seperti 192.168.1.201",
        ),
        ('[enrol]\ninvitation = "../T07A.json"\n', "undangan"),
        ('[enrol]\ninvitation = "T07A.json"\n', "tidak ada di samping"),
        ("", "hadir.toml kosong"),
        ('[camera]\n#source = "/dev/video0"\n[adms]\n', "hadir.toml kosong"),
        (
            '[[zkteco]]\nname = "pintu"\nhost = "127.0.0.1"\n'
            '[[zkteco]]\nname = "pintu"\nhost = "127.0.0.2"\n',
            "dua mesin bernama sama",
        ),
        ("# besok\n", "hadir.toml kosong"),
        ('[kiosk]\nzone = "WIB\n', "baris 2 tidak terbaca"),
        ('[kiosk]\nwindows = ["pagi"]\n', "hadir.toml: kiosk.windows"),
        (
            '[[adms.device]]\nname = "a"\nserial = "S1"\naddress = "gerbang"\n',
            "hadir.toml: adms.device.address bukan alamat",
        ),
    ],
)
def test_a_mistake_is_told_on_the_card_with_what_to_write_instead(kiosk, text, told):
    before = kiosk.config.read_text()
    kiosk.write(text)
    assert kiosk.start()[0] == 2
    assert told in kiosk.note()
    assert "Betulkan berkas" in kiosk.note()
    assert kiosk.config.read_text() == before
    assert (kiosk.boot / "hadir.toml").read_text() == text


def test_a_heading_without_anything_below_it_is_no_mistake(kiosk):
    kiosk.write(f"{SETTINGS}\n[gnss]\n[adms]\ndevice = []\n[enrol]\n")
    assert kiosk.start()[0] == 1, "what it names is not there"
    assert "918273" not in kiosk.held()


class PowerCut(BaseException):
    """The current is gone: nothing after this happens."""


@pytest.mark.parametrize("last", range(1, 9))
def test_a_power_cut_while_the_secrets_go_leaves_a_file_that_is_applied_to_its_end(
    kiosk, monkeypatch, last
):
    """After each of the moments at which something of the card is on the card for good."""
    kiosk.write(f'{SETTINGS}\n[enrol]\ninvitation = "T07A.json"\n')
    (kiosk.boot / "T07A.json").write_bytes(invitation.encode(plain_invitation(1883)))
    real, left = os.fsync, [last]

    def cut(handle):
        real(handle)
        if Path(f"/proc/self/fd/{handle}").readlink().is_relative_to(kiosk.boot):
            left[0] -= 1
            if not left[0]:
                raise PowerCut

    monkeypatch.setattr(os, "fsync", cut)
    with suppress(PowerCut):
        Card(kiosk.boot / "hadir.toml", kiosk.config, Clock()).apply()
    monkeypatch.undo()
    assert left[0] == 0
    if "hadir.toml" in kiosk.names():
        assert kiosk.start()[0] == 1, "what it names is not there"
    assert kiosk.names() - {"hadir-hasil.txt"} == {"hadir.diterapkan.toml"}
    assert "918273" not in kiosk.held()
    assert 'zone = "WITA"' in kiosk.held()
    assert identity.load(kiosk.state).kid == plain_invitation(1883).kid
    assert config.load(kiosk.config).zkteco[0].comm_key == 918273


def test_a_file_as_windows_saves_it_is_read(kiosk):
    """Notepad of the kind that hides endings: hadir.toml.txt, with a mark at its beginning."""
    text = '[kiosk]\r\nzone = "WIT"\r\n'
    (kiosk.boot / "hadir.toml.txt").write_bytes(text.encode("utf-16"))
    assert kiosk.start()[0] == 0
    assert config.load(kiosk.config).kiosk.zone == "WIT"
    assert "belum terdaftar" in kiosk.note()


@contextmanager
def terminal(serial, comm_key=0):
    device = Device(F19, lambda: datetime.now(UTC), serial, comm_key)
    with Terminal(device, address="127.0.0.1", port=0) as running:
        yield running


def entry(name, port, comm_key=0):
    return (
        f'[[zkteco]]\nname = "{name}"\nhost = "127.0.0.1"\nport = {port}\ncomm_key = {comm_key}\n'
    )


@contextmanager
def at_a_port(folder, says):
    """A serial port by a name of its own, at whose other end something says this again and again."""
    far, near = pty.openpty()
    name, over = folder / "port", threading.Event()
    name.symlink_to(os.ttyname(near))

    def speak():
        while not over.wait(0.1):
            os.write(far, says)

    voice = threading.Thread(target=speak)
    voice.start()
    try:
        # An open end in this process would be a holder.
        os.close(near)
        yield name
    finally:
        over.set()
        voice.join()
        with suppress(OSError):
            os.close(far)


def test_the_note_says_of_every_terminal_whether_it_answered_and_what_to_do(kiosk):
    """A right key, a wrong one, none where one is asked for, and one that serves another program."""
    with terminal("SIM7", 1234) as keyed, terminal("SIM8") as held:
        held.faults.mute = True
        kiosk.write(
            entry("benar", keyed.port, 1234)
            + entry("salah", keyed.port, 99)
            + entry("tanpa", keyed.port)
            + entry("sibuk", held.port)
        )
        code, said = kiosk.start()
    assert code == 1
    told = kiosk.note().partition("\n\n")[0]
    assert "[beres] benar: mesin menjawab, nomor seri SIM7" in told
    assert "[BELUM] salah: Kunci komunikasi ditolak mesin" in told
    assert "[BELUM] tanpa: Mesin ini meminta kunci komunikasi" in told
    assert "[BELUM] sibuk:" in told
    assert "hanya melayani satu program" in told
    assert "siap" not in told
    assert told in said
    assert len(config.load(kiosk.config).zkteco) == 4, "and all of it is kept"


def test_a_kiosk_whose_things_all_answered_is_ready_and_says_so(kiosk):
    with terminal("SIM7", 1234) as keyed:
        kiosk.write(f'{entry("lobi", keyed.port, 1234)}[enrol]\ninvitation = "T07A.json"\n')
        (kiosk.boot / "T07A.json").write_bytes(invitation.encode(plain_invitation(1883)))
        assert kiosk.start()[0] == 0
    assert "kios siap" in kiosk.note()


def test_sensors_receivers_and_terminals_that_push_come_by_the_card_too(kiosk, tmp_path):
    sentence = b"$GPRMC,,V,,,,,,,,,,N*53\r\n"
    with at_a_port(tmp_path, sentence) as port:
        kiosk.write(
            f'[gnss]\nport = "{port}"\nspeed = 9600\n'
            '[[sensor]]\nname = "jari"\nport = "/dev/serial/by-id/nothing"\npassword = 4711\n'
            '[adms]\nport = 8081\n[[adms.device]]\nname = "gerbang"\nserial = "CJ4L"\n'
            'address = "192.168.1.202"\n'
        )
        assert kiosk.start()[0] == 1
    settings = config.load(kiosk.config)
    assert (settings.gnss.port, settings.sensor[0].password) == (str(port), 4711)
    assert (settings.adms.port, settings.adms.device[0].serial) == (8081, "CJ4L")
    assert "4711" not in kiosk.held()
    assert "[beres] gnss: penerima satelit terdengar" in kiosk.note()
    assert "[BELUM] jari: Tidak ada perangkat di /dev/serial/by-id/nothing" in kiosk.note()
    assert "[belum terlihat] gerbang: mesin CJ4L mengirim sendiri" in kiosk.note()


def test_its_own_configuration_is_not_taken_for_a_card(kiosk):
    before = kiosk.config.read_bytes()
    (kiosk.boot / "hadir.toml").symlink_to(kiosk.config)
    code, said = kiosk.start()
    assert code == 2
    assert "konfigurasi kios ini sendiri" in said
    assert kiosk.config.read_bytes() == before
    assert kiosk.names() == {"hadir.toml"}
