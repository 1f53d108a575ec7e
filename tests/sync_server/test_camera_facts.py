"""Faces and numbers typed on a screen, from the kiosk's journal to the day's fact."""

import msgspec
import pytest

from contract import chain
from contract.event import (
    VERIFY_FACE,
    VERIFY_SECRET,
    VERIFY_WITNESS,
    Challenge,
    Copresence,
    Covered,
    Device,
    Enrolment,
    Gallery,
    Scan,
    Witnessed,
)
from sync_server import copresence, standing, verifying
from sync_server.errors import BadFile
from terminal_agent.delivery import Delivery, Reading
from tests.halves import talk
from tests.sync_server.test_feed import (  # noqa: F401 - the fixtures
    TUESDAY,
    WEDNESDAY,
    Site,
    centre,
    facts,
    site,
    sites,
    staff,
    utc,
)

CAMERA, SCREEN = "CAM-T07A", "SCR-T07A"


class Eye:
    """A kiosk with a camera and a screen of its own, and no terminal."""

    def __init__(self, folder, of):
        self.site = Site(folder, of)
        self.centre, self.kiosk = of, self.site.kiosk
        self.see(CAMERA, "camera")

    def see(self, serial, family, *records):
        readings = tuple(Reading(record) for record in records)
        self.kiosk.journal.store(Delivery(serial, family, readings=readings), self.look())

    def look(self):
        return self.centre.clock.look()

    def at(self, day, local):
        self.centre.clock.now = float(utc(day, local))

    def scan(self, day, local, pin="17", verify=VERIFY_FACE, source="camera"):
        """Somebody is recognised at a local time; the kiosk's clock stamps UTC."""
        self.at(day, local)
        score = (93, 2, 1) if source == "camera" else ()
        scan = Scan(0, pin, utc(day, local), False, 0, verify, 0, 0, source, *score)
        where = (CAMERA, "camera") if source == "camera" else (SCREEN, "screen")
        self.see(*where, scan)

    def up(self, day, since, through):
        """The camera's process says that it delivered frames; its record comes with the next."""
        self.at(day, through)
        first, last = utc(day, since), utc(day, through)
        index = self.kiosk.journal.device(CAMERA).index
        self.kiosk.journal.note([Covered(index, first, last, 0)], self.look())

    def send(self):
        talk(self.kiosk, self.centre)

    def fact(self, day=TUESDAY):
        [found] = facts(self.centre, "1.01", day)
        return found


@pytest.fixture
def eye(tmp_path, centre):  # noqa: F811
    staff(centre, "1,Sari,1.01,WIB,17,,\n")
    one = Eye(tmp_path, centre)
    yield one
    one.kiosk.journal.close()


def test_a_face_is_dated_by_the_kiosks_own_clock_and_not_as_local_time(eye):
    eye.scan(TUESDAY, "08:31:00")
    eye.scan(TUESDAY, "16:03:00")
    eye.up(TUESDAY, "04:00:00", "23:30:00")
    eye.scan(TUESDAY, "23:40:00", pin="99")
    eye.send()
    fact = eye.fact()
    assert (fact.status, fact.late_min, fact.early_min) == ("HADIR", 61, 0)
    assert fact.arrival.t.timestamp() == utc(TUESDAY, "08:31:00")
    assert (fact.arrival.mode, fact.arrival.clock, fact.arrival.raw) == ("face", "ok", None)
    assert fact.arrival.terminal == CAMERA
    assert fact.flags == ()


@pytest.mark.parametrize(
    ("verify", "mode", "flags"),
    [
        (VERIFY_SECRET, "secret", ("in_by_secret", "out_by_secret")),
        (VERIFY_WITNESS, "witness", ("in_by_witness", "out_by_witness")),
    ],
)
def test_who_typed_a_number_or_had_a_witness_is_present_and_can_be_listed(eye, verify, mode, flags):
    eye.scan(TUESDAY, "07:20:00", verify=verify, source="kiosk")
    eye.scan(TUESDAY, "16:05:00", verify=verify, source="kiosk")
    eye.up(TUESDAY, "04:00:00", "23:30:00")
    eye.scan(TUESDAY, "23:40:00", pin="99")
    eye.send()
    fact = eye.fact()
    assert (fact.status, fact.late_min, fact.missing) == ("HADIR", 0, ())
    assert (fact.arrival.mode, fact.flags) == (mode, flags)


def test_a_screen_has_nothing_to_cover_and_holds_nobody(eye):
    eye.scan(TUESDAY, "05:00:00", pin="99", verify=VERIFY_SECRET, source="kiosk")
    eye.up(TUESDAY, "04:00:00", "23:30:00")
    eye.scan(TUESDAY, "23:40:00", pin="99")
    eye.send()
    assert (eye.fact().status, eye.fact().behind) == ("TK", ())


def test_a_screen_does_not_stand_for_a_camera_that_never_spoke(tmp_path, centre, sites):  # noqa: F811
    """The office's second kiosk is to watch one device, and only its screen has told of itself."""
    staff(centre, "1,Sari,1.01,WIB,17,,\n")
    one = Eye(tmp_path, centre)
    other = sites(kid="T08B", serial="CJ2")
    other.kiosk.journal.store(Delivery("SCR-T08B", "screen"), centre.clock.look())
    one.up(TUESDAY, "04:00:00", "23:30:00")
    one.scan(TUESDAY, "23:40:00", pin="99")
    other.kiosk.punch(serial="SCR-T08B", offset_ms=None)
    other.kiosk.journal.note([Gallery(1, "m", 0, 0, "")], centre.clock.look())
    one.send()
    talk(other.kiosk, centre)
    assert (one.fact().status, one.fact().behind) == ("TUNGGU_DATA", ("kiosk T08B",))
    one.kiosk.journal.close()


@pytest.mark.parametrize(
    ("spans", "status"),
    [
        ([("04:00:00", "23:30:00")], "TK"),
        ([("04:00:00", "09:00:00"), ("09:04:59", "23:30:00")], "TK"),
        ([("04:00:00", "09:00:00"), ("09:06:00", "23:30:00")], "TUNGGU_DATA"),
        ([("05:04:00", "23:30:00")], "TK"),
        ([("05:06:00", "23:30:00")], "TUNGGU_DATA"),
        ([("04:00:00", "21:59:00")], "TUNGGU_DATA"),
        ([("04:00:00", "21:00:00"), ("23:20:00", "23:30:00")], "TUNGGU_DATA"),
    ],
    ids=["whole", "short gap", "gap", "a little late", "late", "to come", "evening"],
)
def test_a_camera_that_was_away_holds_the_day_only_where_nobody_could_try_again(eye, spans, status):
    """The shift's window is 05:00 to 22:00."""
    for since, through in spans:
        eye.up(TUESDAY, since, through)
    eye.scan(TUESDAY, "23:40:00", pin="99")
    eye.send()
    assert eye.fact().status == status


def test_a_camera_that_is_switched_off_for_the_night_just_before_the_window_closes(eye):
    eye.up(TUESDAY, "04:00:00", "21:58:00")
    eye.send()
    assert eye.fact().status == "TUNGGU_DATA", "what was seen after it may still be on its way"
    eye.up(WEDNESDAY, "05:00:00", "06:00:00")
    eye.scan(WEDNESDAY, "06:01:00", pin="99")
    eye.send()
    assert eye.fact().status == "TK"


def test_every_record_of_camera_and_screen_is_read_without_harm_by_whoever_reads_the_ledger(eye):
    eye.scan(TUESDAY, "07:20:00")
    index = eye.kiosk.journal.device(CAMERA).index
    seq = eye.kiosk.journal.standing().last
    eye.scan(TUESDAY, "07:21:00", pin="19", verify=VERIFY_WITNESS, source="kiosk")
    eye.kiosk.journal.note(
        [
            Gallery(41, "dlib-resnet-1", 112, 4_612, "7e" * 32),
            Challenge(index, utc(TUESDAY, "07:22:00"), "turn_left", "timeout", "17", 71, 41),
            Witnessed(seq + 2, "17", VERIFY_FACE),
            Copresence(seq, "mismatch"),
            Copresence(seq + 1_000, "mismatch"),
            Copresence(seq, "no_face"),
            Enrolment(index, "17", "erased", "0c" * 32),
            Device(9, "CAM-OLD", "camera", ""),
        ],
        eye.look(),
    )
    eye.scan(TUESDAY, "16:03:00")
    eye.send()
    with eye.centre.database.reading() as tx:
        assert [one.broken_at for one in verifying.chains(tx)] == [0]
        assert standing.gaps(tx) == []
        [watch] = copresence.watches(tx, "1.01", 0)
        assert copresence.watches(tx, "9.99", 0) == []
        assert copresence.watches(tx, None, int(eye.centre.clock.now) + 1) == []
    assert (watch.match, watch.mismatch, watch.no_face) == (0, 2, 1)
    assert [(one.pin, one.seq) for one in watch.apart] == [("", seq + 1_000), ("17", seq)]
    fact = eye.fact()
    assert (fact.arrival.mode, fact.departure.mode) == ("face", "face")
    assert fact.status == "HADIR"


def test_the_code_that_a_screen_shows_is_found_in_the_ledger_and_no_other_is(eye):
    eye.scan(TUESDAY, "07:20:00")
    eye.send()
    journal = eye.kiosk.journal
    now = journal.standing()
    code = chain.evidence_code("T07A", now.last, now.head)
    with eye.centre.database.reading() as tx:
        misread = code[:-8].replace("0", "O") + code[-8:].replace("O", "0").replace("I", "1")
        for copied in (f" {code.lower()} ", f"bukti {code}", code.replace("-", " - "), misread):
            found = standing.by_code(tx, copied)
            assert (found.seq, msgspec.json.decode(found.record)[0]) == (now.last, "scan")
        for wrong in (
            code[:-1] + ("A" if code[-1] != "A" else "B"),
            f"T07A-{now.last + 1}-{code[-8:]}",
            f"T08B-{now.last}-{code[-8:]}",
        ):
            assert standing.by_code(tx, wrong) is None
        for no_code in (
            f"T07A-{10**30}-ABCDEFGH",
            "T07A-x-ABCDEFGH",
            "T07A-1-ABCDEFG9",
            "T07A",
            "",
        ):
            with pytest.raises(BadFile, match="code_malformed"):
                standing.by_code(tx, no_code)
