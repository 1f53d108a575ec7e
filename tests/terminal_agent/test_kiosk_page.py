"""The screen's server over real sockets: what it sends, what it refuses, what it survives."""

import http.client
import json
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from bench.screen import Stage, now, replace
from bench.scripted import SEES, SENT
from terminal_agent.door.words import Card, Day, Face, Mine, Told, Typed, Vouched

JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    with Stage(tmp_path_factory.mktemp("k")) as running:
        yield running


@pytest.fixture(autouse=True)
def _quiet(stage):
    stage.agent.asked.clear()
    stage.agent.answer = lambda asked: Told(asked.ask, ok=True)


class Answer:
    """One request's answer, read whole unless it is a stream."""

    def __init__(self, stage, method, path, body=None, headers=None):
        self.wire = http.client.HTTPConnection("127.0.0.1", stage.port, timeout=10)
        self.wire.request(method, path, body, headers or {})
        self.got = self.wire.getresponse()
        self.status = self.got.status

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.got.close()
        self.wire.close()

    def text(self):
        return self.got.read().decode()

    def event(self, name):
        """The data of the next event of that name."""
        said = ""
        while True:
            line = self.got.readline().decode().rstrip("\n")
            if line.startswith("event: "):
                said = line.removeprefix("event: ")
            elif line.startswith("data: ") and said == name:
                return json.loads(line.removeprefix("data: "))


def post(stage, path, body, **headers):
    own = {"Origin": stage.address, **JSON, **headers}
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    with Answer(stage, "POST", path, data, own) as answer:
        return answer.status, answer.text()


@pytest.mark.parametrize("path", ["/", "/healthz", "/static/screen.js", "/nothing"])
def test_every_answer_forbids_foreign_code_and_frames(stage, path):
    with Answer(stage, "GET", path) as answer:
        policy = answer.got.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'self';")
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.got.headers["X-Content-Type-Options"] == "nosniff"


def test_the_page_holds_no_inline_code_and_nothing_from_elsewhere(stage):
    with Answer(stage, "GET", "/?lang=en&kiosk=1") as answer:
        page = answer.text()
    assert 'lang="en"' in page
    assert " style=" not in page
    assert "<style" not in page
    assert page.count("<script") == page.count('<script type="module" src="/static/')
    assert "http://" not in page
    assert "https://" not in page


def test_a_page_under_a_name_that_was_pointed_here_is_refused(stage):
    with Answer(stage, "GET", "/events", headers={"Host": f"evil.example:{stage.port}"}) as answer:
        assert answer.status == 403


@pytest.mark.parametrize("origin", ["http://evil.example", "null", ""])
def test_another_sites_form_reaches_nobody(stage, origin):
    status, _ = post(stage, "/typed", {"who": "1"}, Origin=origin)
    assert (status, stage.agent.asked) == (403, [])


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[1]",
        {"who": ""},
        {"who": "7'--"},
        {"who": "1" * 25},
        {"who": "1", "secret": "abc"},
        {"who": "1", "more": 1},
        {"who": 1},
        {"who": "1", "purpose": "all"},
        b'{"who": "' + b"1" * 100_000 + b'"}',
    ],
)
def test_what_is_no_form_of_the_keypad_never_reaches_the_agent(stage, body):
    status, _ = post(stage, "/typed", body)
    assert (status, stage.agent.asked) == (400, [])


def test_a_form_that_is_not_json_is_refused(stage):
    assert post(stage, "/typed", {"who": "1"}, **{"Content-Type": "text/plain"})[0] == 403


@pytest.mark.parametrize(
    ("path", "body", "word"),
    [
        ("/typed", {"who": "198001"}, Typed(1, "198001")),
        ("/typed", {"who": "198001", "secret": "123456"}, Typed(1, "198001", "123456")),
        ("/typed", {"who": "8", "purpose": "witness"}, Typed(1, "8", purpose="witness")),
        ("/vouched", {"who": "7", "by": "8"}, Vouched(1, "7", "8")),
        ("/mine", {"who": "7", "secret": "123456"}, Mine(1, "7", "123456")),
    ],
)
def test_the_keypads_forms_reach_the_agent_word_for_word(stage, path, body, word):
    status, text = post(stage, path, body)
    assert status == 200
    assert json.loads(text)["ok"]
    (asked,) = stage.agent.asked
    assert type(asked) is type(word)
    assert msgspec.structs.replace(asked, ask=1) == word


def test_nobodys_attendance_is_shown_without_the_agents_word_for_it(stage):
    stage.agent.answer = lambda asked: Told(asked.ask, ok=False, code="wrong_secret")
    told = json.loads(post(stage, "/mine", {"who": "7", "secret": "000000"})[1])
    assert (told["days"], told["code"]) == ([], "wrong_secret")
    assert "Nomor rahasia salah" in told["line"]
    with Answer(stage, "GET", "/mine?who=7") as answer:
        assert answer.status in (404, 405)


def test_ones_own_attendance_says_where_each_scan_is(stage):
    days = (Day(1_795_220_700, "finger", "received", "T07A-1234-ABCD2345"),)
    stage.agent.answer = lambda asked: Told(asked.ask, ok=True, days=days)
    (day,) = json.loads(post(stage, "/mine?lang=en", {"who": "7"})[1])["days"]
    assert (day["at"], day["how"]) == ("Saturday 21/11 07.25", "finger")
    assert (day["stage"], day["code"]) == ("received by the centre", "T07A-1234-ABCD2345")


def test_an_open_page_hears_everything_first_and_then_each_change(stage):
    with Answer(stage, "GET", "/events") as answer:
        assert answer.got.headers["Content-Type"].startswith("text/event-stream")
        whole = answer.event("whole")
        assert whole["here"]
        assert whole["rest"]["word"] == "Siap"
        assert whole["line"]["text"] == "Terkirim 07.24"
        stage.agent.say(Card("late", now(), "<script>alert(1)</script>", "7", minutes=16))
        told = answer.event("card")
        assert told["card"]["name"] == "<script>alert(1)</script>"  # as text: the page escapes
        assert told["tail"][0]["name"] == told["card"]["name"]


def test_two_pages_hear_the_same_in_their_own_languages(stage):
    with Answer(stage, "GET", "/events") as one, Answer(stage, "GET", "/events?lang=en") as other:
        one.event("whole")
        other.event("whole")
        stage.agent.say(Face("unknown", 5))
        assert one.event("face")["state"]["word"] == "Belum dikenali"
        assert other.event("face")["state"]["word"] == "Not recognised yet"


def test_a_page_that_opens_late_sees_who_is_before_the_camera(stage):
    with Answer(stage, "GET", "/events") as one:
        one.event("whole")
        stage.agent.say(Face("ask", 9, 30, "turn_left", 6))
        one.event("face")
        with Answer(stage, "GET", "/events") as late:
            faces = {face["track"]: face["asked"] for face in late.event("whole")["faces"]}
        assert faces[9] == "turn_left"
        stage.agent.say(Face("idle", 9))


def test_an_agent_that_goes_is_missed_and_welcomed_back(stage):
    with Answer(stage, "GET", "/events") as answer:
        assert answer.event("whole")["here"]
        stage.agent.close()
        assert not answer.event("whole")["here"]
        status, text = post(stage, "/typed", {"who": "7"})
        assert status == 503
        assert "dimulai ulang" in text
        stage.rejoin(SENT, SEES)
        assert answer.event("whole")["here"]


def test_the_picture_goes_on_only_when_there_is_another_one(stage):
    replace(stage.picture, b"one")
    with Answer(stage, "GET", "/preview") as answer:
        assert answer.got.headers["Content-Type"].startswith("multipart/x-mixed-replace")
        assert b"hadir-frame" in answer.got.readline()
        parts = []
        for frame in (b"one", b"two"):
            replace(stage.picture, frame)
            head = [answer.got.readline() for _ in range(3)]
            assert head[1] == b"Content-Length: 3\r\n"
            parts.append(answer.got.read(3))
            answer.got.readline()
            answer.got.readline()
    assert parts == [b"one", b"two"]


def test_a_second_screen_at_the_same_address_says_what_to_check(stage):
    program = Path(sys.executable).with_name("terminal-agent")
    command = [program, "--config", stage.config, "--lang", "id", "kiosk"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30)
    assert done.returncode == 3
    assert "alamat layar tidak dapat dipakai" in done.stderr


def test_the_server_ends_at_once_although_pages_are_open(stage):
    with Answer(stage, "GET", "/events") as events, Answer(stage, "GET", "/preview"):
        events.event("whole")
        stage.stop()  # asserts exit code 0 within ten seconds
    stage.start()
