"""A new kiosk's units, booted: a phone answers on the setup page, and root puts it to use by itself."""

import json
import shutil
import urllib.request
from http.cookiejar import CookieJar

import pytest

from tests.process.machine import UNITS, machine
from tests.process.office import free_port, until
from tests.terminal_agent.provision.test_card import SAMPLE, centre, terminal, with_token

pytestmark = pytest.mark.all_only("needs root and systemd-container")

_KIOSK = [unit.name for unit in UNITS if unit.name.startswith("hadir-")]


class Phone:
    """What the page's script does."""

    def __init__(self, address):
        self._address = address
        cookies = urllib.request.HTTPCookieProcessor(CookieJar())
        self._browser = urllib.request.build_opener(cookies)

    def step(self, name, /, **form):
        asked = urllib.request.Request(  # noqa: S310 - ours
            f"{self._address}/setup/{name}",
            json.dumps(form).encode(),
            {"Content-Type": "application/json", "Origin": self._address},
        )
        with self._browser.open(asked, timeout=60) as answer:
            told = json.loads(answer.read())
        assert told["ok"], told
        return told["line"]

    def code(self):
        with self._browser.open(f"{self._address}/standing", timeout=10) as answer:
            return json.loads(answer.read())["code"]


def move_in(host, port):
    """The shipped sample, and the units where the package has them."""
    etc = host.root / "etc/hadir"
    etc.mkdir(exist_ok=True)
    (etc / "agent.toml").write_text(
        SAMPLE.replace("#[screen]", f"[screen]\nport = {port}\nsound = false")
    )
    for name in _KIOSK:
        host.drop_in(name, "")
        shutil.copy(host.root / "etc/systemd/system" / name, host.root / "usr/lib/systemd/system")
    return etc / "agent.toml"


def test_what_a_phone_answered_is_put_to_use_once_the_page_has_ended(tmp_path):
    """The page's end starts the first-boot unit, and does not wait for it, which would end both."""
    port = free_port()
    with (
        machine(tmp_path / "machine") as host,
        centre(tmp_path, lambda _: None) as given,
        terminal("SIM7", 1234) as keyed,
    ):
        file = move_in(host, port)
        with host.booted("hadir-setup.service"):
            until(lambda: host.shown("hadir-setup.service", "ActiveState") == "active", host.report)
            phone = Phone(f"http://127.0.0.1:{port}")
            phone.step("enter", code=phone.code())
            phone.step("place", zone="WITA", link="metered")
            phone.step("device", name="lobi", host="127.0.0.1", port=keyed.port, comm_key=1234)
            phone.step("join", text=with_token(given))
            for unit in ("hadir-agent.service", "hadir-kiosk.service"):
                until(lambda u=unit: host.shown(u, "ActiveState") == "active", host.report, 60)
            assert host.shown("hadir-setup.service", "ActiveState") == "inactive"
            assert host.shown("hadir-firstboot.service", "Result") == "success", host.report()
        assert 'zone = "WITA"' in file.read_text()
        state = host.root / "var/lib/hadir/agent"
        assert not (state / "setup.toml").exists()
        assert "1234" not in (state / "setup.diterapkan.toml").read_text()
        assert "[beres] lobi" in (state / "hadir-hasil.txt").read_text("utf-8")
