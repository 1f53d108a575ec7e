"""What the centre asks of kiosks: kept, sent while they are there, and given up when it is too late."""

import pytest
from msgspec.structs import replace

from contract import batch, command, health, topics
from contract.command import Answer, Configure, Live, Logs, Pull, Resend, User, Users
from contract.health import Birth
from sync_server import answers, commands, schema
from sync_server.commands import Issuer
from sync_server.errors import BadFile
from tests.halves import Centre, TestClock

HERE, AWAY = Birth(online=True, epoch=1), Birth(online=False, epoch=1)
HOUR = 3_600


class Office:
    """A centre that knows two kiosks."""

    def __init__(self, folder, ledger_at):
        self.clock = TestClock()
        self.centre = Centre(folder, self.clock, ledger_at)
        self.kiosks = {kid: self.centre.invite(kid) for kid in ("T07A", "T08B")}

    def issue(self, order, kid="T07A", ttl=HOUR):
        by = Issuer(self.centre.registrar.keys.sign.sign, int(self.clock.now), ttl)
        with self.centre.database.writing() as tx:
            return commands.issue(tx, by, kid, order)

    def born(self, birth=HERE, kid="T07A"):
        self.centre.desk.born([(kid, health.encode(birth))])

    def due(self):
        return [(kid, self.counter(envelope)) for kid, envelope, _ in self.centre.desk.due()]

    def counter(self, envelope):
        return command.counter_of(command.split(envelope)[0])

    def answer(self, answer, kid="T07A", key=None):
        key = key or self.kiosks[kid].mac_key
        self.centre.desk.answered(kid, command.encode_answer(kid, answer, key))

    def fate(self, counter, kid="T07A"):
        with self.centre.database.reading() as tx:
            [found] = commands.fates(tx, kid, [counter])
        return found.fate, found.detail

    def bundle(self, kid="T07A"):
        with self.centre.database.reading() as tx:
            return commands.bundle(tx, kid)


@pytest.fixture
def office(tmp_path, ledger_at):
    one = Office(tmp_path, ledger_at)
    yield one
    one.centre.close()


def test_a_command_waits_until_its_kiosk_is_there(office):
    counter = office.issue(Pull())
    assert office.due() == []
    assert office.fate(counter) == ("waiting", "")
    office.born(kid="T08B")
    assert office.due() == []
    office.born()
    assert office.due() == [("T07A", counter)]
    assert office.fate(counter) == ("sent", "")


def test_a_kiosk_that_went_away_is_not_spoken_to(office):
    office.born()
    office.born(AWAY)
    office.issue(Pull())
    assert office.due() == []


def test_what_is_sent_says_how_long_it_is_worth_something(office):
    office.born()
    office.issue(Pull(), ttl=90)
    office.clock.now += 30
    [(_, _, seconds)] = office.centre.desk.due()
    assert seconds == 60


def test_what_is_not_answered_is_sent_again_at_the_next_birth_and_after_ten_minutes(office):
    office.born()
    counter = office.issue(Pull())
    assert office.due() == [("T07A", counter)]
    assert office.due() == []
    office.clock.now += 599
    assert office.due() == []
    office.clock.now += 1
    assert office.due() == [("T07A", counter)]
    office.born()
    assert office.due() == [("T07A", counter)]
    [row] = office.centre.rows("command")
    assert row.times == 3


def test_nothing_waits_in_memory_a_centre_that_starts_again_sends_the_rest(office):
    office.born()
    first, second = office.issue(Pull()), office.issue(Live(0))
    office.due()
    office.answer(Answer(first, "done"))
    office.centre.start()
    office.born()
    assert office.due() == [("T07A", second)]


def test_commands_of_a_kiosk_leave_in_the_order_of_their_numbers(office):
    counters = [office.issue(Pull()) for _ in range(5)]
    assert counters == sorted(set(counters))
    office.born()
    assert office.due() == [("T07A", counter) for counter in counters]


def test_a_database_that_was_restored_gives_no_number_twice(office):
    last = [office.issue(Pull()) for _ in range(5)][-1]
    with office.centre.database.writing() as tx:
        tx.execute(schema.command.delete())
    office.clock.now += HOUR
    assert office.issue(Pull()) > last


def test_a_command_that_nobody_answered_in_time_is_given_up(office):
    counter = office.issue(Pull(), ttl=60)
    office.clock.now += 61
    office.born()
    assert office.due() == []
    assert office.fate(counter) == ("expired", "")


def test_an_answer_that_was_on_its_way_counts_though_it_comes_late(office):
    counter = office.issue(Pull(), ttl=60)
    office.born()
    office.due()
    office.clock.now += 61
    office.due()
    office.answer(Answer(counter, "done", "lobi: new=3"))
    assert office.fate(counter) == ("done", "lobi: new=3")


@pytest.mark.parametrize("outcome", ["done", "failed", "refused", "expired"])
def test_an_answer_settles_a_command_for_good(office, outcome):
    counter = office.issue(Pull())
    office.born()
    office.due()
    office.answer(Answer(counter, outcome, "why"))
    assert office.fate(counter) == (outcome, "why")
    office.born()
    assert office.due() == []


def test_later_means_that_the_kiosk_is_asked_again(office):
    counter = office.issue(Pull())
    office.born()
    office.due()
    office.answer(Answer(counter, "later", "no_trusted_clock"))
    assert office.fate(counter) == ("sent", "no_trusted_clock")
    assert office.due() == []
    office.born()
    assert office.due() == [("T07A", counter)]


def test_a_configuration_that_was_given_up_after_all_is_a_failed_one(office):
    counter = office.issue(Configure(""))
    office.answer(Answer(counter, "done"))
    office.answer(Answer(counter, "failed", "config_fell_back"))
    office.answer(Answer(counter, "done"))
    assert office.fate(counter) == ("failed", "config_fell_back")


def test_a_newer_configuration_replaces_one_that_still_waits(office):
    first, second = office.issue(Configure("")), office.issue(Configure(""))
    office.born()
    assert office.due() == [("T07A", second)]
    assert office.fate(first)[0] == "refused"


def test_nobody_answers_for_another_kiosk(office):
    counter = office.issue(Pull())
    data = command.encode_answer("T08B", Answer(counter, "done"), office.kiosks["T08B"].mac_key)
    office.centre.desk.answered("T07A", data)
    office.centre.desk.answered("T08B", data)
    office.answer(Answer(counter, "done"), key=bytes(32))
    office.centre.desk.answered("T09C", data)
    office.centre.desk.answered("T07A", b"junk")
    assert office.fate(counter) == ("waiting", "")


def test_a_body_in_parts_is_done_when_all_are_here_in_whatever_order(office):
    counter = office.issue(Logs())
    whole = Answer(counter, "done", "", 1, 3, b"one")
    office.answer(whole)
    office.answer(replace(whole, part=3, body=b"three"))
    assert office.fate(counter)[0] == "waiting"
    assert office.bundle() is None
    office.answer(replace(whole, part=3, body=b"three"))
    office.answer(replace(whole, part=2, body=b"two"))
    assert office.fate(counter)[0] == "done"
    assert office.bundle() == (counter, b"onetwothree")


def test_a_bundle_that_is_collected_again_is_not_mixed_with_the_first(office):
    counter = office.issue(Logs())
    office.answer(Answer(counter, "done", "", 1, 2, b"old1"))
    for part in (1, 2):
        office.answer(Answer(counter, "done", "", part, 2, b"new%d" % part))
    assert office.bundle() == (counter, b"new1new2")


def test_the_rest_of_a_bundle_that_was_cut_off_does_not_complete_another(office):
    counter = office.issue(Logs())
    office.answer(Answer(counter, "done", "", 2, 2, b"old2"))
    office.answer(Answer(counter, "done", "", 1, 2, b"new1"))
    assert office.fate(counter)[0] == "waiting"


@pytest.mark.parametrize(
    "parts", ['"part":0', '"part":2', '"parts":4097', '"part":1099511627776,"parts":2199023255552']
)
def test_a_part_that_cannot_be_is_no_answer(office, parts):
    """The second number fits no column of PostgreSQL's."""
    counter = office.issue(Logs())
    data = b'{"counter":%d,"outcome":"done","body":"eA==",%s}' % (counter, parts.encode())
    key = office.kiosks["T07A"].mac_key
    office.centre.desk.answered("T07A", data + batch.mac(b"answer", "T07A", data, key))
    assert office.fate(counter)[0] == "waiting"
    assert office.centre.rows("answer") == []


def test_an_answer_that_is_nested_without_end_is_none(office):
    counter = office.issue(Logs())
    deep = b"[" * 20_000 + b"]" * 20_000
    data = b'{"counter":%d,"outcome":"done","x":%s}' % (counter, deep)
    key = office.kiosks["T07A"].mac_key
    office.centre.desk.answered("T07A", data + batch.mac(b"answer", "T07A", data, key))
    assert office.fate(counter)[0] == "waiting"


def test_only_logs_are_something_to_be_kept(office):
    counter = office.issue(Pull())
    office.answer(Answer(counter, "done", "x" * 5_000, 1, 3, b"unasked"))
    assert office.centre.rows("answer") == []
    assert office.fate(counter) == ("done", "x" * 1_000)


def test_a_bundle_without_end_does_not_fill_the_disk(office, monkeypatch):
    monkeypatch.setattr(answers, "_MOST_BODY", 5_000)
    counter = office.issue(Logs())
    for _ in range(2):
        for part in range(1, 9):
            office.answer(Answer(counter, "done", "", part, 8, bytes(1_000)))
    assert len(office.centre.rows("answer")) == 5
    assert office.fate(counter)[0] == "waiting"
    office.answer(Answer(counter, "done", "", 1, 1, bytes(5_000)))
    assert office.fate(counter)[0] == "done"


def test_a_worker_sends_what_is_for_its_own_buckets(office):
    for kid in ("T07A", "T08B"):
        office.born(kid=kid)
        office.issue(Pull(), kid)
    due = office.centre.desk.due
    assert due(frozenset()) == []
    assert [kid for kid, *_ in due({topics.bucket("T08B")})] == ["T08B"]
    assert [kid for kid, *_ in due()] == ["T07A"]


def test_the_newest_whole_bundle_is_the_one_that_is_given_out(office):
    first, second, third = (office.issue(Logs()) for _ in range(3))
    office.answer(Answer(first, "done", "", 1, 1, b"first"))
    office.answer(Answer(second, "done", "", 1, 1, b"second"))
    office.answer(Answer(third, "done", "", 1, 2, b"half of the third"))
    assert office.bundle() == (second, b"second")
    assert office.bundle("T08B") is None


def test_a_kiosk_that_nobody_invited_is_asked_nothing(office):
    with pytest.raises(BadFile) as told:
        office.issue(Pull(), "T09C")
    assert told.value.code == "kid_unknown"


def test_an_order_that_fits_no_envelope_is_refused_here(office):
    with pytest.raises(BadFile) as told:
        office.issue(Configure("x" * 60_000))
    assert told.value.code == "order_too_large"
    assert office.centre.rows("command") == []


@pytest.mark.parametrize("count", [1, 300, 301, 5_000])
def test_a_long_list_of_people_comes_in_parts_that_each_fit(office, count):
    people = [User(str(10**20 + i), "é" * 60) for i in range(count)]
    orders = commands.users_orders("lobi", people)
    assert [user for order in orders for user in order.users] == people
    assert [(one.part, one.parts) for one in orders] == [
        (i, len(orders)) for i in range(1, len(orders) + 1)
    ]
    for order in orders:
        office.issue(order)
    rows = office.centre.rows("command")
    assert [(row.part, row.parts) for row in rows] == [(one.part, one.parts) for one in orders]
    assert max(len(row.envelope) for row in rows) <= command.MAX_ENVELOPE


def test_people_with_very_long_names_still_fit(office):
    for order in commands.users_orders("lobi", [User(str(i), "x" * 3_000) for i in range(100)]):
        office.issue(order)


def test_open_gaps_are_what_a_kiosk_is_asked_for_again(office):
    with office.centre.database.writing() as tx:
        for kid, first, closed in (("T07A", 5, 0), ("T07A", 50, 1), ("T08B", 7, 0)):
            row = {"kid": kid, "epoch": 9, "first": first, "last": first + 3, "seen": 1}
            tx.execute(schema.gap.insert().values(row | {"closed": closed}))
        assert commands.gap_orders(tx, "T07A") == [Resend(9, 5, 8)]


def test_looking_every_second_writes_nothing_while_nothing_is_due(office):
    office.issue(Pull())
    before = office.centre.rows("command")
    with office.centre.database.reading() as tx:
        assert not commands.is_due(tx, int(office.clock.now))
    assert office.due() == []
    assert office.centre.rows("command") == before


def test_users_of_several_parts_are_complete_orders_each():
    [first, second] = commands.users_orders("lobi", [User(str(i)) for i in range(301)])
    assert isinstance(first, Users)
    assert len(first.users) == 300
    assert second.users == (User("300"),)
