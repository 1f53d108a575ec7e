"""`terminal-agent init` as a technician meets it: at a terminal, with a wrong turn at every question."""

import os
import pty
import re
import select
import signal
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from terminal_agent import config
from terminal_agent.clock import Clock
from terminal_agent.discovery.found import FoundPort
from terminal_agent.provision.desk import Around, Desk
from tests.terminal_agent.provision.test_card import SAMPLE, terminal

PROGRAM = Path(sys.executable).with_name("terminal-agent")
ROOT = Path(__file__).parents[3]
_PATIENCE = 60.0


class Tty:
    """The wizard at a pseudo-terminal."""

    def __init__(self, folder):
        self.config, self.seen = folder / "agent.toml", ""
        self.config.write_text(SAMPLE.replace("/var/lib/hadir/agent", str(folder / "state")))
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            command = [PROGRAM, "--lang", "id", "--config", self.config, "init"]
            os.execv(PROGRAM, list(map(str, command)))  # noqa: S606 - our own, on a terminal

    def until(self, asked):
        """Read up to this question; what was said since the last answer."""
        until, begin = time.monotonic() + _PATIENCE, len(self.seen)
        while not re.search(rf"{asked}[^\n]*: $", self.seen[begin:]):
            self.seen += self._more(until)
        return self.seen[begin:]

    def answer(self, asked, *answers):
        """Answer this question; what is said to every answer before the last."""
        said = [self.until(asked)]
        for number, answer in enumerate(answers):
            os.write(self._fd, f"{answer}\n".encode())
            if number + 1 < len(answers):
                said.append(self.until(asked))
        return "".join(said)

    def end(self):
        """Read to its end; its exit code."""
        until = time.monotonic() + _PATIENCE
        try:
            while more := self._more(until):
                self.seen += more
        except OSError:  # the other end is gone
            pass
        os.close(self._fd)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def _more(self, until):
        assert select.select([self._fd], [], [], until - time.monotonic())[0], self.seen
        return os.read(self._fd, 65_536).decode("utf-8", "replace").replace("\r\n", "\n")


@contextmanager
def wizard(folder):
    tty = Tty(folder)
    try:
        yield tty
    except BaseException:
        os.kill(tty.pid, signal.SIGKILL)
        raise


def the_place(tty):
    assert "Jawab salah satu: WIB, WITA, WIT" in tty.answer("Zona waktu", "Jakarta", "wita")
    said = tty.answer("Sambungan ke pusat", "satelit", "Berkuota")
    assert "Jawab salah satu: Biasa, Berkuota, Langsung" in said
    assert "bilangan 0 sampai 1000000" in tty.answer("Kuota", "banyak", "1.000", "500")
    assert "tombol panah" in tty.answer("Petugas", "\x1b[A", "Subbag, ext. 12")


def the_terminals(tty, keyed, held):
    assert "Jawab y (ya) atau t (tidak)" in tty.answer("Cari mesin", "mungkin", "8.8.8.0/24")
    assert "alamat internet orang lain" in tty.answer("Coba lagi", "t")
    said = tty.answer("Tambah mesin", "7", "lantai dua", f"127.0.0.1:{held.port}")
    assert "Tidak ada nomor 7 di daftar" in said
    assert "lantai dua bukan alamat" in said
    tty.answer("Nama pendek", "")
    tty.answer("Kunci komunikasi", "")
    assert "hanya melayani satu program" in tty.answer("Coba lagi", "")
    tty.answer("Alamat mesin", "")
    tty.answer("Port mesin", str(keyed.port))
    tty.answer("hanya UDP", "t")
    assert "hanya huruf kecil" in tty.answer("Nama pendek", "Lobi", "lobi")
    assert "bilangan 0 sampai 999999" in tty.answer("Kunci komunikasi", "rahasia", "1234")
    said = tty.answer("Tambah mesin", f"127.0.0.1:{keyed.port}")
    assert "nomor seri SIM7 terbaca" in said
    tty.answer("Nama pendek", "lagi")
    tty.answer("Kunci komunikasi", "1234")
    assert "sudah terdaftar sebagai lobi" in tty.answer("Coba lagi", "tidak")
    tty.answer("Tambah mesin", "")


def test_every_wrong_turn_is_told_in_indonesian_and_asked_again(tmp_path):
    with terminal("SIM7", 1234) as keyed, terminal("SIM8") as held, wizard(tmp_path) as tty:
        held.faults.mute = True
        the_place(tty)
        the_terminals(tty, keyed, held)
        tty.answer("Kamera", "/etc/passwd")
        assert "/etc/passwd bukan kamera" in tty.answer("Coba lagi", "ya")
        tty.answer("Kamera", f"{ROOT}/simulators/portraits")
        tty.answer("Baca QR", "")
        tty.answer("Baris hadir:", "halo")
        assert "Token atau alamat tidak utuh" in tty.answer("Baca QR", "")
        tty.answer("Baris hadir:", "")
        assert tty.end() == 1
        assert "belum terdaftar" in tty.seen
    for english in ("Error", "valid", "[y/N]", "WARN", "Aborted"):
        assert english not in tty.seen
    settings = config.load(tty.config)
    assert (settings.kiosk.zone, settings.kiosk.link) == ("WITA", "metered")
    assert (settings.kiosk.quota_mb, settings.screen.contact) == (500, "Subbag, ext. 12")
    [kept] = settings.zkteco
    assert (kept.name, kept.port, kept.comm_key) == ("lobi", keyed.port, 1234)


def test_whoever_stops_half_way_is_told_so_and_finds_the_old_configuration(tmp_path):
    with wizard(tmp_path) as tty:
        before = tty.config.read_text()
        tty.answer("Zona waktu", "WIT")
        tty.answer("Sambungan ke pusat", "\x03")
        assert tty.end() == 1
    assert "Mulai lagi dengan: sudo terminal-agent init" in tty.seen
    assert "Aborted" not in tty.seen
    assert tty.config.read_text() == before


@pytest.fixture
def desk(tmp_path):
    file = tmp_path / "agent.toml"
    file.write_text(SAMPLE.replace("/var/lib/hadir/agent", str(tmp_path / "state")))
    at = Desk(file, Clock())
    at.around = Around(
        ports=[
            FoundPort("/dev/serial/by-id/satelit", "gnss", 38_400, "u-blox"),
            FoundPort("/dev/serial/by-id/jari", "finger", 57_600, "R503"),
            FoundPort("/dev/serial/by-id/lain", "silent"),
        ]
    )
    return at


def test_what_was_found_at_the_serial_ports_is_offered_once_and_kept(desk):
    assert [one.title for one in desk.offered()] == ["u-blox", "R503"]
    for one in desk.offered():
        desk.take_port(one.port)
    assert desk.offered() == []
    desk.check()
    assert desk.wanted() == {
        "gnss": {"port": "/dev/serial/by-id/satelit", "speed": 38_400},
        "sensor": [{"name": "jari1", "port": "/dev/serial/by-id/jari"}],
    }
