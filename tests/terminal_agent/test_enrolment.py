"""A kiosk believes the one authority that its pass names, whatever else is shown beside it."""

import contextlib
import ssl
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from cryptography import x509

from contract import enrolment as contract
from contract.enrolment import Admission, Pass, Waiting
from contract.errors import BatchError
from sync_server.certificates import PrivateAuthority
from terminal_agent import enrolment, papers
from terminal_agent.enrolment import Applicant
from terminal_agent.errors import SourceMisconfigured


class _Visit(BaseHTTPRequestHandler):
    shown, heard, reply = "", [], b""

    def do_GET(self):
        self.say(self.shown.encode())

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.heard.append(contract.decode_application(body))
        reply = self.reply(self.heard[-1])
        self.say(contract.encode(reply), 202 if isinstance(reply, Waiting) else 200)

    def say(self, data, status=200):
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def door(signer, shown, reply=None):
    """A door with a certificate of `signer` that shows these authorities; where, and what it heard."""
    visit = type("Visit", (_Visit,), {"shown": shown, "heard": [], "reply": staticmethod(reply)})
    paper, tls = signer.broker("127.0.0.1"), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.NamedTemporaryFile("w") as file:
        file.write(paper.certificate + paper.private_key)
        file.flush()
        tls.load_cert_chain(file.name)
    with HTTPServer(("127.0.0.1", 0), visit) as server:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
        server.handle_error = lambda *_: None  # a kiosk that hangs up is what is tested
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"https://127.0.0.1:{server.server_port}", visit.heard
        server.shutdown()
        thread.join()


@pytest.fixture
def good(tmp_path):
    return PrivateAuthority(tmp_path / "good", int(time.time()))


@pytest.fixture
def evil(tmp_path):
    return PrivateAuthority(tmp_path / "evil", int(time.time()))


def both(good, evil):
    return good.file.read_text() + evil.file.read_text()


@pytest.mark.parametrize("token", [b"k" * 16, b""])
def test_who_shows_the_right_authority_and_his_own_behind_it_hears_no_word(
    tmp_path, good, evil, token
):
    with door(evil, both(good, evil)) as (url, heard):
        given = Pass(url, good.fingerprint(), "T07A" if token else "", token)
        with pytest.raises(SourceMisconfigured) as caught:
            enrolment.apply(Applicant(tmp_path / "card", "0000abcd", True), given)
    assert (caught.value.code, heard) == ("door_stranger", [])


def test_a_kiosk_keeps_only_the_authority_that_its_pass_names(tmp_path, good, evil):
    def admits(asked):
        made = good.certify(asked.csr, "T07A")
        return Admission(
            kid="T07A",
            broker_host="127.0.0.1",
            broker_port=8883,
            ca=both(good, evil),
            sign_key=b"s" * 32,
            seal_key=b"e" * 32,
            certificate=made.certificate,
            share=made.share,
            door="",
            time=0,
        )

    with door(good, both(good, evil), admits) as (url, heard):
        given = Pass(url, good.fingerprint(), "T07A", b"k" * 16)
        invited = enrolment.apply(Applicant(tmp_path / "card", "0000abcd", True), given)
    assert len(heard) == 1
    [kept] = x509.load_pem_x509_certificates(invited.ca.encode())
    assert kept == x509.load_pem_x509_certificate(good.file.read_bytes())


@pytest.mark.parametrize("text", ["", "not a certificate", "\udc80"])
def test_what_is_no_certificate_is_not_believed(text):
    with pytest.raises(BatchError):
        papers.first(text)
