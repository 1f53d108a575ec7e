"""A new kiosk is set up from a phone: the code on its screen, the steps, the end; in a real Chromium,
with the real command, a simulated terminal, recorded frames, and a centre's door; pictures in
.hadir/screens."""

import re
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import segno
from PIL import Image

from contract import enrolment as contract
from contract.enrolment import Admission, Pass, Waiting
from simulators.zk.device import Device
from simulators.zk.profiles import F19
from simulators.zk.sample import furnish
from simulators.zk.terminal import Terminal
from sync_server.certificates import PrivateAuthority
from terminal_agent import config, identity
from tests.browser.conftest import SCREENS
from tests.terminal_agent.test_enrolment import door

pytestmark = pytest.mark.all_only("needs chromium")

ROOT = Path(__file__).parents[2]
PROGRAM = Path(sys.executable).with_name("terminal-agent")
PHONE = {"width": 360, "height": 740}
_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
_SMALL = """[...document.querySelectorAll('button, input, select, textarea, summary')]
  .filter((one) => one.getClientRects().length && one.type !== 'checkbox')
  .filter((one) => one.getBoundingClientRect().height < 44).map((one) => one.outerHTML)"""


class Kiosk:
    """A kiosk without a name, its setup page running."""

    def __init__(self, folder):
        self.folder, self.state = folder, folder / "state"
        self.config = folder / "agent.toml"
        sample = (ROOT / "systemd/agent.toml").read_text()
        self.config.write_text(sample.replace("/var/lib/hadir/agent", str(self.state)))
        self.process = subprocess.Popen(
            [PROGRAM, "--config", self.config, "setup", "--host", "127.0.0.1", "--port", "0"],
            stderr=subprocess.PIPE,
            text=True,
        )
        told = self.process.stderr.readline()
        self.address = "http://127.0.0.1:" + re.search(r"127\.0\.0\.1:(\d+)/\)", told)[1]

    def code(self):
        with urllib.request.urlopen(f"{self.address}/standing", timeout=10) as answer:  # noqa: S310 - ours
            return re.search(r'"code":"([^"]+)"', answer.read().decode())[1]


@pytest.fixture
def kiosk(tmp_path):
    kiosk = Kiosk(tmp_path)
    yield kiosk
    kiosk.process.terminate()
    kiosk.process.wait(20)
    kiosk.process.stderr.close()


@contextmanager
def centre(folder, *, approves_after=0):
    """A centre's door that lets T07A in, by token or after so many questions; the line to paste."""
    signer = PrivateAuthority(folder / "centre", int(time.time()))
    asked = []

    def reply(application):
        asked.append(application)
        if not application.token and len(asked) <= approves_after:
            return Waiting("ABCDE-FGHIJ", 0)
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

    with door(signer, signer.file.read_text(), reply) as (url, _):
        secret = ("", b"") if approves_after else ("T07A", b"k" * 16)
        yield contract.write_pass(Pass(url, signer.fingerprint(), *secret))


@contextmanager
def terminal(comm_key):
    device = Device(F19, lambda: datetime.now(UTC), "SIM7", comm_key)
    furnish(device, 40, people=4)
    with Terminal(device, address="127.0.0.1", port=0) as running:
        yield running


@pytest.fixture
def phone(chromium, kiosk):
    context = chromium.new_context(viewport=PHONE, is_mobile=True, has_touch=True)
    page, complaints = context.new_page(), []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text))
    yield page
    context.close()
    # 401, 403, 429 and 404 are what the page is answered, and Chromium notes each.
    assert [one for one in complaints if "Failed to load resource" not in one] == []


def picture(page, name, *, whole=True):
    SCREENS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENS / f"setup-{name}.png", full_page=whole)
    assert page.evaluate(_WIDE) <= 0, "nothing reaches out of a narrow phone"


def said(page, text):
    page.wait_for_function(
        "(text) => document.querySelector('#said').textContent.includes(text)",
        arg=text,
        timeout=40000,
    )


def qr_before_the_camera(folder, text):
    """Frames of a phone that shows a QR code, not quite straight."""
    folder.mkdir()
    for number, turned in enumerate((7, 3, -4)):
        code = folder.parent / "code.png"
        segno.make_qr(text, error="l").save(code, scale=6, border=4)
        with Image.open(code) as image:
            upright = image.convert("L").resize((330, 330))
        frame = Image.new("L", (640, 480), 90)
        frame.paste(upright.rotate(turned, fillcolor=90), (150, 70))
        frame.convert("RGB").save(folder / f"{number}.png")
    return folder


@pytest.mark.parametrize("size", [(800, 480), (1024, 600), (800, 1280)])
def test_the_kiosks_own_screen_shows_what_to_do_and_a_code(chromium, kiosk, size):
    context = chromium.new_context(viewport={"width": size[0], "height": size[1]})
    page = context.new_page()
    page.goto(kiosk.address)
    page.wait_for_function("() => document.querySelector('#code').textContent.length === 9")
    assert page.text_content("#code") == kiosk.code()
    page.wait_for_timeout(300)
    picture(page, f"layar-{size[0]}x{size[1]}", whole=False)
    high = "document.documentElement.scrollHeight - innerHeight"
    assert page.evaluate(high) <= 0, "nothing is below the edge of a screen that nobody scrolls"
    context.close()


def the_place_is_told(phone):
    phone.select_option("[name=zone]", "WITA")
    phone.fill("[name=contact]", "Subbag Kepegawaian, ext. 12")
    phone.click("[data-step=place] button")
    said(phone, "dicatat")


def a_network_is_told_from_a_word(phone):
    for typed, why in (("abc", "bukan jaringan"), ("10.0.0.0/8", "terlalu luas")):
        phone.fill("[name=network]", typed)
        phone.click("[data-step=look] button")
        said(phone, why)
        assert "--network" not in phone.text_content("#said")


def the_terminal_wants_its_key(phone, device):
    phone.fill("#device [name=host]", "127.0.0.1")
    phone.click("#device summary")
    phone.fill("#device [name=name]", "lobi")
    phone.fill("#device [name=port]", "9")
    phone.click("#device button")
    said(phone, "127.0.0.1:9, tetapi port itu tertutup")
    phone.fill("#device [name=port]", str(device.port))
    device.faults.mute = True
    phone.click("#device button")
    said(phone, "hanya melayani satu program")
    device.faults.mute = False
    phone.click("#device button")
    said(phone, "meminta kunci komunikasi")
    picture(phone, "2-kunci", whole=False)
    assert phone.locator("#devices li").count() == 1
    assert "SIM7" not in phone.text_content("#devices")
    phone.fill("#device [name=comm_key]", "1234")
    phone.click("#device button")
    said(phone, "nomor seri SIM7 terbaca")
    assert "SIM7" in phone.text_content("#devices")


def the_camera_is_looked_through(phone, tmp_path, token):
    phone.fill("#camera [name=source]", "/dev/v4l/by-id/nothing")
    phone.click("#camera button")
    said(phone, "Periksa kabel USB")
    phone.fill("#camera [name=source]", "/etc/passwd")
    phone.click("#camera button")
    said(phone, "bukan kamera")
    phone.fill("#camera [name=source]", str(ROOT / "simulators/portraits"))
    phone.click("#camera button")
    said(phone, "Kamera terbuka")
    phone.wait_for_function("() => document.querySelector('#picture').naturalWidth > 0")
    picture(phone, "3-kamera")
    qr = qr_before_the_camera(tmp_path / "held", token)
    phone.fill("#camera [name=source]", f"{qr}#5?loop")
    phone.click("#camera button")
    said(phone, "Kamera terbuka")


def the_token_is_held_before_the_camera(phone, kiosk, token):
    phone.click("#scan")
    said(phone, "QR terbaca")
    assert phone.input_value("#join [name=text]") == token
    assert not (kiosk.state / "setup.toml").exists(), "nothing is kept before the last step"
    phone.click("#join button:not(.second)")
    phone.wait_for_selector("#done:not([hidden])")
    assert phone.text_content("#kid") == "T07A"
    picture(phone, "4-selesai")
    assert kiosk.process.wait(20) == 0


def the_answers_are_in_force(kiosk):
    assert identity.load(kiosk.state).kid == "T07A"
    before = kiosk.config.read_text()
    waiting = kiosk.state / "setup.toml"
    done = subprocess.run(
        [PROGRAM, "--config", kiosk.config, "init", "--from", waiting],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    settings = config.load(kiosk.config)
    assert (settings.kiosk.zone, settings.screen.contact) == ("WITA", "Subbag Kepegawaian, ext. 12")
    [kept] = settings.zkteco
    assert (kept.name, kept.host, kept.comm_key) == ("lobi", "127.0.0.1", 1234)
    comments = {line for line in before.splitlines() if line.startswith("# ")}
    assert comments <= set(kiosk.config.read_text().splitlines())
    assert not waiting.exists()


def test_a_phone_sets_a_kiosk_up_by_the_qr_every_step_tried_before_it_is_kept(
    phone, kiosk, tmp_path
):
    with terminal(1234) as device, centre(tmp_path) as token:
        phone.goto(f"{kiosk.address}/setup#{kiosk.code()}")
        phone.wait_for_selector("#steps:not([hidden])")
        assert "#" not in phone.url, "the code is no longer in the address"
        picture(phone, "1-langkah")
        assert phone.evaluate(_SMALL) == []

        the_place_is_told(phone)
        a_network_is_told_from_a_word(phone)
        the_terminal_wants_its_key(phone, device)
        the_camera_is_looked_through(phone, tmp_path, token)
        the_token_is_held_before_the_camera(phone, kiosk, token)
        the_answers_are_in_force(kiosk)


def test_a_kiosk_that_asks_shows_its_code_until_somebody_approves(phone, kiosk, tmp_path):
    with centre(tmp_path, approves_after=2) as address:
        phone.goto(f"{kiosk.address}/setup#{kiosk.code()}")
        phone.wait_for_selector("#steps:not([hidden])")
        phone.fill("#join [name=text]", f"Selamat pagi, ini alamatnya: {address}")
        phone.click("#join button:not(.second)")
        said(phone, "ABCDE-FGHIJ")
        picture(phone, "5-menunggu", whole=False)
        phone.wait_for_selector("#done:not([hidden])", timeout=30000)
        assert kiosk.process.wait(20) == 0


def test_a_step_before_the_code_is_told_to_begin_with_the_code(phone, kiosk):
    phone.goto(f"{kiosk.address}/setup")
    phone.evaluate("step('place', {})")
    said(phone, "Pindai dahulu QR di layar kios")
    assert phone.locator("#steps").is_hidden()


def test_a_wrong_code_opens_nothing_and_the_next_try_has_to_wait(phone, kiosk):
    phone.goto(f"{kiosk.address}/setup")
    phone.fill("[name=code]", "AAAA-BBBB")
    phone.click("#enter button")
    said(phone, "Kode salah")
    picture(phone, "6-kode-salah")
    phone.fill("[name=code]", kiosk.code())
    phone.click("#enter button")
    said(phone, "Terlalu cepat")
    assert phone.locator("#steps").is_hidden()
    phone.wait_for_timeout(2100)
    phone.click("#enter button")
    phone.wait_for_selector("#steps:not([hidden])")


def test_a_code_is_good_for_one_phone_and_the_next_code_takes_over(chromium, phone, kiosk):
    code = kiosk.code()
    phone.goto(f"{kiosk.address}/setup#{code}")
    phone.wait_for_selector("#steps:not([hidden])")
    other = chromium.new_context(viewport=PHONE)
    second = other.new_page()
    second.goto(f"{kiosk.address}/setup#{code}")
    said(second, "Kode salah")
    second.wait_for_timeout(2100)
    second.fill("[name=code]", kiosk.code().lower().replace("-", " "))
    second.click("#enter button")
    second.wait_for_selector("#steps:not([hidden])")
    phone.click("[data-step=place] button")
    phone.wait_for_selector("#enter:not([hidden])")
    said(phone, "Ponsel lain mengambil alih")
    assert phone.locator("#steps").is_hidden()
    other.close()
