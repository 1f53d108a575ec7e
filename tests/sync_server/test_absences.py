"""Leave and duty by letter: what a document says counts once, whatever comes again; evidence is checked."""

from datetime import date

import pytest
from sqlalchemy import event, select

from sync_server import absences, attachments, ruling_files, rulings, schema
from sync_server.database import Database
from sync_server.errors import BadFile
from sync_server.pairing import Absence
from tests.ledgers import laid
from tests.sync_server.asked_office import RULES, at, furnish, nip

HEADS = "dokumen,nip,kode,cakupan,mulai,selesai,tempat,keperluan\n"
FIRST = HEADS + (
    f"SPT/1,{nip('1003')},DL,,2026-01-13,2026-01-15,Teluk Jauh,memasang kios\n"
    f"SPT/1,{nip('1002')},dl,masuk,2026-01-14,,,\n"
)
NOW = at(date(2026, 1, 20), 9)
MONTH = (date(2026, 1, 1), date(2026, 1, 31))
PDF = b"%PDF-1.4\ntrailer\n%%EOF\n"


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    database = Database(laid(tmp_path_factory.mktemp("letters") / "ledger.db"))
    with database.writing() as tx:
        furnish(tx)
    yield database
    database.close()


@pytest.fixture
def tx(database):
    with database.writing() as tx:
        inner = tx.begin_nested()
        yield tx
        inner.rollback()


def take(tx, text, now=NOW):
    lines = absences.read(text, "spt.csv")
    odd = absences.check(tx, lines, "spt.csv")
    return absences.store(tx, [entry for _, entry in lines], "dewi", now), odd


def book(tx):
    return tx.execute(select(schema.absence).order_by(*schema.absence.primary_key)).all()


def log(tx):
    its = schema.access.c
    rows = tx.execute(select(its.did, its.whom, its.detail).where(its.did.like("absence%")))
    return [tuple(row) for row in rows]


def test_a_letter_counts_for_each_of_its_days_and_people(tx):
    done, odd = take(tx, FIRST)
    assert (done.new, odd) == (("SPT/1",), [])
    found = absences.of_people(tx, [nip("1002"), nip("1003"), nip("1004")], *MONTH)
    whole = Absence("DL", "day")
    assert found == {
        (nip("1003"), date(2026, 1, 13)): (whole,),
        (nip("1003"), date(2026, 1, 14)): (whole,),
        (nip("1003"), date(2026, 1, 15)): (whole,),
        (nip("1002"), date(2026, 1, 14)): (Absence("DL", "in"),),
    }
    [entry] = absences.with_documents(tx, nip("1003"), date(2026, 1, 15))
    assert (entry.document, entry.place, entry.entered_by) == ("SPT/1", "Teluk Jauh", "dewi")


def test_the_same_document_again_changes_nothing(tx):
    take(tx, FIRST)
    before, said = book(tx), log(tx)
    for text in (FIRST, HEADS + "".join(reversed(FIRST.splitlines(keepends=True)[1:]))):
        done, _ = take(tx, text, NOW + 9_999)
        assert done.same == ("SPT/1",)
    assert (book(tx), log(tx)) == (before, said)


def test_another_version_replaces_its_own_rows_and_the_log_says_what_changed(tx):
    take(tx, FIRST)
    other = HEADS + f"CT/9,{nip('1004')},CT,,2026-01-13,2026-01-13,,\n"
    take(tx, other)
    changed = FIRST.splitlines(keepends=True)[1].replace("2026-01-15", "2026-01-14")
    done, _ = take(tx, HEADS + changed)
    assert done.changed == ("SPT/1",)
    found = absences.of_people(tx, [nip("1002"), nip("1003"), nip("1004")], *MONTH)
    assert sorted(found) == [
        (nip("1003"), date(2026, 1, 13)),
        (nip("1003"), date(2026, 1, 14)),
        (nip("1004"), date(2026, 1, 13)),
    ]
    assert log(tx)[-2:] == [
        ("absence_withdrawn", nip("1002"), "SPT/1: DL in 2026-01-14..2026-01-14"),
        (
            "absence_changed",
            nip("1003"),
            "SPT/1: DL day 2026-01-13..2026-01-15 Teluk Jauh memasang kios -> "
            "DL day 2026-01-13..2026-01-14 Teluk Jauh memasang kios",
        ),
    ]
    gone = [entry.nip for entry in absences.of_document(tx, "SPT/1") if entry.withdrawn]
    assert gone == [nip("1002")], "it stays visible as withdrawn"
    assert take(tx, FIRST)[0].changed == ("SPT/1",)
    assert len(absences.of_people(tx, [nip("1002")], *MONTH)) == 1


def test_a_withdrawn_document_no_longer_counts_and_stays_in_the_list(tx):
    take(tx, FIRST)
    assert absences.withdraw(tx, "SPT/1", [nip("1003")], "dewi", NOW) == 1
    assert absences.withdraw(tx, "SPT/1", [nip("1003")], "dewi", NOW) == 0
    assert absences.of_people(tx, [nip("1003")], *MONTH) == {}
    [listed] = absences.listed(tx, [nip("1003")], *MONTH)
    assert listed.withdrawn_by == "dewi"


def test_strangers_and_days_taken_twice_are_warned_of_with_their_lines(tx):
    take(tx, FIRST)
    text = HEADS + (
        f"CT/1,{nip('1003')},CT,,2026-01-15,2026-02-15,,\n"
        f"CT/2,{nip('9999')},CT,,2026-01-15,2030-02-15,,\n"
        f"SPT/2,{nip('1003')},DL,pulang,2026-01-13,,,\n"
    )
    _, odd = take(tx, text)
    assert {(bad.where, bad.code) for bad in odd} == {
        (2, "absence_overlap"),
        (3, "absence_stranger"),
    }


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ("X,{nip},XX,,2026-01-13,,,", "absence_code"),
        ("X,{nip},CT,masuk,2026-01-13,,,", "absence_part"),
        ("X,{nip},DL,siang,2026-01-13,,,", "absence_scope"),
        ("X,{nip},DL,,2026-01-13,2026-01-12,,", "days_backwards"),
        ("X,{nip},DL,,0026-01-13,,,", "absence_years"),
        ("X,{nip},DL,,13/01/2026,,,", "not_a_day"),
        ("X,{nip},DL,,,,,", "cell_empty"),
        (",{nip},DL,,2026-01-13,,,", "cell_empty"),
        ("X,{nip},DL,,2025-12-31,,,", "no_rules_on"),
        ("X,1.9E+17,DL,,2026-01-13,,,", "nip_rounded"),
        ("X,000000000000000000,DL,,2026-01-13,,,", "sample_row"),
    ],
)
def test_what_cannot_be_is_refused_with_its_line(tx, cells, code):
    with pytest.raises(BadFile) as bad:
        take(tx, HEADS + cells.format(nip=nip("1003")) + "\n")
    assert (bad.value.code, bad.value.where) == (code, 2)
    assert book(tx) == []


def test_a_letter_into_the_days_of_a_decree_without_its_code_is_warned_of(tx):
    later = RULES.replace('"contoh"', '"baru"').replace("= 2026-01-01", "= 2026-01-16")
    without = later.replace('[leave.CT]\nscope = "day"\ncut = "0"\n', "")
    take(tx, HEADS + f"CT/1,{nip('1003')},CT,,2026-01-15,2026-01-17,,\n")
    rules = rulings.store_rules(tx, without, "baru.toml", 0, "uji")
    [asked] = ruling_files.unknown_letters(tx, rules)
    assert asked.values == {"name": "CT", "document": "CT/1"}
    _, odd = take(tx, HEADS + f"CT/2,{nip('1002')},CT,,2026-01-15,2026-01-17,,\n")
    assert [(one.where, one.code, str(one.values["day"])) for one in odd] == [
        (2, "absence_code_left", "2026-01-16")
    ]
    assert take(tx, HEADS + f"CT/3,{nip('1001')},CT,,2026-01-15,,,\n")[1] == []


def test_an_office_touches_neither_strangers_nor_another_offices_documents(tx):
    take(tx, FIRST)
    [mine] = [one for _, one in absences.read(HEADS + f"A,{nip('1003')},DL,,2026-01-13,,,", "a")]
    taken = absences.read(HEADS + f"SPT/1,{nip('2002')},DL,,2026-01-13,,,", "a")[0][1]
    assert absences.outside(tx, [mine], {"1.01"}) == []
    assert absences.outside(tx, [mine], {"1.02"}) == [nip("1003")]
    assert absences.outside(tx, [taken], {"1.02"}) == [nip("1002"), nip("1003")]
    assert absences.outside(tx, [taken], None) == []


def test_an_office_has_no_say_about_people_on_days_after_they_left(tx):
    its = schema.person.c
    tx.execute(schema.person.update().where(its.nip == nip("1003")).values(valid_to="2026-01-10"))
    late, last = (
        absences.read(HEADS + f"A,{nip('1003')},DL,,{day},,,", "a")[0][1]
        for day in ("2026-01-11", "2026-01-10")
    )
    assert absences.outside(tx, [late], {"1.01"}) == [nip("1003")]
    assert absences.outside(tx, [last], {"1.01"}) == []


@pytest.mark.parametrize(
    ("name", "body", "code"),
    [
        ("a.pdf", b"", "attachment_empty"),
        ("a.pdf", PDF[:12], "attachment_cut"),
        ("a.pdf", b"<script>alert(1)</script>", "attachment_kind"),
        ("a.html", b"GIF89a;", "attachment_kind"),
        ("a.pdf", PDF + b" " * (attachments.MOST_BYTES - len(PDF) + 1), "attachment_large"),
    ],
)
def test_evidence_is_what_its_bytes_say_whole_and_small(tx, name, body, code):
    with pytest.raises(BadFile) as bad:
        attachments.store(tx, name, body, "dewi", NOW)
    assert bad.value.code == code


def test_evidence_is_kept_once_under_a_clean_name(tx):
    digest = attachments.store(tx, '..\\..\\etc/"su rat"\r\nX: 1.exe', PDF, "dewi", NOW)
    assert attachments.store(tx, "lain.pdf", PDF, "sari", NOW) == digest
    assert attachments.clean("C:\\Users\\sari\\surat tugas.pdf", ".pdf") == "surat-tugas.pdf"
    kept = attachments.load(tx, digest)
    assert (kept.name, kept.kind, kept.body) == ("su-rat-X-1.pdf", "application/pdf", PDF)
    assert attachments.load(tx, "0" * 64) is None


def test_many_letters_take_no_more_statements_than_a_few(database):
    """Whoever takes batches waits for the import."""
    counts = []
    for many in (3, 30):
        rows = "".join(f"SPT/{many}-{no},{nip('1003')},DL,,2026-02-02,,,\n" for no in range(many))
        seen = []
        with database.writing() as tx:
            inner = tx.begin_nested()
            event.listen(tx, "before_cursor_execute", lambda *told, seen=seen: seen.append(told[2]))
            take(tx, HEADS + rows)
            assert len(log(tx)) == many
            inner.rollback()
        counts.append(len(seen))
    assert counts[0] == counts[1]
