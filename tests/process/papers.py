"""Papers and clocks as they may be: a certificate that was made long ago, a kiosk that believes it is
1970, a door of somebody else."""

import shutil
import sqlite3
import ssl
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

from contract import invitation
from contract.invitation import Invitation
from sync_server.certificates import PrivateAuthority, described
from terminal_agent import identity
from tests.process.copies import KID
from tests.process.office import Office

_DAY = 86_400

# Everything of one process that asks the kernel for the date is told another; nobody vouches for it.
_SHIM = r"""
#define _GNU_SOURCE
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t id, struct timespec *at) {
    int failed = syscall(SYS_clock_gettime, id, at);
    if (!failed && id == CLOCK_REALTIME) at->tv_sec -= SHIFT;
    return failed;
}
time_t time(time_t *out) {
    struct timespec at;
    clock_gettime(CLOCK_REALTIME, &at);
    if (out) *out = at.tv_sec;
    return at.tv_sec;
}
int gettimeofday(struct timeval *restrict out, void *restrict zone) {
    struct timespec at;
    clock_gettime(CLOCK_REALTIME, &at);
    out->tv_sec = at.tv_sec;
    out->tv_usec = at.tv_nsec / 1000;
    return 0;
}
int adjtimex(struct timex *state) {
    memset(state, 0, sizeof *state);
    state->status = STA_UNSYNC;
    return TIME_ERROR;
}
"""


def aged(office: Office, days: int) -> Invitation:
    """The kiosk's certificate is as if it had been made so many days ago, for the same key; the
    kiosk's invitation from then on."""
    held = identity.load(office.agent_state)
    key = load_pem_private_key(held.private_key.encode(), None)
    name = x509.Name([])
    csr = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, SHA256())
    authority = PrivateAuthority(office.server_state, int(time.time()) - days * _DAY)
    made = authority.certify(csr.public_bytes(Encoding.PEM).decode(), KID).certificate
    its = described(made)
    old = msgspec.structs.replace(held, certificate=made)
    (office.agent_state / "invitation.json").write_bytes(invitation.encode(old))
    with closing(sqlite3.connect(office.server_state / "ledger.db", timeout=10)) as ledger, ledger:
        ledger.execute(
            "UPDATE credential SET certificate = ?, serial = ?, expires = ? WHERE kid = ?",
            (made, its.serial, its.expires, KID),
        )
    return old


def in_1970(office: Office, folder: Path) -> None:
    """From its next start on the agent, and the OpenSSL in it, believe that it is January 1970, and
    the kernel vouches for nothing."""
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler: apt-get install gcc")
    source, shim = folder / "shim.c", folder / "shim.so"
    source.write_text(_SHIM)
    shift = f"-DSHIFT={int(time.time()) - 9 * _DAY}"
    subprocess.run([compiler, "-shared", "-fPIC", shift, "-o", shim, source], check=True)
    file = office.folder / "agent.toml"
    file.write_text(file.read_text().replace('clock = "host"', 'clock = "kernel"'))
    office.agent.command = ("/usr/bin/env", f"LD_PRELOAD={shim}", *office.agent.command)


@contextmanager
def door_of_another(whose: PrivateAuthority, shows: bytes, heard: list[str]) -> Iterator[int]:
    """A door with a certificate of `whose` that answers /ca.pem with `shows`; its port. `heard`: what
    it was asked."""

    class Visit(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append(f"GET {self.path}")
            self.send_response(200)
            self.send_header("Content-Length", str(len(shows)))
            self.end_headers()
            self.wfile.write(shows)

        def do_POST(self) -> None:
            heard.append(f"POST {self.path}")
            self.send_error(500)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    paper = whose.broker("127.0.0.1")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.NamedTemporaryFile("w") as file:
        file.write(paper.certificate + paper.private_key)
        file.flush()
        context.load_cert_chain(file.name)
    with ThreadingHTTPServer(("127.0.0.1", 0), Visit) as door:
        door.socket = context.wrap_socket(door.socket, server_side=True)
        thread = threading.Thread(target=door.serve_forever)
        thread.start()
        try:
            yield door.server_port
        finally:
            door.shutdown()
            thread.join()
