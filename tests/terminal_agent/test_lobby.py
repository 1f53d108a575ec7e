"""What the camera says at the agent's door becomes events, once, and people are told."""

import subprocess
import sys

import pytest

from contract.event import (
    Challenge,
    Copresence,
    Covered,
    Device,
    Enrolment,
    Gallery,
    Scan,
)
from contract.event import Epoch as EpochBegan
from terminal_agent.delivery import Delivery, Reading
from terminal_agent.door.words import (
    Card,
    Compared,
    Enrolled,
    Face,
    Mine,
    Punched,
    Regallery,
    Sight,
    Standing,
    Told,
    Typed,
    Unmet,
    Watched,
)
from tests.halves import WIB_MS
from tests.room import (
    BUDI,
    DUE_IN,
    KID,
    NIPS,
    SITI,
    Room,
    eventually,
    gallery,
    news,
    seen,
    until,
    up,
)

MINUTE, HOUR = 60, 3_600


@pytest.fixture
def rooms(tmp_path):
    opened = []

    def open_(**how) -> Room:
        opened.append(Room(tmp_path, **how))
        return opened[-1]

    yield open_
    for room in opened:
        room.close()


@pytest.fixture
def room(rooms):
    return rooms()


# A face that was recognised


def test_a_recognised_face_is_committed_before_the_camera_hears_that_it_is(room):
    camera, screen = room.camera(), room.screen()
    room.know()
    now = int(room.clock.now)
    assert camera.ask(seen(SITI, up(now - 3))).ok
    [device] = room.records(Device)
    assert (device.serial, device.family) == (f"CAM-{KID}", "camera")
    [scan] = room.records(Scan)
    assert (scan.pin, scan.t, scan.lag, scan.source) == (SITI, now - 3, 3, "camera")
    assert (scan.verify, scan.score, scan.liveness, scan.gallery) == (15, 80, 1, 4)
    card = until(screen, Card)
    assert (card.state, card.t, card.name, card.way) == ("recorded", now - 3, "Pegawai 17", "face")
    assert (card.arrival, card.planned) == (True, True)
    assert card.code.startswith(f"{KID}-{room.journal.standing().last}-")


def test_the_same_word_after_a_lost_answer_stores_nothing_twice(room):
    """The camera was killed before it heard the answer, came back, and asks again."""
    word = seen()
    room.camera().ask(word)
    assert room.camera().ask(word).ok
    assert len(room.records(Scan)) == 1


def test_the_same_word_after_the_agent_was_killed_stores_nothing_twice(room):
    word = seen()
    assert room.camera().ask(word).ok
    room.restart()
    assert room.camera().ask(word).ok
    assert len(room.records(Scan)) == 1


def test_without_a_clock_the_same_second_of_a_face_is_still_one_event(room):
    """Nothing but the punch key tells it then."""
    room.clock.trust = 0
    word = seen()
    assert room.camera().ask(word).ok
    room.restart()
    assert room.camera().ask(word).ok
    assert len(room.records(Scan)) == 1


@pytest.mark.parametrize("restarted", [False, True])
def test_whoever_is_seen_again_within_minutes_is_told_so_and_nothing_is_recorded(room, restarted):
    room.camera().ask(seen())
    first = int(room.clock.now)
    room.clock.now += 4 * MINUTE
    if restarted:
        room.restart()
    camera, screen = room.camera(), room.screen()
    assert camera.ask(seen(t=up(room.clock.now))).ok
    card = until(screen, Card)
    assert (card.state, card.t) == ("again", first)
    room.clock.now += 2 * MINUTE
    camera.ask(seen(t=up(room.clock.now)))
    assert len(room.records(Scan)) == 2


def test_a_camera_that_waited_a_day_for_its_agent_loses_no_scan(room):
    """Both come within a second; the person came in the morning and went in the evening."""
    room.know()
    room.clock.now += 10 * HOUR
    camera, screen, now = room.camera(), room.screen(), int(room.clock.now)
    assert screen.ask(Typed(0, NIPS[SITI], purpose="mine")).ok
    for t in (now - 9 * HOUR, now - 9 * HOUR + 60, now - HOUR):
        assert camera.ask(seen(t=up(t), verify=17)).ok
    assert [(scan.t, scan.lag) for scan in room.records(Scan)] == [
        (now - 9 * HOUR, 9 * HOUR),
        (now - HOUR, HOUR),
    ]
    assert [word for word in news(screen) if isinstance(word, Card)] == []
    assert screen.ask(Mine(0, NIPS[SITI])).code == "not_recognised", "that was an hour ago"


def test_a_kiosk_that_wakes_with_yesterdays_clock_loses_no_scan(room):
    """Without a battery clock each day begins where the last one ended, so minutes repeat."""
    room.camera().ask(seen())
    room.clock.trust, room.clock.boot = 0, "b2"
    room.restart()
    room.camera().ask(seen(t=up(room.clock.now), pin=SITI))
    room.clock.now += MINUTE
    assert room.camera().ask(seen(t=up(room.clock.now), pin=BUDI)).ok
    room.restart()
    room.clock.now -= 30
    room.camera().ask(seen(t=up(room.clock.now), pin=BUDI))
    assert [scan.pin for scan in room.records(Scan)] == [SITI, BUDI, BUDI]


def test_a_scan_under_a_clock_that_is_not_valid_is_held_not_recorded(room):
    room.clock.trust = 0
    camera, screen = room.camera(), room.screen()
    camera.ask(seen())
    assert until(screen, Card).state == "held"


def test_who_is_late_hears_by_how_much_and_not_again_at_the_second_scan(room):
    room.know()
    camera, screen = room.camera(), room.screen()
    room.clock.now = DUE_IN + 16 * MINUTE + 59
    camera.ask(seen(t=up(room.clock.now)))
    late = until(screen, Card)
    assert (late.state, late.minutes, late.arrival) == ("late", 16, True)
    room.clock.now += HOUR
    camera.ask(seen(t=up(room.clock.now)))
    assert until(screen, Card).state == "recorded"


def test_only_the_first_scan_of_a_morning_is_on_time(room):
    room.know()
    camera, screen = room.camera(), room.screen()
    for hours, planned in ((0, True), (1, False)):
        room.clock.now = DUE_IN - 2 * HOUR + hours * HOUR
        camera.ask(seen(t=up(room.clock.now)))
        card = until(screen, Card)
        assert (card.state, card.arrival, card.planned) == ("recorded", True, planned)


def test_a_pin_that_is_nobodys_is_told_so_where_the_office_has_a_list(room):
    """It is stored, and will never pay."""
    screen = room.screen()
    punch(room, pin="7777")
    assert until(screen, Card).known, "a kiosk without a list cannot know"
    room.know()
    punch(room, pin="8888")
    assert not until(screen, Card).known
    assert [scan.pin for scan in room.records(Scan)] == ["7777", "8888"]


@pytest.mark.parametrize("step", [-7_200, 7_200])
def test_a_clock_that_is_set_between_a_sight_and_its_commit_moves_no_scan(room, step):
    """The camera counts seconds since the boot, and the agent dates them when it takes them."""
    camera, up_now = room.camera(), room.clock.up_ms() // 1000
    word = seen(t=up(room.clock.now) - 2)
    room.clock.now += step
    room.clock.booted += step
    camera.ask(word)
    [scan] = room.records(Scan)
    assert (scan.t, scan.lag) == (int(room.clock.now) - 2, 2)
    punch(room)
    assert until(camera, Punched).t == up_now - 2, "and what it is asked, back"


def test_the_card_of_a_face_says_where_the_camera_sees_it(room):
    camera, screen = room.camera(), room.screen()
    camera.ask(seen(track=7))
    assert until(screen, Card).track == 7
    camera.ask(seen(track=8))
    card = until(screen, Card)
    assert (card.state, card.track) == ("again", 8)
    punch(room)
    assert until(screen, Card).track == 0, "a finger is on no track"


def test_whoever_comes_back_at_once_is_told_that_they_are_recorded_and_nothing_more_is(room):
    camera, screen = room.camera(), room.screen()
    first = int(room.clock.now)
    camera.ask(seen())
    assert until(screen, Card).state == "recorded"
    camera.ask(seen(t=up(first + 8), again=True, liveness=0))
    card = until(screen, Card)
    assert (card.state, card.t) == ("again", first)
    room.clock.now += HOUR
    assert camera.ask(seen(t=up(room.clock.now), again=True, liveness=0)).ok
    assert len(room.records(Scan)) == 1, "nothing was asked of that face"


def test_a_face_that_fails_beside_another_is_heard_once_and_not_at_every_repetition(room):
    screen, heard = room.screen(), []
    room.lobby.crier._sounds.play = heard.append
    for _ in range(3):
        for track in (1, 2):
            room.lobby.crier.face(Face("failed", track, left_s=4))
    assert heard == ["failed", "failed"]
    room.lobby.crier.face(Face("idle", 1))
    room.lobby.crier.face(Face("failed", 1))
    assert len(heard) == 3
    assert len(news(screen)) == 8, "the screen hears all of it"


# The rest of what a camera says


def test_a_challenge_that_was_not_met_is_evidence_and_no_scan(room):
    camera, now = room.camera(), int(room.clock.now)
    word = Unmet(0, up(now - 6), "blink", "timeout", SITI, 40, 4)
    assert [camera.ask(word).ok for _ in range(2)] == [True, True]
    assert room.records(Challenge) == [Challenge(1, now - 6, "blink", "timeout", SITI, 40, 4)]
    assert room.records(Scan) == []


def test_a_camera_is_covered_hourly_and_without_holes(room):
    camera, began = room.camera(), int(room.clock.now)
    for _ in range(130):
        room.clock.now += MINUTE
        now = int(room.clock.now)
        assert camera.ask(Watched(0, up(now - MINUTE), up(now))).ok
    spans = [(one.since, one.through) for one in room.records(Covered)]
    assert [through // HOUR - since // HOUR for since, through in spans] == [1] * len(spans)
    assert spans[0][0] == began
    assert [since for since, _ in spans[1:]] == [through for _, through in spans[:-1]]
    assert len(spans) == 2


def test_a_break_ends_the_covered_time_and_so_does_going_away(room):
    camera, began = room.camera(), int(room.clock.now)
    room.clock.now += 20 * MINUTE
    camera.ask(Watched(0, up(began), up(began + 5 * MINUTE)))
    camera.ask(Watched(0, up(began + 9 * MINUTE), up(began + 10 * MINUTE)))
    camera.ask(seen())
    camera.close()
    eventually(lambda: len(room.records(Covered)) == 2)
    assert [(one.since, one.through, one.count) for one in room.records(Covered)] == [
        (began, began + 5 * MINUTE, 0),
        (began + 9 * MINUTE, began + 10 * MINUTE, 1),
    ]


def test_what_was_covered_is_committed_when_the_agent_stops(room):
    camera, now = room.camera(), int(room.clock.now)
    camera.ask(Watched(0, up(now - MINUTE), up(now)))
    room.end()
    assert [(one.since, one.through) for one in room.records(Covered)] == [(now - MINUTE, now)]


def test_nothing_is_covered_without_a_clock(room):
    camera, now = room.camera(), int(room.clock.now)
    room.clock.trust = 0
    camera.ask(Watched(0, up(now - MINUTE), up(now - 30)))
    room.clock.trust = 3
    camera.ask(Watched(0, up(now - 30), up(now)))
    camera.close()
    eventually(lambda: room.records(Covered))
    assert [(one.since, one.through) for one in room.records(Covered)] == [(now - 30, now)]


def test_a_clock_that_is_set_while_the_camera_is_up_moves_its_time_and_makes_no_hole(room):
    camera, now = room.camera(), int(room.clock.now)
    camera.ask(Watched(0, up(now - MINUTE), up(now - 30)))
    room.clock.now -= 20
    room.clock.booted -= 20
    camera.ask(Watched(0, up(now - 30), up(now)))
    camera.close()
    eventually(lambda: room.records(Covered))
    spans = [(one.since, one.through) for one in room.records(Covered)]
    assert spans == [(now - MINUTE - 20, now - 20)]


def test_a_camera_introduces_itself_with_its_first_minute(room):
    now = int(room.clock.now)
    room.camera().ask(Watched(0, up(now - 1), up(now)))
    assert [device.serial for device in room.records(Device)] == [f"CAM-{KID}"]


def test_a_gallery_is_named_once_and_again_where_numbering_begins_anew(room):
    camera = room.camera()
    camera.ask(gallery(4))
    camera.ask(gallery(4))
    camera.ask(gallery(5))
    assert [made.version for made in room.records(Gallery)] == [4, 5]
    room.journal.acknowledge(room.journal.standing().epoch, room.journal.standing().last)
    room.journal.begin_epoch("fork", room.clock.look())
    assert [made.version for made in room.records(Gallery)] == [5]
    camera.ask(gallery(5))
    assert len(room.records(Gallery)) == 1


def test_a_changed_template_is_noted_and_the_camera_is_told(room):
    camera, command = room.camera(), room.enter("command")
    for _ in range(2):
        assert command.ask(Enrolled(0, SITI, "enrolled", "aa")).ok
    assert room.records(Enrolment) == [Enrolment(0, SITI, "enrolled", "aa")]
    until(camera, Regallery)


def test_a_kiosk_without_a_camera_introduces_none(rooms):
    """Else the centre would wait for ever until that camera told that it was up."""
    room = rooms(source="")
    room.enter("command").ask(Enrolled(0, SITI, "enrolled", "aa"))
    assert room.records(Device) == []
    assert room.records(Enrolment) == [Enrolment(0, SITI, "enrolled", "aa")]


# Punches at terminals


def punch(room, pin=SITI, ago=2, offset_ms=WIB_MS, verify=1):
    """A punch as a poll brings it, through the intake that its source has."""
    intake = room.new_intake()
    intake.listener = room.lobby.crier
    t = int(room.clock.now) - ago + 25_200
    scan = Scan(0, pin, t, False, 0, verify, 0, 0, "pull")
    return intake.store(Delivery("CJ1", "ZKTeco", "6.60", (Reading(scan),), offset_ms))


def test_a_finger_that_was_learnt_live_is_compared_and_named_in_the_chain(room):
    camera = room.camera()
    stored = punch(room)
    asked = until(camera, Punched)
    assert (asked.epoch, asked.seq, asked.pin) == (stored.epoch, stored.first, SITI)
    assert asked.t == up(room.clock.now) - 2
    answer = Compared(0, asked.epoch, asked.seq, "mismatch")
    assert [camera.ask(answer).ok for _ in range(2)] == [True, True]
    assert room.records(Copresence) == [Copresence(stored.first, "mismatch")]


def test_an_answer_about_an_epoch_that_is_over_names_nothing(room):
    camera = room.camera()
    stored = punch(room)
    room.journal.begin_epoch("fork", room.clock.look())
    assert camera.ask(Compared(0, stored.epoch, stored.first, "match")).ok
    assert room.records(Copresence) == []


@pytest.mark.parametrize(
    "how",
    [{"ago": 20}, {"offset_ms": None}, {"verify": 15}],
    ids=["long ago", "no offset known", "the device saw the face itself"],
)
def test_the_camera_is_not_asked_about_what_it_cannot_have_seen(room, how):
    camera = room.camera()
    punch(room, **how)
    assert not [word for word in news(camera) if isinstance(word, Punched)]


def test_a_finger_appears_on_the_screen_first_as_checking_then_as_recorded(room):
    room.know()
    screen = room.screen()
    room.lobby.crier.hint(SITI, 1)
    checking = until(screen, Card)
    assert (checking.state, checking.name, checking.way) == ("checking", "Pegawai 17", "finger")
    punch(room)
    card = until(screen, Card)
    assert (card.state, card.t, card.way) == ("recorded", int(room.clock.now) - 2, "finger")
    room.lobby.crier.hint(SITI, 1)
    assert news(screen) == [], "a hint that comes after its scan says nothing new"


def test_an_old_log_does_not_parade_over_the_screen(room):
    screen = room.screen()
    punch(room, ago=HOUR)
    assert [word for word in news(screen) if isinstance(word, Card)] == []


# The screen's own news


def test_a_screen_that_connects_hears_at_once_how_camera_and_link_stand(room):
    room.camera()
    screen = room.enter("screen")
    assert until(screen, Sight).people == 3
    room.lobby.look(lambda: False)
    standing = until(screen, Standing)
    assert (standing.online, standing.waiting, standing.clock_valid) == (False, 1, True)
    assert standing.now == int(room.clock.now)


def test_the_screen_hears_of_a_change_and_is_not_told_the_same_each_second(room):
    screen = room.screen()
    for _ in range(4):
        room.lobby.look(lambda: True)
        room.clock.now += 1
    assert len([word for word in news(screen) if isinstance(word, Standing)]) == 1
    room.kiosk.punch((SITI, 1_795_025_000))
    room.lobby.look(lambda: True)
    assert until(screen, Standing).waiting > 1
    room.clock.now += 5
    room.lobby.look(lambda: True)
    assert until(screen, Standing).waiting > 1


def test_how_a_face_stands_reaches_the_screen_and_a_camera_that_goes_is_missed(room):
    screen, camera = room.screen(), room.camera()
    until(screen, Sight)
    camera.say(Face("ask", 7, 30, "blink", 5))
    assert until(screen, Face) == Face("ask", 7, 30, "blink", 5)
    camera.close()
    gone = until(screen, Sight)
    assert (gone.up, gone.code) == (False, "camera_away")


def test_a_camera_that_stays_away_is_an_alert_and_one_that_starts_anew_is_not(room):
    camera = room.camera()
    room.lobby.look(lambda: True)
    camera.close()
    eventually(lambda: not room.lobby._doorway.count("camera"))
    room.clock.now += 30
    room.lobby.look(lambda: True)
    assert "camera" not in room.alerts
    room.clock.now += 31
    room.lobby.look(lambda: True)
    assert room.alerts["camera"] == "camera_away"
    room.camera().say(Sight(up=False, code="camera_gone"))
    eventually(lambda: not room.lobby._board.sight.up)
    room.lobby.look(lambda: True)
    assert room.alerts["camera"] == "camera_gone"


def test_a_camera_that_hangs_while_it_is_connected_is_not_called_ready(room):
    camera, screen = room.camera(), room.screen()
    camera.say(Sight(up=True))
    assert until(screen, Sight).up
    room.clock.now += 20
    room.lobby.look(lambda: True)
    assert not [one for one in news(screen) if isinstance(one, Sight)]
    room.clock.now += 10
    room.lobby.look(lambda: True)
    assert until(screen, Sight) == Sight(up=False, code="camera_away")
    camera.say(Sight(up=True))
    assert until(screen, Sight).up, "it comes back by itself"


def test_a_screen_cannot_speak_for_the_camera(room):
    assert room.screen().ask(seen()) == Told(1, ok=False, code="malformed")
    assert room.records(Scan) == []


def test_the_agent_loads_no_camera_and_no_web_server():
    """It stays under 60 MB: what recognises and what serves pages are processes of their own."""
    program = (
        "import sys, terminal_agent.cli\n"
        "heavy = {'numpy', 'cv2', 'onnxruntime', 'dlib', 'starlette', 'uvicorn', 'jinja2'}\n"
        "print(*sorted(heavy & sys.modules.keys()))\n"
    )
    out = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert out.stdout.strip() == ""


def test_an_epoch_that_begins_carries_the_gallery_before_the_scans_that_name_it(room):
    camera = room.camera()
    camera.ask(gallery(4))
    room.journal.acknowledge(room.journal.standing().epoch, room.journal.standing().last)
    camera.ask(seen())
    room.journal.begin_epoch("lost_rows", room.clock.look())
    kinds = [type(one) for one in room.records(EpochBegan, Gallery, Scan)]
    assert kinds == [EpochBegan, Gallery, Scan]
