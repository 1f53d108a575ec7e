"""Rule files in the centre: the newest of a name counts, and what contradicts is refused."""

import json
import re
from datetime import date

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from sync_server import calendar, regulations, roster, ruling_files, rulings, schema, shifts, tables
from sync_server.cli import main
from sync_server.database import Database
from sync_server.errors import BadFile
from sync_server.tukin import case_file, cases, reading
from sync_server.wording import complaint
from tests.ledgers import laid

PLAIN = regulations.text("rules-40-60")
ID = "contoh-pola-061-5449"
NEXT = PLAIN.replace(f'"{ID}"', '"baru"').replace("= 2026-01-01", "= 2026-02-01")

FILES = cases.Files(
    [reading.parse(regulations.text(name), name) for name in regulations.names()],
    shifts.parse(regulations.text("shifts.toml")),
    calendar.parse(regulations.text("calendar-2026.toml")),
)


@pytest.fixture
def tx(tmp_path):
    database = Database(laid(tmp_path / "ledger.db"))
    with database.writing() as tx:
        yield tx
    database.close()


def notes(tx):
    its = schema.access.c
    return [tuple(row) for row in tx.execute(select(its.who, its.did, its.detail).order_by(its.no))]


def test_the_rule_set_in_force_follows_the_work_date_and_every_change_is_on_record(tx):
    assert rulings.in_force(tx, date(2026, 1, 5)) is None
    rulings.store_rules(tx, PLAIN, "a.toml", 1_000, "sari")
    rulings.store_rules(tx, NEXT, "b.toml", 1_001, "sari")
    assert rulings.in_force(tx, date(2026, 1, 31)).id == ID
    assert rulings.in_force(tx, date(2026, 2, 1)).id == "baru"
    dearer = PLAIN.replace('cut = "0.5"', 'cut = "0.75"', 1)
    rulings.store_rules(tx, dearer, "a.toml", 1_002, "budi")
    assert rulings.in_force(tx, date(2026, 1, 31)).deduct.cuts["TL1"].at(1) == 75
    assert [one.id for one in rulings.rulesets(tx)] == [ID, "baru"]
    assert rulings.revoke_rules(tx, "baru", 1_003, "budi")
    assert not rulings.revoke_rules(tx, "baru", 1_004, "budi")
    assert rulings.in_force(tx, date(2026, 2, 1)).id == ID
    assert [(who, did) for who, did, _ in notes(tx)] == [
        ("sari", "rules_stored"), ("sari", "rules_stored"), ("budi", "rules_stored"),
        ("budi", "rules_revoked"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (PLAIN.replace(f'"{ID}"', '"lain"'), "two_in_force"),
        (NEXT.replace('region    = "00.00"', 'region = "11.01"'), "other_region"),
        (NEXT.replace('productivity = "60"', 'productivity = "59"'), "weights_not_100"),
    ],
)
def test_a_file_that_contradicts_what_is_in_force_changes_nothing(tx, text, code):
    rulings.store_rules(tx, PLAIN, "a.toml", 1_000, "sari")
    with pytest.raises(BadFile) as caught:
        rulings.store_rules(tx, text, "b.toml", 1_001, "sari")
    assert caught.value.code == code
    assert [one.id for one in rulings.rulesets(tx)] == [ID]


def test_days_are_measured_anew_where_a_decree_measures_otherwise(tx):
    person = "nip,nama,opd,zona,pin\n1,Sari,1.01,WIB,17\n"
    roster.store_people(tx, tables.read(roster.PEOPLE, person, "pegawai.csv"))
    fact = {"opd": "1.01", "nip": "1", "workdate": "2026-01-30", "status": "TK", "body": b""}
    tx.execute(schema.day.insert().values(fact))
    marked, february = select(schema.dirty.c.workdate), 1_769_950_000  # the first, in WIB
    tx.execute(schema.dirty.delete())
    rulings.store_rules(tx, PLAIN, "a.toml", february, "sari")
    assert tx.execute(marked).all() == [], "it is measured as facts are without a decree"
    strict = NEXT.replace('seconds      = "floor"', 'seconds = "ceil"')
    rulings.store_rules(tx, strict, "b.toml", february, "sari")
    assert tx.execute(marked).scalars().all() == ["2026-02-01"]
    tx.execute(schema.dirty.delete())
    assert rulings.revoke_rules(tx, "baru", february, "sari")
    assert tx.execute(marked).scalars().all() == ["2026-02-01"]


def test_the_dates_between_an_old_and_a_new_begin_are_made_anew_too(tx):
    person = "nip,nama,opd,zona,pin\n1,Sari,1.01,WIB,17\n"
    roster.store_people(tx, tables.read(roster.PEOPLE, person, "pegawai.csv"))
    fact = {"opd": "1.01", "nip": "1", "workdate": "2026-01-28", "status": "TK", "body": b""}
    tx.execute(schema.day.insert().values(fact))
    february = 1_769_950_000

    def marked(change, *values):
        tx.execute(schema.dirty.delete())
        change(tx, *values, february, "sari")
        its = schema.dirty.c.workdate
        return [day[5:] for day in tx.execute(select(its).order_by(its)).scalars()]

    strict = PLAIN.replace('seconds      = "floor"', 'seconds = "ceil"')
    every = ["01-28", "01-29", "01-30", "01-31", "02-01"]
    assert marked(rulings.store_rules, strict, "a.toml") == every
    later = strict.replace("2026-01-01", "2026-01-30")
    assert marked(rulings.store_rules, later, "a.toml") == ["01-28", "01-29"]
    assert marked(rulings.store_rules, NEXT, "b.toml") == ["02-01"]
    assert marked(rulings.revoke_rules, "baru") == ["02-01"], "what was before it is strict"


def test_a_shift_file_without_a_code_that_somebody_works_is_refused(tx):
    turn = "nip,shift\n000000000000001003,RS_MALAM\n"
    roster.store_rota(tx, tables.read(roster.turns(("RS_MALAM",)), turn, "giliran.csv"))
    text = regulations.text("shifts.toml")
    assert ruling_files.read(tx, text, "shifts.toml").kind == "shifts"
    with pytest.raises(BadFile) as caught:
        ruling_files.read(tx, text.replace("RS_MALAM", "RS_LAIN"), "shifts.toml")
    told = caught.value
    assert (told.code, told.values["shift"]) == ("shift_in_use", "RS_MALAM")
    assert told.values["by"] == "000000000000001003"


def test_a_draft_of_another_region_may_lie_there(tx):
    rulings.store_rules(tx, PLAIN, "a.toml", 1_000, "sari")
    draft = NEXT.replace('status    = "active"', 'status = "draft"').replace("00.00", "11.01")
    rulings.store_rules(tx, draft, "b.toml", 1_001, "sari")
    assert rulings.in_force(tx, date(2026, 3, 1)).id == ID


@pytest.fixture
def typed(tmp_path):
    """Types a command at a centre of its own; returns exit code, stdout and stderr."""
    config = tmp_path / "server.toml"
    config.write_text(f'state = "{tmp_path}"\n')

    def run(*words, lang="id"):
        done = CliRunner().invoke(main, ["--config", str(config), "--lang", lang, *map(str, words)])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.stdout, done.stderr

    return run


def test_a_shipped_rule_set_is_checked_imported_listed_and_revoked(typed):
    code, out, err = typed("rules", "check", "rules-40-60", "rules-ttu-2023")
    assert (code, out) == (0, "")
    assert "CONTOH Perbup 1/2026" in err
    assert "Benar?" in err
    assert typed("rules", "import", "rules-40-60")[0] == 0
    listed = json.loads(typed("rules", "list", "--json")[1])
    assert [one["id"] for one in listed["imported"]] == [ID]
    assert listed["shipped"].keys() == set(regulations.names())
    code, _, err = typed("rules", "import", "rules-ttu-2023")
    assert code == 2
    assert f"sync-server rules revoke {ID}" in err
    assert typed("rules", "revoke", ID)[0] == 0
    assert typed("rules", "revoke", ID)[0] == 2
    assert typed("rules", "import", "rules-ttu-2023")[0] == 0
    assert "ttu-snapshot-2023-11" in typed("rules", "list")[1]


def test_a_mistyped_name_is_answered_with_the_names_there_are(typed):
    code, _, err = typed("rules", "import", "rules-4060")
    assert code == 2
    assert "rules-40-60" in err


@pytest.fixture
def shipped(tmp_path):
    """The shipped files, written out as a region has its own."""
    for name in ("cases.json", "shifts.toml", "calendar-2026.toml"):
        (tmp_path / name).write_text(regulations.text(name))
    words = ["--shifts", tmp_path / "shifts.toml", "--calendar", tmp_path / "calendar-2026.toml"]
    for name in regulations.names():
        (tmp_path / f"{name}.toml").write_text(regulations.text(name))
        words += ["--rules", tmp_path / f"{name}.toml"]
    return tmp_path / "cases.json", words


def test_a_region_proves_its_decree_with_worked_cases(typed, shipped):
    file, words = shipped
    code, out, _ = typed("rules", "cases", file, *words, "--json")
    told = json.loads(out)
    assert (code, told["good"]) == (0, told["all"])
    m1 = next(one for one in told["cases"] if one["id"] == "M1")
    assert m1["got"] == m1["expected"]
    assert m1["got"]["gross"] == 2_772_000
    file.write_text(file.read_text().replace('"gross": 2772000', '"gross": 2772001'))
    code, out, err = typed("rules", "cases", file, *words)
    assert code == 1
    assert [line[:12] for line in out.splitlines() if "BERBEDA" in line] == ["M1  BERBEDA "]
    assert f"{told['all'] - 1} dari {told['all']}" in err


def judged(text):
    return [cases.judge(case, FILES) for case in case_file.parse(text)]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"shift": "REG"', '"shfit": "REG"', "C01.*shfit|C01.*shift"),
        ('"ruleset": "pmk-221-2021"', '"ruleset": "pmk"', "C35.*pmk"),
        ('"in": "07:40"', '"in": "7.40"', "M1.*7.40"),
        ('"workdays": 20', '"hari": 20', "M1.*hari"),
        ('"ekinerja": "B"', '"ekinerja": "Q"', "N1.*Q"),
        ('"month": "2026-01"', '"month": "2026-13"', "M1.*2026-13"),
        ('"tz": "Asia/Jakarta"', '"tz": "Asia/Tokyo"', "C01.*Tokyo"),
        ('"shift": "REG"', '"shift": "REGU"', "C01.*REGU"),
        ("[\n", "[[\n", "\\[0\\]|JSON"),
        ('"date": "2026-01-13"', '"date": "2027-01-13"', "2027"),
    ],
)
def test_a_case_that_cannot_be_read_is_named(old, new, said):
    text = regulations.text("cases.json")
    assert old in text
    with pytest.raises(BadFile) as caught:
        judged(text.replace(old, new, 1))
    bad = caught.value
    for lang in ("id", "en"):
        assert re.search(said, complaint(lang, bad.file, bad.where, bad.code, bad.values))


def test_a_proposed_calendar_waits_for_its_decree(typed, tmp_path):
    code, out, err = typed("calendar", "propose", 2026)
    assert code == 0
    assert "2026-03-19" in out
    assert "decree" in err
    proposal = tmp_path / "2026.toml"
    proposal.write_text(out)
    code, _, err = typed("calendar", "check", proposal)
    assert code == 2
    assert "meta.decree" in err
    proposal.write_text(out.replace('decree = ""', 'decree = "SKB 2026"'))
    assert typed("calendar", "check", proposal)[0] == 0
    proposed = calendar.parse(proposal.read_text())
    held = calendar.parse(regulations.text("calendar-2026.toml"))
    assert (proposed.holidays, proposed.joint_leave) == (held.holidays, held.joint_leave)
