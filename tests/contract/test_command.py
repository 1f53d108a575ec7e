"""Commands and answers: what was ever sent is read for ever, and nobody can make one up or move it."""

import json
from pathlib import Path
from typing import get_args

import msgspec
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as some

from contract import command
from contract.command import Answer, AnyOrder, Command, Resend, User, Users
from contract.errors import BatchError
from tests.contract import golden_commands

GOLDEN = Path(__file__).parent / "golden"
COMMANDS = sorted(GOLDEN.glob("command-*.json"))
ANSWERS = sorted(GOLDEN.glob("answer-*.json"))
KEY = bytes(range(32))


@pytest.mark.parametrize("path", COMMANDS, ids=lambda path: path.stem)
def test_a_golden_command_is_read_as_what_stands_beside_it_and_said_again(path):
    held = json.loads(path.read_bytes())
    data, signature = command.split(bytes.fromhex(held["envelope"]))
    said = command.decode(data)
    assert said == msgspec.convert(held["command"], Command)
    assert command.encode(said) == data
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(held["sign_key"]))
    key.verify(signature, command.to_sign(held["kid"], data))


@pytest.mark.parametrize("path", ANSWERS, ids=lambda path: path.stem)
def test_a_golden_answer_is_read_as_what_stands_beside_it_and_said_again(path):
    held = json.loads(path.read_bytes())
    key, data = bytes.fromhex(held["key"]), bytes.fromhex(held["bytes"])
    said = command.decode_answer(held["kid"], data, key)
    assert said == msgspec.convert(held["answer"], Answer)
    assert command.encode_answer(held["kid"], said, key) == data


def test_every_order_and_outcome_has_golden_bytes():
    held = {json.loads(path.read_bytes())["command"]["order"]["do"] for path in COMMANDS}
    assert held == {command.name(order) for order in golden_commands.ORDERS.values()}
    assert held == {kind.__struct_config__.tag for kind in get_args(AnyOrder)}
    told = {json.loads(path.read_bytes())["answer"]["outcome"] for path in ANSWERS}
    assert told == set(get_args(command.Outcome))


def test_the_signature_of_a_command_is_worth_nothing_for_another_kiosk():
    held = json.loads(COMMANDS[0].read_bytes())
    data, signature = command.split(bytes.fromhex(held["envelope"]))
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(held["sign_key"]))
    with pytest.raises(InvalidSignature):
        key.verify(signature, command.to_sign("T07B", data))


@given(some.binary(max_size=300))
def test_whatever_arrives_is_a_command_or_a_batch_error(data):
    try:
        body, _ = command.split(data)
        command.decode(body)
    except BatchError:
        return
    pytest.fail("random bytes were a command")


@given(some.binary(max_size=300))
def test_whatever_arrives_is_an_answer_of_this_kiosk_or_a_batch_error(data):
    with pytest.raises(BatchError):
        command.decode_answer("T07A", data, KEY)


def test_an_answer_of_another_kiosk_or_with_another_key_is_not_taken():
    data = command.encode_answer("T07A", Answer(3, "done"), KEY)
    for kid, key in (("T07B", KEY), ("T07A", KEY[::-1])):
        with pytest.raises(BatchError, match="this kiosk's key"):
            command.decode_answer(kid, data, key)


@pytest.mark.parametrize(
    "data",
    [
        b'{"counter":1,"expires":2,"order":{"do":"dance"}}',
        b'{"counter":1,"expires":2,"order":{"do":"pull","speed":3}}',
        b'{"counter":1,"expires":2}',
        b'{"counter":-1,"expires":2,"order":{"do":"pull"}}',
        b'{"counter":1,"expires":2,"order":{"do":"resend","epoch":4294967296,"first":1,"last":2}}',
        b"[]",
        b"\xff",
    ],
)
def test_a_command_that_this_version_does_not_know_is_told_apart(data):
    with pytest.raises(BatchError):
        command.decode(data)


@pytest.mark.parametrize(
    ("data", "counter"),
    [(b'{"counter":7,"order":{"do":"dance"},"more":1}', 7), (b"[]", 0), (b"\xff", 0), (b"{}", 0)],
)
def test_the_number_of_a_command_is_known_even_where_its_order_is_not(data, counter):
    assert command.counter_of(data) == counter


@given(
    some.builds(
        Command,
        some.integers(0, 2**53 - 1),
        some.integers(0, 2**53 - 1),
        some.one_of(
            some.builds(Resend, *[some.integers(0, 2**32 - 1)] * 3),
            some.builds(
                Users,
                some.text(max_size=9),
                some.lists(
                    some.builds(User, some.text(max_size=9), some.text(max_size=9)), max_size=5
                ).map(tuple),
            ),
        ),
    )
)
def test_what_is_encoded_is_what_is_decoded(given_command):
    data = command.encode(given_command)
    assert command.decode(data) == given_command
    assert command.split(data + bytes(64)) == (data, bytes(64))
