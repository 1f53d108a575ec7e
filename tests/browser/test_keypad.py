"""What people do at the screen by touch and by keyboard, in a real Chromium."""

import pytest

from bench.screen import now
from terminal_agent.door.words import Card, Day, Face, Mine, Told, Typed, Vouched
from tests.browser import looks
from tests.browser.test_screen import SIZES, card, heading

pytestmark = pytest.mark.all_only("needs chromium")

NIP = "198001012005011001"


def touch(page, digits):
    for digit in digits:
        page.click(f"[data-digit='{digit}']")


def asked(seen):
    seen.page.wait_for_function("() => document.getElementById('dialog').hidden")
    (word,) = seen.stage.agent.asked
    return word


def test_a_nip_typed_by_touch_lets_the_camera_compare(seen):
    page = seen.open()
    page.click("[data-dialog=nip]")
    touch(page, NIP)
    page.click("#enter")
    word = asked(seen)
    assert (type(word), word.who, word.secret) == (Typed, NIP, "")
    heading(page, "#word", "Lihat ke kamera")


def test_typing_a_digit_on_a_keyboard_is_enough_to_begin(seen):
    page = seen.open()
    page.keyboard.type("1980x")
    page.keyboard.press("Backspace")
    page.keyboard.type("7")
    assert page.locator("#fields output").text_content() == "1987"
    page.keyboard.press("Enter")
    assert asked(seen).who == "1987"


def test_a_secret_number_is_never_shown_and_leaves_nothing_behind(seen):
    page = seen.open()
    page.click("[data-dialog=secret]")
    page.keyboard.type(NIP)
    page.keyboard.press("Enter")
    page.keyboard.type("123456")
    assert page.locator("#fields output").all_text_contents() == [NIP, "●●●●●●"]
    seen.picture("nomor-rahasia")
    page.keyboard.press("Enter")
    assert asked(seen) == Typed(asked(seen).ask, NIP, "123456")
    assert page.locator("#fields output").count() == 0


def test_a_wrong_secret_number_is_told_and_can_be_typed_again(seen):
    page = seen.open()
    seen.stage.agent.answer = lambda asked: Told(asked.ask, ok=False, code="wrong_secret")
    page.click("[data-dialog=secret]")
    page.keyboard.type("7")
    page.keyboard.press("Enter")
    page.keyboard.type("000000")
    page.keyboard.press("Enter")
    heading(page, "#refused", "Nomor rahasia salah. Periksa angkanya, lalu coba lagi.")
    seen.picture("nomor-rahasia-salah")
    assert looks.pale(page) == {}
    assert page.locator("#fields output").all_text_contents() == ["7", ""]


def by_face(seen, *numbers):
    """The form is filled in and sent without a secret number."""
    for number in numbers:
        seen.page.keyboard.type(number)
        seen.page.keyboard.press("Enter")
    seen.page.keyboard.press("Enter")


def recognises(seen, done):
    """An agent that refuses until `done`'s first item; returns what it was asked, in order."""

    def answer(asked):
        if isinstance(asked, Typed) or done:
            return done[0] if done and not isinstance(asked, Typed) else Told(asked.ask, ok=True)
        return Told(asked.ask, ok=False, code="not_recognised")

    seen.stage.agent.answer = answer


def test_a_colleague_vouches_once_the_camera_has_compared_their_face_with_their_nip(seen):
    page, done = seen.open(), []
    recognises(seen, done)
    page.click("[data-dialog=witness]")
    assert "Nama saksi ikut tercatat dan absen ini ditandai" in page.inner_text("#help")
    by_face(seen, "1111", "2222")
    heading(page, "#word", "Saksi: lihat ke kamera")
    seen.picture("saksi-lihat-ke-kamera")
    assert looks.cut_off(page) == []
    assert "absen ini ditandai" in page.locator("#sentence").text_content()
    typed = seen.stage.agent.asked[0]
    assert (type(typed), typed.who, typed.purpose) == (Typed, "2222", "witness")
    seen.stage.agent.say(Face("ask", 1, 50, "turn_left", 8))
    heading(page, "#word", "Toleh ke KIRI")
    seen.stage.agent.say(Face("idle", 1))  # they turned away
    heading(page, "#word", "Saksi: lihat ke kamera")
    seen.stage.agent.say(card("recorded", "KADEK", "3333", track=3))  # somebody beside them
    page.wait_for_selector("#cards li:has-text('KADEK')")
    assert page.locator("#word").text_content() == "Saksi: lihat ke kamera"
    seen.stage.agent.say(card("again", "KOMANG", "2222", track=2), Face("idle", 2))
    done.append(Told(0, ok=True))
    seen.stage.agent.say(card("recorded", "LUH", "1111", way="witness"))
    page.wait_for_selector("#cards li:has-text('LUH')")
    page.wait_for_timeout(1500)
    last = seen.stage.agent.asked[-1]
    assert (type(last), last.who, last.by, last.secret) == (Vouched, "1111", "2222", "")
    asked_so_far = len(seen.stage.agent.asked)
    page.wait_for_timeout(1500)
    assert len(seen.stage.agent.asked) == asked_so_far, "it is over"


def test_a_witness_who_may_not_vouch_is_told_why_on_the_screen(seen):
    page = seen.open()
    refusal = Told(0, ok=False, code="self_witness")
    recognises(seen, [refusal])
    page.click("[data-dialog=witness]")
    by_face(seen, "1111", "1111")
    heading(page, "#sentence", "Saksi harus orang lain, bukan yang absen sendiri.")
    heading(page, "#word", "Belum berhasil")


def test_a_witness_by_secret_number_needs_no_camera(seen):
    page = seen.open()
    page.click("[data-dialog=witness]")
    for number in ("1111", "2222", "123456"):
        page.keyboard.type(number)
        page.keyboard.press("Enter")
    word = asked(seen)
    assert (type(word), word.who, word.by, word.secret) == (Vouched, "1111", "2222", "123456")


def test_my_list_opens_by_face_and_never_over_the_next_persons_typing(seen):
    page, done = seen.open(), []
    recognises(seen, done)
    days = (Day(now(), "face", "stored", "T07A-1-ABCD2345"),)
    page.click("[data-dialog=mine]")
    by_face(seen, NIP)
    heading(page, "#word", "Lihat ke kamera")
    assert seen.stage.agent.asked[0].purpose == "mine"
    page.click("[data-dialog=nip]")  # somebody else
    page.keyboard.type("12")
    done.append(Told(0, ok=True, days=days))
    page.wait_for_timeout(1500)
    assert page.locator("#fields output").text_content() == "12"
    assert page.locator("#day-rows tr").count() == 0
    page.click("#close")
    page.click("[data-dialog=mine]")
    by_face(seen, NIP)
    page.wait_for_selector("#day-rows tr")
    assert "T07A-1-ABCD2345" in page.locator("#day-rows").text_content()


def test_my_attendance_shows_how_far_each_scan_has_come(seen):
    page = seen.open()
    ways, stages = ("face", "finger", "witness"), ("received", "sent", "stored")
    days = tuple(
        Day(now() - 30_000 * no, ways[no % 3], stages[no * 3 // 14], f"T07A-{1234 + no}-ABCD2345")
        for no in range(13, -1, -1)
    )
    seen.stage.agent.answer = lambda asked: Told(asked.ask, ok=True, days=days)
    page.click("[data-dialog=mine]")
    page.keyboard.type("7")
    page.keyboard.press("Enter")
    page.keyboard.type("123456")
    page.keyboard.press("Enter")
    page.wait_for_selector("#day-rows tr")
    for size in SIZES:
        page.set_viewport_size({"width": size[0], "height": size[1]})
        seen.picture(f"absensi-saya-{size[0]}x{size[1]}")
        assert looks.cut_off(page) == []
    text = page.locator("#day-rows").text_content()
    assert page.locator("#day-rows .code").first.text_content() == "T07A-1234-ABCD2345"  # newest
    assert type(seen.stage.agent.asked[0]) is Mine
    assert page.locator("#day-rows tr").count() == 14
    assert all(stage in text for stage in ("tersimpan di kios", "terkirim", "diterima pusat"))
    assert (
        len(
            set(
                page.locator("#day-rows use").evaluate_all(
                    "(all) => all.map((u) => u.getAttribute('href'))"
                )
            )
        )
        == 3
    )
    assert looks.pale(page) == {}
    page.click("#close")
    assert page.locator("#day-rows tr").count() == 0


@pytest.mark.parametrize("name", ["nip", "secret", "witness", "mine", "about"])
def test_every_dialog_fits_the_screen_and_can_be_read(seen, name):
    page = seen.open(f"?theme={'night' if name == 'witness' else 'day'}")
    page.click(f"[data-dialog={name}]")
    if name != "about":
        page.keyboard.type(NIP)
    for size in SIZES:
        page.set_viewport_size({"width": size[0], "height": size[1]})
        seen.picture(f"dialog-{name}-{size[0]}x{size[1]}")
        assert looks.cut_off(page) == []
        assert looks.pale(page) == {}


def test_the_privacy_notice_names_law_contact_and_another_way(seen):
    page = seen.open()
    page.click("[data-dialog=about]")
    text = page.locator("#about").text_content()
    for needed in ("UU 27/2022", "ext. 12", "penghapusan", "jari"):
        assert needed in text


@pytest.mark.parametrize(("name", "patience"), [("nip", 26_000), ("about", 31_000)])
def test_a_dialog_that_nobody_touches_closes_by_itself(seen, name, patience):
    seen.page.clock.install()
    page = seen.open()
    page.click(f"[data-dialog={name}]")
    page.clock.fast_forward(patience - 8_000)
    page.clock.run_for(500)
    assert page.locator("#dialog").is_visible()
    page.clock.fast_forward(8_000)
    page.clock.run_for(500)
    page.wait_for_selector("#dialog", state="hidden")


def test_the_next_persons_result_and_challenge_are_seen_while_somebody_types(seen):
    page = seen.open()
    page.click("[data-dialog=nip]")
    page.keyboard.type("1980")
    seen.stage.agent.say(
        Face("ask", 1, 40, "turn_right", 8), Card("late", now(), "PUTU", "71", minutes=3)
    )
    page.wait_for_selector("#turn-right", state="visible")
    seen.picture("keypad-dan-tantangan")
    for part in ("#cards li", "#word", "#turn-right"):
        box = page.locator(part).bounding_box()
        dialog = page.locator("#dialog").bounding_box()
        assert box["x"] + box["width"] <= dialog["x"] + 16
    assert page.locator("#fields output").text_content() == "1980"


def test_while_the_agent_is_away_the_keypad_says_so(seen):
    page = seen.open()
    seen.stage.agent.close()
    heading(page, "#word", "Sebentar…")
    page.click("[data-dialog=nip]")
    page.keyboard.type("7")
    page.keyboard.press("Enter")
    page.wait_for_selector("#refused:has-text('dimulai ulang')")
    seen.stage.rejoin()
    heading(page, "#word", "Siap")
    seen.complaints.clear()  # the browser notes the 503


def test_keys_can_be_reached_and_pressed_without_touch(seen):
    page = seen.open()
    page.keyboard.press("Tab")
    outline = "() => getComputedStyle(document.activeElement).outlineStyle"
    assert page.evaluate(outline) == "solid"
    page.keyboard.press("Enter")
    page.wait_for_selector("#dialog", state="visible")
    page.keyboard.press("Escape")
    page.wait_for_selector("#dialog", state="hidden")
