"""Other applications are told of months and corrections: signed, until they have taken it."""

import hashlib
import hmac
import json
import threading
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx2
import pytest
from click.testing import CliRunner

from sync_server import notices, office_log, schema, webhooks
from sync_server.cli import main
from sync_server.database import Database
from sync_server.errors import BadFile

SECRET = "5" * 64
DAY = 86_400


class Application:
    """An application that is told; it answers as it is set to."""

    def __init__(self):
        self.answer = 200
        self.heard = []
        application = self

        class Answering(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                application.heard.append((dict(self.headers), body))
                self.send_response(application.answer)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_said):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Answering)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hadir"
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def application():
    with closing(Application()) as running:
        yield running


@pytest.fixture
def ledger(ledger_at):
    with closing(Database(ledger_at)) as database:
        yield database


def asked(url):
    return notices.Asked(url, SECRET, ["month.frozen"], "sari")


class Post:
    """A centre's webhooks, its clock in the test's hand."""

    def __init__(self, ledger, application):
        self.ledger, self.now = ledger, 1_000_000
        with ledger.writing() as tx:
            self.no = notices.add(tx, asked(application.url), self.now)

    def tell(self, kind="month.frozen", **body):
        with self.ledger.writing() as tx:
            notices.tell(tx, kind, body, self.now)

    def send(self):
        with httpx2.Client(timeout=5) as client:
            return webhooks.send_due(self.ledger, client, lambda: self.now, threading.Event())

    def receiver(self):
        with self.ledger.reading() as tx:
            return notices.receivers(tx)[0]


@pytest.fixture
def post(ledger, application):
    return Post(ledger, application)


def test_a_frozen_month_is_told_once_and_the_signature_proves_who_told(post, application):
    post.tell(month="2026-10", opd="1.01")
    assert post.send() == 1
    assert post.send() == 0
    (headers, body) = application.heard[0]
    assert json.loads(body) == {"month": "2026-10", "opd": "1.01"}
    signed = headers["Hadir-Time"].encode() + b"." + body
    expected = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    assert headers["Hadir-Signature"] == f"v1={expected}"
    assert headers["Hadir-Kind"] == "month.frozen"
    assert len(application.heard) == 1


def test_what_an_application_did_not_ask_for_it_is_not_told(post, application):
    post.tell(kind="correction.decided", no=1)
    assert post.send() == 0
    assert application.heard == []


def test_an_application_that_was_down_is_told_later_and_nothing_is_lost(post, application):
    application.answer = 503
    post.tell(month="2026-10")
    assert post.send() == 0
    assert post.send() == 0, "it is left alone for a while"
    assert len(application.heard) == 1
    application.answer = 204
    post.now += 3_600
    assert post.send() == 1
    assert post.receiver().waiting == 0


def test_after_a_week_it_is_given_up_seen_and_can_be_replayed(post, application):
    application.answer = 500
    post.tell(month="2026-10")
    for _ in range(9 * 4):
        post.send()
        post.now += 6 * 3_600
    assert (post.receiver().waiting, post.receiver().given_up) == (0, 1)
    assert len(application.heard) < 31
    application.answer = 200
    with post.ledger.writing() as tx:
        assert notices.replay(tx, post.no, 0, post.now) == 1
    assert post.send() == 1


def test_a_receiver_that_was_ended_is_told_nothing_more(post, application):
    post.tell(month="2026-10")
    with post.ledger.writing() as tx:
        assert notices.end(tx, post.no, post.now)
        assert not notices.end(tx, post.no, post.now)
    assert post.send() == 0
    assert application.heard == []


def test_an_application_that_fails_is_asked_once_and_does_not_stop_the_others(ledger, application):
    with closing(Application()) as failing:
        failing.answer = 503
        ailing = Post(ledger, failing)
        for n in range(25):
            ailing.tell(no=n)
        post = Post(ledger, application)
        post.tell(no=25)
        assert post.send() == 1
        assert len(failing.heard) == 1
    assert [json.loads(body) for _, body in application.heard] == [{"no": 25}]


def test_an_address_that_nobody_can_have_fails_as_one_that_is_away(post, ledger):
    with ledger.writing() as tx:
        tx.execute(schema.webhook.update().values(url="https://simpeg..go.id/"))
    post.tell(month="2026-10")
    assert post.send() == 0
    assert post.receiver().waiting == 1


@pytest.mark.all_only("needs postgresql")
def test_of_two_processes_on_postgresql_one_sends(postgres):
    with closing(Database(url := postgres.database())) as one, closing(Database(url)) as other:
        with one.alone(7) as ours, other.alone(7) as theirs, other.alone(8) as another:
            assert (ours(), theirs(), another()) == (True, False, True)
        with other.alone(7) as theirs:
            assert theirs(), "whoever ends gives it back"


@pytest.mark.parametrize(
    ("url", "kinds", "code"),
    [
        ("http://simpeg.example.go.id/", ["month.frozen"], "webhook_not_https"),
        ("https://simpeg.example.go.id/", ["month.melted"], "webhook_kind"),
        ("https://simpeg..go.id/", ["month.frozen"], "webhook_host"),
        ("https://:443/", ["month.frozen"], "webhook_host"),
        ("https://simpeg.example.go.id:x/", ["month.frozen"], "webhook_host"),
    ],
)
def test_an_unsafe_address_and_an_unknown_kind_are_refused(ledger, url, kinds, code):
    with ledger.writing() as tx, pytest.raises(BadFile) as refused:
        notices.add(tx, notices.Asked(url, SECRET, kinds, "sari"), 0)
    assert refused.value.code == code


def test_whoever_adds_ends_or_replays_a_receiver_is_noted_by_his_system_name(tmp_path):
    """Who runs it counts, not what he says in LOGNAME."""
    (tmp_path / "server.toml").write_text(f'state = "{tmp_path}/centre"\n')
    for words in ("add https://simpeg.example.go.id/h", "replay 1 --since 2026-01-01", "end 1"):
        line = ["--config", f"{tmp_path}/server.toml", "webhook", *words.split()]
        CliRunner().invoke(main, line, env={"LOGNAME": "somebody-else"})
    with closing(Database(tmp_path / "centre/ledger.db")) as database, database.reading() as tx:
        lines = office_log.lines(tx, office_log.Filter())
    assert [one.did for one in lines] == ["webhook_end", "webhook_replay", "webhook_add"]
    assert {one.who for one in lines} == {office_log.system_user()}
