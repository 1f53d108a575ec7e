"""A face on a card belongs to one person, one kiosk and one model: a row that was moved does not open."""

import sqlite3
from contextlib import closing
from hashlib import sha256

import msgspec

from contract.faces import Look, Template
from terminal_agent.faces import vault
from terminal_agent.faces.gallery import Gallery
from terminal_agent.wording.privacy import NOTICE, NOTICE_VERSION

SARI = Template("17", "dlib-1", (Look(bytes(range(128)), 90),), 1, "T07A")
TEXTS = {"2026-1": "608fa27c9fc894ae"}


def gallery(state):
    state.mkdir(exist_ok=True)
    return Gallery(state / "faces.db", vault.key(state))


def changed(state, sql, *values):
    with closing(sqlite3.connect(state / "faces.db")) as db, db:
        db.execute(sql, values)


def test_a_row_of_another_model_does_not_open(tmp_path):
    mine = gallery(tmp_path)
    mine.put([SARI])
    changed(tmp_path, "UPDATE template SET model = 'dlib-2'")
    assert (mine.templates(), mine.unreadable()) == ([], ["17"])


def test_a_row_of_another_kiosk_does_not_open(tmp_path):
    """Each kiosk's key is its own: the same person's row on the next kiosk is of no use there."""
    there, here = gallery(tmp_path / "a"), gallery(tmp_path / "b")
    there.put([SARI])
    here.put([SARI])
    with closing(sqlite3.connect(tmp_path / "a" / "faces.db")) as db:
        [[sealed]] = db.execute("SELECT sealed FROM template").fetchall()
    changed(tmp_path / "b", "UPDATE template SET sealed = ?", sealed)
    assert (here.templates(), here.unreadable()) == ([], ["17"])
    assert there.templates() == [SARI]


def test_another_text_of_the_notice_has_another_version():
    """Whoever was told one text was not told another: TEXTS only grows."""
    digest = sha256(msgspec.json.encode(NOTICE)).hexdigest()[:16]
    assert TEXTS.get(NOTICE_VERSION) == digest, (
        f"the notice was changed: give it a new NOTICE_VERSION and add {digest} here"
    )
