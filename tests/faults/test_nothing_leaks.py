"""A real day of an office, with names and keys like no other's; then every line that any process wrote,
and whatever leaves by a command, is searched for them."""

import json
import re
from base64 import b64encode
from contextlib import closing, suppress
from urllib.parse import quote

import httpx2
import pytest
from click.testing import CliRunner
from sqlalchemy import insert, select

from contract import invitation
from contract.faces import Look, Template
from sync_server import cli as server_cli
from sync_server import schema
from sync_server.accounts import book, tokens
from sync_server.database import Database
from sync_server.server import wall
from terminal_agent import cli as agent_cli
from terminal_agent.faces import vault
from terminal_agent.faces.gallery import Gallery
from tests.process import office as offices
from tests.process.copies import KID, rows_of
from tests.process.office import Office, Program, terminal, until

pytestmark = [pytest.mark.all_only("plays a day with five processes"), pytest.mark.timeout(120)]

NIP, OTHER = "197812312005012017", "198107072010011023"
NAME, OTHERS = "Xaverina Qwartiningsih", "Zulfikhar Pqorbojati"
COMM_KEY, WRONG_KEY = 918_273, 564_738
PASSWORD, WRONG = "Rahasia-Sangat-7731", "Salah-Ketik-9944"
CAMERA = "Kamera#Sandi-5512"


@pytest.fixture
def office(tmp_path, monkeypatch):
    monkeypatch.setattr(offices, "COMM_KEY", COMM_KEY)
    with Office(tmp_path) as office:
        source = f"rtsp://pengintai:{quote(CAMERA)}@127.0.0.1:9/live?password={quote(CAMERA)}"
        office.more = f'[camera]\nsource = "{source}"\n'
        lobby = terminal(comm_key=COMM_KEY)
        for pin, name in (("17", NAME), ("18", OTHERS)):
            lobby.device.enrol(pin, name)
            lobby.device.punch(pin)
        locked = terminal(serial="BWXP204560002", comm_key=WRONG_KEY)  # refuses the kiosk's key
        office.furnish(lobby, locked)
        yield office


class Played:
    """The day; `said`: all that may be read by whom it does not concern, by what it is."""

    def __init__(self, office):
        self.office, self.said, self.secrets = office, {}, {"comm key": str(COMM_KEY)}
        self.secrets |= {"camera": CAMERA, "camera in a URL": quote(CAMERA)}
        self.secrets |= {"password": PASSWORD, "wrong password": WRONG}
        invited = invitation.decode((office.folder / "invitation.json").read_bytes())
        for key in ("mac_key",):
            raw = getattr(invited, key)
            self.secrets |= {key: raw.hex(), f"{key} in base64": b64encode(raw).decode()}
        self.words = {"NIP": NIP, "NIP of another": OTHER, "name": NAME, "name of another": OTHERS}
        self.words |= {"part of a name": NAME.split()[1], "part of another": OTHERS.split()[1]}

    def command(self, program, *words):
        """What a command prints, whatever its exit code."""
        side = offices._SIDES[program]
        main = {"sync-server": server_cli.main, "terminal-agent": agent_cli.main}[program]
        line = ["--config", str(self.office.folder / f"{side}.toml"), *map(str, words)]
        done = CliRunner().invoke(main, line, catch_exceptions=False)
        self.said[f"{program} {' '.join(map(str, words[:3]))} ({len(self.said)})"] = done.output
        return done

    def ledger(self):
        return closing(Database(self.office.server_state / "ledger.db"))


def at_the_office(day):
    """The centre's people type: files good and bad, letters, accounts, orders."""
    office, typed = day.office, day.office.type
    people = office.folder / "pegawai.csv"
    rows = f"nip,nama,opd,zona,pin\n{NIP},{NAME},1.01,WIB,17\n{OTHER},{OTHERS},1.01,WIB,18\n"
    people.write_text(rows)
    typed("sync-server", "person", "import", people)
    bad = office.folder / "salah.csv"
    for text in (rows.replace(NIP, NIP[:-1]), rows.replace("WIB,17", "WIB,18"), "\0\xff"):
        bad.write_text(text)
        done = CliRunner().invoke(
            server_cli.main,
            ["--config", str(office.folder / "server.toml"), "person", "import", str(bad)],
        )
        assert done.exit_code == 2
        day.said[f"error of a bad file ({len(day.said)})"] = re.sub(r"\d{17,18}", "", done.output)
    for name in ("shifts", "calendar"):
        file = offices.Path(__file__).parent.parent / "sync_server" / "data" / f"{name}.toml"
        typed("sync-server", name.removesuffix("s"), "import", file)
    day.secrets["secret number"] = typed(
        "sync-server", "person", "secret", NIP, "--letter", "No. 1"
    ).strip()
    day.secrets["webhook"] = typed("sync-server", "webhook", "add", "https://127.0.0.1:9/x").strip()
    account = book.Account(
        "admin1", NIP, "bkpsdm", "", must_change=False, disabled=False, subject="", made=0
    )
    with day.ledger() as database, database.writing() as tx:
        book.add(tx, account, PASSWORD)
        day.secrets["token"] = tokens.make(tx, "admin1", "x", wall(), 90)
        post = {"nip": NIP, "valid_from": "2026-01-01", "base": 1}
        tx.execute(insert(schema.post).values(**post, valid_to="2026-13-99"))  # fails pages


def on_the_pages(day):
    """Wrong logins, right ones, keys, and a page that fails with a NIP in its address."""
    [address] = re.findall(r"web.started address=(\S+)", day.office.server.said())
    with httpx2.Client(base_url=address, headers={"Origin": address}, timeout=30) as client:
        for name in ("admin1", NIP, WRONG):
            client.post("/login", data={"name": name, "password": WRONG})
        done = client.post("/login", data={"name": "admin1", "password": PASSWORD})
        assert done.status_code == 303, done.text
        day.secrets["cookie"] = next(iter(client.cookies.values()))
        assert client.get(f"/people/{NIP}/2026-01").status_code == 500, "it fails by our plant"
        with suppress(httpx2.HTTPError):  # the server closes a connection after a failure
            client.get(f"/people/{NIP}/2026-99")
        for key in (day.secrets["token"], f"{day.secrets['token']}x"):
            with suppress(httpx2.HTTPError):
                bearer = {"Authorization": f"Bearer {key}"}
                client.get(f"/api/v1/explain/{NIP}/2026-01-05", headers=bearer)
        client.cookies.clear()
        for page in ("/metrics", "/healthz", "/bukti", "/login"):
            day.said[page] = client.get(page).text


def at_the_kiosk(day):
    """Faces, names, orders, a stick, a log bundle, and a camera that cannot be opened."""
    office = day.office
    state = office.agent_state
    gallery = Gallery(state / "faces.db", vault.key(state))
    gallery.put([Template(p, "m", (Look(bytes(range(128)), 80),), 1, KID) for p in ("17", "18")])
    camera = Program(office.folder / "camera.log", *office._command("terminal-agent", "camera"))
    office._stack.callback(camera.stop)
    camera.start()
    send = ("sync-server", "kiosk", "send", KID)
    office.type("sync-server", "roster", "send", "--opd", "1.01", "--wait", "30")
    users = office.folder / "users.csv"
    users.write_text(f"pin,nama\n17,{NAME}\n")
    for words in (("users", users, "--device", "t1", "--wait", "20"), ("pull", "--device", "t0")):
        day.command(*send, *words)
    office.type("sync-server", "faces", "collect", KID, "--wait", "30")
    office.type("sync-server", "faces", "erase", NIP, "--wait", "30")
    toml = office.folder / "agent.toml"
    day.command(*send, "configure", bad_toml(office, toml), "--wait", "20")
    until(lambda: "camera.blind" in camera.said() or not camera.running(), camera.said)
    office.agent.wait_for("source.misconfigured name=t1")


def bad_toml(office, toml):
    """A configuration whose mistake stands beside its secrets."""
    file = office.folder / "agent-salah.toml"
    file.write_text(
        toml.read_text() + f'\n[[zkteco]]\nname = "x"\nhost = "h"\ncomm_key = "{COMM_KEY}"\n'
    )
    return file


def taken_away(day):
    """Everything that a technician or a stranger may get to see."""
    office = day.office
    office.type("sync-server", "kiosk", "send", KID, "logs", "--wait", "30")
    bundle = office.folder / "bundle.json"
    office.type("sync-server", "kiosk", "logs", KID, "--to", bundle)
    day.said["log bundle"] = bundle.read_text()
    office.agent.stop()
    stick = office.folder / "stick"
    stick.mkdir()
    day.command("terminal-agent", "export", "--to", stick)
    for file in stick.rglob("*"):
        if file.is_file():
            day.said[f"stick {file.name}"] = file.name + file.read_bytes().decode("latin-1")
    for words in (
        ("config",),
        ("status",),
        ("status", "--json"),
        ("people", "list"),
        ("journal", "show"),
    ):
        day.command("terminal-agent", *words)
    for words in (
        ("status", "--json"), ("kiosk", "sent"), ("gaps",), ("forks",), ("retention",),
        ("ledger", "verify"), ("webhook", "list"), ("faces", "proof", "17", "--opd", "1.01"),
    ):  # fmt: skip
        day.command("sync-server", *words)
    with day.ledger() as database, database.reading() as tx:
        day.said["birth"] = str(tx.execute(select(schema.kiosk.c.birth)).scalar_one())
    events = rows_of(office.server_state / "ledger.db", "SELECT record FROM event")
    day.said["events at the centre, which nobody can delete"] = str(events)
    for log in office.folder.glob("*.log"):
        day.said[log.name] = log.read_text("utf-8", "replace")


@pytest.fixture
def day(office):
    played = Played(office)
    at_the_office(played)
    office.start()
    office.server.wait_for("web.started")
    on_the_pages(played)
    at_the_kiosk(played)
    taken_away(played)
    return played


def holding(text, words):
    return [
        what for what, word in words.items() if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text)
    ]


def test_no_log_no_bundle_no_stick_and_no_message_holds_a_name_a_nip_or_a_key(day):
    logs = {name for name in day.said if name.endswith(".log")}
    assert {"agent.log", "server.log", "camera.log"} <= logs
    assert "web.failed" in day.said["server.log"], "the page did fail"
    assert "login" not in day.said["log bundle"]
    assert len(json.loads(day.said["log bundle"])["log"]) > 5
    assert len(day.said) > 25
    # Without these the search below would be of an empty day.
    assert '"scan"' in day.said["events at the centre, which nobody can delete"]
    found = {what: holding(text, day.secrets | day.words) for what, text in day.said.items()}
    assert {what: some for what, some in found.items() if some} == {}


def test_the_search_finds_what_is_planted():
    assert holding("web.failed path=/people/1/x", {"NIP": "1"}) == ["NIP"]
