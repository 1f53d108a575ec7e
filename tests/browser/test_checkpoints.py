"""The inspectorate compares a checkpoint out of its drawer, on a phone and at a desk, in a real Chromium."""

from contextlib import contextmanager

import pytest
from sqlalchemy import select, update

from sync_server import authority, schema
from sync_server.checkpoints import rounds
from sync_server.config import Config, Web
from tests.browser import walk
from tests.browser.centre import Served
from tests.browser.visit import fits, press, shot
from tests.region import NOW, Region

pytestmark = pytest.mark.all_only("drives Chromium")
PHONE, DESK = (360, 740), (1280, 900)


@pytest.fixture(scope="module")
def centre(tmp_path_factory):
    """The region after some scans, with its keys where the pages look for them."""
    home = Region(tmp_path_factory.mktemp("region"))
    home.people()
    home.month()
    state = home.folder / "centre"
    with Served(home, Config(state=str(state), web=Web(title="Kabupaten Contoh"))) as served:
        yield served
    home.close()


@pytest.fixture
def drawer(centre, tmp_path):
    """A checkpoint that was mailed, as a file."""
    signer = authority.signer(centre.region.folder / "centre")
    with centre.database.writing() as tx:
        kept = rounds.publish(tx, signer, NOW, "hadir")
    file = tmp_path / "titik-periksa.txt"
    file.write_text(kept.file)
    return file


def compare(page, file):
    page.set_input_files("#f-file", file)
    press(page, "#compare button")


@contextmanager
def edited(centre):
    """Meanwhile every head of a kiosk is another, as after an edit that was made to fit again."""
    its = schema.event.c
    of = select(its.epoch, its.seq, its.head).where(its.kid == "T01A")
    with centre.database.writing() as tx:
        tx.exec_driver_sql("DROP TRIGGER IF EXISTS event_never_update")
        before = tx.execute(of).all()
        tx.execute(update(schema.event).where(its.kid == "T01A").values(head=b"x" * 32))
    yield
    with centre.database.writing() as tx:
        for epoch, seq, head in before:
            where = (its.kid == "T01A", its.epoch == epoch, its.seq == seq)
            tx.execute(update(schema.event).where(*where).values(head=head))


@pytest.mark.parametrize(("size", "name"), [(PHONE, "-360"), (DESK, "")])
def test_an_inspector_reads_whether_the_ledger_agrees_with_the_file_in_the_drawer(
    centre, signed_in, drawer, tmp_path, size, name
):
    page = signed_in("inspektorat", size)
    page.goto("/audit/checkpoints")
    fits(page)
    shot(page, f"checkpoints{name}")
    compare(page, drawer)
    assert "Cocok: pembukuan masih memuat" in page.inner_text("#compare [role=status]")
    fits(page)
    shot(page, f"checkpoints-like{name}")
    (tmp_path / "surat.txt").write_text("Kepada Yth. Inspektur")
    compare(page, tmp_path / "surat.txt")
    assert "surat.txt: bukan titik periksa" in page.inner_text("#compare [role=alert]")
    fits(page)
    shot(page, f"checkpoints-wrong{name}")
    with edited(centre):
        compare(page, drawer)
    said = page.inner_text("#compare [role=alert]")
    assert "TIDAK COCOK" in said
    assert "rantai sampai peristiwa itu bukan lagi rantai pada hari itu" in said
    assert "Yang pertama: T01A-" in said
    fits(page)
    shot(page, f"checkpoints-unlike{name}")


def test_the_form_is_filled_and_sent_by_keyboard_alone(signed_in, drawer):
    page = signed_in("inspektorat", DESK)
    page.goto("/audit/checkpoints")
    page.on("filechooser", lambda _: None)  # told early: on a busy machine the key would come first
    page.focus("#f-file")
    with page.expect_file_chooser() as chosen:
        page.keyboard.press("Space")
    chosen.value.set_files(drawer)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("#compare .pairs")
    page.goto("/audit/checkpoints")
    bound = page.evaluate(walk.WATCH, "#compare")
    for _ in range(bound + 30):
        page.keyboard.press("Tab")
    assert page.evaluate("window.unseen") == []
