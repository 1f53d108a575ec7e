"""What people type to ask something of a kiosk, and what they read of its fate."""

import json
import zlib
from contextlib import closing

import msgspec
import pytest
from click.testing import CliRunner

from contract import command, health, invitation
from contract.command import Answer, Configure, Live, Logs, People, Pull, Resend, Users
from sync_server import commands
from sync_server.cli import main
from sync_server.database import Database
from sync_server.desk import Desk
from sync_server.server import wall
from tests.ledgers import laid

KID = "T07A"


class Desktop:
    """A folder with a configuration and one kiosk, and somebody who types there."""

    def __init__(self, folder):
        self.folder, self.config = folder, folder / "server.toml"
        self.config.write_text(f'state = "{folder}/state"\n')
        laid(folder / "state" / "ledger.db")
        self.type("kiosk", "invite", KID, "--opd", "1.01", "--to", folder / "k.json")
        self.key = invitation.decode((folder / "k.json").read_bytes()).mac_key

    def type(self, *words, lang="en"):
        line = ["--config", str(self.config), "--lang", lang, *map(str, words)]
        return CliRunner().invoke(main, line, catch_exceptions=False)

    def send(self, *words, code=0):
        done = self.type("kiosk", "send", KID, *words)
        assert done.exit_code == code, done.output
        return done

    def file(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return path

    def desk(self):
        return closing(Database(self.folder / "state" / "ledger.db"))

    def born(self, epoch):
        """The kiosk connects and names its epoch."""
        with self.desk() as database:
            birth = health.Birth(online=True, epoch=epoch)
            Desk(database, wall).born([(KID, health.encode(birth))])

    def orders(self):
        """What the kiosk would be sent, once."""
        with self.desk() as database:
            desk = Desk(database, wall)
            desk.born([(KID, health.encode(health.Birth(online=True, epoch=1)))])
            return [command.decode(command.split(data)[0]) for _, data, _ in desk.due()]

    def sent(self):
        with self.desk() as database, database.reading() as tx:
            return commands.fates(tx, KID)

    def answer(self, *answers):
        with self.desk() as database:
            for one in answers:
                Desk(database, wall).answered(KID, command.encode_answer(KID, one, self.key))


@pytest.fixture
def desktop(tmp_path):
    return Desktop(tmp_path)


@pytest.mark.parametrize(
    ("words", "order"),
    [
        (["pull"], Pull()),
        (["pull", "--device", "lobi", "--full"], Pull("lobi", True)),
        (["people"], People()),
        (["people", "--device", "lobi", "--write"], People("lobi", write=True)),
        (["people", "--write", "--remove", "--yes"], People(write=True, remove=True)),
        (["live", "--minutes", "0"], Live(0)),
        (["logs"], Logs(500)),
        (["resend", "9", "5", "8"], Resend(9, 5, 8)),
    ],
)
def test_what_is_typed_is_what_the_kiosk_is_asked(desktop, words, order):
    desktop.born(9)
    desktop.send(*words)
    assert [one.order for one in desktop.orders()] == [order]


def test_people_are_removed_from_terminals_only_after_a_typed_yes(desktop):
    """Whoever has no list of a kiosk before their eyes types this with a heavy hand."""
    done = desktop.send("people", "--write", "--remove", code=1)
    assert "Type yes" in done.stderr
    assert desktop.orders() == []


def test_live_mode_ends_by_itself(desktop):
    before = wall()
    desktop.send("live", "--minutes", "30")
    [one] = desktop.orders()
    assert before + 1_799 <= one.order.until <= wall() + 1_801


def test_a_configuration_is_sent_as_the_file_has_it(desktop):
    text = '[kiosk]\nlink = "metered" # VSAT\n'
    desktop.send("configure", desktop.file("agent.toml", text))
    assert [one.order for one in desktop.orders()] == [Configure(text)]


@pytest.mark.parametrize(
    "text", ["pin,nama,hapus\n17,Sari,\n18,,ya\n", "pin;nama;hapus\n17;Sari;\n18;;YA\n"]
)
def test_people_for_a_terminal_come_from_a_csv_file(desktop, text):
    desktop.send("users", desktop.file("p.csv", text), "--device", "lobi")
    [one] = desktop.orders()
    assert isinstance(one.order, Users)
    assert [(u.pin, u.name, u.remove) for u in one.order.users] == [
        ("17", "Sari", False),
        ("18", "", True),
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("pin,nama\n17,Sari\n17,Ani\n", "line 3: PIN 17 is in a line before"),
        ("pin,nama\n,Sari\n", "line 2: pin is empty"),
        ("pin,nama,hapus\n17,Sari,mungkin\n", "line 2: the column hapus"),
        ("pin\n17\n", "nama"),
    ],
)
def test_a_wrong_list_of_people_is_not_sent_and_its_line_is_named(desktop, text, says):
    done = desktop.send("users", desktop.file("p.csv", text), "--device", "lobi", code=2)
    assert says in done.stderr
    assert desktop.orders() == []


def test_a_kiosk_that_nobody_invited_is_named(desktop):
    done = desktop.type("kiosk", "send", "T09C", "pull")
    assert done.exit_code == 2
    assert "T09C" in done.stderr


def test_half_a_range_is_wrong_usage(desktop):
    desktop.send("resend", "9", "5", code=2)


@pytest.mark.parametrize(
    ("span", "says"),
    [
        (("9", "8", "5"), "8 to 5 is no range; write 1 <= FIRST <= LAST"),
        (("9", "0", "5"), "0 to 5 is no range"),
        (("9", "-3", "5"), "-3 to 5 is no range"),
        (("9", "1", str(2**53)), "is no range"),
        (("9", "1", str(2**70)), "is no range"),
        (("10", "1", "5"), "no epoch 10 of this kiosk; known are: 9"),
        (("-9", "1", "5"), "no epoch -9"),
        ((str(2**32), "1", "5"), "known are: 9"),
        (("9", "1", "five"), "five"),
    ],
)
def test_a_range_that_no_kiosk_can_hold_is_not_sent(desktop, span, says):
    desktop.born(9)
    assert says in desktop.send("resend", *span, code=2).stderr
    assert [one.name for one in desktop.sent()] == []


def test_a_kiosk_that_was_never_heard_of_has_no_epoch_to_ask_for(desktop):
    assert "known are: -" in desktop.send("resend", "9", "1", "5", code=2).stderr


def test_a_range_that_the_kiosk_does_not_hold_is_not_called_a_gap(desktop):
    """The person may have asked for more than there is."""
    desktop.born(9)
    desktop.send("resend", "9", "1", "5000")
    [one] = desktop.sent()
    desktop.answer(Answer(one.counter, "failed", "gone"))
    said = desktop.type("kiosk", "sent", KID).stdout
    assert "does not hold all of those events" in said
    assert "the gap stays" not in said


def test_a_negative_patience_is_wrong_usage_and_nothing_is_sent(desktop):
    desktop.send("pull", "--wait", "-1", code=2)
    assert desktop.sent() == []


@pytest.mark.parametrize("text", ["[kiosk\n", "link = \n", "x = " + "[" * 9_000])
def test_a_configuration_that_is_no_toml_is_not_sent(desktop, text):
    done = desktop.send("configure", desktop.file("agent.toml", text), code=2)
    assert "agent.toml: not TOML" in done.stderr
    assert desktop.sent() == []


def test_without_an_open_gap_nothing_is_sent(desktop):
    assert "No gap" in desktop.send("resend").stderr
    assert desktop.orders() == []


@pytest.mark.parametrize(
    ("outcome", "code", "says"),
    [
        ("done", 0, "done"),
        ("failed", 1, "failed: the terminal is out of reach"),
        ("refused", 1, "refused by the kiosk"),
        ("expired", 1, "expired, not done"),
        ("", 3, "waits for the kiosk to connect"),
    ],
)
def test_waiting_for_the_fate_ends_with_its_exit_code(desktop, monkeypatch, outcome, code, says):
    real = Desktop.desk
    answered = []

    def look(tx, kid, counters):
        """The kiosk answers while somebody waits."""
        if outcome and not answered:
            answered.append(1)
            detail = "unreachable" if outcome == "failed" else ""
            data = command.encode_answer(KID, Answer(counters[0], outcome, detail), desktop.key)
            with real(desktop) as database:
                Desk(database, wall).answered(KID, data)
        with real(desktop) as database, database.reading() as fresh:
            return looked(fresh, kid, counters)

    looked = commands.fates
    monkeypatch.setattr(commands, "fates", look)
    done = desktop.send("pull", "--wait", "0.3", code=code)
    assert says in done.stdout


def test_the_fate_of_everything_that_was_sent_can_be_read(desktop):
    assert "No command yet" in desktop.type("kiosk", "sent").stderr
    desktop.send("pull")
    desktop.send("logs")
    first, second = (one.counter for one in desktop.orders())
    desktop.answer(
        Answer(first, "failed", "lobi: unreachable"), Answer(second, "later", "no_trusted_clock")
    )
    lines = desktop.type("kiosk", "sent", KID).stdout.splitlines()
    assert lines[0].endswith(
        "logs: sent, not answered yet: the kiosk's clock cannot be trusted yet; "
        "it is tried again once it can"
    )
    assert lines[1].endswith("pull: failed: lobi: unreachable")
    sent = json.loads(desktop.type("kiosk", "sent", "--json").stdout)["sent"]
    assert [(one["name"], one["fate"], one["times"]) for one in sent] == [
        ("logs", "sent", 1),
        ("pull", "failed", 1),
    ]
    assert (
        desktop.type("kiosk", "sent", lang="id")
        .stdout.splitlines()[1]
        .endswith("pull: gagal: lobi: unreachable")
    )


def test_a_log_bundle_is_written_as_json(desktop):
    assert desktop.type("kiosk", "logs", KID, "--to", desktop.folder / "log.json").exit_code == 1
    desktop.send("logs")
    [one] = desktop.orders()
    data = zlib.compress(msgspec.json.encode({"kid": KID, "log": ["a", "b"]}))
    desktop.answer(
        Answer(one.counter, "done", "", 1, 2, data[:20]),
        Answer(one.counter, "done", "", 2, 2, data[20:]),
    )
    done = desktop.type("kiosk", "logs", KID, "--to", desktop.folder / "log.json")
    assert done.exit_code == 0
    assert "2 log lines" in done.stderr
    assert json.loads((desktop.folder / "log.json").read_text()) == {"kid": KID, "log": ["a", "b"]}


@pytest.mark.parametrize(
    "body", [b"junk", zlib.compress(b"x" * 1_000)[:-3], zlib.compress(b"junk")]
)
def test_a_bundle_that_is_not_whole_is_not_written(desktop, body):
    desktop.send("logs")
    [one] = desktop.orders()
    desktop.answer(Answer(one.counter, "done", "", 1, 1, body))
    done = desktop.type("kiosk", "logs", KID, "--to", desktop.folder / "log.json")
    assert done.exit_code == 2
    assert "not whole" in done.stderr
    assert not (desktop.folder / "log.json").exists()
