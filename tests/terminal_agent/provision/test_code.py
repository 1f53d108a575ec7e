"""The one-time code on a new kiosk's screen."""

import os

from terminal_agent.provision.code import Code

PHONE = "192.168.1.8"


def test_a_code_opens_once_however_it_is_typed():
    code = Code(os.urandom)
    shown = code.shown
    assert code.enter(shown.lower().replace("-", " "), PHONE, 0.0) == ""
    assert code.shown != shown
    assert code.enter(shown, PHONE, 0.0) == "setup_wrong"


def test_letters_that_look_alike_are_one():
    code = Code(lambda n: bytes([22, 23] * (n // 2)))  # the digits 0 and 1
    assert code.shown == "0101-0101"
    assert code.enter("OIol-Oioi", PHONE, 0.0) == ""


def test_whoever_guesses_waits_longer_and_longer_and_the_right_code_waits_as_well():
    code, now = Code(os.urandom), 0.0
    for wait in (2, 4, 8, 16, 30, 30):
        assert code.enter("?", PHONE, now) == "setup_wrong"
        assert code.enter(code.shown, PHONE, now + wait - 0.1) == "setup_slow"
        now += wait
    assert code.enter(code.shown, PHONE, now) == ""


def test_whoever_guesses_keeps_nobody_else_out():
    """Some phone of the same network guesses all day; the kiosk's owner has the code on the screen."""
    code, now = Code(os.urandom), 0.0
    shown = code.shown
    for _ in range(25):
        assert code.enter("?", PHONE, now) == "setup_wrong"
        now += 30.0
    assert code.enter("?", PHONE, now) == "setup_wrong"
    assert code.enter(shown, "192.168.1.9", now) == ""


def test_a_crowd_of_addresses_costs_no_memory():
    code = Code(os.urandom)
    for number in range(3_000):
        code.enter("?", f"10.0.{number // 256}.{number % 256}", 0.0)
    assert len(code._guesses) == 1_024
    assert code.enter(code.shown, PHONE, 0.0) == ""
