"""Offices without a link: sticks, QR texts and codes between both real halves, on bad days too."""

import shutil
import tempfile
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from contract import batch, invitation, receipt, stick, typed
from contract.receipt import Receipt
from sync_server.sticks import Counter
from terminal_agent import identity
from terminal_agent.sticks import courier
from terminal_agent.sticks.bundle import Bundle
from terminal_agent.sticks.courier import Courier, Parcel
from tests.halves import Centre, Kiosk, TestClock, talk

NOON = 1_795_000_000 + 25_200


class Office:
    """A kiosk that is enrolled, and who carries sticks to the centre and back."""

    def __init__(self, folder: Path, centre: Centre, kid: str = "T07A", invited=None) -> None:
        self.folder, self.kid = folder, kid
        self.enrol(invited or centre.invite(kid))
        self.kiosk = Kiosk(folder / "state", self.invited, centre.clock)

    def enrol(self, invited) -> None:
        self.invited = invited
        self.folder.mkdir(exist_ok=True)
        file = self.folder / "invitation.json"
        file.write_bytes(invitation.encode(invited))
        identity.enrol(file, self.folder / "state")

    def punch(self, *scans):
        self.kiosk.punch(*scans)

    def export(self, to: Path | None = None, plain=False) -> list[tuple[str, bytes]]:
        """Stick files as (name, bytes)."""
        to = to or self.folder / "stick"
        to.mkdir(exist_ok=True)
        with closing(Bundle(self.folder / "state")) as bundle:
            written = [Path(one.file) for one in bundle.export(to, plain)]
        return [(file.name, file.read_bytes()) for file in written]

    def texts(self) -> list[str]:
        with closing(Bundle(self.folder / "state")) as bundle:
            return bundle.texts()[0]

    def bring(self, taken) -> list[str]:
        """Give this kiosk its receipts; what it says of each."""
        mine = [data for one in taken if one.kid == self.kid for data in one.receipts]
        return self.say(Parcel(tuple(mine)))

    def say(self, parcel: Parcel) -> list[str]:
        said = Courier(self.kiosk.journal, self.kiosk.dispatch).take(parcel)
        return [one.outcome for one in said]

    def standing(self):
        return self.kiosk.journal.standing()


def counter(centre: Centre) -> Counter:
    return Counter(centre.database, centre.desk, centre.registrar.keys)


@pytest.fixture
def centre(tmp_path):
    with closing(Centre(tmp_path / "centre", TestClock())) as centre:
        yield centre


@pytest.fixture
def office(tmp_path, centre):
    office = Office(tmp_path / "a", centre)
    yield office
    office.kiosk.journal.close()


def hand_in(centre, files):
    centre.clock.now += 1
    return counter(centre).sticks(files)


# One office


def test_a_stick_goes_to_the_centre_and_its_receipt_comes_back(office, centre):
    office.punch(("17", NOON), ("18", NOON + 5))
    files = office.export()
    assert [name.split("-")[2] for name, _ in files] == ["000001"]
    [taken], problems = hand_in(centre, files)
    last = office.standing().last
    assert (taken.new, taken.known, taken.missing_from, problems) == (last, 0, 0, [])
    assert office.bring([taken]) == ["moved"]
    assert office.standing().acked == last
    assert office.export() == [], "nothing is left to carry"
    assert centre.scans("T07A") == [("17", NOON), ("18", NOON + 5)]


def test_only_a_receipt_forgets_so_every_stick_carries_everything(office, centre):
    office.punch(("17", NOON))
    lost = office.export()
    office.punch(("18", NOON + 1))
    [taken], _ = hand_in(centre, office.export())
    assert centre.scans("T07A") == [("17", NOON), ("18", NOON + 1)]
    [again], _ = hand_in(centre, lost)
    assert (again.new, again.known) == (0, taken.new - 1), "the lost stick was found"
    assert office.bring([again]) == ["moved"], "its receipt speaks of all that is stored"
    assert office.standing().acked == taken.acked


def test_thousands_of_events_are_several_frames_in_one_file(office, centre):
    office.punch(*[(str(i % 90), NOON + i) for i in range(2_500)])
    [(_, data)] = office.export()
    assert len(data) < 2_500 * 4
    [taken], _ = hand_in(centre, [("a", data)])
    assert taken.new == office.standing().last > 2_500
    assert centre.rows("chain")[0].head == office.standing().head


def test_whoever_finds_a_stick_reads_nothing_but_its_label(office):
    office.punch(("198001012005011001", NOON), ("198001012005011001", NOON + 60))
    [(_, plain)] = office.export(plain=True)
    [(_, columns)] = office.export()
    for data in (plain, columns):
        assert b"198001" not in data
        assert b"scan" not in data
        assert b"T07A" in data


def test_a_code_over_the_telephone_does_what_the_stick_would(office, centre):
    office.punch(("17", NOON))
    [taken], _ = hand_in(centre, office.export())
    wrong = taken.short.replace(taken.short[0], "Z" if taken.short[0] != "Z" else "Y", 1)
    assert office.say(Parcel(code=wrong)) == ["mistyped"]
    assert office.say(Parcel(code=taken.short.lower())) == ["moved"]
    assert office.standing().acked == office.standing().last
    assert office.say(Parcel(code=taken.short)) == ["known"]
    forged = typed.encode("T07A", office.standing().epoch, 1, bytes(32))
    assert office.say(Parcel(code=forged)) == ["forged"]


def test_an_office_day_goes_as_qr_texts_in_any_order(office, centre):
    office.punch(*[(str(i % 70), NOON + i * 9) for i in range(450)])
    texts = office.texts()
    assert [text[:10] for text in texts] == ["HADIR:1/3:", "HADIR:2/3:", "HADIR:3/3:"]
    heard = [("2", texts[2]), ("1", texts[1].lower()), ("3", texts[0]), ("4", texts[1])]
    [taken], problems = counter(centre).texts(heard)
    assert (taken.new, taken.missing_from, problems) == (office.standing().last, 0, [])
    _, data = stick.read_returned(stick.returned("T07A", taken.receipts))
    assert office.say(Parcel(tuple(data))) == ["moved"]
    assert office.standing().acked == office.standing().last


def test_more_than_nine_codes_are_nobodys_to_scan(office):
    office.punch(*[(str(i), NOON + i) for i in range(3_000)])
    assert len(office.texts()) == 9


def test_a_text_that_was_not_scanned_is_named_and_comes_with_the_next(office, centre):
    office.punch(*[(str(i % 70), NOON + i * 9) for i in range(450)])
    first, second, third = office.texts()
    [taken], _ = counter(centre).texts([("1", first), ("3", third)])
    assert (taken.acked, taken.missing_from, taken.missing_to) == (200, 201, 400)
    assert office.bring([taken]) == ["moved", "known"]
    assert office.standing().acked == 200
    [taken], _ = counter(centre).texts([("2", second)])
    assert taken.acked == 400
    [taken], _ = counter(centre).texts([(str(i), text) for i, text in enumerate(office.texts())])
    assert taken.acked == office.standing().last


# What goes wrong


@pytest.mark.parametrize("where", ["magic", "kid", "keys", "length", "body", "tag", "signature"])
def test_a_stick_that_was_damaged_anywhere_is_named_and_the_others_are_taken(
    office, centre, tmp_path, where
):
    other = Office(tmp_path / "b", centre, "T07B")
    for each in (office, other):
        each.punch(("17", NOON))
    [(_, good)], [(_, data)] = office.export(), other.export()
    parts = stick.decode(data)
    body_at = len(parts.outside)
    at = {
        "magic": 2,
        "kid": 9,
        "keys": 30,
        "length": body_at - 2,
        "body": body_at + 3,
        "tag": body_at + len(parts.sealed) - 1,
        "signature": len(data) - 3,
    }[where]
    flipped = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
    files = [("flipped", flipped), ("cut", data[:at]), ("good", good), ("empty", b"")]
    taken, problems = hand_in(centre, files)
    assert [one.kid for one in taken] == ["T07A"]
    assert [(bad.file, bad.code) for bad in problems] == [
        *(("flipped", "stick_damaged"), ("cut", "stick_damaged"), ("empty", "stick_damaged")),
    ]
    other.kiosk.journal.close()


def test_a_stick_for_another_centre_is_not_opened(office, tmp_path):
    with closing(Centre(tmp_path / "elsewhere", TestClock())) as elsewhere:
        office.punch(("17", NOON))
        assert [bad.code for bad in hand_in(elsewhere, office.export())[1]] == ["stick_unopened"]


def test_a_stick_of_a_kiosk_that_nobody_invited_is_named(office, centre, tmp_path):
    invited = office.invited
    stranger = Office(
        tmp_path / "s",
        centre,
        "0Z9X",
        invitation.Invitation(
            **{field: getattr(invited, field) for field in invited.__struct_fields__}
            | {"kid": "0Z9X"}
        ),
    )
    stranger.punch(("17", NOON))
    _, problems = hand_in(centre, stranger.export())
    assert [(bad.code, bad.values) for bad in problems] == [("stick_stranger", {"kid": "0Z9X"})]
    stranger.kiosk.journal.close()


def test_whoever_knows_only_public_keys_cannot_bring_events(office, centre, tmp_path):
    """Nor take the kiosk's place: the event key is believed with frames that bear its MAC only."""
    thief = Office(tmp_path / "thief", centre, "T07A", msg_with(office.invited, mac_key=bytes(32)))
    thief.punch(("17", NOON))
    assert [bad.code for bad in hand_in(centre, thief.export())[1]] == ["stick_forged"]
    office.punch(("18", NOON))
    assert hand_in(centre, office.export())[1] == []
    assert centre.scans("T07A") == [("18", NOON)]
    thief.kiosk.journal.close()


def test_another_event_key_is_refused_until_the_kiosk_is_replaced(office, centre, tmp_path):
    """The same invitation on a second card: only a person can say that this is right."""
    office.punch(("17", NOON))
    hand_in(centre, office.export())
    second = Office(tmp_path / "second", centre, "T07A", office.invited)
    second.punch(("17", NOON), ("18", NOON + 5))
    assert [bad.code for bad in hand_in(centre, second.export())[1]] == ["stick_other_key"]
    second.enrol(centre.replace("T07A"))
    [taken], problems = hand_in(centre, second.export())
    assert (taken.new > 0, problems) == (True, [])
    assert [bad.code for bad in hand_in(centre, office.export())[1]] == ["stick_forged"]
    assert centre.scans("T07A").count(("18", NOON + 5)) == 1
    assert len(centre.rows("punch")) == 2
    second.kiosk.journal.close()


def msg_with(invited, **changed):
    fields = {field: getattr(invited, field) for field in invited.__struct_fields__}
    return invitation.Invitation(**fields | changed)


def test_a_receipt_of_another_kiosk_or_a_forged_one_changes_nothing(office, centre):
    office.punch(("17", NOON))
    epoch, last = office.standing().epoch, office.standing().last
    for kid, key in (("T07B", office.invited.mac_key), ("T07A", bytes(32))):
        data = receipt.encode(kid, Receipt(epoch, last, NOON, NOON), key)
        assert office.say(Parcel((data, b"", data[:-1]))) == ["forged"] * 3
    assert office.standing().acked == 0
    with pytest.raises(courier.StickFailed, match="T07B"):
        courier.parcel_of("T07A", stick.encode_receipts("T07B", []))


def test_an_old_receipt_changes_nothing_also_after_newer_ones_came_by_mqtt(office, centre):
    office.punch(("17", NOON))
    [old], _ = hand_in(centre, office.export())
    assert office.bring([old]) == ["moved"]
    office.punch(("18", NOON + 5))
    centre.clock.now += 60
    talk(office.kiosk, centre)
    acked = office.standing().acked
    assert acked == office.standing().last > old.acked
    assert office.bring([old]) == ["old"]
    assert office.say(Parcel(code=old.short)) == ["old"]
    assert office.standing().acked == acked


def test_a_restored_ledger_asks_by_stick_and_the_next_stick_starts_lower(office, centre, tmp_path):
    office.punch(("17", NOON))
    hand = hand_in(centre, office.export())[0]
    office.bring(hand)
    centre.close()
    shutil.copytree(tmp_path / "centre", tmp_path / "backup")
    centre.database = Centre(tmp_path / "centre", centre.clock).database
    centre.start()
    office.punch(("18", NOON + 5))
    later = hand_in(centre, office.export())[0]
    office.bring(later)
    with closing(Centre(tmp_path / "backup", centre.clock)) as restored:
        office.punch(("19", NOON + 9))
        [taken], _ = hand_in(restored, office.export())
        assert taken.missing_from == hand[0].acked + 1
        assert office.bring([taken]) == ["back"]
        assert office.standing().acked == hand[0].acked
        [taken], _ = hand_in(restored, office.export())
        assert (taken.acked, taken.missing_from) == (office.standing().last, 0)
        assert office.bring([taken]) == ["moved"]
        assert restored.scans("T07A") == [("17", NOON), ("18", NOON + 5), ("19", NOON + 9)]


def test_a_card_that_was_rolled_back_learns_it_from_a_stick_and_loses_nothing(
    office, centre, tmp_path
):
    office.punch(("17", NOON))
    office.kiosk.journal.close()
    shutil.copytree(tmp_path / "a/state", tmp_path / "image")
    office.kiosk.start()
    office.punch(("18", NOON + 60))
    taken, _ = hand_in(centre, office.export())
    office.kiosk.journal.close()
    shutil.rmtree(tmp_path / "a/state")
    shutil.move(tmp_path / "image", tmp_path / "a/state")
    office.kiosk.start()
    before = office.standing().epoch
    office.punch(("19", NOON + 120))
    [fork], _ = hand_in(centre, office.export())
    assert (fork.forked, fork.short) == (True, ""), "nobody may forget by a code here"
    assert office.bring([fork])[-1] == "new_epoch"
    assert office.standing().epoch != before
    assert office.bring(taken) == ["other_epoch"]
    [taken], _ = hand_in(centre, office.export())
    assert office.bring([taken]) == ["moved"]
    assert set(centre.scans("T07A")) == {("17", NOON), ("18", NOON + 60), ("19", NOON + 120)}
    assert len(centre.rows("punch")) == 3


def test_what_the_centre_cannot_read_in_columns_comes_again_as_json(office, centre, monkeypatch):
    office.punch(("17", NOON), ("18", NOON + 5))
    real = batch.decode

    def picky(kid, header, frame, pins):
        if header.codec == batch.COLUMNS:
            raise batch.BatchError("this centre has a bug in its columns")
        return real(kid, header, frame, pins)

    monkeypatch.setattr(batch, "decode", picky)
    files = office.export()
    [taken], _ = hand_in(centre, files)
    assert (taken.refused, taken.new, taken.short) == (True, 0, "")
    assert office.bring([taken]) == ["refused"]
    [taken], _ = hand_in(centre, office.export(plain=True) + files)
    assert (taken.refused, taken.acked) == (False, office.standing().last)
    assert centre.scans("T07A") == [("17", NOON), ("18", NOON + 5)]


def test_a_receipt_from_a_stick_teaches_no_clock(office, centre):
    """It rested on its way: its server times say nothing about now."""
    office.punch(("17", NOON))
    assert list(office.kiosk.dispatch.frames(0)), "in flight by MQTT, too"
    office.bring(hand_in(centre, office.export())[0])
    assert centre.clock.fixes == []
    assert office.standing().acked == office.standing().urgent


# Every day is a bad day


class Carriers(RuleBasedStateMachine):
    """Two offices whose sticks are made, lost, cut, mixed up and brought twice while MQTT comes and
    goes. At every moment a kiosk has forgotten only what the ledger holds."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.pile: list[tuple[str, bytes]] = []
        self.heard: list[tuple[str, str]] = []
        self.back: list = []
        self.said: dict[str, list] = {"T07A": [], "T07B": []}

    @initialize()
    def furnish(self):
        folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory()))
        self.clock = TestClock()
        self.centre = Centre(folder / "centre", self.clock)
        self.stack.callback(self.centre.close)
        self.offices = {}
        for kid in self.said:
            self.offices[kid] = Office(folder / kid, self.centre, kid)
            self.stack.callback(lambda kid=kid: self.offices[kid].kiosk.journal.close())

    kids = st.sampled_from(["T07A", "T07B"])

    @rule(kid=kids, people=st.integers(1, 30))
    def punch(self, kid, people):
        scans = [(str(i % 9), int(self.clock.now) + 25_200 + i) for i in range(people)]
        self.clock.now += people + 1
        self.said[kid] += scans
        self.offices[kid].kiosk.punch(*scans, serial=f"CJ-{kid}")

    @rule(kid=kids, plain=st.booleans())
    def make_a_stick(self, kid, plain):
        self.pile += self.offices[kid].export(plain=plain)

    @rule(kid=kids)
    def show_codes(self, kid):
        self.heard += [(kid, text) for text in self.offices[kid].texts()]

    @precondition(lambda self: self.pile)
    @rule(data=st.data())
    def pull_a_stick_out_too_early(self, data):
        name, whole = data.draw(st.sampled_from(self.pile))
        at = data.draw(st.integers(0, 999)) * len(whole) // 1000
        self.pile.append((name, whole[:at]))

    @precondition(lambda self: self.pile or self.heard)
    @rule(data=st.data())
    def somebody_goes_to_the_centre(self, data):
        """With any of the sticks and texts of all offices, in any order, some of them twice."""
        self.clock.now += 1
        for pile, take in (
            (self.pile, counter(self.centre).sticks),
            (self.heard, counter(self.centre).texts),
        ):
            if pile:
                taken, _ = take(data.draw(st.lists(st.sampled_from(pile), max_size=6)))
                self.back += taken

    @precondition(lambda self: self.back)
    @rule(data=st.data(), kid=kids)
    def somebody_comes_back(self, data, kid):
        """Perhaps to the wrong office, perhaps with last month's receipt."""
        office, one = self.offices[kid], data.draw(st.sampled_from(self.back))
        if data.draw(st.booleans()) and one.short:
            office.say(Parcel(code=one.short))
        else:
            office.say(Parcel(one.receipts))

    @rule(kid=kids, lost_up=st.booleans(), lost_down=st.booleans())
    def the_link_is_there_for_a_moment(self, kid, lost_up, lost_down):
        self.clock.now += 2
        kiosk = self.offices[kid].kiosk
        frames = [(kid, frame) for frame in kiosk.dispatch.frames(0)]
        answers = [] if lost_up else self.centre.desk.take(frames)
        for _, data in [] if lost_down else answers:
            kiosk.dispatch.take(data)

    @rule(kid=kids)
    def the_kiosk_loses_power(self, kid):
        self.offices[kid].kiosk.crash()

    @invariant()
    def only_what_is_stored_is_forgotten(self):
        for kid, office in getattr(self, "offices", {}).items():
            standing = office.standing()
            held = [r.acked for r in self.centre.rows("chain", kid=kid, epoch=standing.epoch)]
            assert standing.acked <= max(held, default=0)

    def teardown(self):
        """One good day in the end."""
        with self.stack:
            for kid, office in getattr(self, "offices", {}).items():
                taken, problems = hand_in(self.centre, office.export())
                office.bring(taken)
                assert problems == []
                standing, [row] = office.standing(), self.centre.rows("chain", kid=kid)
                assert standing.urgent <= standing.acked == row.acked
                assert not row.forked
                assert self.centre.scans(kid) == self.said[kid]
            assert all(gap.closed for gap in self.centre.rows("gap"))
            assert self.centre.rows("refused") == []
            assert self.centre.rows("repeat") == []


TestCarriers = Carriers.TestCase
TestCarriers.settings = settings(
    max_examples=12, stateful_step_count=20, report_multiple_bugs=False, deadline=None
)
