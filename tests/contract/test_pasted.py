"""A kiosk's text is found in whatever a telephone, a chat or an editor made of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract import pasted, stick

TEXT = stick.spoken(b"\x01\x04T07A" + bytes(range(32)), bytes(range(80)), 1, 3)
letters = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", min_size=1, max_size=300)
between = st.sampled_from(
    ["\n", "\r\n", " ", "\t", '"', "\u00a0", "\u200b", "\n> ", "\u201d \u201c"]
)


@given(st.lists(st.tuples(st.lists(letters, min_size=1, max_size=4), between), max_size=4))
def test_every_text_is_found_however_it_is_wrapped(sent):
    chat = "".join(
        f"[22/11/26 06.2{i}] Budi: HADIR:{i + 1}/9:{gap.join(parts)}\n"
        for i, (parts, gap) in enumerate(sent)
    )
    found = [text for _, text in pasted.texts("Selamat pagi\n" + chat + "[06.30] Budi: sudah")]
    assert found == [f"HADIR:{i + 1}/9:{''.join(parts)}" for i, (parts, _) in enumerate(sent)]


@pytest.mark.parametrize(
    ("around", "line"),
    [
        ("{}", 1),
        ("Pak, ini datanya:\n\n{}", 3),
        ("{}. Terima kasih", 1),
        ("({})", 1),
        ("*{}*", 1),
        ("{}\nBudi Santoso\n", 1),
        ("\ufeff{}\nhadir", 1),
    ],
)
def test_what_stands_around_a_text_is_no_part_of_it(around, line):
    assert pasted.texts(around.format(TEXT)) == [(line, TEXT)]


def test_a_wrap_within_the_beginning_changes_nothing():
    assert pasted.texts(TEXT.replace("HADIR:1/3:", 'Hadir : 1 /\n3:"')) == [(1, TEXT)]


@given(st.text(max_size=200))
def test_other_text_holds_nothing(text):
    if "hadir" not in text.casefold():
        assert pasted.texts(text) == []


@pytest.mark.parametrize(
    "coding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "ascii"]
)
def test_every_editors_bytes_are_read(coding):
    assert pasted.texts(pasted.decoded(TEXT.encode(coding))) == [(1, TEXT)]


@given(st.binary(max_size=200))
def test_any_bytes_are_some_text(data):
    assert isinstance(pasted.decoded(data), str)
