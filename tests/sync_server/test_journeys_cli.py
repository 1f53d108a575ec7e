"""What an office's people type at the centre, command group by command group, on the sample region."""

import csv
import io
import json
import shutil
from datetime import date

import pytest
from click.testing import CliRunner

from sync_server import absences, office_log, posts, regulations
from sync_server.accounts import passwords, sessions, tokens
from sync_server.accounts.book import kept
from sync_server.cli import main
from sync_server.database import Database
from sync_server.office_log import Filter
from tests.region import NOW, Region, nip

WAYAN, RINA = nip("1003"), nip("1006")
PDF = b"%PDF-1.4 berita acara %%EOF"


@pytest.fixture(scope="module")
def furnished(tmp_path_factory):
    """The region's people and papers, made once; each test types at a copy."""
    region = Region(tmp_path_factory.mktemp("region"))
    region.people()
    region.papers()
    region.close()
    return region.folder / "centre"


class Desk:
    """Somebody who types at the centre of the sample region."""

    def __init__(self, folder, furnished):
        self.folder = folder
        shutil.copytree(furnished, folder / "state")
        (folder / "server.toml").write_text(f'state = "{folder}/state"\n')
        self.database = Database(folder / "state" / "ledger.db")

    def type(self, *words, lang="en"):
        """(exit code, stdout, stderr)."""
        line = ["--config", self.folder / "server.toml", "--lang", lang, *words]
        done = CliRunner().invoke(main, list(map(str, line)))
        assert isinstance(done.exception, SystemExit | None), done.exception
        return done.exit_code, done.stdout, done.stderr

    def json(self, *words):
        code, out, _ = self.type(*words, "--json")
        assert code == 0
        return json.loads(out)

    def file(self, name, content):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def did(self):
        with self.database.reading() as tx:
            return {(line.did, line.whom) for line in office_log.lines(tx, Filter())}

    def fits(self, name, password):
        with self.database.reading() as tx:
            return passwords.fits(kept(tx, name), password)


@pytest.fixture
def desk(tmp_path, furnished):
    desk = Desk(tmp_path, furnished)
    yield desk
    desk.database.close()


def test_accounts_are_made_changed_reset_shut_and_listed(desk):
    nur = ("accounts", "add", "nur", "--role", "kepala", "--opd", "1.02")
    assert desk.type(*nur)[0] == 2  # whoever approves has a NIP
    code, password, said = desk.type(*nur, "--nip", "000000000000002002")
    assert code == 0
    assert desk.fits("nur", password.strip())
    assert password.strip() not in said
    assert desk.type(*nur, "--nip", "000000000000002002")[0] == 2
    assert desk.type("accounts", "add", "lina", "--role", "kepala")[0] == 2
    assert desk.type("accounts", "add", "lina", "--role", "camat")[0] == 2
    assert desk.type("accounts", "role", "nur", "--role", "teknisi", "--opd", "")[0] == 0
    assert desk.type("accounts", "role", "nobody", "--role", "teknisi")[0] == 2
    with desk.database.writing() as tx:
        secret, key = sessions.begin(tx, "nur", NOW), tokens.make(tx, "nur", "x", NOW, 30)
    again = desk.type("accounts", "reset", "nur")[1].strip()
    assert not desk.fits("nur", password.strip())
    assert desk.fits("nur", again)
    with desk.database.reading() as tx:
        assert sessions.find(tx, secret, NOW) is None
        assert tokens.account(tx, key, NOW) == ""
    assert desk.type("accounts", "disable", "nur")[0] == 0
    one = next(a for a in desk.json("accounts", "list")["accounts"] if a["name"] == "nur")
    assert (one["role"], one["opd"], one["disabled"]) == ("teknisi", "", True)
    assert "password" not in one
    assert desk.type("accounts", "disable", "nur", "--enable")[0] == 0
    assert "nur\tteknisi\t-\t000000000000002002\n" in desk.type("accounts", "list")[1]
    every = {did for did, whom in desk.did() if whom == "nur"}
    assert every == {
        "account_added", "account_role", "account_reset", "account_disabled", "account_enabled",
    }  # fmt: skip


def test_letters_are_imported_listed_and_withdrawn(desk):
    rows = "dokumen,nip,kode,mulai,selesai\n" + "".join(
        f"090/7/SPT/2026,{one},DL,2026-01-20,2026-01-21\n" for one in (WAYAN, RINA)
    )
    file = desk.file("spt.csv", rows)
    assert desk.type("absence", "import", file)[0] == 0
    again = desk.type("absence", "import", file)
    assert again[0] == 0
    assert "2" in again[2]
    span = ("--from", "2026-01-01", "--to", "2026-01-31")
    found = desk.json("absence", "list", "--opd", "1.01", *span)["absences"]
    assert {one["nip"] for one in found if one["document"] == "090/7/SPT/2026"} == {WAYAN, RINA}
    withdraw = ("absence", "withdraw", "090/7/SPT/2026", "--nip", WAYAN)
    assert desk.type(*withdraw)[0] == 0
    assert desk.type(*withdraw)[0] == 1
    assert "[withdrawn" in desk.type("absence", "list", "--nip", WAYAN, *span)[1]
    with desk.database.reading() as tx:
        in_force = absences.of_people(tx, [WAYAN, RINA], date(2026, 1, 20), date(2026, 1, 20))
    assert {who for who, _ in in_force} == {RINA}
    bad = desk.file("salah.csv", rows.replace(",DL,", ",XX,", 1))
    code, _, said = desk.type("absence", "import", bad)
    assert code == 2
    assert "line 2" in said
    assert desk.type("absence", "list")[0] == 2
    assert desk.type("absence", "list", "--nip", WAYAN, "--opd", "1.01")[0] == 2


def test_corrections_are_asked_decided_by_two_and_counted(desk):
    late = ("corrections", "ask", WAYAN, "2026-01-13", "--point", "out")
    code, _, said = desk.type(*late, "--reason", "lupa", "--as", "wayan")
    assert code == 2
    assert "3" in said  # workdays; whoever runs this does it long after that day
    outage = ("corrections", "outage", "1.01", "--from", "2026-01-13 07:00", "--until")
    outage = (*outage, "2026-01-13 09:10", "--reason", "listrik padam", "--as", "dewi")
    assert desk.type(*outage)[0] == 2, "an outage needs evidence"
    paper = desk.file("ba.pdf", PDF)
    code, _, said = desk.type(*outage, "--document", "BA 4/2026", "--attach", paper)
    assert code == 0, said
    waiting = desk.json("corrections", "list", "--opd", "1.01")["corrections"]
    no = next(one["no"] for one in waiting if not one["nip"])
    assert desk.type("corrections", "approve", no, "--as", "dewi")[0] == 2
    assert desk.type("corrections", "approve", no, "--as", "nobody")[0] == 2
    assert desk.type("corrections", "approve", 999, "--as", "sari")[0] == 2
    assert desk.type("corrections", "approve", no, "--as", "sari")[0] == 0
    assert desk.type("corrections", "approve", no, "--as", "sari")[0] == 2
    assert desk.type("corrections", "approve", no, "--as", "bkpsdm", "--note", "sah")[0] == 0
    done = desk.json("corrections", "list", "--state", "approved")["corrections"]
    assert [one["no"] for one in done] == [no]
    other = next(one["no"] for one in waiting if one["nip"])
    assert desk.type("corrections", "reject", other, "--as", "sari")[0] == 2
    reject = ("corrections", "reject", other, "--reason", "terekam di kamera", "--as", "sari")
    assert desk.type(*reject)[0] == 0
    told = desk.json("corrections", "report", "2026-01", "--opd", "1.01")["decisions"]
    given = {(one["who"], one["verdict"], one["count"]) for one in told}
    assert given >= {("sari", "approve", 1), ("bkpsdm", "approve", 1), ("sari", "reject", 1)}
    assert desk.type("corrections", "report", "Januari")[0] == 2


def test_offices_and_posts_are_imported_and_the_same_again_changes_nothing(desk):
    offices = desk.file("opd.csv", "opd,nama,induk\n1.03,Dinas Baru,1\n1.04,Seksi,1.03\n")
    assert "2" in desk.type("office", "import", offices)[2]
    assert desk.type("office", "import", offices)[0] == 0
    with desk.database.reading() as tx:
        assert posts.tree(tx, "1.03") == {"1.03", "1.04"}
    ring = desk.file("lingkar.csv", "opd,nama,induk\n1.03,Dinas Baru,1.04\n")
    assert desk.type("office", "import", ring)[0] == 2
    heads = "nip,jabatan,golongan,kelas,tpp,atasan\n"
    file = desk.file("j.csv", heads + f"{WAYAN},Analis,III/c,9,Rp 3.500.000,{RINA}\n")
    assert desk.type("post", "import", file)[0] == 0
    with desk.database.reading() as tx:
        post = posts.post_of(tx, WAYAN, date(2026, 1, 13))
    assert (post.base, post.superior, post.grade) == (3_500_000, RINA, "9")
    code, _, said = desk.type("post", "import", desk.file("x.csv", heads + f"{WAYAN},A,,9,tiga,\n"))
    assert code == 2
    assert "line 2" in said


def test_e_kinerja_goes_out_and_comes_back_the_same(desk):
    assert desk.type("ekinerja", "import", desk.file("kosong.csv", "nip\n"))[0] == 2
    code, out, _ = desk.type("ekinerja", "export", "2026-01", "--opd", "1.01")
    assert code == 0
    rows = list(csv.DictReader(io.StringIO(out)))
    assert {row["nip"] for row in rows} >= {WAYAN, RINA}
    code, _, said = desk.type("ekinerja", "import", desk.file("e.csv", out))
    assert (code, "0" in said) == (0, True)
    assert desk.type("ekinerja", "export", "Januari")[0] == 2
    code, out, _ = desk.type("ekinerja", "waiting", "--opd", "1.01", "--json")
    waiting = json.loads(out)["waiting"]
    assert {one["activity"]["nip"] for one in waiting} >= {WAYAN}
    assert code == 0, "the rules name no day by which they have to be verified"
    rules = regulations.text("rules-40-60") + "\n[ekinerja]\nverify_workdays = 5\n"
    assert desk.type("rules", "import", desk.file("aturan.toml", rules))[0] == 0
    assert desk.type("ekinerja", "waiting", "--opd", "1.01")[0] == 1
    assert desk.type("ekinerja", "waiting", "--opd", "1.02")[0] == 0


def test_a_receiver_is_added_listed_and_ended(desk):
    add = ("webhook", "add")
    code, secret, said = desk.type(*add, "https://simpeg.example.go.id/h", "--kind", "month.frozen")
    assert code == 0
    assert len(secret.strip()) == 64
    assert secret.strip() not in said
    for url in (
        "http://simpeg.example.go.id/h", "http://127.0.0.1.example/h", "http://localhost@example/h",
        "http://127.0.0.1:80@example/h", "file:///etc/passwd",
    ):  # fmt: skip
        assert desk.type(*add, url)[0] == 2, url
    assert desk.type(*add, "https://simpeg.example.go.id/h", "--kind", "month.opened")[0] == 2
    [one] = desk.json("webhook", "list")["webhooks"]
    assert (one["kinds"], "secret" in one) == (["month.frozen"], False)
    assert desk.type("webhook", "replay", one["no"], "--since", "2026-01-01")[0] == 1
    assert desk.type("webhook", "end", one["no"])[0] == 0
    assert desk.type("webhook", "end", one["no"])[0] == 1
