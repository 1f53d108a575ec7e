"""What a person sees on the kiosk's screen, in a real Chromium; pictures in .hadir/screens."""

import time

import pytest

from bench.screen import now
from bench.scripted import SEES, SENT
from terminal_agent.door.words import Card, Face, Sight, Standing
from tests.browser import looks

pytestmark = pytest.mark.all_only("needs chromium")

SIZES = [(800, 480), (1024, 600), (1280, 800), (800, 1280)]
CODE = "T07A-1234-ABCD2345"
OFFLINE = Standing(online=False, waiting=12, received_at=0, clock_valid=True, alerts={})
DOUBTED = Standing(
    online=True, waiting=0, received_at=0, clock_valid=False, alerts={"lobi": "device_silent"}
)


def card(state, name="SITI AMINAH", pin="7", **fields):
    fields = {"planned": True, "way": "face", "code": CODE} | fields
    return Card(state, now() - (120 if state == "again" else 0), name, pin, **fields)


# name: what the agent says, and where which heading is then read.
STATES = {
    "siap": ([SEES], "#word", "Siap"),
    "siap-nip": ([Sight(up=True, one_to_one=True)], "#word", "Siap"),
    "memeriksa": ([Face("look", 1, 40)], "#word", "Memeriksa…"),
    "tahan": ([Face("hold", 1, 40)], "#word", "Tahan sebentar"),
    "nip-dulu": ([Face("nip", 1, 40)], "#word", "Ketik NIP dulu"),
    "tercatat": ([card("recorded")], ".word", "Tercatat"),
    "terlambat": ([card("late", minutes=16)], ".word", "Terlambat"),
    "pulang": ([card("recorded", arrival=False)], ".word", "Tercatat"),
    "lebih-awal": ([card("early", arrival=False, minutes=40)], ".word", "Pulang lebih awal"),
    "sudah-tercatat": ([card("again")], ".word", "Sudah tercatat"),
    "tersimpan": ([DOUBTED, card("held")], ".word", "Tersimpan"),
    "mesin-memeriksa": ([card("checking", way="finger", code="")], ".word", "Memeriksa…"),
    "belum-dikenali": ([Face("unknown", 1, 60)], "#word", "Belum dikenali"),
    "toleh-kiri": ([Face("ask", 1, 45, "turn_left", 8)], "#word", "Toleh ke KIRI"),
    "toleh-kanan": ([Face("ask", 1, 55, "turn_right", 8)], "#word", "Toleh ke KANAN"),
    "kedip": ([Face("ask", 1, 50, "blink", 8)], "#word", "Kedip 2 kali"),
    "gagal": ([Face("failed", 1, left_s=5)], "#word", "Belum berhasil"),
    "ramai": ([Face("crowd", 1)], "#word", "Terlalu ramai"),
    "kamera-mati": ([Sight(up=False, code="camera_gone")], "#word", "Kamera mati"),
    "gelap": ([Sight(up=True, light="dark")], "#word", "Terlalu gelap"),
    "silau": ([Sight(up=True, light="glare")], "#word", "Terlalu silau"),
    "luring": ([OFFLINE], "#word", "Siap"),
    "jam-belum-sah": ([DOUBTED], "#word", "Siap"),
}
FOUR = [
    card("late", "BUDI SANTOSO", "11", minutes=16),
    card("again", "DEWI LESTARI", "12"),
    card("held", "AHMAD HIDAYAT", "13"),
    card("recorded", "I GUSTI AYU MADE RATNA DEWI", "14"),
]


def heading(page, selector, word):
    page.wait_for_function(
        "([selector, word]) => document.querySelector(selector)?.textContent === word",
        arg=[selector, word],
    )


@pytest.mark.parametrize("state", STATES)
def test_each_state_is_a_large_word_a_shape_and_a_colour_at_every_size(seen, state):
    said, selector, word = STATES[state]
    page = seen.open()
    for size in SIZES:
        page.set_viewport_size({"width": size[0], "height": size[1]})
        seen.stage.agent.say(SENT, SEES, *said)
        heading(page, selector, word)
        page.wait_for_timeout(120)
        seen.picture(f"{state}-{size[0]}x{size[1]}")
        assert looks.cut_off(page) == []
        assert looks.pale(page) == {}
        assert looks.heading_px(page, selector) >= 64
        seen.stage.agent.say(Face("idle", 1))


@pytest.mark.parametrize("theme", ["day", "night"])
def test_four_people_at_once_each_have_a_card(seen, theme):
    page = seen.open(f"?theme={theme}")
    for size in SIZES:
        page.set_viewport_size({"width": size[0], "height": size[1]})
        seen.stage.agent.say(*FOUR)
        page.wait_for_selector("#cards[data-count='4']")
        seen.picture(f"empat-{theme}-{size[0]}x{size[1]}")
        assert looks.cut_off(page) == []
        assert looks.pale(page) == {}


def test_a_fifth_person_never_waits_for_the_four_before(seen):
    page = seen.open()
    seen.stage.agent.say(*FOUR, card("recorded", "KETUT", "15"))
    page.wait_for_selector("#cards li:has-text('KETUT')")
    assert page.locator("#cards li").count() == 4
    assert page.locator("#names .name").all_text_contents()[0] == "KETUT"


def test_a_card_leaves_by_itself_and_the_name_stays_beside_the_picture(seen):
    page = seen.open()
    seen.stage.agent.say(card("recorded", "WAYAN", "21"))
    page.wait_for_selector("#cards li:has-text('WAYAN')")
    page.wait_for_selector("#cards li", state="detached", timeout=5000)
    assert "WAYAN" in page.locator("#names").text_content()


def test_a_devices_hint_turns_into_the_record_of_the_same_person(seen):
    page = seen.open()
    seen.stage.agent.say(card("checking", "KADEK", "31", way="finger", code=""))
    heading(page, "#cards .word", "Memeriksa…")
    seen.stage.agent.say(card("recorded", "KADEK", "31", way="finger"))
    heading(page, "#cards .word", "Tercatat")
    assert page.locator("#cards li").count() == 1


def test_the_arrow_stands_on_the_side_to_which_the_person_turns(seen):
    page = seen.open()
    for asked, arrow, other in (
        ("turn_left", "#turn-left", "#turn-right"),
        ("turn_right", "#turn-right", "#turn-left"),
    ):
        seen.stage.agent.say(Face("ask", 1, 50, asked, 8))
        page.wait_for_selector(arrow, state="visible")
        assert page.locator(other).is_hidden()
        shown, picture = page.locator(arrow).bounding_box(), page.locator("#frame").bounding_box()
        is_left = shown["x"] + shown["width"] / 2 < picture["x"] + picture["width"] / 2
        assert is_left == (asked == "turn_left")


def test_a_challenge_counts_down_and_gives_way_to_the_result_before_the_face_has_gone(seen):
    """In the order in which the agent says it: the card is there before the camera says idle."""
    page = seen.open()
    seen.stage.agent.say(Face("ask", 1, 50, "blink", 3))
    page.wait_for_selector("#ring", state="visible")
    heading(page, "#seconds", "2")
    seen.stage.agent.say(card("recorded", track=1))
    heading(page, "#cards .word", "Tercatat")
    assert page.locator("#ring").is_hidden()
    assert looks.heading_px(page, "#cards .word") >= 64
    assert CODE in page.locator("#cards .code").inner_text()
    seen.picture("tantangan-lalu-tercatat")
    seen.stage.agent.say(Face("idle", 1))
    page.wait_for_selector("#cards li", state="detached")
    heading(page, "#word", "Siap")


def test_between_a_challenge_that_was_met_and_its_card_the_screen_is_not_ready_yet(seen):
    """A commit takes a moment, and the camera says idle at once."""
    page = seen.open()
    page.evaluate("""() => {
      window.words = [];
      const heading = document.getElementById('word');
      new MutationObserver(() => words.push(heading.textContent)).observe(heading, { childList: true });
    }""")
    seen.stage.agent.say(Face("ask", 1, 50, "blink", 3))
    heading(page, "#word", "Kedip 2 kali")
    seen.stage.agent.say(Face("idle", 1))
    page.wait_for_timeout(400)
    seen.stage.agent.say(card("recorded", track=1))
    heading(page, "#cards .word", "Tercatat")
    heading(page, "#word", "Siap")
    assert page.evaluate("words") == ["Kedip 2 kali", "Memeriksa…", "Siap"]


def test_ones_own_result_is_large_although_the_next_person_is_asked_already(seen):
    page = seen.open()
    for no, size in enumerate(SIZES):
        first, second = 2 * no + 1, 2 * no + 2
        page.set_viewport_size({"width": size[0], "height": size[1]})
        seen.stage.agent.say(Face("ask", first, 30, "blink", 8))
        seen.stage.agent.say(Face("ask", second, 70, "turn_left", 8))
        heading(page, "#word", "Kedip 2 kali")
        seen.stage.agent.say(card("recorded", track=first), Face("idle", first))
        heading(page, "#cards .word", "Tercatat")
        heading(page, "#word", "Toleh ke KIRI")
        seen.picture(f"tercatat-dan-tantangan-{size[0]}x{size[1]}")
        assert looks.heading_px(page, "#cards .word") >= 64
        assert looks.cut_off(page) == []
        assert looks.pale(page) == {}
        seen.stage.agent.say(Face("idle", second))


def test_who_stays_in_front_after_being_recorded_is_asked_for_nothing_more(seen):
    """Recorded, told idle, and still there; the next one beside them is unknown and stays too."""
    page = seen.open()
    seen.stage.agent.say(Face("hold", 1, 40), Face("ask", 1, 40, "turn_right", 8))
    heading(page, "#word", "Toleh ke KANAN")
    seen.stage.agent.say(card("recorded", track=1), Face("idle", 1))
    page.wait_for_selector("#cards li")
    page.wait_for_selector("#cards li", state="detached")
    heading(page, "#word", "Siap")
    assert page.locator("#marks i").count() == 0
    for _ in range(4):  # the camera says it every two seconds
        seen.stage.agent.say(Face("unknown", 2, 70))
        page.wait_for_timeout(2000)
        assert page.locator("#word").text_content() == "Belum dikenali"
    seen.stage.agent.say(card("again", track=1))
    page.wait_for_selector("#cards li:has-text('Sudah tercatat')")
    assert page.locator("#word").text_content() == "Belum dikenali"


def test_a_card_of_a_finger_leaves_what_is_said_of_faces(seen):
    page = seen.open()
    seen.stage.agent.say(Face("crowd", 0))
    heading(page, "#word", "Terlalu ramai")
    seen.stage.agent.say(card("recorded", "GEDE", "81", way="finger"))
    page.wait_for_selector("#cards li:has-text('GEDE')")
    assert page.locator("#word").text_content() == "Terlalu ramai"
    seen.stage.agent.say(Face("idle", 0))
    heading(page, "#word", "Siap")


def test_somebody_elses_card_is_seen_while_a_challenge_runs(seen):
    page = seen.open()
    seen.stage.agent.say(Face("ask", 1, 50, "turn_left", 8), card("recorded", "MADE", "41"))
    page.wait_for_selector("#cards li:has-text('MADE')")
    page.wait_for_selector("#turn-left", state="visible")
    seen.picture("tantangan-dan-kartu")
    assert page.locator("#word").text_content() == "Toleh ke KIRI"


def test_the_wait_after_a_failed_challenge_is_counted_down(seen):
    page = seen.open()
    for left in (6, 4, 2, 0, 0):  # the camera says it every two seconds, all the while
        seen.stage.agent.say(Face("failed", 1, left_s=left))
        if left:
            now_left = f"Coba lagi dalam {left - 1} detik, atau tempel jari."
            heading(page, "#sentence", now_left)
            page.wait_for_timeout(1000)
        else:
            heading(page, "#sentence", "Silakan coba lagi: lihat ke kamera.")
            page.wait_for_timeout(2000)
        assert page.locator("#word").text_content() == "Belum berhasil"
    seen.stage.agent.say(Face("idle", 1))
    heading(page, "#word", "Siap")


def test_a_prompt_of_a_camera_that_died_does_not_stay(seen):
    page = seen.open()
    seen.stage.agent.say(Face("unknown", 1))
    heading(page, "#word", "Belum dikenali")
    page.wait_for_timeout(4000)
    assert page.locator("#word").text_content() == "Belum dikenali", "a word or two may be lost"
    heading(page, "#word", "Siap")


def test_the_picture_of_the_camera_is_shown_and_goes_with_the_camera(seen):
    page = seen.open()
    page.wait_for_function("() => document.getElementById('preview').naturalWidth > 0")
    seen.stage.agent.say(Sight(up=False, code="camera_gone"))
    page.wait_for_selector("#preview", state="hidden")
    seen.stage.agent.say(SEES)
    page.wait_for_selector("#preview", state="visible")


def test_in_the_dark_the_screen_turns_white_even_at_night(seen):
    page = seen.open("?theme=night")
    seen.stage.agent.say(Sight(up=True, light="dark"))
    page.wait_for_selector("html.fill")
    ground = page.evaluate("() => getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(255, 255, 255)"
    seen.picture("gelap-malam")
    assert looks.pale(page) == {}
    seen.stage.agent.say(SEES)
    heading(page, "#word", "Siap")
    page.wait_for_timeout(600)
    assert page.locator("html.fill").count() == 1  # the lamp is what made the light good


def test_a_name_is_text_whatever_it_holds(seen):
    page = seen.open()
    name = "<script>document.title='x'</script><img src=x onerror=alert(1)>"
    seen.stage.agent.say(card("recorded", name, "51"))
    page.wait_for_selector("#cards li")
    assert page.locator("#cards .hello").text_content().endswith(name)
    assert page.locator("#cards img, #cards script, #names img").count() == 0
    seen.picture("nama-aneh")
    assert looks.cut_off(page) == []


def test_the_header_says_what_waits_and_whether_the_clock_is_valid(seen):
    page = seen.open()
    seen.stage.agent.say(OFFLINE)
    heading(page, "#line-text", "Luring — 12 tersimpan, menunggu kirim")
    offline = page.get_attribute("#line-shape", "href")
    seen.stage.agent.say(DOUBTED)
    heading(page, "#doubt", "jam belum sah")
    heading(page, "#alert", "Perlu teknisi: lobi")
    assert page.get_attribute("#line-shape", "href") != offline


def test_in_english_no_indonesian_is_left(seen):
    page = seen.open("?lang=en&theme=night")
    seen.stage.agent.say(card("late", minutes=16))
    heading(page, "#cards .word", "Late")
    seen.picture("english-night")
    text = page.evaluate("() => document.body.innerText")
    assert not {"Ketik", "Siap", "terlambat", "Tentang", "Petugas"} & set(text.split())
    assert looks.pale(page) == {}


def test_the_pointer_is_hidden_on_the_kiosk_alone(seen):
    cursor = "() => getComputedStyle(document.querySelector('nav button')).cursor"
    assert seen.open("?kiosk=1").evaluate(cursor) == "none"
    assert seen.open("?lang=id").evaluate(cursor) != "none"


def test_an_agent_that_restarts_is_announced_and_the_screen_comes_back_by_itself(seen):
    page = seen.open()
    seen.stage.agent.say(card("recorded", "NYOMAN", "61"))
    page.wait_for_selector("#names :text('NYOMAN')")
    page.wait_for_selector("#cards li", state="detached")
    seen.stage.agent.close()
    heading(page, "#word", "Sebentar…")
    assert "dimulai ulang" in page.locator("#sentence").text_content()
    seen.picture("agen-pergi")
    seen.stage.rejoin()
    heading(page, "#word", "Siap")
    assert "NYOMAN" in page.locator("#names").text_content()


def test_a_server_that_restarts_is_announced_and_the_screen_comes_back_by_itself(seen):
    page = seen.open()
    seen.stage.stop()
    heading(page, "#word", "Sebentar…")
    seen.stage.start()
    heading(page, "#word", "Siap")
    page.wait_for_function("() => document.getElementById('preview').naturalWidth > 0")
    seen.complaints.clear()  # that nobody answered is what a browser's console is for


def test_fifty_people_in_a_row_are_each_shown(seen):
    page = seen.open()
    page.evaluate("""() => {
      window.names = new Set();
      new MutationObserver(() => {
        for (const one of document.querySelectorAll('#cards .hello')) names.add(one.textContent);
      }).observe(document.getElementById('cards'), { childList: true });
    }""")
    for no in range(50):
        seen.stage.agent.say(card("recorded", f"PEGAWAI {no}", str(100 + no)))
        time.sleep(0.01)
    page.wait_for_function("() => names.size === 50")
