"""Templates and people between a centre and its kiosks, both halves real: shared, erased, proven."""

import threading
from contextlib import contextmanager
from datetime import date, timedelta

import msgspec
import pytest

from contract import event, faces, health
from contract.command import Faces, Gather, Member
from contract.event import Enrolment, Gallery
from contract.faces import Look, Template
from contract.health import Birth
from contract.people import nip_mark, secret_mark
from sync_server import (
    commands,
    erasures,
    face_orders,
    galleries,
    letters,
    roster,
    staffing,
    standing,
    tables,
)
from sync_server.commands import Issuer
from sync_server.errors import BadFile
from sync_server.rulings import store_ruling
from terminal_agent import config
from terminal_agent.faces import gallery as kept
from terminal_agent.faces import vault
from terminal_agent.log_ring import LogRing
from terminal_agent.orders import face_deeds
from terminal_agent.orders.hands import Hands
from terminal_agent.orders.worker import Orders
from terminal_agent.staff import Staff
from tests.halves import Centre, Kiosk, TestClock, talk
from tests.sync_server.test_feed import DATA

OPD, DAY = "1.01", 86_400
SARI, BUDI = "199001012015031001", "199001012015031002"
MODEL = "dlib-resnet-1"
PEOPLE = f"nip,nama,opd,zona,pin\n{SARI},Sari,{OPD},WIB,17\n{BUDI},Budi,{OPD},WIB,18\n"


def template(pin, made=1_795_000_000, model=MODEL, looks=5):
    vectors = tuple(
        Look(bytes((7 * i + n) * 31 % 256 for i in range(128)), 80) for n in range(looks)
    )
    return Template(pin, model, vectors, made, "T07A")


class Box:
    """A kiosk with a camera: its journal, its worker for orders, its gallery."""

    def __init__(self, folder, centre, kid, camera=True):
        self.centre, self.kid = centre, kid
        self.kiosk = Kiosk(folder / kid, centre.invite(kid, OPD), centre.clock)
        self.state = folder / kid
        toml = folder / f"{kid}.toml"
        camera_toml = '[camera]\nsource = "clip.avi"\n' if camera else ""
        toml.write_text(f'[kiosk]\nstate = "{self.state}"\n{camera_toml}')
        self.regalleries = []
        journal, dispatch = self.kiosk.journal, self.kiosk.dispatch
        hands = Hands(
            config.load(toml),
            journal,
            centre.clock,
            dispatch,
            {},
            LogRing(()),
            {},
            lambda: None,
            lambda: self.regalleries.append(1),
        )
        self.orders = Orders(self.kiosk.invited, hands)

    @property
    def gallery(self):
        return kept.Gallery(self.state / "faces.db", vault.key(self.state))

    def start(self):
        """The worker begins, as when the agent starts."""
        stop = threading.Event()
        stop.set()
        self.orders.run(stop, lambda: None)

    def pins(self):
        return [one.pin for one in self.gallery.templates()]

    def answer(self, envelopes, *, lost=False):
        """Do what the centre sent; its answers arrive, or are lost."""
        for envelope in envelopes:
            self.orders.judge(envelope, lambda: None)
        said = self.orders.answers()
        for data in () if lost else said:
            self.centre.desk.answered(self.kid, data)

    def met(self, **how):
        """Connect, and do whatever waits; everything in the journal arrives."""
        born = health.encode(Birth(online=True, epoch=self.kiosk.journal.standing().epoch))
        self.centre.desk.born([(self.kid, born)])
        self.answer([data for kid, data, _ in self.centre.desk.due() if kid == self.kid], **how)
        talk(self.kiosk, self.centre)
        gone = health.encode(Birth(online=False, epoch=1))
        self.centre.desk.born([(self.kid, gone)])


class Office:
    """A centre with an office of two people; kiosks are put up by the test."""

    def __init__(self, folder, ledger_at):
        self.folder, self.clock = folder, TestClock()
        self.centre = Centre(folder / "centre", self.clock, ledger_at)
        self.key = self.centre.registrar.keys.templates
        self.boxes = []
        with self.writing() as tx:
            roster.store_people(tx, tables.read(roster.PEOPLE, PEOPLE, "pegawai.csv"))

    def box(self, kid, **how):
        self.boxes.append(Box(self.folder, self.centre, kid, **how))
        return self.boxes[-1]

    @contextmanager
    def writing(self):
        with self.centre.database.writing() as tx:
            yield tx

    def by(self, ttl=30 * DAY):
        return Issuer(self.centre.registrar.keys.sign.sign, int(self.clock.now), ttl)

    def issue(self, box, order):
        with self.writing() as tx:
            return commands.issue(tx, self.by(), box.kid, order)

    def keep(self, *templates):
        with self.writing() as tx:
            return galleries.store_templates(tx, self.key, OPD, templates, int(self.clock.now))

    def send(self, box, **how):
        with self.writing() as tx:
            kiosk = face_orders.known_kiosk(tx, box.kid)
            return face_orders.distribute(tx, self.key, self.by(), kiosk, **how)

    def collect(self, box):
        with self.writing() as tx:
            kiosk = face_orders.known_kiosk(tx, box.kid)
            return face_orders.gathered(tx, self.key, kiosk, int(self.clock.now))

    def erase(self, who):
        self.clock.now += 1
        with self.writing() as tx:
            pins = [pin for _, pin in erasures.posts_of(tx, who, OPD)]
            return erasures.erase(tx, self.key, self.by(erasures.ERASE_TTL), OPD, pins)

    def open(self):
        with self.writing() as tx:
            return erasures.open_erasures(tx, OPD)

    def enrol(self, box, *templates):
        """Somebody enrols at a kiosk; the agent notes it, and it arrives."""
        box.gallery.put(templates, told=False)
        box.start()
        talk(box.kiosk, self.centre)
        self.clock.now += 60

    def gather(self, box):
        self.issue(box, Gather())
        box.met()
        return self.collect(box)

    def proofs(self, pin):
        with self.writing() as tx:
            return {one.kid: one for one in erasures.proofs(tx, OPD, pin)}

    def held(self):
        with self.writing() as tx:
            return galleries.templates_of(tx, self.key, OPD)

    def fates(self, box):
        with self.writing() as tx:
            return [(one.name, one.fate, one.detail) for one in commands.fates(tx, box.kid)][::-1]

    def close(self):
        for box in self.boxes:
            box.kiosk.journal.close()
        self.centre.close()


@pytest.fixture
def office(tmp_path, ledger_at):
    one = Office(tmp_path, ledger_at)
    yield one
    one.close()


def enrolments(box):
    """What the kiosk's chain says of templates: (PIN, change, digest)."""
    rows = box.centre.rows("event", kid=box.kid, kind="enrolment")
    found = (event.read(row.record) for row in rows)
    return [(one.pin, one.change, one.digest) for one in found]


def test_who_is_enrolled_at_one_kiosk_is_known_at_all_of_the_office(office):
    lobby, gate = office.box("T07A"), office.box("T08B")
    lobby.gallery.put([template("17"), template("18")])
    office.issue(lobby, Gather())
    lobby.met()
    assert office.collect(lobby) == face_orders.Gathered(("17", "18"), (), (), ())
    assert office.collect(lobby) is None, "it is taken once"
    assert office.centre.rows("answer") == []
    assert office.send(gate)[0] == 2
    gate.met()
    assert gate.gallery.templates() == [template("17"), template("18")]
    digests = [("17", "received", faces.digest(template("17")))]
    assert enrolments(gate)[:1] == digests
    assert gate.regalleries == [1]
    assert office.fates(gate) == [("faces", "done", "people=2")]


def test_a_kiosk_is_sent_only_what_its_chain_does_not_say_that_it_has(office):
    gate = office.box("T08B")
    office.keep(template("17"), template("18"))
    assert office.send(gate)[0] == 2
    gate.met()
    assert office.send(gate) == (0, [])
    assert office.send(gate, everything=True)[0] == 2
    office.keep(template("18", made=1_795_000_900))
    assert office.send(gate)[0] == 1
    gate.met()
    assert [one.made for one in gate.gallery.templates()] == [1_795_000_000, 1_795_000_900]


def test_a_new_card_begins_with_nothing_whatever_the_one_before_had(office):
    gate = office.box("T08B")
    office.keep(template("17"))
    office.send(gate)
    gate.met()
    office.clock.now += 60
    gate.kiosk.journal.begin_epoch("replaced", office.clock.look())
    gate.kiosk.dispatch.connected()
    talk(gate.kiosk, office.centre)
    assert office.send(gate)[0] == 1


def test_an_office_too_large_for_one_command_goes_in_parts_that_each_come_again(office):
    gate = office.box("T08B")
    many = [template(str(n), looks=8) for n in range(100)]
    office.keep(*many)
    people, counters = office.send(gate)
    assert people == 100
    assert len(counters) > 3
    gate.met(lost=True)
    assert {fate for _, fate, _ in office.fates(gate)} == {"sent"}
    gate.met()
    assert {fate for _, fate, _ in office.fates(gate)} == {"done"}
    assert len(gate.pins()) == 100
    assert len(enrolments(gate)) == 100, "done once, answered twice"


def test_nothing_of_a_template_is_left_in_the_commands_once_they_are_answered(office):
    gate = office.box("T08B")
    office.keep(template("17"))
    office.send(gate)
    gate.met()
    [row] = office.centre.rows("command")
    assert row.envelope == b""
    vector = template("17").looks[0].vector
    assert all(vector not in row.sealed for row in office.centre.rows("face_template"))


def test_a_template_at_rest_opens_only_in_its_own_place_and_with_the_centres_key(office):
    office.keep(template("17"), template("18"))
    with office.writing() as tx, pytest.raises(BadFile) as wrong:
        galleries.templates_of(tx, bytes(32), OPD)
    assert wrong.value.code == "template_unopened"
    _, other = office.centre.rows("face_template")
    with office.writing() as tx:
        table = galleries.schema.face_template
        tx.execute(table.update().where(table.c.pin == "17").values(sealed=other.sealed))
    with pytest.raises(BadFile):
        office.held()


def test_templates_of_one_kiosk_do_not_open_at_another(office):
    lobby, gate = office.box("T07A"), office.box("T08B")
    with office.writing() as tx:
        [sealed] = galleries.sealed_for(face_orders.known_kiosk(tx, "T07A"), [template("17")])
    office.issue(gate, Faces(sealed))
    office.issue(gate, Faces(b"short"))
    gate.met()
    assert [fate for _, fate, _ in office.fates(gate)] == ["failed", "failed"]
    assert not (gate.state / "faces.db").exists()
    assert lobby.kid == "T07A"


def test_a_kiosk_without_a_camera_keeps_no_templates(office):
    bare = office.box("T09C", camera=False)
    office.keep(template("17"))
    office.send(bare)
    bare.met()
    assert office.fates(bare) == [("faces", "refused", "no_camera")]
    assert not (bare.state / "faces.db").exists()


def test_templates_of_another_model_are_kept_and_the_operator_hears_that_they_are_not_used(office):
    gate = office.box("T08B")
    made = Gallery(1, MODEL, 9, 4_000, "7e" * 32)
    gate.kiosk.journal.note([made], office.clock.look())
    office.keep(template("17", model="sface"), template("18"))
    office.send(gate)
    gate.met()
    assert office.fates(gate) == [("faces", "done", "other_model: 17")]
    assert gate.pins() == ["17", "18"]


def test_who_is_erased_is_gone_everywhere_and_each_kiosk_proves_it_with_its_chain(office):
    lobby, gate = office.box("T07A"), office.box("T08B")
    office.keep(template("17"), template("18"))
    for box in (lobby, gate):
        office.send(box)
    lobby.met()
    gate.met()
    office.erase(SARI)
    assert [one.pin for one in office.held()] == ["18"]
    lobby.met()
    told = office.proofs("17")
    assert told["T07A"].proven
    assert not told["T08B"].proven
    assert (told["T08B"].fate, told["T08B"].change) == ("waiting", "received")
    gate.met()
    told = office.proofs("17")
    assert all(one.proven for one in told.values())
    assert (lobby.pins(), gate.pins()) == (["18"], ["18"])
    one = told["T08B"]
    assert (one.change, one.digest) == ("erased", faces.digest(template("17")))
    with office.writing() as tx:
        found = standing.by_code(tx, one.code.lower())
    assert (found.kid, found.epoch, found.seq) == ("T08B", one.epoch, one.seq)
    assert event.read(bytes(found.record)) == Enrolment(0, "17", "erased", one.digest)


def test_a_kiosk_that_never_had_the_face_says_so_and_that_is_its_proof(office):
    gate = office.box("T08B")
    assert not office.proofs("17")["T08B"].proven, "nobody asked it yet"
    office.erase("17")
    gate.met()
    one = office.proofs("17")["T08B"]
    assert (one.fate, one.detail, one.change, one.proven) == ("done", "not_here: 17", "", True)


def test_an_answer_alone_proves_nothing_while_the_record_is_on_its_way(office):
    gate = office.box("T08B")
    gate.gallery.put([template("17")])
    office.erase("17")
    office.centre.desk.born([(gate.kid, health.encode(Birth(online=True, epoch=1)))])
    gate.answer([data for _, data, _ in office.centre.desk.due()])
    assert (office.proofs("17")["T08B"].fate, office.proofs("17")["T08B"].proven) == ("done", False)
    talk(gate.kiosk, office.centre)
    assert office.proofs("17")["T08B"].proven


def test_who_is_enrolled_again_after_the_erasure_is_not_proven_erased(office):
    gate = office.box("T08B")
    office.keep(template("17"))
    office.send(gate)
    gate.met()
    office.erase("17")
    gate.met()
    assert office.proofs("17")["T08B"].proven
    office.keep(template("17", made=int(office.clock.now)))
    office.send(gate)
    gate.met()
    assert gate.pins() == ["17"]
    assert not office.proofs("17")["T08B"].proven


def test_a_power_cut_between_erasing_and_its_record_loses_neither(office, monkeypatch):
    gate = office.box("T08B")
    office.keep(template("17"))
    office.send(gate)
    gate.met()
    gate.gallery.erase(["17"], told=False)  # as far as the deed came before the cut
    office.erase("17")
    gate.met()
    assert office.proofs("17")["T08B"].proven
    assert gate.gallery.untold() == []


def test_templates_on_their_way_do_not_come_after_the_erasure(office):
    """The kiosk was off when they were sent; the others in the same command still arrive."""
    gate = office.box("T08B")
    office.keep(template("17"), template("18"))
    office.send(gate)
    office.erase(SARI)
    gate.met()
    assert gate.pins() == ["18"]
    assert office.fates(gate)[0] == ("faces", "refused", "withdrawn")


def test_a_replayed_command_brings_no_erased_face_back(office):
    gate = office.box("T08B")
    office.keep(template("17"), template("18"))
    office.send(gate)
    born = health.encode(Birth(online=True, epoch=1))
    office.centre.desk.born([(gate.kid, born)])
    [(_, overheard, _)] = office.centre.desk.due()
    office.erase(SARI)
    gate.met()
    gate.answer([overheard])
    assert gate.pins() == ["18"]


def test_templates_that_a_kiosk_sends_back_late_do_not_bring_the_erased_back(office):
    lobby, gate = office.box("T07A"), office.box("T08B")
    for box in (lobby, gate):
        box.gallery.put([template("17"), template("18")])
    office.issue(lobby, Gather())
    lobby.met()
    office.erase(SARI)
    assert office.collect(lobby) is None, "what had come was forgotten"
    office.issue(gate, Gather())
    orders = {one.name: one for one in office.centre.rows("command", kid="T08B")}
    born = health.encode(Birth(online=True, epoch=1))
    office.centre.desk.born([(gate.kid, born)])
    office.centre.desk.due()
    gate.answer([orders["gather"].envelope])  # the one that was to erase was lost
    assert office.collect(gate) == face_orders.Gathered(("18",), (), (), ("17",))


def test_an_answer_that_nobody_waits_for_any_more_leaves_no_template_here(office):
    lobby = office.box("T07A")
    lobby.gallery.put([template("17")])
    office.issue(lobby, Gather())
    office.centre.desk.born([(lobby.kid, health.encode(Birth(online=True, epoch=1)))])
    for _, data, _ in office.centre.desk.due():
        lobby.orders.judge(data, lambda: None)
    late = lobby.orders.answers()
    office.erase("17")
    for data in late:
        office.centre.desk.answered(lobby.kid, data)
    assert office.centre.rows("answer") == []


def test_who_was_removed_at_a_kiosk_is_sent_there_again(office):
    gate = office.box("T08B")
    office.keep(template("17"))
    office.send(gate)
    gate.met()
    gate.gallery.erase(["17"], told=False, change="removed")
    gate.start()
    gate.met()
    assert enrolments(gate)[-1][1] == "removed"
    assert office.send(gate)[0] == 1
    gate.met()
    assert gate.pins() == ["17"]


def test_who_was_erased_right_at_a_kiosk_does_not_come_back_from_the_centre(office):
    gate = office.box("T08B")
    office.keep(template("17"), template("18"))
    office.send(gate)
    gate.met()
    gate.gallery.erase(["17"], told=False)
    gate.start()
    gate.met()
    assert office.send(gate, everything=True)[0] == 1
    gate.met()
    assert gate.pins() == ["18"]


def test_a_change_made_while_the_agent_was_away_is_in_the_chain_once_it_starts(office):
    gate = office.box("T08B")
    gate.gallery.put([template("17")], told=False)
    gate.start()
    talk(gate.kiosk, office.centre)
    assert enrolments(gate) == [("17", "enrolled", faces.digest(template("17")))]
    assert gate.gallery.untold() == []
    gate.start()
    talk(gate.kiosk, office.centre)
    assert len(enrolments(gate)) == 1


def test_a_kiosk_whose_clock_was_ahead_keeps_nobody_from_being_enrolled_again(office):
    """What counts is in which order enrolments arrived."""
    lobby, gate = office.box("T07A"), office.box("T08B")
    ahead = template("17", made=1_795_000_000 + 400 * DAY)
    office.enrol(lobby, ahead)
    office.enrol(gate, template("17", made=1_795_000_100))
    assert office.gather(lobby).newer == ("17",)
    assert office.gather(gate).newer == ("17",), "enrolled later, whatever its clock said"
    assert office.gather(lobby) == face_orders.Gathered((), ("17",), (), ())
    assert [one.made for one in office.held()] == [1_795_000_100]


def test_of_two_enrolments_that_arrived_together_the_later_in_the_chain_is_newer(office):
    lobby = office.box("T07A")
    for made in (1_795_000_900, 1_795_000_100):
        lobby.gallery.put([template("17", made=made)], told=False)
    lobby.start()
    office.keep(template("17", made=1_795_000_900))
    assert office.gather(lobby).newer == ("17",)


def test_a_template_made_by_a_clock_ahead_does_not_outlive_its_erasure(office):
    gate = office.box("T08B")
    gate.gallery.put([template("17", made=1_795_000_000 + 400 * DAY)])
    office.erase("17")
    office.issue(gate, Gather())
    orders = {one.name: one for one in office.centre.rows("command", kid="T08B")}
    office.centre.desk.born([(gate.kid, health.encode(Birth(online=True, epoch=1)))])
    office.centre.desk.due()
    gate.answer([orders["gather"].envelope])  # the order to forget was lost on its way
    office.clock.now += 700
    gate.answer([data for _, data, _ in office.centre.desk.due()])
    assert gate.pins() == []
    assert {fate for _, fate, _ in office.fates(gate)} == {"done"}
    assert office.collect(gate).erased == ("17",), "sent back before the kiosk had erased it"
    assert office.held() == []


def test_a_card_restored_from_an_image_brings_no_erased_face_back(office):
    gate = office.box("T08B")
    office.keep(template("17"))
    office.send(gate)
    gate.met()
    office.erase("17")
    gate.met()
    gate.gallery.put([template("17")])
    assert office.gather(gate).erased == ("17",)
    office.enrol(gate, template("17", made=1_795_000_001))
    assert office.gather(gate).newer == ("17",), "and enrolled anew, with consent, the face counts"


def test_a_late_answer_to_a_collection_that_is_over_changes_nothing(office):
    gate = office.box("T08B")
    office.gather(gate)
    before = office.centre.rows("command", kid="T08B")
    gate.kiosk.dispatch.connected()
    gate.orders.judge(before[0].envelope, lambda: None)
    office.clock.now += 60
    for data in gate.orders.answers():
        office.centre.desk.answered(gate.kid, data)
    assert office.centre.rows("command", kid="T08B") == before


def test_of_many_people_whom_a_kiosk_never_had_each_is_proven(office):
    gate = office.box("T08B")
    gate.gallery.put([template("3")])
    pins = [str(no) for no in range(45)]
    with office.writing() as tx:
        by = office.by(erasures.ERASE_TTL)
        asked = erasures.erase(tx, office.key, by, OPD, pins)
    assert len(asked["T08B"]) == 3
    gate.met()
    assert all(office.proofs(pin)["T08B"].proven for pin in pins)


def test_a_card_that_was_replaced_is_named_and_settled_by_whoever_answers_for_it(office):
    gate = office.box("T08B")
    office.keep(template("17"))
    office.send(gate)
    gate.met()
    office.clock.now += 60
    gate.kiosk.journal.begin_epoch("replaced", office.clock.look())
    (gate.state / "faces.db").unlink()
    gate.kiosk.dispatch.connected()
    with office.writing() as tx, pytest.raises(BadFile) as early:
        erasures.settle_by_letter(tx, int(office.clock.now), (OPD, "17"), "T08B", "BA 1")
    assert early.value.code == "erase_first"
    office.erase("17")
    gate.met()
    one = office.proofs("17")["T08B"]
    assert (one.proven, one.retired, one.over) == (False, True, False)
    assert [one.pin for one in office.open()] == ["17"]
    with office.writing() as tx:
        erasures.settle_by_letter(tx, int(office.clock.now), (OPD, "17"), "T08B", "BA 12/2026")
    one = office.proofs("17")["T08B"]
    assert (one.proven, one.settled, one.over) == (False, "BA 12/2026", True)
    assert office.open() == []
    office.erase("17")
    assert not office.proofs("17")["T08B"].over, "another erasure needs another letter"
    with office.writing() as tx, pytest.raises(BadFile):
        erasures.settle_by_letter(tx, 0, (OPD, "17"), "T09C", "BA 1")


def test_an_erasure_is_open_since_it_was_asked_first_until_every_kiosk_has_proven_it(office):
    lobby, gate = office.box("T07A"), office.box("T08B")
    office.enrol(gate, template("17"))
    office.erase("17")
    first = int(office.clock.now)
    lobby.met()
    office.clock.now += 2 * DAY
    office.erase("17")
    lobby.met()
    [one] = office.open()
    assert (one.pin, one.since, [proof.kid for proof in one.kiosks]) == ("17", first, ["T08B"])
    gate.met()
    assert office.open() == []
    office.enrol(gate, template("17", made=1_795_000_001))
    assert office.open() == [], "enrolled anew: nobody has to erase that"
    assert not office.proofs("17")["T08B"].proven


@pytest.mark.parametrize(
    ("file", "order"), [("faces.erased.json", "forget"), ("staff.json", "staff")]
)
def test_a_disk_that_cannot_be_written_is_told_and_ends_no_agent(office, file, order):
    gate = office.box("T08B")
    (gate.state / file).mkdir()
    rulings(office)
    if order == "forget":
        office.erase("17")
    else:
        brief(office, gate)
    gate.met()
    [(name, fate, detail)] = office.fates(gate)
    assert (name, fate, detail.split(":")[0]) == (order, "failed", "disk")


def test_only_people_of_the_office_are_kept(office):
    lobby = office.box("T07A")
    lobby.gallery.put([template("17"), template("99")])
    office.issue(lobby, Gather(("17", "99", "18")))
    lobby.met()
    assert office.collect(lobby) == face_orders.Gathered(("17",), (), ("99",), ())
    office.issue(lobby, Gather())
    lobby.met()
    assert office.collect(lobby).same == ("17",)


def test_the_orders_of_an_erasure_outlive_a_year_in_a_drawer(office):
    gate = office.box("T08B")
    gate.gallery.put([template("17")])
    office.erase("17")
    office.clock.now += 390 * DAY
    gate.met()
    assert office.fates(gate) == [("forget", "done", "")]
    assert gate.pins() == []


def test_every_look_at_templates_is_noted_and_the_note_is_never_changed(office):
    lobby = office.box("T07A")
    office.keep(template("17"))
    office.send(lobby)
    office.erase("17")
    rows = office.centre.rows("access")
    assert [(row.did, row.opd, row.whom) for row in rows] == [
        ("kiosk_invited", OPD, "T07A"),
        ("sent T07A", OPD, "17"),
        ("erased", OPD, "17"),
    ]
    assert all(row.who for row in rows)
    for statement in ("DELETE FROM access", "UPDATE access SET who = ''"):
        with pytest.raises(Exception, match="append-only"), office.writing() as tx:
            tx.exec_driver_sql(statement)


# People and hours


def day_at(day, hour=3):
    """UTC seconds of a UTC hour; 10 in the morning in WIB."""
    return (day.toordinal() - date(1970, 1, 1).toordinal()) * DAY + hour * 3_600


def rulings(office):
    with office.writing() as tx:
        for kind, name in (("shifts", "shifts"), ("calendar", "2026")):
            store_ruling(tx, kind, name, (DATA / f"{kind}.toml").read_text("utf-8"), 0)
        turns = tables.read(roster.turns(("REG",)), f"nip,shift\n{SARI},REG\n", "giliran.csv")
        roster.store_rota(tx, turns)


def brief(office, box, days=7):
    with office.writing() as tx:
        kiosk = face_orders.known_kiosk(tx, box.kid)
        told = staffing.briefing(tx, kiosk, days, int(office.clock.now))
        for order in told.orders:
            commands.issue(tx, office.by(), box.kid, order)
    return told


def test_a_kiosk_learns_its_people_and_their_hours_without_a_nip_or_a_number(office):
    gate = office.box("T08B")
    rulings(office)
    with office.writing() as tx:
        letters.permit(tx, SARI, "No. 1", "042117", 0)
    brief(office, gate)
    gate.met()
    key = gate.kiosk.invited.mac_key
    staff = Staff.load(gate.state)
    sari = staff.by_nip(key, SARI)
    expected = Member("17", "Sari", nip_mark(key, SARI), secret_mark(SARI, "042117"), 0)
    assert sari == expected
    assert staff.by_pin("18").windows == -1, "nobody gave Budi a shift"
    due = day_at(date(2026, 11, 19), 0) + 30 * 60  # Thursday 07:30 in WIB
    assert staff.touch("17", due - 300) == (True, "recorded", 0)
    assert staff.touch("17", due + 660) == (True, "late", 11)
    data = (gate.state / "staff.json").read_bytes()
    assert SARI.encode() not in data
    assert b"042117" not in data
    assert office.fates(gate) == [("staff", "done", "people=2")]


def test_holidays_have_no_hours(office):
    """From Wednesday 23 December 2026: Thursday is joint leave, Friday Christmas, then a weekend."""
    gate = office.box("T08B")
    rulings(office)
    office.clock.now = float(day_at(date(2026, 12, 23)))
    [hours] = brief(office, gate, days=7).orders[0].windows
    days = {date(1970, 1, 1) + timedelta((one.due_in + 7 * 3_600) // DAY) for one in hours}
    assert days == {date(2026, 12, n) for n in (22, 23, 28, 29)}


def test_hours_end_where_no_calendar_was_imported_yet(office):
    gate = office.box("T08B")
    rulings(office)
    office.clock.now = float(day_at(date(2026, 12, 28)))
    assert brief(office, gate, days=14).until == date(2026, 12, 31)
    office.clock.now = float(day_at(date(2027, 1, 4)))
    with pytest.raises(BadFile) as wrong:
        brief(office, gate)
    assert wrong.value.code == "no_calendar"


def test_a_list_in_parts_counts_once_it_is_whole_and_an_older_one_never_again(office):
    gate = office.box("T08B")
    rulings(office)
    crowd = "".join(f"{n:018},Pegawai Nomor {n},{OPD},WIB,{n}\n" for n in range(1, 901))
    with office.writing() as tx:
        roster.store_people(
            tx, tables.read(roster.PEOPLE, "nip,nama,opd,zona,pin\n" + crowd, "p.csv")
        )
        turns = "nip,shift\n" + "".join(f"{n:018},REG\n" for n in range(1, 901, 2))
        roster.store_rota(tx, tables.read(roster.turns(("REG",)), turns, "g.csv"))
    told = brief(office, gate)
    assert len(told.orders) > 1
    born = health.encode(Birth(online=True, epoch=1))
    office.centre.desk.born([(gate.kid, born)])
    [first, *rest] = [data for _, data, _ in office.centre.desk.due()]
    gate.answer([first])
    assert Staff.load(gate.state).by_pin("1") is None
    gate.answer(rest[::-1])
    staff = Staff.load(gate.state)
    assert all(staff.by_pin(str(n)).name == f"Pegawai Nomor {n}" for n in (1, 450, 900))
    thursday = day_at(date(2026, 11, 19), 0) + 2_000
    assert staff.touch("1", thursday)[1] == staff.touch("899", thursday)[1] == "late"
    assert staff.touch("2", thursday)[1] == "recorded"
    office.clock.now += 60
    brief(office, gate)
    office.issue(gate, msgspec.structs.replace(told.orders[0], version=1))
    gate.met()
    assert office.fates(gate)[-1] == ("staff", "refused", "staff_older")
    assert not (gate.state / "staff.coming.json").exists()


def test_each_kiosk_knows_the_same_people_by_other_marks(office):
    lobby, gate = office.box("T07A"), office.box("T08B")
    rulings(office)
    for box in (lobby, gate):
        brief(office, box)
        box.met()
    marks = {Staff.load(box.state).by_pin("17").nip for box in (lobby, gate)}
    assert len(marks) == 2


def test_a_damaged_note_of_who_was_erased_does_not_stop_the_agent(office, caplog):
    gate = office.box("T08B")
    gate.gallery.put([template("17")])
    (gate.state / "faces.erased.json").write_bytes(b"\xff{")
    office.erase("17")
    gate.met()
    assert gate.pins() == []
    assert "erased_unreadable" in caplog.text


def test_a_list_of_many_pins_is_short_in_an_answer():
    pins = [str(n) for n in range(30)]
    assert face_deeds._listed(pins).endswith("19, +10")
