"""What the screen says to a person, in both languages, without a browser."""

import re
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest

from terminal_agent.door.words import Card, Day, Face, Progress, Sight, Standing
from terminal_agent.kiosk import moment, shown
from terminal_agent.kiosk.place import Place
from terminal_agent.kiosk.relay import Changed, Present, after
from terminal_agent.kiosk.speech import Speech
from terminal_agent.wording import keypad, privacy, screen

ID, EN = Speech("id"), Speech("en")
WIB = Place("T07A", "WIB", 25_200)
AT_0725 = 1_795_220_700  # Saturday 21 November 2026, 07.25 WIB
AGENT = Path(__file__).parents[2] / "terminal_agent"


def card(state, **fields):
    return shown.card(Card(state, AT_0725, "SITI", "7", **fields), AT_0725 + 130, WIB, ID)


def test_who_is_on_time_is_greeted_with_name_time_and_verdict():
    told = card("recorded", planned=True)
    assert (told.word, told.hello, told.line) == (
        "Tercatat",
        "Selamat pagi, SITI",
        "masuk 07.25, tepat waktu",
    )


def test_nobody_is_told_to_be_on_time_whose_hours_are_not_known():
    assert card("recorded").line == "tercatat 07.25"


def test_who_is_late_reads_by_how_many_minutes():
    assert card("late", minutes=16, planned=True).line == "masuk 07.25, terlambat 16 menit"


def test_who_leaves_is_told_goodbye_and_who_leaves_early_reads_how_early():
    assert card("recorded", arrival=False, planned=True).line == "pulang 07.25"
    early = card("early", arrival=False, minutes=40, planned=True)
    assert (early.hello, early.line) == (
        "Selamat jalan, SITI",
        "pulang 07.25, 40 menit lebih awal",
    )


def test_who_comes_again_reads_when_it_was_recorded():
    told = card("again")
    assert (told.word, told.line) == ("Sudah tercatat", "07.25, 2 menit lalu")


def test_while_the_clock_is_not_valid_no_time_is_claimed():
    told = card("held")
    assert "waktu dipastikan pusat" in told.line
    assert "07.25" not in told.line + told.at + told.hello


def test_somebody_without_a_name_is_shown_by_pin():
    assert shown.card(Card("recorded", AT_0725, "", "7"), AT_0725, WIB, ID).name == "PIN 7"


def test_every_state_of_a_card_has_a_shape_of_its_own_kind_and_a_colour():
    states = get_args(Card.__annotations__["state"])
    css = (AGENT / "kiosk/static/screen.css").read_text()
    shapes = (AGENT / "kiosk/templates/shapes.svg").read_text()
    for state in states:
        told = card(state)
        assert f".{told.look}" in css
        assert f'<symbol id="{told.shape}"' in shapes
    assert len({card(state).word for state in states}) == len(states)


@pytest.mark.parametrize("progress", get_args(Progress))
def test_every_state_of_a_face_can_be_shown_in_both_languages(progress):
    shapes = (AGENT / "kiosk/templates/shapes.svg").read_text()
    for asked in ("turn_left", "turn_right", "blink") if progress == "ask" else (None,):
        for speech in (ID, EN):
            told = shown.face(Face(progress, 1, 50, asked, 5), WIB, speech)
            assert told.state.word
            assert f'<symbol id="{told.state.shape}"' in shapes


def test_left_is_the_persons_own_left():
    told = shown.face(Face("ask", 1, 50, "turn_left", 5), WIB, ID)
    assert told.state.word == "Toleh ke KIRI"
    assert "kiri Anda sendiri" in told.state.line


def test_after_a_failed_challenge_the_wait_is_counted_and_another_way_is_named():
    assert shown.face(Face("failed", 1, left_s=5), WIB, ID).state.line == (
        "Coba lagi dalam {s} detik, atau tempel jari."
    )


@pytest.mark.parametrize(
    ("sight", "word"),
    [
        (None, "Kamera dimulai…"),
        (Sight(up=True), "Siap"),
        (Sight(up=False, code="camera_gone"), "Kamera mati"),
        (Sight(up=True, light="dark"), "Terlalu gelap"),
        (Sight(up=True, light="glare"), "Terlalu silau"),
    ],
)
def test_the_screen_says_how_well_the_camera_sees(sight, word):
    assert shown.rest(sight, WIB, ID).word == word


def test_an_office_too_small_for_faces_alone_is_asked_for_the_nip_first():
    assert "NIP dulu" in shown.rest(Sight(up=True, one_to_one=True), WIB, ID).line


def test_a_kiosk_without_a_camera_never_speaks_of_one():
    blind = Place("T07A", "WIB", 25_200, camera=False)
    assert "kamera" not in shown.rest(None, blind, ID).line


@pytest.mark.parametrize(
    ("standing", "text", "shape"),
    [
        (Standing(True, 0, AT_0725 - 60, True, {}), "Terkirim 07.24", "dot"),
        (Standing(False, 12, 0, True, {}), "Luring — 12 tersimpan, menunggu kirim", "cut-off"),
        (Standing(True, 3, 0, True, {}), "Tersambung — 3 sedang dikirim", "dot"),
    ],
)
def test_the_line_at_the_top_says_what_waits_with_a_shape_beside_the_colour(standing, text, shape):
    told = shown.line(standing, WIB, ID)
    assert (told.text, told.shape) == (text, shape)


def test_the_line_at_the_top_says_that_the_clock_is_not_valid_and_who_is_needed():
    told = shown.line(Standing(True, 0, 0, False, {"lobi": "zk", "camera": "gone"}), WIB, ID)
    assert told.doubt == "jam belum sah"
    assert told.alert == "Perlu teknisi: kamera, lobi"


def test_each_of_my_scans_says_how_far_it_has_come():
    days = [
        shown.day(Day(AT_0725, "face", stage, "T07A-1-ABCD2345"), WIB, ID)
        for stage in ("stored", "sent", "received")
    ]
    stages = ["tersimpan di kios", "terkirim", "diterima pusat"]
    assert [day.stage for day in days] == stages
    assert len({day.shape for day in days}) == 3
    assert (days[0].at, days[0].how) == ("Sabtu 21/11 07.25", "wajah")


def test_days_and_months_are_written_out():
    assert moment.date(AT_0725, 25_200, ID) == "Sabtu, 21 November 2026"
    assert moment.date(AT_0725, 25_200, EN) == "Saturday, 21 November 2026"


@pytest.mark.parametrize(
    ("zone", "east", "time"), [("WIB", 25_200, "07.25"), ("WIT", 32_400, "09.25")]
)
def test_times_are_those_of_the_kiosks_own_zone(zone, east, time):
    told = shown.card(Card("recorded", AT_0725, "SITI", "7"), AT_0725, Place("K", zone, east), ID)
    assert told.at == time


@pytest.mark.parametrize(
    ("hour", "greeting"), [(5, "pagi"), (11, "siang"), (15, "sore"), (18, "malam"), (2, "malam")]
)
def test_people_are_greeted_by_the_hour(hour, greeting):
    assert moment.greeting(hour * 3600, 0, ID) == f"Selamat {greeting}"


def test_both_languages_say_the_same_things():
    for words in (screen.WORDS, keypad.WORDS, keypad.TOLD):
        for key, (indonesian, english) in words.items():
            fields = [
                {f for _, f, _, _ in Formatter().parse(t) if f} for t in (indonesian, english)
            ]
            assert fields[0] == fields[1], key
            assert indonesian
            assert english


def test_whatever_the_agent_refuses_has_a_sentence():
    source = "".join((AGENT / name).read_text() for name in ("lobby/counter.py", "lobby/source.py"))
    codes = set(re.findall(r'Refused\("(\w+)"\)|self\._member\([^)]*, "(\w+)"\)', source))
    refused = {code for pair in codes for code in pair if code}
    assert refused
    assert refused <= keypad.TOLD.keys(), "add its sentence to wording/keypad.py"
    assert ID.told("never heard of") == keypad.TOLD["other"][0]


def test_the_notice_tells_purpose_duration_rights_alternative_and_contact():
    told = ID.notice("Subbag Kepegawaian, ext. 12")
    assert len(told) == 5
    text = " ".join(paragraph for _, paragraph in told)
    for needed in ("UU 27/2022", "penghapusan", "3 x 24 jam", "jari", "ext. 12"):
        assert needed in text
    assert ID.notice("")[-1][1] == privacy.NO_CONTACT[0]


def test_names_beside_the_picture_are_the_last_few_once_each():
    present = Present()
    for no in (1, 2, 3, 4, 5, 6, 2):
        present = after(present, Card("recorded", AT_0725, f"P{no}", str(no)), AT_0725)
    assert [one.pin for one in present.tail] == ["2", "6", "5", "4", "3"]


def test_a_hint_of_a_device_is_no_record_yet():
    assert after(Present(), Card("checking", AT_0725, "SITI", "7"), AT_0725).tail == ()


def test_when_the_agent_goes_faces_are_forgotten_and_names_stay():
    present = after(Present(here=True), Face("look", 3), AT_0725)
    present = after(present, Card("recorded", AT_0725, "SITI", "7"), AT_0725)
    gone = after(present, Changed(here=False), AT_0725)
    assert (gone.here, gone.faces, len(gone.tail)) == (False, (), 1)


def test_the_screen_shows_the_agents_time_where_that_knows_better():
    told = Standing(True, 0, 0, True, {}, now=AT_0725 + 3600)
    assert after(Present(), told, AT_0725).ahead == 3600
