"""A kiosk that asks to be let in, and the page on which an administrator decides: a real
`terminal-agent enrol-kiosk --ask` at a real door, and the page in a real Chromium."""

import re
import threading
import time

import pytest

from contract import enrolment as contract
from contract import invitation
from contract.enrolment import Pass, Waiting
from contract.invitation import Invitation
from sync_server import enrol_door, renewing, retiring
from sync_server.certificates import described
from sync_server.config import Broker, Config, Enrol, Web
from terminal_agent import enrolment, hardware
from terminal_agent.enrolment import Applicant
from terminal_agent.errors import SourceMisconfigured
from tests.browser.centre import HOST, Served
from tests.browser.visit import fits, press, shot
from tests.process.office import BIN, Program, free_port, until
from tests.region import Region

pytestmark = pytest.mark.all_only("drives Chromium")
PHONE, DESK = (360, 740), (1280, 900)
CODE = re.compile(r"[A-Z2-7]{5}-[A-Z2-7]{5}")
BOARD = "10000000a1b2c3d4"  # as a Raspberry Pi calls itself


@pytest.fixture(scope="module")
def centre(tmp_path_factory):
    """The region with a door at which kiosks enrol; it is now there, as at the kiosks."""
    home = Region(tmp_path_factory.mktemp("region"))
    home.people()
    home.clock.now = time.time()
    address = f"https://{HOST}:{free_port()}"
    settings = Config(
        state=str(home.folder / "centre"),
        broker=Broker(port=8883, embedded=False, mutual=True),
        enrol=Enrol(address, HOST),
        web=Web(title="Kabupaten Contoh"),
    )
    renewing.registrar(settings, int(home.clock.now))  # makes the authority
    with (
        enrol_door.opened(home.database, settings, home.wall, threading.Event()),
        Served(home, settings) as served,
    ):
        yield served
    home.close()


@pytest.fixture
def place(centre):
    """What kiosks that ask are told: the text of a pass without a token."""
    by = renewing.registrar(centre.settings, int(centre.region.clock.now))
    return Pass(by.door, by.papers.fingerprint())


@pytest.fixture
def asks(tmp_path, place):
    """asks(name, board): a kiosk that asks (again), and what it is answered."""

    def ask(name, board):
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        return enrolment.apply(Applicant(folder, board, dated=True), place)

    return ask


def decide(page, code, kid, opd):
    page.select_option("#f-code", code)
    page.fill("#f-kid", kid)
    page.select_option("#f-opd", opd)
    press(page, "#asking button")


def test_a_kiosk_shows_a_code_and_gets_its_papers_once_an_administrator_has_typed_it(
    centre, signed_in, tmp_path, place
):
    (tmp_path / "agent.toml").write_text(f'[kiosk]\nstate = "{tmp_path}/kiosk"\nclock = "host"\n')
    (tmp_path / "kiosk").mkdir()
    command = (BIN / "terminal-agent", "--config", tmp_path / "agent.toml", "enrol-kiosk")
    kiosk = Program(tmp_path / "log", *command, contract.write_pass(place), "--ask").start()
    try:
        until(lambda: CODE.search(kiosk.said()), kiosk.said)
        code = CODE.search(kiosk.said())[0]
        page = signed_in("admin", DESK)
        page.goto("/kiosks")
        row = page.locator("#asking tbody tr", has_text=code)
        said = row.locator("td").all_inner_texts()
        assert said[:3] == [code, hardware.look().board or "–", HOST]
        shot(page, "asking")
        fits(page)
        assert not (tmp_path / "kiosk/invitation.json").exists()
        decide(page, code, "t77a", "1.02")
        assert "Disetujui" in page.inner_text("[role=status]")
        assert code not in page.inner_text("main")
        assert "T77A" in page.inner_text("main")
        shot(page, "asking-approved")
        assert kiosk.ended() == 0, kiosk.said()
    finally:
        kiosk.stop()
    given = invitation.decode((tmp_path / "kiosk/invitation.json").read_bytes())
    assert (given.kid, given.broker_port) == ("T77A", 8883)
    assert described(given.certificate).serial
    page.goto("/kiosks/T77A")
    assert "Kecamatan Teluk Jauh" in page.inner_text("main")


def test_on_a_phone_two_that_ask_are_told_apart_by_code_and_board(signed_in, asks):
    """Only the one that was chosen gets its papers; the list is decided by keyboard alone."""
    codes = {name: asks(name, board).code for name, board in (("a", BOARD), ("b", BOARD[::-1]))}
    page = signed_in("teknisi", PHONE)
    page.goto("/kiosks")
    for name, board in (("a", BOARD), ("b", BOARD[::-1])):
        row = page.locator("#asking tbody tr", has_text=codes[name])
        assert board in row.inner_text()
    fits(page)
    shot(page, "asking-360")
    page.focus("#f-code")
    page.keyboard.type(codes["b"])
    page.keyboard.press("Tab")
    page.keyboard.type("T78B")
    page.keyboard.press("Tab")
    page.keyboard.type("1.01")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_function("code => !document.body.innerText.includes(code)", arg=codes["b"])
    assert codes["a"] in page.inner_text("#asking")
    taken = asks("b", BOARD[::-1])
    assert isinstance(taken, Invitation)
    assert taken.kid == "T78B"
    assert isinstance(asks("a", BOARD), Waiting), "nobody has approved it"


def test_a_name_that_another_kiosk_bears_is_refused_with_the_reason_and_nobody_is_let_in(
    chromium, centre, asks
):
    code = asks("c", BOARD).code
    view = {"width": PHONE[0], "height": PHONE[1]}
    context = chromium.new_context(viewport=view, base_url=centre.address)
    context.add_cookies([centre.cookie("admin")])
    page, complaints = context.new_page(), []
    page.on("console", lambda said: complaints.append(said.text))
    page.goto("/kiosks")
    decide(page, code, "T01A", "1.01")
    assert "sudah diundang" in page.inner_text("#f-kid-said").lower()
    assert page.input_value("#f-kid") == "T01A"
    assert page.input_value("#f-code") == code
    fits(page)
    shot(page, "asking-refused-360")
    [said] = complaints  # of Chromium itself: the answer's code
    assert "422" in said
    context.close()
    assert isinstance(asks("c", BOARD), Waiting)


def test_an_approval_that_is_taken_back_before_it_was_used_gives_no_papers(centre, signed_in, asks):
    """The kiosk stands on the list again, for whoever has to decide once more."""
    code = asks("d", BOARD).code
    page = signed_in("admin", DESK)
    page.goto("/kiosks")
    decide(page, code, "T79D", "1.01")
    page.wait_for_function("code => !document.body.innerText.includes(code)", arg=code)

    def revoke(tx, by):
        retiring.revoke(tx, by, "T79D", "salah kios", "siti")

    renewing.decided(centre.database, centre.settings, int(centre.region.clock.now), revoke)
    assert asks("d", BOARD).code == code
    page.goto("/kiosks")
    assert code in page.inner_text("#asking")


def test_a_kiosk_that_an_administrator_refuses_is_told_so_and_leaves_the_list(
    centre, signed_in, asks
):
    """The name of the kiosk need not be filled in for that."""
    code = asks("e", BOARD).code
    page = signed_in("teknisi", PHONE)
    page.goto("/kiosks")
    page.select_option("#f-code", code)
    fits(page)
    press(page, "#asking button[value=refuse]")
    assert "Ditolak" in page.inner_text("[role=status]")
    assert code not in page.inner_text("main")
    with pytest.raises(SourceMisconfigured) as refused:
        asks("e", BOARD)
    assert refused.value.code == "enrol_refused"
