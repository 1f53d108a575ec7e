"""One roster on every terminal of an office: nothing is taken from anybody, and what is written is
read back."""

from contextlib import ExitStack, contextmanager

import pytest
from msgspec.structs import replace

from contract import roll
from simulators.zk import wire
from simulators.zk.faults import Faults
from simulators.zk.layouts import User as Enrolled
from simulators.zk.layouts import user_record
from simulators.zk.profiles import ACCESS_MODE, F19, FACE49, OLD8, OLD16, WL10
from simulators.zk.terminal import Terminal
from terminal_agent.config import ZkDevice
from terminal_agent.roster import pushing
from terminal_agent.roster.pushing import Office, Pushed
from tests.simulators.raw import device

SARI, BUDI = "17", "18"


class Place:
    """The terminals of an office, by name, and whoever pushes there."""

    def __init__(self, stack, staff=None, **profiles):
        self.staff = staff or {}
        self.faults = {name: Faults() for name in profiles}
        self.at = {name: device(profile, serial=f"SN-{name}") for name, profile in profiles.items()}
        self.served = {
            name: stack.enter_context(Terminal(one, self.faults[name]))
            for name, one in self.at.items()
        }
        self.lent = []

    @property
    def office(self):
        devices = [
            ZkDevice(name=name, host="127.0.0.1", port=one.port)
            for name, one in self.served.items()
        ]
        return Office(devices, self.staff, self.lend)

    @contextmanager
    def lend(self, name):
        self.lent.append(name)
        yield lambda: None

    def plans(self, only="", *, remove=False):
        return {one.device: one for one in pushing.compare(self.office, only, remove=remove).plans}

    def push(self, only="", *, remove=False):
        compared = pushing.compare(self.office, only, remove=remove)
        return {one.device: one for one in pushing.write(self.office, compared.plans)}

    def names(self, name):
        return {one.pin: one.name for one in self.at[name].users.values()}

    def fingers(self, name):
        by_uid = {one.uid: one.pin for one in self.at[name].users.values()}
        return {(by_uid[uid], no): data for (uid, no), data in self.at[name].templates.items()}

    def left(self, name):
        return set(self.plans()[name].left)


@pytest.fixture
def places():
    with ExitStack() as stack:
        yield lambda staff=None, **profiles: Place(stack, staff, **profiles)


def test_whoever_is_missing_on_a_terminal_comes_there_with_name_card_and_finger(places):
    place = places(lobi=F19, gudang=F19)
    place.at["lobi"].write_user(Enrolled(4, SARI, "Sari", card=4711))
    place.at["lobi"].enrol_finger(SARI, 6, b"A" * 512)
    place.at["gudang"].write_user(Enrolled(1, BUDI, "Budi"))
    done = place.push()
    assert place.names("gudang") == {BUDI: "Budi", SARI: "Sari"}
    assert place.names("lobi") == {BUDI: "Budi", SARI: "Sari"}
    assert place.fingers("gudang") == {(SARI, 6): b"A" * 512}
    [sari] = [one for one in place.at["gudang"].users.values() if one.pin == SARI]
    assert (sari.card, sari.privilege, sari.password) == (4711, 0, "")
    report = done["gudang"].report
    assert (report.added, report.cards, report.fingers, report.left) == (1, 1, 1, ())


@pytest.mark.parametrize("profile", [F19, OLD8, OLD16, FACE49], ids=lambda p: p.name)
def test_pushing_once_more_finds_nothing_to_do(places, profile):
    place = places(lobi=profile, gudang=profile)
    place.at["lobi"].write_user(Enrolled(4, SARI, "Sari Dewi Ayu", card=4711))
    for finger in range(10):
        place.at["lobi"].enrol_finger(SARI, finger, bytes([finger]) * 700)
    assert place.push()["gudang"].report.fingers == 10
    lines = [len(one.operations) for one in place.at.values()]
    assert place.push() == {}
    assert [len(one.operations) for one in place.at.values()] == lines


def test_a_dry_look_writes_nothing(places):
    place = places(lobi=F19, gudang=F19)
    place.at["lobi"].write_user(Enrolled(4, SARI, "Sari"))
    assert [step.pin for step in place.plans()["gudang"].steps] == [SARI]
    for served in place.served.values():
        counts = served.traffic.counts()
        assert not counts[wire.WRITE_USER] + counts[wire.SAVE_TEMPLATES] + counts[wire.DISABLE]
    assert place.names("gudang") == {}


def test_the_centre_says_who_belongs_there_and_what_they_are_called(places):
    place = places({SARI: "Sari Dewi", "21": "Wayan"}, lobi=F19, gudang=F19)
    place.at["lobi"].write_user(Enrolled(4, SARI, "sari"))
    place.at["lobi"].write_user(Enrolled(5, BUDI, "Budi"))
    place.push()
    assert place.names("lobi") == {SARI: "Sari Dewi", "21": "Wayan", BUDI: "Budi"}
    assert place.names("gudang") == {SARI: "Sari Dewi", "21": "Wayan"}
    assert place.left("lobi") == {(BUDI, "not_listed")}


def test_nobody_is_removed_without_being_asked_for_and_never_without_a_list(places):
    place = places(lobi=F19, gudang=F19)
    place.at["lobi"].write_user(Enrolled(5, BUDI, "Budi"))
    place.at["gudang"].write_user(Enrolled(1, SARI, "Sari"))
    place.push(remove=True)
    assert place.names("lobi").keys() == {SARI, BUDI}
    place.staff = {SARI: "Sari"}
    place.push()
    assert place.names("lobi").keys() == {SARI, BUDI}
    assert place.push(remove=True)["lobi"].report.removed == 1
    assert place.names("lobi").keys() == place.names("gudang").keys() == {SARI}


@pytest.mark.parametrize("privilege", [2, 6, 10, 14])
def test_an_administrator_is_never_touched(places, privilege):
    place = places({SARI: "Sari Dewi"}, lobi=F19, gudang=F19)
    place.at["lobi"].write_user(Enrolled(4, SARI, "bos", privilege, "123"))
    place.at["lobi"].write_user(Enrolled(5, BUDI, "Budi", privilege))
    place.at["gudang"].write_user(Enrolled(1, SARI, "Sari", card=99))
    place.at["gudang"].enrol_finger(SARI, 6, b"B" * 300)
    before = {uid: user_record(one, 72) for uid, one in place.at["lobi"].users.items()}
    place.push(remove=True)
    assert {uid: user_record(one, 72) for uid, one in place.at["lobi"].users.items()} == before
    assert place.fingers("lobi") == {}
    assert place.left("lobi") == {(SARI, "is_admin"), (BUDI, "admin_not_listed")}


def test_somebody_who_became_administrator_after_the_look_is_left_alone(places):
    place = places({SARI: "Sari Dewi"}, lobi=F19)
    place.at["lobi"].write_user(Enrolled(4, SARI, "Sari"))
    plans = pushing.compare(place.office).plans
    place.at["lobi"].write_user(Enrolled(4, SARI, "Sari", 14))
    [done] = pushing.write(place.office, plans)
    assert done.report.left == ((SARI, "is_admin"),)
    assert place.names("lobi") == {SARI: "Sari"}


def test_templates_stay_among_terminals_of_one_algorithm(places):
    place = places(lobi=F19, lama=OLD8, gudang=F19)
    for name, finger in (("lobi", b"ten"), ("lama", b"nine")):
        place.at[name].write_user(Enrolled(4, SARI, "Sari"))
        place.at[name].enrol_finger(SARI, 6, finger * 100)
    place.at["lobi"].enrol_finger(SARI, 7, b"ten too" * 50)
    place.push()
    assert place.fingers("gudang") == {(SARI, 6): b"ten" * 100, (SARI, 7): b"ten too" * 50}
    assert place.fingers("lama") == {(SARI, 6): b"nine" * 100}
    assert place.left("lama") == {(SARI, "other_format")}


def test_an_algorithm_that_is_not_told_agrees_with_no_other(places):
    place = places(lobi=F19, gudang=F19)
    for one in place.at.values():
        del one.options["~ZKFPVersion"]
    place.at["lobi"].write_user(Enrolled(4, SARI, "Sari"))
    place.at["lobi"].enrol_finger(SARI, 6, b"A" * 512)
    place.push()
    assert place.names("gudang") == {SARI: "Sari"}
    assert place.fingers("gudang") == {}
    assert place.left("gudang") == {(SARI, "other_format")}


def test_what_a_person_enrolled_at_a_terminal_stays_as_it_is_there(places):
    place = places(lobi=F19, gudang=F19)
    for name, finger in (("lobi", b"one look"), ("gudang", b"another")):
        place.at[name].write_user(Enrolled(4, SARI, "Sari", card=5))
        place.at[name].enrol_finger(SARI, 6, finger * 40)
    assert place.push() == {}
    assert place.fingers("gudang") == {(SARI, 6): b"another" * 40}
    assert place.left("gudang") == set()


def test_a_template_under_two_pins_is_copied_for_neither_and_told(places):
    place = places(lobi=F19, gudang=F19)
    for uid, pin in ((4, SARI), (5, BUDI)):
        place.at["lobi"].write_user(Enrolled(uid, pin, pin))
        place.at["lobi"].enrol_finger(pin, 6, b"the same" * 60)
    place.push()
    assert place.fingers("gudang") == {}
    told = {(SARI, "finger_of_two"), (BUDI, "finger_of_two")}
    assert place.left("lobi") == place.left("gudang") == told


def test_a_duress_finger_is_not_copied_as_an_ordinary_one(places):
    place = places(lobi=F19, gudang=F19)
    place.at["lobi"].write_user(Enrolled(4, SARI, "Sari"))
    place.at["lobi"].enrol_finger(SARI, 6, b"A" * 512, duress=True)
    place.push()
    assert place.fingers("gudang") == {}
    assert (SARI, "duress_finger") in place.left("gudang")


def test_cards_that_disagree_or_belong_to_two_are_not_copied(places):
    place = places(lobi=F19, gudang=F19, pos=F19)
    place.at["lobi"].write_user(Enrolled(1, SARI, "Sari", card=1))
    place.at["gudang"].write_user(Enrolled(1, SARI, "Sari", card=2))
    place.at["lobi"].write_user(Enrolled(2, BUDI, "Budi", card=7))
    place.at["lobi"].write_user(Enrolled(3, "19", "Wati", card=7))
    place.push()
    assert {one.pin: one.card for one in place.at["pos"].users.values()} == dict.fromkeys(
        (SARI, BUDI, "19"), 0
    )
    assert place.left("pos") == {
        (SARI, "cards_differ"),
        (BUDI, "card_of_two"),
        ("19", "card_of_two"),
    }


def test_a_card_that_came_meanwhile_is_not_written_over(places):
    place = places(lobi=F19, gudang=F19)
    place.at["lobi"].write_user(Enrolled(1, SARI, "Sari", card=1))
    place.at["gudang"].write_user(Enrolled(1, SARI, "Sari"))
    plans = pushing.compare(place.office).plans
    place.at["gudang"].write_user(Enrolled(1, SARI, "Sari", card=2))
    [done] = pushing.write(place.office, plans)
    assert done.report.left == ((SARI, "changed_meanwhile"),)
    assert done.done == ()
    assert place.at["gudang"].users[1].card == 2


def test_names_that_disagree_are_a_question_for_the_centre(places):
    place = places(lobi=F19, gudang=F19)
    place.at["lobi"].write_user(Enrolled(1, SARI, "Sari"))
    place.at["gudang"].write_user(Enrolled(1, SARI, "Siti"))
    assert place.push() == {}
    assert place.left("lobi") == {(SARI, "names_differ")}


def test_a_name_that_an_old_terminal_cut_off_is_no_other_name(places):
    place = places(lobi=F19, lama=OLD8)
    place.at["lobi"].write_user(Enrolled(1, SARI, "Sari Dewi Ayu"))
    place.at["lama"].write_user(Enrolled(1, SARI, "Sari Dew"))
    assert place.push() == {}
    assert place.left("lama") == set()


def test_a_pin_that_a_terminal_cannot_hold_is_told_and_its_likeness_is_not_removed(places):
    """Who is "0017" for the centre may be "17" on a terminal that counts."""
    place = places({"0017": "Sari", "A5": "Budi"}, lama=OLD8, lobi=F19)
    place.at["lama"].write_user(Enrolled(1, "17", "Sari"))
    place.push(remove=True)
    assert place.names("lama") == {"17": "Sari"}
    assert place.names("lobi") == {"0017": "Sari", "A5": "Budi"}
    assert place.left("lama") == {("0017", "pin_unfit"), ("A5", "pin_unfit"), ("17", "pin_alike")}


def test_the_terminal_says_how_many_digits_a_pin_may_have(places):
    place = places({"1234567": "Sari"}, lobi=F19)
    place.at["lobi"].options["~PIN2Width"] = "5"
    assert place.push() == {}
    assert place.left("lobi") == {("1234567", "pin_unfit")}


def test_a_pin_that_two_people_have_is_left_to_a_person(places):
    place = places({SARI: "Sari"}, lobi=F19)
    place.at["lobi"].users = {1: Enrolled(1, SARI, "A"), 2: Enrolled(2, SARI, "B")}
    assert place.push(remove=True) == {}
    assert place.left("lobi") == {(SARI, "pin_twice")}


def test_people_and_fingers_stop_where_the_memory_of_a_terminal_is_full(places):
    small = replace(F19, user_capacity=2, finger_capacity=1)
    place = places({pin: pin for pin in ("1", "2", "3")}, lobi=F19, kecil=small)
    for uid in (1, 2, 3):
        place.at["lobi"].write_user(Enrolled(uid, str(uid), str(uid)))
        place.at["lobi"].enrol_finger(str(uid), 6, bytes([uid]) * 400)
    done = place.push()["kecil"]
    assert done.report.left == ()
    assert place.names("kecil") == {"1": "1", "2": "2"}
    assert place.fingers("kecil") == {("1", 6): b"\1" * 400}
    assert place.left("kecil") == {("2", "no_finger_room"), ("3", "no_room")}


def test_a_finger_that_the_terminal_takes_and_does_not_keep_is_told(places):
    place = places(lobi=F19, gudang=F19)
    place.at["lobi"].write_user(Enrolled(1, SARI, "Sari"))
    place.at["lobi"].enrol_finger(SARI, 6, b"A" * 512)
    place.faults["gudang"].before[wire.REFRESH] = place.at["gudang"].templates.clear
    done = place.push()["gudang"]
    assert done.report.left == ((SARI, "not_kept"),)
    assert done.done == ()


def test_a_finger_that_the_terminal_refuses_is_told(places):
    place = places(lobi=F19, gudang=F19)
    place.at["lobi"].write_user(Enrolled(1, SARI, "Sari"))
    place.at["lobi"].enrol_finger(SARI, 6, b"A" * 512)
    place.faults["gudang"].refuse[wire.SAVE_TEMPLATES] = wire.ERROR
    assert place.push()["gudang"].report.left == ((SARI, "finger_refused"),)


def test_another_terminal_at_the_address_is_not_written_to(places):
    place = places({SARI: "Sari"}, lobi=F19)
    plans = pushing.compare(place.office).plans
    place.at["lobi"].become("SN-other")
    [away] = pushing.write(place.office, plans)
    assert (away.device, away.code) == ("lobi", "other_terminal")
    assert place.names("lobi") == {}


def test_a_terminal_that_is_off_is_named_and_the_others_are_done(places):
    place = places({SARI: "Sari"}, lobi=F19, gudang=F19)
    place.faults["lobi"].refuse[wire.READ_OPTION] = wire.ERROR
    compared = pushing.compare(place.office)
    assert [(one.device, one.code) for one in compared.away] == [("lobi", "no_serial")]
    assert [one.device for one in pushing.write(place.office, compared.plans)] == ["gudang"]


def test_only_the_terminal_that_was_named_is_written_to(places):
    place = places({SARI: "Sari"}, lobi=F19, gudang=F19)
    assert place.push("gudang").keys() == {"gudang"}
    assert place.names("lobi") == {}


def test_a_terminal_is_lent_for_its_own_part_only(places):
    place = places({SARI: "Sari"}, lobi=F19, gudang=F19)
    place.push()
    assert place.lent == ["lobi", "gudang", "lobi", "gudang"]


def test_a_terminal_that_does_not_show_its_templates_gets_people_and_no_fingers(places):
    place = places(lobi=WL10, gudang=WL10)
    place.at["lobi"].write_user(Enrolled(1, SARI, "Sari"))
    place.at["lobi"].enrol_finger(SARI, 6, b"A" * 512)
    place.push()
    assert place.fingers("gudang") == {}
    assert place.names("gudang") == {SARI: "Sari"}


def test_the_changes_are_told_with_the_digests_that_the_next_look_finds(places):
    place = places(lobi=F19, gudang=ACCESS_MODE)
    place.at["lobi"].write_user(Enrolled(1, SARI, "Sari", card=3))
    place.at["lobi"].enrol_finger(SARI, 6, b"A" * 512)
    done = place.push()["gudang"]
    salt = b"salt"
    assert list(pushing.changes(done.done, salt)) == [
        (SARI, "user_pushed", ""),
        (SARI, "card_pushed", ""),
        (SARI, "finger6_pushed", roll.template_digest(salt, b"A" * 512)),
    ]
    assert all(roll.parted(change) is None for _, change, _ in pushing.changes(done.done, salt))


def test_udp_terminals_are_written_to_as_well(places):
    place = places({SARI: "Sari"}, lobi=F19, gudang=F19)
    place.at["lobi"].write_user(Enrolled(1, SARI, "Sari"))
    place.at["lobi"].enrol_finger(SARI, 6, b"A" * 2_000)
    devices = [replace(one, udp=True) for one in place.office.devices]
    office = replace(place.office, devices=devices)
    [done] = pushing.write(office, pushing.compare(office).plans)
    assert isinstance(done, Pushed)
    assert place.fingers("gudang") == {(SARI, 6): b"A" * 2_000}
