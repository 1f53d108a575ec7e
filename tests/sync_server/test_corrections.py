"""Corrections: who may ask, until when, how often, who decides, and what follows for the facts."""

from contextlib import contextmanager
from datetime import date, timedelta
from typing import ClassVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import event, insert, select

from sync_server import corrections, decisions, roster, rulings, schema
from sync_server.corrections import asking, deciding, outages, record, tally
from sync_server.corrections.asking import Ask
from sync_server.database import Database
from sync_server.errors import BadFile
from tests.ledgers import laid
from tests.sync_server.asked_office import PEOPLE, RULES, WHO, at, furnish, nip

TUESDAY = date(2026, 1, 13)  # Friday the 16th is a holiday
POINTS = ("in", "mid", "out")


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    database = Database(laid(tmp_path_factory.mktemp("asked") / "ledger.db"))
    with database.writing() as tx:
        furnish(tx)
    yield database
    database.close()


@contextmanager
def undone(database):
    """A transaction of which nothing stays."""
    with database.writing() as tx:
        inner = tx.begin_nested()
        yield tx
        inner.rollback()


@pytest.fixture
def tx(database):
    with undone(database) as tx:
        yield tx


def lupa(pin="1003", day=TUESDAY, points=("out",), **more):
    return Ask(kind="LUPA", nip=nip(pin), workdate=day, points=points, reason="lupa", **more)


def sent(tx, ask, who="wayan", now=None):
    now = now or at(ask.workdate + timedelta(days=1), 9)
    no = asking.draft(tx, ask, WHO[who], now)
    asking.submit(tx, no, WHO[who], now)
    return no


def refused(code, act, *values, **named):
    with pytest.raises(BadFile) as bad:
        act(*values, **named)
    assert bad.value.code == code


class Deciding(RuleBasedStateMachine):
    """Anybody tries anything; what people were told is compared with what stands."""

    database: Database
    reached: ClassVar[set] = set()

    def __init__(self):
        super().__init__()
        self.held = undone(self.database)
        self.tx = self.held.__enter__()
        self.now = at(TUESDAY + timedelta(days=1), 9)
        self.asked = {}

    def teardown(self):
        self.held.__exit__(None, None, None)

    def attempt(self, act, *values):
        try:
            with self.tx.begin_nested():
                return act(self.tx, *values)
        except BadFile:
            return None

    people = st.sampled_from(sorted(WHO))
    numbers = st.integers(0, 5)

    @rule(
        who=people,
        pin=st.sampled_from([pin for pin, *_ in PEOPLE]),
        points=st.lists(st.sampled_from(POINTS), min_size=1, unique=True),
    )
    def ask(self, who, pin, points):
        ask = lupa(pin, points=points)
        if no := self.attempt(asking.draft, ask, WHO[who], self.now):
            self.asked[no] = (who, ask.nip, set(points))
            assert nip(pin) == WHO[who].nip or WHO[who].role in ("admin_opd", "bkpsdm")

    def chosen(self, number):
        return sorted(self.asked)[number % len(self.asked)] if self.asked else 0

    @rule(who=st.sampled_from(["wayan", "dewi", "bkpsdm"]), point=st.sampled_from(POINTS))
    def ask_and_submit(self, who, point):
        pin = {"wayan": "1003", "dewi": "1002", "bkpsdm": "1001"}[who]
        before = set(self.asked)
        self.ask(who, pin, [point])
        for no in set(self.asked) - before:
            self.attempt(asking.submit, no, WHO[who], self.now)

    @rule(who=people, number=numbers)
    def submit(self, who, number):
        self.attempt(asking.submit, self.chosen(number), WHO[who], self.now)

    @rule(who=people, number=numbers)
    def approve(self, who, number):
        self.attempt(deciding.approve, self.chosen(number), WHO[who], self.now, "")

    @rule(who=st.permutations(["budi", "sari", "dewi-too", "bkpsdm"]), number=numbers)
    def approve_what_waits(self, who, number):
        waiting = corrections.waiting(self.tx, "1.01", "2026-01")
        for one in who if waiting else ():
            no = waiting[number % len(waiting)].no
            self.attempt(deciding.approve, no, WHO[one], self.now, "")
            self.attempt(deciding.approve, no, WHO[one], self.now, "")

    @rule(who=people, number=numbers)
    def reject(self, who, number):
        self.attempt(deciding.reject, self.chosen(number), WHO[who], self.now, "bukan")

    @rule(who=people, number=numbers, asker=st.booleans())
    def withdraw(self, who, number, asker):
        no = self.chosen(number)
        who = self.asked[no][0] if asker and no else who
        if self.attempt(asking.withdraw, no, WHO[who], self.now) is not None:
            assert self.asked[no][0] == who

    @invariant()
    def nobody_alone_approves_and_only_what_was_asked_is_excused(self):
        excused = {}
        for no, (asker, whose, points) in self.asked.items():
            one = corrections.get(self.tx, no)
            acts = [act for act in decisions.of(self.tx, "correction", str(no))]
            given = [act for act in acts if act.verdict == "approve"]
            assert len(given) == {"half": 1, "approved": 2}.get(one.state, len(given))
            people = {act.nip or act.who for act in given}
            assert len(people) == len(given), "one person said yes twice"
            assert not people & {whose, WHO[asker].nip, asker}
            assert {act.role for act in given} <= {"atasan", "kepala", "bkpsdm"}
            self.reached.add(one.state)
            if one.state == "approved":
                assert given[0].role != "bkpsdm" or whose in (nip("1001"), nip("2001"))
                excused.setdefault(whose, set()).update(points)
        found = {}
        for opd in ("1.01", "1.02"):
            found |= corrections.excuses(self.tx, opd, TUESDAY, TUESDAY)
        assert {key[0]: set(points) for key, points in found.items()} == excused
        assert corrections.excuses(self.tx, "1.01", date(2026, 1, 14), date(2026, 1, 30)) == {}


def test_nobody_reaches_approval_without_two_different_people_who_may(database):
    Deciding.database = database
    run_state_machine_as_test(
        Deciding, settings=settings(max_examples=12, stateful_step_count=15, deadline=None)
    )
    assert Deciding.reached >= {"half", "approved"}, "the search has to come that far"


def test_a_superior_then_the_head_approve_and_the_checkpoint_is_excused(tx):
    no = sent(tx, lupa())
    assert [one.no for one in deciding.for_viewer(tx, WHO["budi"])] == [no]
    now = at(date(2026, 1, 15), 9)
    assert deciding.approve(tx, no, WHO["budi"], now) == "half"
    refused("correction_twice", deciding.approve, tx, no, WHO["budi"], now)
    assert corrections.excuses(tx, "1.01", TUESDAY, TUESDAY) == {}
    assert [one.no for one in corrections.waiting(tx, "1.01", "2026-01")] == [no]
    assert deciding.approve(tx, no, WHO["sari"], now) == "approved"
    assert corrections.excuses(tx, "1.01", TUESDAY, TUESDAY) == {(nip("1003"), TUESDAY): ("out",)}
    assert corrections.waiting(tx, "1.01", "2026-01") == []
    assert [one.no for one in corrections.of_day(tx, nip("1003"), TUESDAY)] == [no]
    its = schema.access.c
    log = tx.execute(select(its.did, its.who).where(its.did.like("correction%"))).all()
    assert [tuple(row) for row in log] == [
        ("correction_ask", "wayan"),
        ("correction_submit", "wayan"),
        ("correction_approve", "budi"),
        ("correction_approve", "sari"),
    ]


def test_an_own_correction_is_not_approved_under_a_second_account(tx):
    no = sent(tx, lupa())
    now = at(date(2026, 1, 15), 9)
    refused("correction_own", deciding.approve, tx, no, WHO["wayan-too"], now)
    no = sent(tx, lupa("1002", points=("in",)), "dewi")
    deciding.approve(tx, no, WHO["sari"], now)
    refused("correction_asker", deciding.approve, tx, no, WHO["dewi-too"], now)
    assert deciding.approve(tx, no, WHO["bkpsdm"], now) == "approved"


def test_two_heads_are_not_a_superior_and_a_head(tx):
    no, now = sent(tx, lupa()), at(date(2026, 1, 15), 9)
    deciding.approve(tx, no, WHO["sari"], now)
    refused("correction_not_second", deciding.approve, tx, no, WHO["sari-2"], now)
    refused("decision_unnamed", deciding.approve, tx, no, WHO["sari-too"], now)
    assert deciding.approve(tx, no, WHO["budi"], now) == "approved"


def test_whose_superior_is_the_head_needs_bkpsdm_second_and_bkpsdm_is_never_first(tx):
    no = sent(tx, lupa("1002"), "dewi")
    now = at(date(2026, 1, 15), 9)
    refused("correction_not_first", deciding.approve, tx, no, WHO["bkpsdm"], now)
    refused("correction_not_seat", deciding.reject, tx, no, WHO["tono"], now, "bukan")
    refused("correction_why", deciding.reject, tx, no, WHO["sari"], now, " ")
    deciding.approve(tx, no, WHO["sari"], now)
    assert deciding.reject(tx, no, WHO["bkpsdm"], now, "tidak ada bukti") == "rejected"
    refused("correction_state", deciding.approve, tx, no, WHO["bkpsdm-2"], now)


def test_a_head_without_a_superior_turns_to_two_people_of_bkpsdm(tx):
    no = sent(tx, lupa("1001"), "dewi")
    now = at(date(2026, 1, 15), 9)
    assert deciding.approve(tx, no, WHO["bkpsdm"], now) == "half"
    refused("correction_twice", deciding.approve, tx, no, WHO["bkpsdm"], now)
    assert deciding.approve(tx, no, WHO["bkpsdm-2"], now) == "approved"


def test_the_third_forgotten_checkpoint_of_a_month_is_refused(tx):
    sent(tx, lupa(day=date(2026, 1, 12)))
    sent(tx, lupa())
    refused("correction_quota", sent, tx, lupa(day=date(2026, 1, 14)))
    sent(tx, lupa(day=date(2026, 2, 3)))
    sent(tx, lupa("1004", points=("in", "out")), "dewi")
    refused("correction_quota", sent, tx, lupa("1004", day=date(2026, 1, 14)), "dewi")


def test_what_was_rejected_or_withdrawn_does_not_count_and_may_be_asked_again(tx):
    first = sent(tx, lupa())
    refused("correction_twice_asked", sent, tx, lupa(points=("in", "out")))
    asking.withdraw(tx, first, WHO["wayan"], at(TUESDAY, 20))
    second = sent(tx, lupa())
    deciding.reject(tx, second, WHO["budi"], at(date(2026, 1, 15), 9), "belum jelas")
    sent(tx, lupa())
    sent(tx, lupa(day=date(2026, 1, 14)))


@pytest.mark.parametrize(
    ("today", "code"),
    [
        (date(2026, 1, 19), ""),  # Wed, Thu, (holiday), (weekend), Mon
        (date(2026, 1, 20), "correction_late"),
        (date(2026, 1, 12), "correction_ahead"),
    ],
)
def test_three_workdays_skip_the_holiday_and_the_weekend(tx, today, code):
    if code:
        refused(code, sent, tx, lupa(), now=at(today, 9))
    else:
        assert sent(tx, lupa(), now=at(today, 23, 50))


def closed(tx, day, frozen=None, opd="1.01"):
    row = {"opd": opd, "month": "2026-01", "rev": 1, "digest": "", "body": b"", "state": "closed"}
    whole = row | {"facts": b"", "closed": at(day, 12), "closed_by": "sari"}
    tx.execute(insert(schema.closing).values(**whole, frozen=at(frozen, 12) if frozen else 0))


def test_masa_sanggah_ends_five_workdays_after_the_month_was_closed(tx):
    outage = {"opd": "1.01", "kind": "GANGGUAN", "reason": "padam", "document": "BA/1"}
    outage |= {"since": at(TUESDAY, 7), "until": at(TUESDAY, 9)}
    closed(tx, date(2026, 2, 3))
    asked = Ask(**outage)
    no = asking.draft(tx, asked, WHO["dewi"], at(date(2026, 2, 4), 9))
    refused("correction_dispute", asking.submit, tx, no, WHO["dewi"], at(date(2026, 2, 11), 9))
    asking.submit(tx, no, WHO["dewi"], at(date(2026, 2, 10), 9))


def test_objections_end_on_the_day_on_which_the_month_may_be_approved_whatever_ones_turns(tx):
    """A nurse's week has Saturdays; the masa sanggah has none."""
    roster.store_rota(tx, [roster.Turn(nip("1003"), "RS_PAGI", TUESDAY, date(2026, 12, 31))])
    rulings.store_rules(tx, RULES.replace("deadline_workdays = 3", ""), "aturan.toml", 0, "uji")
    closed(tx, date(2026, 2, 3))
    until = corrections.objections_until(tx, "1.01", "2026-01", at(date(2026, 2, 3), 12))
    assert until == date(2026, 2, 10)
    assert sent(tx, lupa(day=TUESDAY), now=at(until, 23))
    late = at(until + timedelta(days=1), 1)
    refused("correction_dispute", sent, tx, lupa(day=date(2026, 1, 14)), now=late)


def test_a_month_that_was_taken_back_takes_objections_again(tx):
    rulings.store_rules(tx, RULES.replace("deadline_workdays = 3", ""), "aturan.toml", 0, "uji")
    closed(tx, date(2026, 2, 3))
    now = at(date(2026, 3, 3), 9)
    refused("correction_dispute", sent, tx, lupa(), now=now)
    tx.execute(schema.closing.update().values(state="reopened"))
    assert sent(tx, lupa(), now=now)


def test_a_frozen_month_takes_corrections_from_bkpsdm_alone_and_flags_them(tx):
    closed(tx, date(2026, 1, 14), frozen=date(2026, 1, 14))
    now = at(date(2026, 1, 15), 9)
    refused("correction_frozen", sent, tx, lupa(), now=now)
    no = sent(tx, lupa(), "bkpsdm", now=now)
    assert asking.deadlines.is_late(tx, corrections.get(tx, no))


def punch(tx, pin, t, seq, opd="1.01"):
    row = {"kid": "T01A", "epoch": 1, "seq": seq, "opd": opd, "pin": pin, "lo": t, "hi": t}
    tx.execute(insert(schema.placed).values(**row, body=b""))


def test_an_outage_excuses_whoever_has_no_punch_for_a_checkpoint_that_it_overlaps(tx):
    punch(tx, "1001", at(TUESDAY, 7, 10), 1)
    punch(tx, "1002", at(TUESDAY, 16, 5), 2)
    ask = Ask(
        kind="GANGGUAN",
        opd="1.01",
        since=at(TUESDAY, 7),
        until=at(TUESDAY, 9, 10),
        reason="listrik padam",
        document="BA 4/2026",
    )
    no = sent(tx, ask, "dewi", now=at(TUESDAY, 12))
    now = at(TUESDAY, 13)
    refused("correction_not_first", deciding.approve, tx, no, WHO["budi"], now)
    deciding.approve(tx, no, WHO["sari"], now)
    assert corrections.excuses(tx, "1.01", TUESDAY, TUESDAY) == {}
    deciding.approve(tx, no, WHO["bkpsdm"], now)
    excused = {(nip(pin), TUESDAY): ("in",) for pin in ("1002", "1003", "1004")}
    assert corrections.excuses(tx, "1.01", date(2026, 1, 1), date(2026, 1, 31)) == excused
    assert corrections.excuses(tx, "1.02", TUESDAY, TUESDAY) == {}
    assert corrections.excuses(tx, "1.01", date(2026, 1, 14), date(2026, 1, 31)) == {}
    assert [one.no for one in corrections.of_day(tx, nip("1003"), TUESDAY)] == [no]
    assert corrections.of_day(tx, nip("2002"), TUESDAY) == []


def test_an_outage_is_laid_over_everybodys_hours_in_his_own_zone(tx):
    its = schema.person.c
    tx.execute(schema.person.update().where(its.nip == nip("1001")).values(zone="WIT"))
    span = {"since": at(TUESDAY, 20, 30), "until": at(TUESDAY, 21, 30)}  # 22.30 in WIT: all is over
    ask = Ask(kind="GANGGUAN", opd="1.01", reason="padam", document="BA 5/2026", **span)
    no = sent(tx, ask, "dewi", now=at(TUESDAY, 22))
    for who in ("sari", "bkpsdm"):
        deciding.approve(tx, no, WHO[who], at(TUESDAY, 23))
    excused = {(nip(pin), TUESDAY): ("out",) for pin in ("1002", "1003", "1004")}
    assert corrections.excuses(tx, "1.01", TUESDAY, TUESDAY) == excused


def test_an_outage_needs_evidence_and_past_times(tx):
    ask = {"kind": "GANGGUAN", "opd": "1.01", "reason": "padam"}
    span = {"since": at(TUESDAY, 7), "until": at(TUESDAY, 9)}
    now = at(TUESDAY, 12)
    refused("outage_evidence", asking.draft, tx, Ask(**ask, **span), WHO["dewi"], now)
    late = Ask(**ask, since=at(TUESDAY, 7), until=at(TUESDAY, 13), document="BA")
    refused("outage_span", asking.draft, tx, late, WHO["dewi"], now)
    wrong = Ask(**ask | {"kind": "LUPA"}, **span, document="BA")
    refused("correction_kind", asking.draft, tx, wrong, WHO["dewi"], now)


def test_a_hole_of_a_camera_suggests_an_outage_where_it_cost_a_checkpoint(tx):
    kiosk = {"kid": "T01A", "opd": "1.01", "mac_key": b"", "invited": 0}
    tx.execute(insert(schema.kiosk).values(**kiosk))
    claim = {"kid": "T01A", "epoch": 1, "serial": "CAM", "spare": 300}
    spans = [(at(TUESDAY, 5), at(TUESDAY, 7)), (at(TUESDAY, 9, 10), at(TUESDAY, 22))]
    for since, through in spans:
        tx.execute(insert(schema.claim).values(**claim, since=since, through=through))
    for seq, (pin, opd, _) in enumerate(PEOPLE):
        if pin != "1003":
            punch(tx, pin, at(TUESDAY, 6, 50), seq + 1, opd)
    [hole] = outages.suggested(tx, "1.01", TUESDAY, TUESDAY)
    assert (hole.device, hole.since, hole.until) == ("CAM", spans[0][1], spans[1][0])
    assert hole.checkpoints == 1


def test_who_approved_how_many_for_whom_is_counted(tx):
    now = at(date(2026, 1, 15), 9)
    for day, pin, who in ((TUESDAY, "1003", "wayan"), (TUESDAY, "1004", "dewi")):
        no = sent(tx, lupa(pin, day), who)
        deciding.approve(tx, no, WHO["sari"], now)
    deciding.reject(tx, sent(tx, lupa(day=date(2026, 1, 14))), WHO["sari"], now, "bukan")
    found = tally.matters(tx, "2026-01", {"1.01"})
    counts = {(one.who, one.verdict, one.nip): one.count for one in tally.tally(tx, found)}
    assert counts == {
        ("sari", "approve", nip("1003")): 1,
        ("sari", "approve", nip("1004")): 1,
        ("sari", "reject", nip("1003")): 1,
    }
    assert tally.matters(tx, "2026-01", {"1.02"}) == []


def test_rules_without_a_kind_refuse_it_by_name(tmp_path):
    database = Database(laid(tmp_path / "ledger.db"))
    with database.writing() as tx:
        furnish(tx, RULES.replace("regularise.LUPA", "regularise.ALPA"))
        refused("correction_kind", sent, tx, lupa())
    database.close()


def put(tx, count):
    """So many corrections that wait, all alike."""
    one = {"opd": "1.01", "nip": nip("1003"), "workdate": "2026-01-13", "kind": "LUPA"}
    said = {
        "points": "out",
        "reason": "lupa",
        "state": "submitted",
        "asked": 1,
        "asked_by": "wayan",
    }
    tx.execute(insert(schema.correction), [one | said] * count)


def test_many_that_wait_are_found_with_as_many_statements_as_a_few(database):
    counts = []
    for many in (2, 40):
        seen = []
        with undone(database) as tx:
            put(tx, many)
            event.listen(tx, "before_cursor_execute", lambda *told, seen=seen: seen.append(told[2]))
            assert len(deciding.for_viewer(tx, WHO["budi"])) == many
            tally.matters(tx, "2026-01", None)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_a_long_list_goes_on_where_its_first_page_ends(tx):
    put(tx, 7)
    place = record.at({"1.01"}, ())
    first = record.newest(tx, place, record.Asked(month="2026-01"), 4)
    rest = record.newest(tx, place, record.Asked(before=first[-1].no), 4)
    found = [one.no for one in (*first, *rest)]
    assert (len(set(found)), found) == (7, sorted(found, reverse=True))
    assert record.newest(tx, place, record.Asked(state="approved"), 4) == []
    assert record.newest(tx, place, record.Asked(month="2026-02"), 4) == []
