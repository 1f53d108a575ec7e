"""Whose kiosk it is and what it was given stands in the office's log: `ledger verify` names whoever writes
something else into the database."""

from contextlib import closing

import pytest
from msgspec.structs import replace
from sqlalchemy import insert, select, update

from contract import enrolment
from contract.enrolment import Renewal
from sync_server import (
    admitting,
    authority,
    credentials,
    ledger,
    office_log,
    retiring,
    schema,
    verifying,
)
from sync_server.authority import Keys, Registrar
from sync_server.config import Broker
from sync_server.database import Database
from sync_server.errors import BadFile
from sync_server.verifying import Broken
from tests.sync_server.test_admitting import DAY, NOW, Card, registrar
from tests.sync_server.test_server_cli import Desktop

OFFICE = "1.01"


@pytest.fixture
def by(tmp_path):
    return registrar(tmp_path / "server")


@pytest.fixture
def tx(ledger_at):
    with closing(Database(ledger_at)) as database, database.writing() as tx:
        yield tx


def found(tx, kid=None):
    """What is not as the office's log has it: (kind, why, kiosk, where)."""
    _, checks = verifying.everything(tx, b"", kid)
    ours = [one.first for one in checks if one.kind in ("kiosks", "credentials") and one.failed]
    return [(one.why, one.kid, one.detail) for one in ours]


def by_file(tx, by, kid="T07A", opd=OFFICE):
    """As `kiosk invite` does it."""
    authority.invite(tx, by, kid, opd)
    authority.note_file(tx, by, "siti", "kiosk_invited", kid)


def by_token(tx, by, card, kid="T07A", opd=OFFICE):
    """As `kiosk invite --token` does it, and the kiosk that uses the token."""
    token = admitting.token(tx, by, kid, opd)
    office_log.note(tx, by.now, "siti", "kiosk_token", opd, kid)
    return card.takes(admitting.admit(tx, by, card.asks(kid, token), "10.0.0.7"))


def by_asking(tx, by, card, kid, opd):
    code = admitting.admit(tx, by, card.asks(), "10.0.0.7").code
    admitting.approve(tx, by, code, kid, opd, "siti")
    return card.takes(admitting.admit(tx, by, card.asks(), "10.0.0.7"))


def later(by, days=1):
    return replace(by, now=by.now + days * DAY)


def of(whose, **values):
    return update(schema.kiosk).where(schema.kiosk.c.kid == whose).values(**values)


def test_every_way_in_and_out_that_the_centre_offers_holds(tx, by, tmp_path):
    """By file, token and approval; renewed, replaced both ways, revoked, and let in again."""
    cards = [Card(tmp_path / f"{number}") for number in range(6)]
    by_file(tx, by, "T07A")
    invited = by_token(tx, by, cards[0], "T07B")
    by_asking(tx, by, cards[1], "T07C", "1.02")
    assert found(tx) == []
    admitting.renew(tx, later(by), cards[0].renews(invited), online=False)
    assert found(tx) == []
    authority.replace(tx, later(by, 2), "T07A")
    authority.note_file(tx, later(by, 2), "siti", "kiosk_replaced", "T07A")
    token = admitting.token_to_replace(tx, later(by, 2), "T07B")
    office_log.note(tx, by.now, "siti", "kiosk_token", whom="T07B")
    admitting.admit(tx, later(by, 2), cards[2].asks("T07B", token), "x")
    by_asking(tx, later(by, 2), cards[3], "T07C", "")
    assert found(tx) == []
    retiring.revoke(tx, later(by, 3), "T07C", "dicuri", "siti")
    assert found(tx) == []
    by_asking(tx, later(by, 4), cards[4], "T07C", "")
    admitting.token(tx, by, "T07D", OFFICE)  # nobody has used it yet
    office_log.note(tx, by.now, "siti", "kiosk_token", OFFICE, "T07D")
    assert found(tx) == []
    assert found(tx, "T07C") == []


@pytest.fixture
def office(tx, by, tmp_path):
    """Two kiosks with certificates, of two offices; the first was given a second one."""
    card = Card(tmp_path / "card")
    invited = by_token(tx, by, card)
    by_token(tx, by, Card(tmp_path / "other"), "T07B", "1.02")
    admitting.renew(tx, later(by), card.renews(invited), online=False)
    assert found(tx) == []
    return tx


@pytest.mark.parametrize(
    ("deed", "why", "detail"),
    [
        (of("T07A", opd="1.02"), "kiosk_office", "1.02 / 1.01"),
        (of("T07A", revoked=5), "kiosk_revoked_unlogged", ""),
        (of("T07A", mac_key=b"x" * 32), "kiosk_key", ""),
        (of("T07A", kid="T07X"), "kiosk_unlogged", "1.01"),
        (schema.kiosk.delete().where(schema.kiosk.c.kid == "T07A"), "kiosk_gone", ""),
    ],
)
def test_a_kiosks_row_that_was_changed_by_hand_is_named(office, deed, why, detail):
    office.execute(deed)
    kid = "T07X" if why == "kiosk_unlogged" else "T07A"
    assert found(office) == [(why, kid, detail)]
    assert found(office, kid) == [(why, kid, detail)]
    assert found(office, "T07B") == []


def test_a_kiosk_that_nobody_admitted_is_named(office):
    office.execute(insert(schema.kiosk).values(kid="T99A", opd="1.01", mac_key=b"k", invited=0))
    assert found(office) == [("kiosk_unlogged", "T99A", "1.01")]


def test_a_kiosk_that_was_revoked_and_counts_again_by_hand_is_named(office, by):
    retiring.revoke(office, by, "T07B", "dicuri", "siti")
    office.execute(of("T07B", revoked=0))
    assert found(office) == [("kiosk_unrevoked", "T07B", "")]


def rows(tx, kid="T07A"):
    its = schema.credential.c
    query = select(schema.credential).where(its.kid == kid).order_by(its.no)
    return [row._asdict() for row in tx.execute(query)]


@pytest.mark.parametrize("also", [{}, {"serial": "ab"}, {"issued": NOW + DAY}, {"kid": "T07B"}])
def test_a_credential_that_was_inserted_by_hand_is_named_with_its_row(office, also):
    """Whatever it is made to look like: a copy of a genuine one with another key, a certificate of
    nobody's, one of the second in which something was given."""
    row = rows(office)[0] | {"mac_key": b"m" * 32} | also
    del row["no"]
    no = office.execute(insert(schema.credential).values(row)).inserted_primary_key[0]
    _, checks = verifying.everything(office, b"")
    [broken] = [one.first for one in checks if one.kind == "credentials"]
    assert broken == Broken("credential_unlogged", row["kid"], line=no)


def test_a_second_copy_of_what_was_given_once_is_named(office):
    row = rows(office)[0]
    del row["no"]
    office.execute(insert(schema.credential).values(row))
    assert found(office) == [("credential_unlogged", "T07A", "")]


@pytest.mark.parametrize(
    "column", ["kid", "serial", "public", "certificate", "share", "mac_key", "issued", "expires"]
)
def test_no_column_of_what_was_given_can_be_changed_unseen(office, column):
    [one, _] = rows(office)
    other = {int: 7, str: "x", bytes: b"x"}[type(one[column])]
    its = schema.credential.c
    office.execute(update(schema.credential).where(its.no == one["no"]).values({column: other}))
    _, checks = verifying.everything(office, b"")
    [check] = [check for check in checks if check.kind == "credentials"]
    assert (check.first.why, check.first.line) == ("credential_unlogged", one["no"])
    assert check.failed == 2, "and what was given is gone"


def test_what_was_given_and_is_gone_is_named_with_the_line_of_the_log(office):
    no = rows(office)[0]["no"]
    office.execute(schema.credential.delete().where(schema.credential.c.no == no))
    [line] = office_log.lines(office, office_log.Filter(did="kiosk_enrolled", whom="T07A"))
    _, checks = verifying.everything(office, b"")
    [first] = [one.first for one in checks if one.kind == "credentials"]
    assert first == Broken("credential_gone", "T07A", line=line.no)


def test_the_card_of_a_thief_that_is_made_to_count_again_is_named(office, by):
    """And so is one that somebody ended without a word."""
    retiring.revoke(office, by, "T07A", "dicuri", "siti")
    office.execute(update(schema.credential).values(revoked=0))
    assert ("credential_revived", "T07A", "") in found(office)
    office.execute(update(schema.credential).values(revoked=5))
    assert found(office) == [("credential_ended", "T07B", "")]


def test_lines_that_do_not_say_what_was_given_prove_that_something_was_and_no_more(tx, by, card):
    """As an older Hadir wrote them: one certificate, at that second."""
    by_token(tx, by, card)
    forget_marks(tx)
    assert found(tx) == []
    [row] = rows(tx)
    del row["no"]
    tx.execute(insert(schema.credential).values(row | {"mac_key": b"m" * 32}))
    assert found(tx) == [("credential_unlogged", "T07A", "")]


def test_a_key_from_before_certificates_that_a_renewal_keeps_is_in_its_line(tx, by, tmp_path, card):
    """The kiosk was invited by a file, at a centre that had no certificates yet."""
    bare = Registrar(Keys(tmp_path / "server"), Broker(), by.now)
    by_file(tx, bare)
    assert rows(tx) == []
    key, public = ledger.kiosk(tx, "T07A").mac_key, card.event_key.public_key().public_bytes_raw()
    signed = enrolment.to_renew("T07A", card.coming.csr)
    asked = Renewal("T07A", card.coming.csr, public, card.event_key.sign(signed))
    admitting.renew(tx, later(by), asked, online=True)
    assert [(row["serial"] != "", row["mac_key"] == key) for row in rows(tx)] == [
        (False, True),
        (True, False),
    ]
    assert found(tx) == []
    forget_marks(tx)
    assert found(tx) == [], "nor does it accuse anybody where an older Hadir did that"


def forget_marks(tx):
    """The lines as they were before they said what was given."""
    if tx.dialect.name == "postgresql":
        tx.exec_driver_sql("ALTER TABLE access DISABLE TRIGGER USER")
    else:
        tx.exec_driver_sql("DROP TRIGGER access_never_update")
    for row in tx.execute(select(schema.access)).all():
        said = row.detail.partition(credentials.MARK)[0].strip()
        tx.execute(update(schema.access).where(schema.access.c.no == row.no).values(detail=said))


@pytest.fixture
def card(tmp_path):
    return Card(tmp_path / "card")


def test_a_board_that_calls_itself_as_a_mark_does_makes_no_mark(tx, by, card):
    """The serial is the kiosk's own word; the last word of the line is the centre's."""
    invited = by_token(tx, by, card)
    [line] = office_log.lines(tx, office_log.Filter(did="kiosk_enrolled"))
    assert line.detail.startswith(f"0000abcd {credentials.MARK}")
    forged = f"{credentials.MARK}{'0' * 32} {line.detail}"
    assert credentials.marked(forged) == credentials.marked(line.detail)
    assert invited.mac_key.hex() not in line.detail


def test_a_card_that_is_replaced_by_file_puts_an_older_kiosk_on_record(tx, by):
    """Admitted before the log told of it: named until then."""
    authority.invite(tx, by, "T07A", OFFICE)
    assert ("kiosk_unlogged", "T07A", OFFICE) in found(tx)
    tx.execute(schema.credential.delete())
    authority.replace(tx, later(by), "T07A")
    authority.note_file(tx, later(by), "siti", "kiosk_replaced", "T07A")
    assert found(tx) == []
    tx.execute(of("T07A", opd="1.02"))
    authority.replace(tx, later(by, 2), "T07A")
    authority.note_file(tx, later(by, 2), "siti", "kiosk_replaced", "T07A")
    assert found(tx) == [("kiosk_office", "T07A", "1.02 / 1.01")], "only the first time"


def test_a_token_for_another_office_moves_a_kiosk_that_nobody_has_been_yet(tx, by, card):
    """Whoever mistypes the office and asks for a second token means the second office."""
    admitting.token(tx, by, "T07A", "1.02")
    office_log.note(tx, by.now, "siti", "kiosk_token", "1.02", "T07A")
    by_token(tx, by, card)
    assert ledger.kiosk(tx, "T07A").opd == OFFICE
    assert found(tx) == []
    admitting.token_to_replace(tx, by, "T07A")
    credentials.revoke(tx, "T07A", by.now)
    with pytest.raises(BadFile) as caught:
        admitting.token(tx, by, "T07A", "1.02")
    assert caught.value.code == "kid_taken"
    assert ledger.kiosk(tx, "T07A").opd == OFFICE, "its punches are that office's"


def test_an_administrator_who_types_an_update_is_told_of_by_the_command(tmp_path):
    """Exit code 1, the kiosk and both offices in one line."""
    desktop = Desktop(tmp_path)
    assert (
        desktop.type(
            "kiosk", "invite", "T07A", "--opd", OFFICE, "--to", str(tmp_path / "T07A.json")
        ).exit_code
        == 0
    )
    assert desktop.type("ledger", "verify").exit_code == 0
    with closing(Database(tmp_path / "state/ledger.db")) as database, database.writing() as tx:
        tx.execute(of("T07A", opd="1.02"))
    done = desktop.type("ledger", "verify", lang="id")
    assert done.exit_code == 1
    assert "Kios dan kantornya: 1 dari 1 TIDAK COCOK; yang pertama T07A, 1.02 / 1.01" in done.output
