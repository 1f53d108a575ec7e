"""What is taken out of log lines, and what stays readable."""

import pytest

from contract.masked import Mask

NIP = "199001012015031001"


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (f"web.failed path=/people/{NIP}/2026-01", "web.failed path=/people/***/2026-01"),
        (f"nip={NIP}, again '{NIP}'", "nip=***, again '***'"),
        ("NIP 19900101 201503 1 001 is", "NIP *** is"),
        ("open rtsp://user:p@ss:w0rd@10.0.0.1/live", "open rtsp://***@10.0.0.1/live"),
        ("postgresql://hadir:geheim@db/hadir away", "postgresql://***@db/hadir away"),
        ("the key is 918273", "the key is ***"),
    ],
)
def test_nips_logins_and_secrets_are_taken_out(line, shown):
    assert Mask(["918273"])(line) == shown


@pytest.mark.parametrize(
    "line",
    [
        "batch.sent first=918274 count=9007199254740991",
        "head=aa199001012015031001bb",
        "at 1795000000123456789 ns",
        "mail to a@b.id, open http://127.0.0.1:8080/people",
    ],
)
def test_numbers_and_addresses_that_are_no_secret_stay(line):
    assert Mask(["918273"])(line) == line


def test_an_error_with_its_trace_is_masked_whole():
    trace = f"Traceback\n  File x\nKeyError: '{NIP}'"
    assert NIP not in Mask()(trace)
