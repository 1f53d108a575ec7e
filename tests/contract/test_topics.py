"""Topics name a kiosk so that nobody can speak in another's bucket."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract import topics

kids = st.text(topics.KID_ALPHABET, min_size=4, max_size=6)


@given(kids)
def test_every_topic_that_a_kiosk_speaks_on_names_it(kid):
    assert topics.kid_of(topics.events(kid)) == kid
    assert topics.kid_of(topics.status(kid)) == kid


@given(kids)
def test_the_topic_of_a_batch_stays_short(kid):
    """Each byte of it is paid for with every batch."""
    assert len(topics.events(kid)) == 5 + len(kid)


@given(kids, kids)
def test_a_kiosk_in_another_buckets_topic_is_nobody(kid, other):
    named = topics.kid_of(f"e/{topics.bucket(other)}/{kid}")
    assert named == (kid if topics.bucket(other) == topics.bucket(kid) else None)


@given(st.text(max_size=20))
def test_any_topic_is_a_known_kiosks_or_nobodys(topic):
    kid = topics.kid_of(topic)
    assert kid is None or topic in (topics.events(kid), topics.status(kid))


@pytest.mark.parametrize(
    ("kid", "good"),
    [
        ("T07A", True),
        ("0000", True),
        ("T07ABC", True),
        ("T07", False),
        ("T07ABCD", False),
        ("T07I", False),
        ("T0L7", False),
        ("OPD1", False),
        ("TU07", False),
        ("t07a", False),
        ("T07/", False),
        ("T+7A", False),
        ("", False),
        ("T07A\n", False),
    ],
)
def test_a_name_can_be_read_from_a_label_and_holds_no_wildcard(kid, good):
    """4 to 6 of Crockford's base32: no I, L, O, U, no lower case, nothing that MQTT reads."""
    assert topics.valid_kid(kid) is good


@pytest.mark.parametrize(
    "topic", ["a/T07A", "e/T07A", "s/T07A/x", "e/zz/T07A", "h/5f", "", "s/t07a"]
)
def test_what_a_kiosk_does_not_speak_on_is_nobodys(topic):
    assert topics.kid_of(topic) is None


def test_ways_up_down_and_beside_never_meet():
    kid = "T07A"
    named = [topics.events(kid), topics.receipts(kid), topics.status(kid), topics.owner("5f")]
    assert len({topic.split("/")[0] for topic in named}) == len(named)
    assert (topics.receipts(kid), topics.owner("5f")) == ("a/T07A", "h/5f")
