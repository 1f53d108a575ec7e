"""The page from which the inspectorate takes checkpoints."""

import re

import pytest

from sync_server import authority, checkpoints, linked, office_log, schema
from sync_server.checkpoints import rounds
from sync_server.office_log import Filter
from sync_server.signatures import Signer
from tests.region import NOW
from tests.sync_server.test_attacks import Site


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    site = Site(tmp_path_factory.mktemp("site"))
    yield site
    site.region.close()


def test_the_inspectorate_takes_the_file_and_the_log_says_so(site):
    assert "/audit/checkpoints" in site.get("inspektorat", "/audit").text
    assert site.get("inspektorat", "/audit/checkpoints/1.txt").status_code == 404
    with site.database.writing() as tx:
        kept = checkpoints.make(tx, Signer(b"", lambda data: b"s" * 64), 1_769_000_000)
    assert kept.short in site.get("inspektorat", "/audit/checkpoints").text
    taken = site.get("inspektorat", "/audit/checkpoints/1.txt")
    assert taken.text == kept.file
    assert "attachment" in taken.headers["content-disposition"]
    with site.database.reading() as tx:
        assert office_log.count(tx, Filter(did="checkpoint_taken")) == 1
    for path in ("/audit/checkpoints", "/audit/checkpoints/1.txt"):
        assert site.get("bkpsdm", path).status_code == 403
        assert site.get("pegawai", path).status_code == 403


class Drawer:
    """A centre of its own, and the inspectorate's browser beside a drawer with a mailed checkpoint."""

    def __init__(self, folder):
        self.site = Site(folder / "site")
        state = folder / "site"
        authority.Keys(state)
        self.signer = authority.signer(state)
        with self.site.database.writing() as tx:
            self.kept = rounds.publish(tx, self.signer, NOW, "hadir")

    def asks(self, body, role="inspektorat", name="titik.txt", **form):
        """What the page answers to a file: its status and what it says, without marks."""
        browser, csrf = self.site.signed(role)
        data = body if isinstance(body, bytes) else body.encode()
        files = {"file": (name, data)} if name else {"nothing": ("", b"")}
        answer = browser.post("/audit/checkpoints", data={"csrf": csrf} | form, files=files)
        said = re.findall(r'<(p|div) [^>]*role="\w+">(.*?)</\1>', answer.text, re.DOTALL)
        words = " ".join(re.sub(r"<[^>]+>|\s+", " ", one) for _, one in said).strip()
        return answer.status_code, re.sub(r" +", " ", words)

    def compared(self):
        """What the office's log says of comparisons."""
        with self.site.database.reading() as tx:
            lines = office_log.lines(tx, Filter(did="checkpoint_compared"))
        return [(line.who, line.detail) for line in lines]


@pytest.fixture
def drawer(tmp_path):
    drawer = Drawer(tmp_path)
    yield drawer
    drawer.site.region.close()


def test_an_inspector_is_told_that_the_ledger_still_contains_what_was_mailed(drawer):
    """Also as mail and editors bring it back; the comparison is in the log, the file is not kept."""
    mailed = drawer.kept.file
    for body in (mailed, mailed.replace("\n", "\r\n"), b"\xef\xbb\xbf" + mailed.encode()):
        status, said = drawer.asks(body)
        assert status == 200
        assert "Cocok: pembukuan masih memuat titik periksa ini" in said
    assert drawer.compared() == [("inspektorat", f"{drawer.kept.short} =")] * 3
    with drawer.site.database.reading() as tx:
        assert tx.execute(schema.attachment.select()).all() == []


def test_of_a_ledger_that_was_made_to_fit_again_the_first_difference_is_told(drawer):
    """An administrator changed a line of the log and computed all heads after it."""
    with drawer.site.database.writing() as tx:
        tx.exec_driver_sql("DROP TRIGGER access_never_update")
        tx.exec_driver_sql("UPDATE access SET who = 'x' WHERE no = 1")
        head = linked.genesis("access")
        for line in tx.execute(schema.access.select().order_by(schema.access.c.no)).all():
            head = linked.link(head, [getattr(line, name) for name in linked.COLUMNS["access"]])
            tx.execute(schema.access.update().filter_by(no=line.no).values(head=head))
    status, said = drawer.asks(drawer.kept.file)
    assert status == 200
    assert "TIDAK COCOK" in said
    assert "Yang pertama: nomor 1, access" in said
    assert "buku pusat sampai baris itu bukan lagi buku pada hari itu" in said
    assert drawer.compared() == [("inspektorat", f"{drawer.kept.short} book_other")]
    answer = drawer.site.signed("inspektorat")[0]
    answer.cookies.set("lang", "en")
    assert "It does NOT agree" in drawer.asks(drawer.kept.file)[1]


def test_a_checkpoint_that_was_changed_or_is_anothers_is_told_as_such(drawer):
    status, said = drawer.asks(drawer.kept.file.replace("no 1\n", "no 2\n"))
    assert (status, "tanda tangannya bukan dari pusat ini" in said) == (200, True)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"hello", "titik.txt: bukan titik periksa: pakai berkas utuh"),
        (b"", "bukan titik periksa"),
        (b"\xff\xfe\x00", "bukan titik periksa"),
        (b"x" * 4_000_001, "lebih besar dari 4.0 MB"),
    ],
)
def test_what_is_no_checkpoint_gets_a_sentence_that_says_what_to_do(drawer, body, says):
    status, said = drawer.asks(body)
    assert status == 200
    assert says in said
    assert drawer.compared() == []


def test_no_file_at_all_and_a_centre_without_its_key_are_told(drawer, tmp_path):
    assert drawer.asks(b"", name="") == (200, "Pilih berkasnya dulu.")
    (tmp_path / "site/sign.key").unlink()
    status, said = drawer.asks(drawer.kept.file)
    assert (status, "kunci pusat diperlukan" in said) == (200, True)


def test_nobody_compares_who_may_not_see_the_log_and_no_other_site_does(drawer):
    mailed = drawer.kept.file
    for role in ("bkpsdm", "pegawai", "kepala", "teknisi", "bpkad"):
        assert drawer.asks(mailed, role)[0] == 403, role
    assert drawer.asks(mailed, csrf="wrong")[0] == 403
    assert drawer.asks(mailed, "admin")[0] == 200
