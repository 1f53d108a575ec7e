"""`ledger verify`: whoever edits the database with the guards taken off is named."""
# ruff: noqa: S608 - tables of our own, in statements of an administrator who means harm

import random
import threading
import zlib
from contextlib import contextmanager, suppress
from hashlib import sha256

import pytest
from alembic import command
from alembic.config import Config as AlembicConfig
from sqlalchemy.exc import IntegrityError

from contract.event import Device, LogShifted, Scan
from sync_server import (
    authority,
    checkpoints,
    decisions,
    linked,
    office_log,
    retiring,
    rulings,
    schema,
    standing,
    verifying,
)
from sync_server import (
    database as database_module,
)
from sync_server.checkpoints import rounds
from sync_server.database import Database
from sync_server.errors import BadFile
from sync_server.roles import Viewer
from tests.card import Card
from tests.halves import Centre, TestClock

NIP = "198501012010012001"
BOSS = Viewer("bos", NIP, "bkpsdm", "")
DAY = 86_400
# Every table in which nothing may be changed, and what of its rows somebody would change.
COLUMNS = {
    "event": ("record", "head", "kind", "seq"),
    "punch": ("pin", "t", "serial", "seq"),
    "repeat": ("pin", "t", "serial", "seq"),
    "pin": ("pin", "first_seq"),
    "device": ("serial", "family"),
    "access": ("who", "at", "whom", "detail", "head", "no"),
    "decision": ("who", "verdict", "note", "nip", "head"),
    "ruling": ("text", "imported", "head"),
    "checkpoint": ("text", "digest", "day", "at", "signature"),
    "closing": ("digest", "body", "month", "rev"),
}
# What no chain, hash or signature says.
UNPROVEN = {
    "event": ("received",),
    "chain": ("opened", "forked"),
    "closing": ("facts", "closed", "closed_by", "frozen"),
}


class Site:
    """A small centre with something in every guarded table."""

    def __init__(self, folder, ledger=None):
        self.centre = Centre(folder, TestClock(), ledger)
        self.card = self._card("T07A", 7)
        self.other = self._card("T07B", 9)
        self.signer = authority.signer(folder)
        self.write(self._office)
        self.kept = self.write(lambda tx: rounds.publish(tx, self.signer, self.now, "hadir"))
        self.centre.clock.now += DAY
        self.write(lambda tx: office_log.note(tx, self.now, "siti", "login_done"))
        self.card.add(LogShifted(1, 9))
        self.card.send()
        self.write(lambda tx: rounds.publish(tx, self.signer, self.now, "hadir"))

    @property
    def now(self):
        return int(self.centre.clock.now)

    def _card(self, kid, epoch):
        invited = self.centre.invite(kid)
        self.centre.start()
        card = Card(self.centre, invited, epoch)
        card.add(Device(1, "CJ1", "ZKTeco", "6.60"))
        for n in range(6):  # both read the same terminal: the second one's are repeats
            card.add(Scan(1, str(n % 4), self.now + n, False, 0, 1, 0, 0, "pull"))
        card.seal()
        card.send()
        card.add(LogShifted(1, 3))
        card.note(card.send())
        card.send()
        return card

    def _office(self, tx):
        for n in range(4):
            office_log.note(tx, self.now, "siti", "login_done", whom=f"{n}")
        decisions.decide(tx, "correction", "1", "ask", BOSS, self.now)
        decisions.decide(tx, "correction", "1", "approve", BOSS, self.now)
        rulings.store_ruling(tx, "shifts", "a", "text", self.now)
        rulings.store_ruling(tx, "shifts", "a", "text 2", self.now)
        body = zlib.compress(b"sheet")
        digest = sha256(b"sheet").hexdigest()
        row = {"opd": "1.01", "month": "2026-01", "rev": 1, "digest": digest, "body": body}
        row |= {"facts": b"", "state": "frozen", "closed": 1, "closed_by": "x", "frozen": 2}
        tx.execute(schema.closing.insert().values(row))
        detail = f"2026-01 rev 1 {digest}"
        office_log.note(tx, self.now, "bos", "month_frozen", "1.01", detail=detail)

    def write(self, do):
        with self.centre.database.writing() as tx:
            return do(tx)

    @contextmanager
    def trial(self):
        """A transaction that is rolled back: whoever comes next finds all as it was."""
        with suppress(_Back), self.centre.database.writing() as tx:
            yield Trial(tx, self.signer.key)
            raise _Back

    def failing(self):
        with self.centre.database.reading() as tx:
            return Trial(tx, self.signer.key).failing()


class _Back(Exception):
    pass


class Trial:
    """What an administrator of the database does, and what is found."""

    def __init__(self, tx, key):
        self.tx, self.key = tx, key
        self.postgres = tx.dialect.name == "postgresql"

    def failing(self):
        """The kinds of checks that do not hold, with the first thing of each."""
        _, checks = verifying.everything(self.tx, self.key)
        return {one.kind: one.first for one in checks if one.failed}

    def against(self, text):
        _, check = verifying.against(self.tx, text, "checkpoint.txt", self.key)
        return check.first and check.first.why

    def unguard(self, *tables):
        for table in tables:
            if self.postgres:
                self.tx.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
                continue
            for verb in ("update", "delete"):
                self.tx.exec_driver_sql(f"DROP TRIGGER IF EXISTS {table}_never_{verb}")

    def tamper(self, statement):
        assert self.tx.exec_driver_sql(statement).rowcount


@pytest.fixture(
    scope="module",
    params=[
        "SQLite",
        pytest.param("PostgreSQL", marks=pytest.mark.all_only("needs postgresql")),
    ],
)
def site(request, tmp_path_factory):
    """One for all: what a test does is rolled back."""
    postgres = request.param == "PostgreSQL"
    ledger = request.getfixturevalue("postgres").database() if postgres else None
    site = Site(tmp_path_factory.mktemp("centre"), ledger)
    yield site
    site.centre.close()


@pytest.fixture
def trial(site):
    with site.trial() as trial:
        yield trial


def test_what_nobody_touched_holds(site, trial):
    assert trial.failing() == {}
    assert trial.against(site.kept.file) is None


@pytest.mark.parametrize("table", COLUMNS)
def test_the_database_itself_refuses_to_change_what_is_only_ever_added_to(trial, table):
    statements = [f"UPDATE {table} SET {COLUMNS[table][0]} = 'x'", f"DELETE FROM {table}"]
    for statement in [*statements, *([f"TRUNCATE {table}"] if trial.postgres else [])]:
        with pytest.raises(IntegrityError, match="is append-only"), trial.tx.begin_nested():
            trial.tamper(statement)


@pytest.mark.parametrize("table", ["chain", "distrusted"])
def test_what_stands_somewhere_never_goes(trial, table):
    row = {"kid": "T07A", "epoch": 7, "seq": 1, "reason": "seal_false", "seen": 1, "resolved": "x"}
    trial.tx.execute(schema.distrusted.insert().values(row))
    with pytest.raises(IntegrityError, match="is append-only"), trial.tx.begin_nested():
        trial.tamper(f"DELETE FROM {table}")


# Statement, the table whose guards are taken off, the kind of check, why, and where.
EDITS = {
    "a record": ("UPDATE event SET record = '[]' WHERE kid = 'T07A' AND seq = 4", "event", "chains", "event_broken", ("T07A", 4)),
    "the kind of a record, so that no reader sees it": ("UPDATE event SET kind = 'unread:scan' WHERE kid = 'T07A' AND seq = 4", "event", "chains", "event_broken", ("T07A", 4)),
    "a record that is gone": ("DELETE FROM event WHERE kid = 'T07B' AND seq = 4", "event", "chains", "event_missing", ("T07B", 4)),
    "a chain's mark that is gone": ("DELETE FROM chain WHERE kid = 'T07B'", "chain", "chains", "event_broken", ("T07B", 1)),
    "the PIN of a punch": ("UPDATE punch SET pin = '9' WHERE seq = 3", "punch", "punches", "punch_differs", ("T07A", 3)),
    "a punch that is gone": ("DELETE FROM punch WHERE seq = 3", "punch", "punches", "punch_missing", ("T07A", 3)),
    "a punch that nobody made": ("INSERT INTO punch (serial, pin, t, kid, epoch, seq) VALUES ('CJ1', '9', 5, 'T07A', 7, 900)", "punch", "punches", "punch_stray", ("T07A", 900)),
    "a scan that is called a repeat": ("INSERT INTO repeat (kid, epoch, seq, serial, pin, t) SELECT kid, epoch, seq, serial, pin, t FROM punch WHERE seq = 3", "repeat", "punches", "punch_twice", ("T07A", 3)),
    "a repeat that is gone": ("DELETE FROM repeat WHERE seq = 3", "repeat", "punches", "punch_missing", ("T07B", 3)),
    "a PIN's number": ("UPDATE pin SET pin = '8' WHERE idx = 1 AND kid = 'T07A'", "pin", "punches", "pins_differ", ("T07A", 0)),
    "a device's serial": ("UPDATE device SET serial = 'CJ9' WHERE kid = 'T07A'", "device", "punches", "devices_differ", ("T07A", 0)),
    "a line of the log": ("UPDATE access SET whom = '9' WHERE no = 2", "access", "log", "row_changed", 2),
    "a line of the log that is gone": ("DELETE FROM access WHERE no = 2", "access", "log", "row_missing", 3),
    "a line of the log that was put in": ("INSERT INTO access (no, at, who, did, opd, whom, detail) VALUES (77, 1, 'x', 'x', '', '', '')", "access", "log", "row_missing", 77),
    "who approved": ("UPDATE decision SET who = 'x' WHERE no = 2", "decision", "decisions", "row_changed", 2),
    "a decision that is gone": ("DELETE FROM decision WHERE no = 1", "decision", "decisions", "row_missing", 2),
    "a file of hours": ("UPDATE ruling SET text = 'x' WHERE no = 1", "ruling", "rulings", "row_changed", 1),
    "the newest file of hours that is gone": ("DELETE FROM ruling WHERE no = 2", "ruling", "checkpoints", "book_other", 1),
    "the newest line of the log that is gone": ("DELETE FROM access WHERE no = 10", "access", "checkpoints", "checkpoint_unlogged", 2),
    "a checkpoint's text": ("UPDATE checkpoint SET text = replace(text, 'no 1', 'no 3') WHERE no = 1", "checkpoint", "checkpoints", "checkpoint_changed", 1),
    "a checkpoint that is gone": ("DELETE FROM checkpoint WHERE no = 1", "checkpoint", "checkpoints", "checkpoint_before", 2),
    "the hour of every checkpoint": ("UPDATE checkpoint SET at = -1", "checkpoint", "checkpoints", "checkpoint_changed", 1),
    "a scan that is called what nobody can read": ("UPDATE event SET kind = 'unread:x' WHERE kid = 'T07A' AND seq = 4", "event", "chains", "event_broken", ("T07A", 4)),
    "a checkpoint's day": ("UPDATE checkpoint SET day = '2020-01-01' WHERE no = 2", "checkpoint", "checkpoints", "checkpoint_changed", 2),
    "a frozen month": ("UPDATE closing SET body = facts", "closing", "months", "month_changed", "1.01 2026-01 rev 1"),
    "a frozen month and its digest": ("UPDATE closing SET rev = 2", "closing", "months", "month_unlogged", "1.01 2026-01 rev 2"),
    "a frozen month that is gone": ("DELETE FROM closing", "closing", "months", "month_gone", None),
}  # fmt: skip


@pytest.mark.parametrize("what", EDITS)
def test_an_administrator_who_edits_the_database_is_named_with_the_place(trial, what):
    statement, table, kind, why, where = EDITS[what]
    if trial.postgres:
        statement = statement.replace("record = '[]'", "record = '\\x5b5d'")
    trial.unguard(table)
    trial.tamper(statement)
    found = trial.failing()[kind]
    assert found.why == why
    told = {tuple: (found.kid, found.seq), int: found.line, str: found.detail}
    assert where is None or told[type(where)] == where


def relink(tx, name):
    """What an administrator who has read the code does after an edit."""
    table, head = getattr(schema, name), linked.genesis(name)
    for line in tx.execute(table.select().order_by(table.c.no)).all():
        head = linked.link(head, [getattr(line, column) for column in linked.COLUMNS[name]])
        tx.execute(table.update().where(table.c.no == line.no).values(head=head))


@pytest.mark.parametrize("name", linked.COLUMNS)
def test_a_book_that_was_made_to_fit_again_is_given_away_by_every_checkpoint(site, trial, name):
    """Also by the one in the inspectorate's drawer, whatever the ledger's own say."""
    trial.unguard(name, "checkpoint")
    column = {"access": "who", "decision": "who", "ruling": "text"}[name]
    trial.tamper(f"UPDATE {name} SET {column} = 'x' WHERE no = 1")
    relink(trial.tx, name)
    found = trial.failing()
    assert (found["checkpoints"].why, found["checkpoints"].line) == ("book_other", 1)
    assert found["checkpoints"].detail.startswith(name)
    assert trial.against(site.kept.file) == "book_other"
    trial.tamper("DELETE FROM checkpoint")  # and made anew with the centre's own key
    checkpoints.make(trial.tx, site.signer, site.now)
    assert trial.against(site.kept.file) == "checkpoint_other"


def test_a_checkpoint_from_elsewhere_is_read_as_mail_brings_it(site, trial, tmp_path):
    file = site.kept.file
    assert trial.against(file.replace("\n", "\r\n") + "\r\n") is None
    for cut in ("", "hello", site.kept.text, file[:-4], file[20:]):
        with pytest.raises(BadFile) as caught:
            trial.against(cut)
        assert caught.value.code == "not_a_checkpoint"
    assert trial.against(file.replace("no 1\n", "no 2\n")) == "checkpoint_unsigned"
    other = Centre(tmp_path / "other", TestClock())
    other.invite("T07A")
    with other.database.writing() as tx:
        strange = checkpoints.make(tx, authority.signer(other.folder), site.now)
    assert trial.against(strange.file) == "checkpoint_unsigned"
    other.close()


def test_a_ledger_that_lost_its_newest_events_no_longer_contains_its_checkpoint(site, trial):
    """As one that was restored from a backup without a word."""
    trial.unguard("event", "chain")
    acked = site.card.last - 1
    trial.tamper(f"DELETE FROM event WHERE kid = 'T07A' AND seq >= {acked}")
    chain = schema.chain
    back = chain.update().where(chain.c.kid == "T07A")
    trial.tx.execute(back.values(acked=acked - 1, head=site.card.head(acked - 1)))
    found = trial.failing()
    assert "chains" not in found
    assert (found["checkpoints"].why, found["checkpoints"].seq) == ("head_gone", acked)


@pytest.fixture
def own(tmp_path, ledger_at):
    site = Site(tmp_path / "centre", ledger_at)
    yield site
    site.centre.close()


@pytest.mark.parametrize("label", ["unread:seal", "unread:x"])
def test_a_false_seal_is_found_whatever_an_administrator_calls_it(own, label):
    lied = own.card.seal(head=b"\1" * 32)
    own.card.send()
    with own.trial() as trial:
        trial.unguard("event", "distrusted")
        trial.tamper("DELETE FROM distrusted")
        trial.tamper(f"UPDATE event SET kind = '{label}' WHERE kid = 'T07A' AND seq = {lied}")
        found = trial.failing()["seals"]
        assert (found.why, found.seq) == ("seal_false", lied)


def test_what_is_called_settled_counts_only_where_the_offices_log_names_the_event(own):
    lied = own.card.seal(head=b"\1" * 32)
    own.card.send()
    with own.trial() as trial:
        trial.tamper("UPDATE distrusted SET resolved = 'dilihat'")
        note = f"{own.card.epoch:08x} {lied}: dilihat"  # nor does it where somebody's note says so
        standing.resolve_forks(trial.tx, "T07B", note, "siti", own.now)
        office_log.note(trial.tx, own.now, "siti", "forks_resolved", detail=f"T07A: {note}")
        named = {kind: (one.why, one.seq) for kind, one in trial.failing().items()}
        assert named == {"seals": ("seal_false", lied), "distrusted": ("settled_unlogged", lied)}
    with own.trial() as trial:
        assert standing.resolve_forks(trial.tx, "T07A", "dilihat", "siti", own.now) == 1
        assert trial.failing() == {}
        wrong = {"kid": "T07A", "epoch": own.card.epoch, "seq": 2, "reason": "seal_false"}
        trial.tx.execute(schema.distrusted.insert().values(**wrong, seen=1, resolved="dilihat"))
        assert trial.failing()["distrusted"].why == "settled_unlogged"


@pytest.mark.parametrize("key", ["", "00" * 32])
def test_a_kiosks_key_that_an_administrator_changed_is_named_whatever_else_he_writes(trial, key):
    """Its row is no witness: the office's log says whose card was replaced."""
    value = f"'\\x{key}'" if trial.postgres else f"x'{key}'"
    late = 1 << 40
    trial.tamper(f"UPDATE kiosk SET event_key = {value}, replaced = 9, invited = {late}")
    found = trial.failing()
    assert (found["checkpoints"].why, found["checkpoints"].kid) == ("key_other", "T07A")
    assert (found["seals"].why, found["seals"].kid) == ("seal_stranger", "T07A")


def test_a_second_key_is_a_strangers_unless_the_offices_log_knows_of_another_card(own):
    new = Card(own.centre, own.centre.replace("T07A"), epoch=8)
    new.add(LogShifted(1, 9))
    new.seal()
    new.send()
    found = own.failing()
    assert (found["checkpoints"].why, found["seals"].why) == ("key_other", "seal_stranger")
    own.write(lambda tx: office_log.note(tx, own.now, "siti", "kiosk_replaced", whom="T07A"))
    assert own.failing() == {}


def test_a_kiosk_that_was_revoked_has_no_key_any_more_and_nobody_is_accused(own):
    by = own.centre.registrar
    own.write(lambda tx: retiring.revoke(tx, by, "T07A", "dicuri", "siti"))
    assert own.failing() == {}


def test_one_checkpoint_is_made_a_day_and_goes_to_every_kiosk_that_was_ever_heard(own):
    made = [rounds.daily(own.centre.database, own.signer, own.now + n * DAY / 4) for n in range(9)]
    assert sum(one is not None for one in made) == 2
    newest = [one for one in made if one][-1]
    with own.centre.database.reading() as tx:
        assert rounds.orders(tx, newest) == {}, "neither was on line"
    birth = b'{"online":true,"epoch":7}'
    own.centre.desk.born([("T07A", birth)])
    with own.centre.database.reading() as tx:
        told = rounds.orders(tx, newest)
    assert list(told) == ["T07A"]
    assert told["T07A"].epochs == ((7, own.card.last, own.card.head().hex()),)
    assert (told["T07A"].no, told["T07A"].digest) == (newest.no, newest.digest)
    for _ in range(2):
        own.write(lambda tx: rounds.publish(tx, own.signer, own.now, "hadir"))
    fates = [(row.fate, row.detail) for row in own.centre.rows("command")]
    assert fates == [("refused", "withdrawn"), ("waiting", "")], "only the newest is asked for"


def test_two_who_write_at_once_do_not_fork_the_log(own, ledger_at):
    other = Database(ledger_at)
    before = len(own.centre.rows("access"))

    def write(database, who):
        for n in range(20):
            with database.writing() as tx:
                office_log.note(tx, n, who, "login_done")

    threads = [
        threading.Thread(target=write, args=one)
        for one in ((own.centre.database, "siti"), (other, "budi"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()
    assert len(own.centre.rows("access")) == before + 40
    assert own.failing() == {}


def test_what_was_written_before_the_log_was_linked_is_linked_as_it_stands(
    tmp_path, ledger_at, monkeypatch
):
    if not isinstance(ledger_at, str):
        ledger_at.unlink()
    monkeypatch.setattr(
        database_module, "_upgrade", lambda connection: upgraded(connection, "0006")
    )
    old = Database(ledger_at)
    with old.writing() as tx:
        for no in (1, 2, 5):  # PostgreSQL burns numbers
            tx.exec_driver_sql(
                "INSERT INTO access (no, at, who, did, opd, whom, detail) "
                f"VALUES ({no}, 5, 'siti', 'login_done', '', 'é\"', '')"
            )
            tx.exec_driver_sql(
                "INSERT INTO ruling (no, kind, name, text, imported) "
                f"VALUES ({no}, 'shifts', 'a', 'b\n\t\x7f', 5)"
            )
    old.close()
    monkeypatch.undo()
    new = Database(ledger_at)
    with new.writing() as tx:
        office_log.note(tx, 6, "siti", "login_done")
    with new.reading() as tx:
        _, checks = verifying.everything(tx, b"")
    assert [one.kind for one in checks if one.failed] == []
    assert {one.kind: one.looked for one in checks}["log"] == 4
    new.close()


def upgraded(connection, revision):
    connection.rollback()
    settings = AlembicConfig()
    folder = database_module.__file__.replace("database.py", "migrations")
    settings.set_main_option("script_location", folder)
    settings.attributes["connection"] = connection
    command.upgrade(settings, revision)


def spoil(db, chance):
    """One edit or one deletion; what was done."""
    table = chance.choice(sorted(COLUMNS))
    info = db.exec_driver_sql(f"PRAGMA table_info({table})").all()
    keys = [row[1] for row in info if row[5]]
    where = " AND ".join(f"{key} = ?" for key in keys)
    row = tuple(chance.choice(db.exec_driver_sql(f"SELECT {', '.join(keys)} FROM {table}").all()))
    if chance.random() < 0.3:
        db.exec_driver_sql(f"DELETE FROM {table} WHERE {where}", row)
        return f"DELETE {table} {row}"
    column = chance.choice(COLUMNS[table])
    old = db.exec_driver_sql(f"SELECT {column} FROM {table} WHERE {where}", row).scalar_one()
    if isinstance(old, int):
        new = old + chance.choice((1_000, 86_400))
    else:
        raw = bytearray(old.encode() if isinstance(old, str) else old) or bytearray(b"?")
        raw[chance.randrange(len(raw))] ^= 1
        new = raw.decode("utf-8", "replace") if isinstance(old, str) else bytes(raw)
    db.exec_driver_sql(f"UPDATE {table} SET {column} = ? WHERE {where}", (new, *row))
    return f"UPDATE {table} {row} {column}: {old!r} to {new!r}"


TYPED = (*COLUMNS, "chain")


@pytest.mark.parametrize("table", TYPED)
def test_a_value_that_sqlite_keeps_as_another_type_is_named(tmp_path, table):
    """SQLite keeps a BLOB in a column of texts or numbers; in a head's line it reads as its base64."""
    site = Site(tmp_path / "centre")
    columns = [
        one for one in getattr(schema, table).columns if one.name not in UNPROVEN.get(table, ())
    ]
    assert site.failing() == {}
    missed = []
    for column in columns:
        with site.trial() as trial:
            trial.unguard(table)
            kept = f"CAST({column.name} AS {'TEXT' if is_bytes(column) else 'BLOB'})"
            with suppress(IntegrityError):  # a row's own number cannot be anything else
                trial.tamper(f"UPDATE {table} SET {column.name} = {kept}")
                if table in linked.COLUMNS and not is_bytes(column):
                    relink(trial.tx, table)
                missed += [column.name] if not trial.failing() else []
    assert missed == []
    site.centre.close()


def is_bytes(column):
    return column.type.python_type is bytes


def test_a_text_of_the_log_that_was_replaced_by_bytes_of_the_same_hash_is_named(tmp_path):
    site = Site(tmp_path / "centre")
    with site.trial() as trial:
        office_log.note(trial.tx, site.now, "siti", "login_done", whom="c2l0aQ==")
        assert trial.failing() == {}
        trial.unguard("access")
        trial.tamper("UPDATE access SET whom = x'73697469' WHERE whom = 'c2l0aQ=='")
        assert trial.failing()["log"].why == "row_changed"
    site.centre.close()


@pytest.mark.parametrize(
    "seeds",
    [range(20), pytest.param(range(20, 1_020), marks=pytest.mark.all_only("a thousand edits"))],
)
def test_any_row_that_is_edited_or_deleted_in_a_guarded_table_is_noticed(tmp_path, seeds):
    site = Site(tmp_path / "centre")
    assert site.failing() == {}
    missed = []
    for seed in seeds:
        with site.trial() as trial:
            trial.unguard(*COLUMNS)
            done = spoil(trial.tx, random.Random(seed))
            if not trial.failing():
                missed.append((seed, done))
    assert missed == []
    site.centre.close()
