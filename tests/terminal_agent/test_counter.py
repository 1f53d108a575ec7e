"""What people do at the screen: type a number, vouch for a colleague, look at their own list."""

import pytest

from contract.chain import evidence_code
from contract.event import Device, Scan, Witnessed
from terminal_agent.door.words import Card, Expect, Mine, Sight, Typed, Vouched
from tests.halves import Centre, talk
from tests.room import (
    BUDI,
    KID,
    NIPS,
    SECRET,
    SITI,
    WATI,
    Room,
    eventually,
    seen,
    typed,
    until,
    up,
)

MINUTE, DAY = 60, 86_400


@pytest.fixture
def room(tmp_path):
    room = Room(tmp_path)
    room.know(SITI, BUDI)
    yield room
    room.close()


# By letter


def test_nip_and_secret_number_are_a_scan_of_the_screen(room):
    screen = room.screen()
    assert screen.ask(typed(SITI, SECRET)).ok
    [device] = room.records(Device)
    assert (device.serial, device.family) == (f"SCR-{KID}", "screen")
    [scan] = room.records(Scan)
    assert (scan.pin, scan.verify, scan.source, scan.t) == (
        SITI, 200, "kiosk", int(room.clock.now)
    )  # fmt: skip
    card = until(screen, Card)
    assert (card.state, card.way) == ("recorded", "secret")


@pytest.mark.parametrize(
    ("word", "code"),
    [
        (typed(SITI, "111111"), "wrong_secret"),
        (typed(WATI, SECRET), "no_letter"),
        (Typed(0, "190001011900011001", SECRET), "unknown_nip"),
        (Typed(0, SITI, SECRET), "unknown_nip"),  # the PIN does not make the mark
        (Typed(0, "190001011900011001"), "unknown_person"),
    ],
)
def test_what_is_not_proven_is_not_recorded_and_says_why(room, word, code):
    told = room.screen().ask(word)
    assert (told.ok, told.code) == (False, code)
    assert room.records(Scan) == []


def test_whoever_types_twice_was_recorded_once(room):
    screen = room.screen()
    screen.ask(typed(SITI, SECRET))
    until(screen, Card)
    room.restart()
    screen = room.screen()
    room.clock.now += MINUTE
    assert screen.ask(typed(SITI, SECRET)).ok
    assert until(screen, Card).state == "again"
    assert len(room.records(Scan)) == 1


def test_wrong_numbers_make_wait_longer_and_longer_and_only_that_person(room):
    screen = room.screen()
    waits = []
    for _ in range(6):
        before = room.clock.now
        while screen.ask(typed(SITI, "111111")).code == "wait":
            room.clock.now += 10
        waits.append(room.clock.now - before)
    assert waits == [0, 0, 0, 30, 60, 120]
    assert screen.ask(typed(SITI, SECRET)).code == "wait", "the right one waits as well"
    assert screen.ask(typed(BUDI, SECRET)).ok
    room.clock.now += 3600
    assert screen.ask(typed(SITI, SECRET)).ok
    assert screen.ask(typed(SITI, "111111")).code == "wrong_secret", "it began anew"


def test_a_nip_without_a_secret_asks_the_camera_for_that_one_person(room):
    screen = room.screen()
    assert screen.ask(typed(WATI)).code == "no_camera"
    camera = room.camera()
    assert screen.ask(typed(WATI)).ok
    assert until(camera, Expect) == Expect(WATI)
    assert screen.ask(Typed(0, SITI)).ok
    assert until(camera, Expect) == Expect(SITI)
    camera.say(Sight(up=False, code="camera_gone"))
    eventually(lambda: not room.lobby._board.sight.up)
    assert screen.ask(typed(WATI)).code == "no_camera"


# Witnesses


def now_seen(room, pin=SITI, **more):
    """The camera recognises somebody at this moment."""
    return seen(pin, up(room.clock.now), **more)


def test_a_colleague_vouches_by_secret_number_and_both_stand_in_the_chain(room):
    screen = room.screen()
    assert screen.ask(Vouched(0, NIPS[WATI], NIPS[SITI], SECRET)).ok
    [scan] = room.records(Scan)
    assert (scan.pin, scan.verify, scan.source) == (WATI, 201, "kiosk")
    last = room.journal.standing().last
    assert room.records(Witnessed) == [Witnessed(last - 1, SITI, 200)]
    assert until(screen, Card).way == "witness"


def test_a_colleague_whose_face_matched_the_nip_they_typed_for_it_vouches_once(room):
    camera, screen = room.camera(), room.screen()
    assert screen.ask(Typed(0, NIPS[SITI], purpose="witness")).ok
    assert until(camera, Expect) == Expect(SITI)
    vouching = Vouched(0, NIPS[WATI], NIPS[SITI])
    assert screen.ask(vouching).code == "not_recognised", "nobody has looked yet"
    camera.ask(now_seen(room, verify=17))
    room.clock.now += 30
    assert screen.ask(vouching).ok
    assert [one.verify for one in room.records(Witnessed)] == [17]
    again = Vouched(0, NIPS[BUDI], NIPS[SITI])
    assert screen.ask(again).code == "not_recognised", "the match is used up"
    assert len(room.records(Witnessed)) == 1


@pytest.mark.parametrize(
    ("purpose", "verify"),
    [("witness", 15), ("scan", 17), ("mine", 17)],
    ids=["recognised among all, as whoever walks past is", "came to attend", "came for the list"],
)
def test_nobody_vouches_with_the_face_of_a_colleague_who_came_for_something_else(
    room, purpose, verify
):
    camera, screen = room.camera(), room.screen()
    assert screen.ask(Typed(0, NIPS[SITI], purpose=purpose)).ok
    camera.ask(now_seen(room, verify=verify))
    assert screen.ask(Vouched(0, NIPS[WATI], NIPS[SITI])).code == "not_recognised"
    assert room.records(Witnessed) == []


def test_a_match_from_before_the_nip_was_typed_or_of_long_ago_vouches_for_nobody(room):
    camera, screen = room.camera(), room.screen()
    typing, vouching = Typed(0, NIPS[SITI], purpose="witness"), Vouched(0, NIPS[WATI], NIPS[SITI])
    camera.ask(now_seen(room, verify=17))
    room.clock.now += 1
    assert screen.ask(typing).ok
    assert screen.ask(vouching).code == "not_recognised"
    camera.ask(now_seen(room, verify=17))
    room.clock.now += 31
    assert screen.ask(vouching).code == "not_recognised"
    assert room.records(Witnessed) == []


def test_a_pin_which_everybody_may_read_proves_nobody(room):
    camera, screen = room.camera(), room.screen()
    assert screen.ask(Typed(0, SITI, purpose="witness")).code == "unknown_nip"
    assert screen.ask(Typed(0, SITI)).ok, "to attend, the face alone is the proof"
    camera.ask(now_seen(room, verify=17))
    assert screen.ask(Vouched(0, NIPS[WATI], SITI)).code == "unknown_witness"


@pytest.mark.parametrize(
    ("who", "by", "secret", "code"),
    [
        (NIPS[SITI], NIPS[SITI], SECRET, "self_witness"),
        (SITI, NIPS[SITI], SECRET, "self_witness"),
        (NIPS[WATI], NIPS[SITI], "111111", "wrong_secret"),
        ("nobody", NIPS[SITI], SECRET, "unknown_person"),
        (NIPS[WATI], "nobody", "", "unknown_witness"),
    ],
)
def test_nobody_vouches_for_himself_or_without_proof(room, who, by, secret, code):
    told = room.screen().ask(Vouched(0, who, by, secret))
    assert (told.ok, told.code) == (False, code)
    assert room.records(Scan, Witnessed) == []


# One's own list


def test_everybody_sees_only_their_own_week_with_what_became_of_each_scan(tmp_path):
    room = Room(tmp_path)
    centre = Centre(tmp_path / "centre", room.clock)
    try:
        _week(room, centre)
    finally:
        room.close()
        centre.close()


def _week(room, centre):
    room.invited = centre.invite(KID)
    room.kiosk.invited = room.invited
    room.restart()
    room.know(SITI, BUDI)
    now = int(room.clock.now)
    room.kiosk.punch((SITI, now - 9 * DAY + 25_200), (BUDI, now + 25_200))
    room.kiosk.punch((SITI, now - DAY + 25_200))
    talk(room.kiosk, centre)
    room.kiosk.punch((SITI, now - 600 + 25_200))
    list(room.kiosk.dispatch.frames(0))  # it leaves; no receipt comes
    room.kiosk.punch((SITI, now - 60 + 25_200))
    screen = room.screen()
    told = screen.ask(Mine(0, NIPS[SITI], SECRET))
    assert [(day.t, day.how, day.stage) for day in told.days] == [
        (now - DAY, "finger", "received"),
        (now - 600, "finger", "sent"),
        (now - 60, "finger", "stored"),
    ]
    standing = room.journal.standing()
    assert told.days[-1].code == evidence_code(KID, standing.last, standing.head)


def test_a_scan_that_was_journalled_again_is_listed_under_its_new_number(room):
    room.kiosk.punch((SITI, int(room.clock.now) + 25_200))
    room.journal.begin_epoch("fork", room.clock.look())
    [day] = room.screen().ask(Mine(0, NIPS[SITI], SECRET)).days
    standing = room.journal.standing()
    numbers = {
        evidence_code(KID, seq, room.journal.run(seq, 1).after)
        for seq in range(1, standing.last + 1)
    }
    assert day.code in numbers
    assert day.stage == "stored"


def test_ones_own_list_needs_a_proof(room):
    camera, screen = room.camera(), room.screen()
    mine = Mine(0, NIPS[SITI])
    assert screen.ask(Mine(0, NIPS[SITI], "111111")).code == "wrong_secret"
    camera.ask(now_seen(room, verify=15))
    assert screen.ask(mine).code == "not_recognised", "who walked past opens nothing for others"
    assert screen.ask(Mine(0, SITI)).code == "unknown_nip", "nor does a PIN"
    room.clock.now += 1
    assert screen.ask(Typed(0, NIPS[SITI], purpose="mine")).ok
    camera.ask(now_seen(room, verify=17))
    assert screen.ask(Vouched(0, NIPS[WATI], NIPS[SITI])).code == "not_recognised"
    assert [day.how for day in screen.ask(mine).days] == ["face"]
    assert screen.ask(mine).code == "not_recognised", "the match is used up"
