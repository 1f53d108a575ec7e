"""Unusual patterns of a month: what is looked for, and what ordinary offices do that must not be found."""

from datetime import UTC, date, datetime, timedelta

from sync_server.reports import apart, mornings, numbers, together
from sync_server.reports.known import Span
from sync_server.reports.seen import Seen
from tests.halves import Centre, Kiosk, TestClock, talk

FIRST = date(2026, 1, 5)
DAYS = [FIRST + timedelta(days=n) for n in range(12)]
WIB = 7 * 3_600


def touch(day, local, nip, opd="1.01", point="in", **more):
    hour, minute, second = map(int, local.split(":"))
    at = datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=UTC)
    plain = {"terminal": f"CJ{opd}", "mode": "finger", "clock": "ok"}
    return Seen(at, nip, opd, day, point, event=f"T-{nip}-{at:%d%H%M%S}", **{**plain, **more})


def test_two_people_who_always_touch_within_seconds_are_named_with_their_events():
    both = [touch(day, f"07:20:{n:02}", nip) for day in DAYS for n, nip in ((0, "a"), (4, "b"))]
    [pair] = together.pairs(both)
    assert (pair.one, pair.other, pair.times, pair.shared) == ("a", "b", 12, 12)
    assert pair.events[-2:] == ("T-a-16072000", "T-b-16072004")


def test_colleagues_who_meet_at_the_door_now_and_then_are_no_pair():
    often = [touch(day, "07:20:00", "a") for day in DAYS]
    now_and_then = [touch(d, "07:20:04" if n < 8 else "07:31:00", "b") for n, d in enumerate(DAYS)]
    assert together.pairs(often + now_and_then) == []  # 8 of 12
    at_another_door = [touch(day, "07:20:04", "b", terminal="CJ9") for day in DAYS]
    assert together.pairs(often + at_another_door) == []
    only_bounded = [touch(day, "07:20:04", "b", clock="bounded") for day in DAYS]
    assert together.pairs(often + only_bounded) == []


def test_many_people_within_seconds_at_one_terminal_are_a_burst_and_a_queue_is_not():
    crowd = [touch(FIRST, f"07:20:{n:02}", f"p{n}") for n in range(6)]
    [burst] = together.bursts(crowd)
    assert (burst.people, burst.seconds, len(burst.events)) == (6, 5, 6)
    queue = [touch(FIRST, f"07:2{n // 12}:{n % 12 * 5:02}", f"p{n}") for n in range(50)]
    assert together.bursts(queue) == []


def test_whoever_no_finger_or_face_ever_vouched_for_is_named():
    typed = [touch(day, "07:20:00", "a", mode="secret") for day in DAYS[:5]]
    assert [(one.nip, one.touches, one.modes) for one in numbers.unseen(typed)] == [
        ("a", 5, (("secret", 5),))
    ]
    assert numbers.unseen([*typed, touch(DAYS[6], "07:20:00", "a", mode="face")]) == []
    assert numbers.unseen(typed[:4]) == []


def test_one_person_at_two_offices_sooner_than_a_car_is_found_and_a_real_journey_is_not():
    places = {"1.01": (-3_800_000, 102_270_000), "1.02": (-3_420_000, 101_880_000), "1.03": None}
    far = apart.metres(places["1.01"], places["1.02"])
    assert 59_000 < far < 62_000  # 60.5 km as the crow flies
    here, soon = touch(FIRST, "07:20:00", "a"), touch(FIRST, "07:50:00", "a", "1.02")
    [found] = apart.too_fast([soon, here], places)
    assert (found.first.opd, found.second.opd, found.seconds) == ("1.01", "1.02", 1_800)
    assert apart.too_fast([here, touch(FIRST, "08:45:00", "a", "1.02")], places) == []
    assert apart.too_fast([here, touch(FIRST, "07:26:00", "a", "1.03")], places) == []
    [unknown] = apart.too_fast([here, touch(FIRST, "07:24:00", "a", "1.03")], places)
    assert unknown.metres is None


def test_a_terminal_that_is_away_each_morning_and_well_by_noon_is_found(tmp_path):
    begin = datetime(2026, 1, 5, tzinfo=UTC).timestamp() - WIB
    clock = TestClock(now=begin)
    centre = Centre(tmp_path / "centre", clock)
    kiosks = {kid: Kiosk(tmp_path / kid, centre.invite(kid), clock) for kid in ("T01A", "T02A")}
    for day in range(4):
        for hour in range(24):
            clock.now = begin + day * 86_400 + hour * 3_600 + 60
            for kid, kiosk in kiosks.items():
                if kid == "T01A" and 6 <= hour <= 9:
                    continue  # its cable is out
                kiosk.punch(serial=f"CJ{kid}", read_at=int(clock.now), count=0)
    for kiosk in kiosks.values():
        kiosk.punch(("9", int(clock.now) + WIB), serial=f"CJ{kiosk.invited.kid}")
        talk(kiosk, centre)
    span = Span(date(2026, 1, 1), date(2026, 1, 31))
    with centre.database.reading() as tx:
        found = mornings.mornings(tx, ["1.01"], span, {"1.01": 420})
    for kiosk in kiosks.values():
        kiosk.journal.close()
    centre.close()
    [cut] = found
    assert cut.serial == "CJT01A"
    # The first morning has no evening before it.
    assert cut.days == (date(2026, 1, 5), date(2026, 1, 6), date(2026, 1, 7), date(2026, 1, 8))
