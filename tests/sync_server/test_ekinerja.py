"""E-kinerja: who writes, who verifies, until when, and what a month of it is worth."""

import tempfile
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import event, insert

from sync_server import ekinerja, office_log, posts, regulations, roster, rulings, schema, tables
from sync_server.database import Database
from sync_server.ekinerja import diary, earning, inbox, listing, totals
from sync_server.ekinerja.activity import Entry, last_day
from sync_server.errors import BadFile
from sync_server.folded import fold
from sync_server.pairing import Absence, PersonDay, pair
from sync_server.posts import Office, Post
from sync_server.roles import Viewer
from sync_server.shifts import Window
from sync_server.tukin import reading
from tests.ledgers import laid

HEAD, CHIEF, WORKER, PLT, REGION_HEAD = (
    f"00000000000000{one}" for one in ("1001", "1002", "1003", "1005", "0001")
)
ALWAYS = (date.min, date.max)
RULES = regulations.text("rules-40-60")
OFFICES = (
    Office("1", "Kabupaten", "", head=REGION_HEAD),
    Office("1.01", "Dinas", "1", head=HEAD),
    Office("1.01.1", "Bidang", "1.01"),
)
PEOPLE = ((HEAD, "1.01"), (CHIEF, "1.01"), (WORKER, "1.01.1"), (PLT, "1.01"), (REGION_HEAD, "1"))


def at(day: date) -> float:
    return datetime(day.year, day.month, day.day, 3, tzinfo=UTC).timestamp()


def person(nip, role="pegawai"):
    return Viewer(f"akun-{nip}", nip, role, "1.01")


def post(nip, superior="", *, first=date.min, last=date.max):
    return Post(nip, "", "", "", 1, superior, "", False, first, last)


def fill(tx, rules=RULES):
    lines = [f"{nip},Orang {nip},{opd},WIB,{nip}" for nip, opd in PEOPLE]
    text = "nip,nama,opd,zona,pin\n" + "\n".join(lines)
    roster.store_people(tx, tables.read(roster.PEOPLE, text, "p.csv"))
    posts.store_offices(tx, OFFICES)
    posts.store_posts(tx, [post(WORKER, CHIEF), post(CHIEF), post(HEAD)])
    rulings.store_ruling(tx, "rules", "r", rules, 0)
    rulings.store_ruling(tx, "shifts", "shifts", regulations.text("shifts.toml"), 0)
    rulings.store_ruling(tx, "calendar", "2026", regulations.text("calendar-2026.toml"), 0)


def ruled(**keys):
    """The shipped 40/60 rules with other words about e-kinerja."""
    table = {"minutes_per_point": 1, "day_cap_minutes": 0, "entry_workdays": 0} | keys
    lines = "\n".join(f"{key} = {value}" for key, value in table.items() if "." not in key)
    base = RULES.partition("[ekinerja]")[0].partition("[productivity]")[0]
    return (
        f"{base}\n[ekinerja]\n{lines}\n[productivity]\n"
        'kind = "step"\nunit = "points"\nsteps = [{from=0,pays="0"},{from=300,pays="60"}]\n'
    )


@pytest.fixture(scope="module")
def ledger(tmp_path_factory):
    database = Database(laid(tmp_path_factory.mktemp("e") / "ledger.db"))
    yield database
    database.close()


class Undone(Exception):
    """The end of a test: what it wrote is not kept."""


@contextmanager
def undone(database):
    """A transaction that leaves nothing behind."""
    with suppress(Undone), database.writing() as tx:
        yield tx
        raise Undone


@pytest.fixture
def tx(ledger):
    with undone(ledger) as tx:
        fill(tx)
        yield tx


@pytest.fixture
def bare(ledger):
    """Without anybody and any rule."""
    with undone(ledger) as tx:
        yield tx


MON, FRI, SAT = date(2026, 1, 12), date(2026, 1, 16), date(2026, 1, 17)  # the Friday is a holiday


def deed(day=MON, minutes=120, title="Menyusun laporan", **more):
    return Entry(day, title, "Laporan", "1 dokumen", minutes, **more)


def refused(code, do, *arguments):
    with pytest.raises(BadFile) as caught:
        do(*arguments)
    assert caught.value.code == code


# The ladder


def test_a_superior_is_the_one_that_the_post_names_else_the_head_of_the_office(tx):
    assert posts.superior_of(tx, WORKER, MON) == CHIEF
    assert posts.superior_of(tx, CHIEF, MON) == HEAD
    assert posts.superior_of(tx, PLT, MON) == HEAD


def test_a_heads_superior_is_the_head_of_the_office_above(tx):
    assert posts.superior_of(tx, HEAD, MON) == REGION_HEAD
    assert posts.superior_of(tx, REGION_HEAD, MON) == ""


def test_juniors_are_exactly_those_whose_superior_somebody_is(tx):
    every = {nip for nip, _ in PEOPLE}
    for boss in every:
        expected = {nip for nip in every if posts.superior_of(tx, nip, MON) == boss}
        assert posts.juniors(tx, boss, MON) == expected


def test_a_tree_holds_an_office_and_all_below_it(tx):
    assert posts.tree(tx, "1.01") == {"1.01", "1.01.1"}
    assert posts.tree(tx, "9") == {"9"}


# Writing and verifying


def test_what_is_submitted_waits_for_the_superior_and_becomes_points_once_verified(tx):
    no = diary.write(tx, deed(), person(WORKER), at(MON))
    diary.submit(tx, [no], person(WORKER), at(MON))
    assert [one.activity.no for one in inbox.waiting(tx, CHIEF, at(MON))] == [no]
    assert inbox.waiting(tx, HEAD, at(MON)) == []
    assert inbox.verify(tx, [no], person(CHIEF, "atasan"), at(MON)) == 1
    assert inbox.waiting(tx, CHIEF, at(MON)) == []
    assert diary.get(tx, no).state == "verified"
    did = [line.did for line in office_log.lines(tx, office_log.Filter(whom=WORKER))]
    assert did == ["activity_verified", "activity_submitted", "activity_written"]


def test_nobody_verifies_his_own_nor_a_strangers(tx):
    no = diary.write(tx, deed(), person(WORKER), at(MON))
    diary.submit(tx, [no], person(WORKER), at(MON))
    for who in (WORKER, PLT, HEAD, REGION_HEAD, ""):
        refused("activity_not_yours", inbox.verify, tx, [no], person(who, "atasan"), at(MON))
    own = diary.write(tx, deed(), person(REGION_HEAD), at(MON))
    diary.submit(tx, [own], person(REGION_HEAD), at(MON))
    refused("activity_not_yours", inbox.verify, tx, [own], person(REGION_HEAD), at(MON))


def test_what_is_returned_tells_why_can_be_changed_and_is_sent_again(tx):
    author, chief = person(WORKER), person(CHIEF, "atasan")
    no = diary.write(tx, deed(), author, at(MON))
    diary.submit(tx, [no], author, at(MON))
    refused("return_needs_note", inbox.send_back, tx, no, chief, at(MON), " ")
    inbox.send_back(tx, no, chief, at(MON), "hasilnya mana?")
    found = diary.get(tx, no)
    assert (found.state, found.note) == ("returned", "hasilnya mana?")
    diary.change(tx, no, deed(minutes=90), author, at(MON))
    diary.submit(tx, [no], author, at(MON))
    inbox.verify(tx, [no], chief, at(MON))
    refused("activity_closed", diary.change, tx, no, deed(), author, at(MON))
    refused("activity_closed", diary.remove, tx, no, author, at(MON))
    refused("activity_unknown", diary.change, tx, no, deed(), person(PLT), at(MON))


def test_two_superiors_at_once_decide_an_activity_only_once(tx):
    no = diary.write(tx, deed(), person(WORKER), at(MON))
    diary.submit(tx, [no], person(WORKER), at(MON))
    seen = diary.get(tx, no)
    verdict = {"state": "verified", "verifier": "a", "decided": 1, "note": ""}
    assert diary.decide(tx, seen, verdict)
    assert not diary.decide(tx, seen, verdict | {"state": "returned"})


def test_an_acting_superior_takes_over_what_waits(tx):
    no = diary.write(tx, deed(), person(WORKER), at(MON))
    diary.submit(tx, [no], person(WORKER), at(MON))
    acting = [post(WORKER, CHIEF, last=MON), post(WORKER, PLT, first=date(2026, 1, 13))]
    posts.store_posts(tx, acting)
    later = at(date(2026, 1, 14))
    assert [one.activity.no for one in inbox.waiting(tx, PLT, later)] == [no]
    assert inbox.verify(tx, [no], person(PLT, "atasan"), later) == 1


def test_windows_count_workdays_and_skip_holidays():
    assert last_day(date(2026, 1, 15), 1, {FRI}) == date(2026, 1, 19)
    assert last_day(SAT, 2, set()) == date(2026, 1, 20)
    assert last_day(MON, 0, set()) == date.max


def with_rules(tx, **keys):
    fill(tx, ruled(**keys))


def test_a_day_can_be_entered_until_its_days_are_over_and_never_ahead(bare):
    tx = bare
    with_rules(tx, entry_workdays=2)
    author = person(WORKER)
    diary.write(tx, deed(date(2026, 1, 15)), author, at(date(2026, 1, 20)))
    late = at(date(2026, 1, 21))
    refused("activity_late", diary.write, tx, deed(date(2026, 1, 15)), author, late)
    refused("activity_ahead", diary.write, tx, deed(date(2026, 1, 22)), author, late)
    draft = diary.month(tx, WORKER, "2026-01")[0].no
    refused("activity_late", diary.submit, tx, [draft], author, late)


def test_what_comes_back_late_can_still_be_mended(bare):
    tx = bare
    with_rules(tx, entry_workdays=2)
    author = person(WORKER)
    no = diary.write(tx, deed(), author, at(MON))
    diary.submit(tx, [no], author, at(MON))
    inbox.send_back(tx, no, person(CHIEF, "atasan"), at(date(2026, 1, 26)), "lengkapi")
    diary.submit(tx, [no], author, at(date(2026, 1, 28)))
    assert diary.get(tx, no).state == "submitted"


def test_what_nobody_verified_in_time_is_overdue_for_the_heads_and_never_lost(bare):
    tx = bare
    with_rules(tx, verify_workdays=3)
    no = diary.write(tx, deed(), person(WORKER), at(MON))
    diary.submit(tx, [no], person(WORKER), at(MON))
    in_time, late = at(date(2026, 1, 15)), at(date(2026, 1, 19))
    assert inbox.waiting(tx, HEAD, in_time) == []
    [overdue] = inbox.waiting(tx, HEAD, late)
    assert overdue.overdue
    assert overdue.until == date(2026, 1, 15)
    assert [one.overdue for one in inbox.everything(tx, {"1.01.1"}, late)] == [True]
    assert inbox.everything(tx, {"9"}, late) == []
    assert inbox.verify(tx, [no], person(HEAD, "kepala"), late) == 1


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (deed(title=" "), "activity_empty"),
        (deed(title="x" * 301), "activity_long"),
        (deed(minutes=0), "activity_minutes"),
        (deed(minutes=1441), "activity_minutes"),
        (deed(evidence="javascript:alert(1)"), "activity_link"),
        (deed(evidence="https://"), "activity_link"),
        (deed(evidence="http://[bad"), "activity_link"),
    ],
)
def test_what_is_no_activity_is_refused_by_its_field(tx, entry, code):
    refused(code, diary.write, tx, entry, person(WORKER), at(MON))


def test_yesterdays_activities_are_copied_as_drafts_without_their_evidence(tx):
    author = person(WORKER)
    refused("nothing_to_copy", diary.copy, tx, MON, author, at(MON))
    diary.write(tx, deed(date(2026, 1, 8), evidence="https://a.example/1"), author, at(MON))
    diary.write(
        tx, deed(date(2026, 1, 9), title="Rapat", evidence="https://a.example/2"), author, at(MON)
    )
    assert diary.copy(tx, MON, author, at(MON)) == 1
    copied = diary.month(tx, WORKER, "2026-01")[-1]
    assert (copied.entry, copied.state) == (deed(title="Rapat"), "draft")


# Points


def verified(tx, *minutes, day=MON):
    for one in minutes:
        no = diary.write(tx, deed(day, one), person(WORKER), at(MON))
        diary.submit(tx, [no], person(WORKER), at(MON))
        inbox.verify(tx, [no], person(CHIEF, "atasan"), at(MON))


def earned(tx):
    return ekinerja.earned(tx, WORKER, "2026-01", rulings.in_force(tx, MON))


def test_verified_minutes_become_points_up_to_the_days_cap_and_the_rules_step(bare):
    tx = bare
    with_rules(tx, day_cap_minutes=400)
    assert earned(tx) is None
    verified(tx, 250, 250)
    verified(tx, 40, day=date(2026, 1, 9))
    diary.write(tx, deed(minutes=999), person(WORKER), at(MON))  # a draft counts nothing
    assert earned(tx) == ekinerja.Earned(6000, "Hadir", 440, 0)
    counted = [
        (one.minutes, one.counted)
        for one in earning.counted(tx, WORKER, "2026-01", rulings.in_force(tx, MON))
    ]
    assert counted == [(40, 40), (500, 400)]


def test_leave_with_a_document_is_credited_as_the_rules_say(bare):
    tx = bare
    with_rules(tx, credit="{ CT = 360 }")
    day = date(2026, 1, 13)
    leave = PersonDay(
        nip=WORKER,
        opd="1.01",
        workdate=day,
        zone=420,
        shift="REG",
        window=Window(0, 1, 2, 3, 4),
        day_kind="workday",
        works_on_holidays=False,
        punches=(),
        complete=True,
        absences=(Absence("CT", "day"),),
    )
    its = {"opd": "1.01", "nip": WORKER, "status": "SAH", "body": fold(pair(leave))}
    tx.execute(insert(schema.day).values(**its, workdate=day.isoformat()))
    assert earned(tx) == ekinerja.Earned(6000, "Hadir", 360, 0)


def test_an_imported_month_counts_in_the_place_of_activities_with_its_source(bare):
    tx = bare
    with_rules(tx)
    verified(tx, 300)
    total = ekinerja.total("poin", "6.750", WORKER, "2026-01", "e-Kinerja lama")
    assert ekinerja.store_productivity(tx, [total], "bkpsdm", 500) == 1
    assert earned(tx) == ekinerja.Earned(6000, "e-Kinerja lama", 6750, 500)
    assert ekinerja.store_productivity(tx, [total], "bkpsdm", 900) == 0
    assert earned(tx).imported_at == 500
    lines = office_log.lines(tx, office_log.Filter(did="productivity_stored"))
    assert len(lines) == 1


def test_what_the_rules_cannot_read_earns_nothing_and_is_refused_at_the_import(tx):
    rules = reading.parse(ruled(), "r.toml")
    refused(
        "total_unread",
        totals.check,
        ekinerja.total("persen", "92", WORKER, "2026-01", "x"),
        [rules],
    )
    refused(
        "total_unread", totals.check, ekinerja.total("nilai", "A", WORKER, "2026-01", "x"), [rules]
    )
    totals.check(ekinerja.total("nilai", "A", WORKER, "2025-01", "x"), [rules])  # no rules yet


@pytest.mark.parametrize(
    ("kind", "value", "kept"),
    [
        ("persen", "92,5", "92.5"),
        ("persen", "92.50 %", "92.5"),
        ("percent", "100", "100"),
        ("poin", "6.750", "6750"),
        ("nilai", "Sangat baik", "Sangat baik"),
        ("persen", "100,01", None),
        ("persen", "-1", None),
        ("poin", "6,5", None),
        ("nilai", "", None),
    ],
)
def test_figures_are_read_as_people_write_them(kind, value, kept):
    if kept is None:
        refused("total_value", ekinerja.total, kind, value, WORKER, "2026-01", "x")
    else:
        assert ekinerja.total(kind, value, WORKER, "2026-01", "x").value == kept


def test_what_is_exported_is_imported_again_without_a_change(bare):
    tx = bare
    with_rules(tx)
    verified(tx, 300)
    other = ekinerja.total("poin", "12", CHIEF, "2026-01", "lain")
    ekinerja.store_productivity(tx, [other], "x", 1)
    text = ekinerja.written(listing.of_month(tx, "2026-01", None))
    assert text.splitlines() == [
        "nip,bulan,jenis,nilai,sumber", f"{CHIEF},2026-01,poin,12,lain",
        f"{WORKER},2026-01,poin,300,Hadir",
    ]  # fmt: skip
    before = earned(tx).bp
    form = totals.form(rulings.rulesets(tx))
    ekinerja.store_productivity(tx, tables.read(form, text, "x.csv"), "x", 2)
    assert earned(tx).bp == before
    assert ekinerja.written(listing.of_month(tx, "2026-01", {"1.01"})).count("\n") == 2


class Life(RuleBasedStateMachine):
    """Whatever people do in whatever order: nothing is lost, nobody decides twice, own hands only."""

    def __init__(self):
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.database = Database(laid(Path(self.folder.name) / "l.db"))
        self.open = self.database.writing()
        self.tx = self.open.__enter__()
        fill(self.tx)
        self.model = {}

    def do(self, allowed, act, *arguments):
        try:
            with self.tx.begin_nested():
                act(self.tx, *arguments)
        except BadFile:
            assert not allowed
            return False
        assert allowed
        return True

    @rule(minutes=st.integers(1, 500))
    def write(self, minutes):
        no = diary.write(self.tx, deed(minutes=minutes), person(WORKER), at(MON))
        self.model[no] = ["draft", minutes]

    @precondition(lambda self: self.model)
    @rule(data=st.data(), who=st.sampled_from([WORKER, CHIEF, HEAD, PLT]),
          act=st.sampled_from(["submit", "change", "remove", "verify", "return"]))  # fmt: skip
    def act(self, data, who, act):
        no = data.draw(st.sampled_from(sorted(self.model)))
        state, minutes = self.model[no]
        own, open_ = who == WORKER, state in ("draft", "returned")
        decides = who == CHIEF and state == "submitted"
        viewer, now = person(who, "atasan"), at(MON)
        if act == "submit" and self.do(own and open_, diary.submit, [no], viewer, now):
            self.model[no][0] = "submitted"
        if act == "change" and self.do(
            own and open_, diary.change, no, deed(minutes=minutes + 1), viewer, now
        ):
            self.model[no][1] += 1
        if act == "remove" and self.do(own and open_, diary.remove, no, viewer, now):
            del self.model[no]
        if act == "verify" and self.do(decides, inbox.verify, [no], viewer, now):
            self.model[no][0] = "verified"
        if act == "return" and self.do(decides, inbox.send_back, no, viewer, now, "lagi"):
            self.model[no][0] = "returned"

    @invariant()
    def all_is_as_it_was_done(self):
        own = diary.month(self.tx, WORKER, "2026-01")
        kept = {one.no: [one.state, one.entry.minutes] for one in own}
        waits = {one.activity.no for one in inbox.waiting(self.tx, CHIEF, at(MON))}
        assert kept == self.model
        assert waits == {no for no, (state, _) in kept.items() if state == "submitted"}

    def teardown(self):
        self.open.__exit__(None, None, None)
        self.database.close()
        self.folder.cleanup()


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=12, stateful_step_count=15, deadline=None)


def test_nothing_waits_for_whoever_has_nobody(tx):
    """And the database is not asked for what waits for others."""
    seen = []
    event.listen(tx, "before_cursor_execute", lambda *told: seen.append(told[2]))
    assert list(diary.waiting(tx, frozenset())) == []
    assert seen == []
