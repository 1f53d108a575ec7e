"""Templates at rest: sealed, kept through power cuts and several writers, erased for good."""

import hashlib
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing

import msgspec
import pytest

from contract import faces
from contract.faces import Look, Template
from terminal_agent.errors import SourceMisconfigured
from terminal_agent.faces import hints, matched, vault
from terminal_agent.faces.gallery import Gallery, Untold
from terminal_agent.faces.matched import Version

KEY = bytes(range(32))
NOW = 1_795_000_000


def template(pin="17", fill=3, model="dlib-1") -> Template:
    vector = bytes((fill * no + 11) % 256 for no in range(128))
    return Template(pin, model, (Look(vector, 90), Look(vector[::-1], 80)), NOW, "T07A")


def version(no, *templates, centre=b"\x01\x02\x03\x04" * 128) -> Version:
    roster = tuple((one.pin, faces.digest(one)) for one in templates)
    mark = matched.centre_mark(centre)
    made = Version(no, NOW, "dlib-1", centre, 5200, 5600, "centred/1", roster, mark)
    return msgspec.structs.replace(made, digest=matched.evidence(made))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "faces.db"


@pytest.fixture
def gallery(path):
    return Gallery(path, KEY)


def test_what_was_enrolled_is_there_after_a_restart(path, gallery):
    gallery.put([template("17"), template("18", 5)])
    assert Gallery(path, KEY).templates() == [template("17"), template("18", 5)]
    assert gallery.templates("another model") == []
    gallery.put([template("17", 9)])
    assert gallery.templates()[0] == template("17", 9)


def test_the_file_holds_no_face_in_clear(path, gallery):
    gallery.put([template("17")])
    gallery.keep_version(version(1, template("17")))
    held = path.read_bytes()
    look = template("17").looks[0].vector
    encoded = msgspec.json.encode(look)[1:-1]
    for secret in (look, look[:8], encoded[:12], b"\x01\x02\x03\x04" * 4):
        assert secret not in held
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_row_moved_to_another_person_does_not_open(path, gallery):
    gallery.put([template("17"), template("18", 5)])
    with closing(sqlite3.connect(path)) as db:
        db.execute("UPDATE template SET pin = 'x' WHERE pin = '17'")
        db.execute("UPDATE template SET pin = '17' WHERE pin = '18'")
        db.commit()
    assert gallery.templates() == []
    assert gallery.unreadable() == ["17", "x"]


def test_a_row_that_cannot_be_read_is_kept_and_the_others_are_used(path, gallery, caplog):
    gallery.put([template("17"), template("18", 5)])
    with closing(sqlite3.connect(path)) as db:
        db.execute("UPDATE template SET sealed = zeroblob(99) WHERE pin = '18'")
        db.commit()
    assert [one.pin for one in gallery.templates()] == ["17"]
    assert "gallery.unreadable pin=18" in caplog.text
    assert gallery.unreadable() == ["18"]
    assert caplog.text.count("gallery.unreadable") == 1, "once is enough"


def test_with_another_key_nothing_is_written_and_nothing_is_lost(path, gallery):
    """A technician's shell without the unit's credential enrols nobody whom the unit cannot open."""
    kept = version(1, template("17"))
    gallery.put([template("17")])
    gallery.keep_version(kept)
    other = Gallery(path, bytes(32))
    assert (other.is_foreign(), gallery.is_foreign()) == (True, False)
    for change in (
        lambda: other.put([template("18", 5)]),
        lambda: other.erase(["17"]),
        lambda: other.keep_version(version(2)),
        other.check_key,
    ):
        with pytest.raises(SourceMisconfigured) as refused:
            change()
        assert refused.value.code == "faces_key"
    assert (other.templates(), other.unreadable(), other.version(1)) == ([], ["17"], None)
    assert (gallery.templates(), gallery.version(1)) == ([template("17")], kept)
    assert gallery.untold() == []


def test_while_nothing_is_sealed_any_key_may_begin(path, gallery):
    """Whoever only looked with another key before the first enrolment has done no harm."""
    gallery.erase(["17"])
    other = Gallery(path, bytes(32))
    assert not other.is_foreign()
    other.put([template("18", 5)])
    assert gallery.is_foreign()
    with closing(sqlite3.connect(path)) as db:
        [(name,)] = db.execute("SELECT key_id FROM sealed_by")
    assert (name, len(name)) == (vault.key_id(bytes(32)), 8)


def test_the_revision_changes_when_templates_do_and_only_then(path, gallery):
    seen = [gallery.revision()]
    gallery.put([template()])
    seen.append(gallery.revision())
    gallery.keep_version(version(1, template()))
    assert gallery.revision() == seen[-1]
    Gallery(path, KEY).erase(["17"])  # another process
    seen.append(gallery.revision())
    assert len(set(seen)) == 3


def test_an_erased_face_leaves_no_bytes_and_its_digest_proves_it(path, gallery):
    gallery.put([template("17"), template("18", 5)])
    with closing(sqlite3.connect(path)) as db:
        [(sealed,)] = db.execute("SELECT sealed FROM template WHERE pin = '17'")
    assert sealed in path.read_bytes()
    assert gallery.erase(["17", "99"]) == [("17", faces.digest(template("17")))]
    assert sealed not in path.read_bytes()
    assert [one.pin for one in gallery.templates()] == ["18"]
    assert gallery.erase(["17"]) == []


def test_centres_that_would_give_an_erased_face_away_are_struck_and_the_versions_stay(gallery):
    one, two, three = template("17"), template("18", 5), template("19", 7)
    gallery.put([one, two, three])
    kept = [version(1, two, three), version(2, one, two, three), version(3, one, three)]
    for each in kept:
        gallery.keep_version(each)
    gallery.erase(["17"])
    assert gallery.version(1) == kept[0]
    for no in (2, 3):
        assert gallery.version(no) == msgspec.structs.replace(kept[no - 1], centre=b"")
        assert matched.holds(gallery.version(no)), "the digest in the chain still holds"
    assert gallery.newest_version() == 3


@pytest.mark.parametrize(
    "other",
    [
        {"model": "x"},
        {"rule": "x"},
        {"threshold": 1},
        {"claimed": 1},
        {"roster": (("17", "aa"),)},
        {"centre": b"x"},
        {"centre_mark": "x"},
    ],
)
def test_a_version_of_which_anything_was_changed_does_not_hold(other):
    made = version(1, template("17"))
    assert matched.holds(made)
    assert not matched.holds(msgspec.structs.replace(made, **other))


def test_two_hundred_changes_of_an_office_of_a_hundred_take_about_a_megabyte(path, gallery):
    roster = [(str(n), hashlib.sha256(bytes([n])).hexdigest()) for n in range(100)]
    for no in range(1, 21):
        roster[no] = (str(no), hashlib.sha256(bytes([no, no])).hexdigest())
        centre = hashlib.shake_128(bytes([no])).digest(512)
        gallery.keep_version(
            msgspec.structs.replace(version(no), roster=tuple(roster), centre=centre)
        )
    with closing(sqlite3.connect(path)) as db:
        [(size,)] = db.execute("SELECT sum(length(sealed)) FROM version")
    assert size * 10 < 1_100_000


def test_a_version_number_never_means_two_things(gallery):
    gallery.keep_version(version(1, template()))
    with pytest.raises(ValueError, match="there already"):
        gallery.keep_version(version(1))
    assert gallery.version(1) == version(1, template())
    assert gallery.version(2) is None


def test_a_change_made_while_the_agent_is_away_waits_for_the_chain(gallery):
    gallery.put([template("17")], told=False)
    gallery.put([template("18", 5)])
    gallery.erase(["17"], told=False, change="removed")
    digest = faces.digest(template("17"))
    assert gallery.untold() == [
        Untold(1, "17", "enrolled", digest),
        Untold(2, "17", "removed", digest),
    ]
    gallery.tell(1)
    assert [one.no for one in gallery.untold()] == [2]


_WRITER = """
import sys
from pathlib import Path
from contract.faces import Look, Template
from terminal_agent.faces.gallery import Gallery
path, name = Path(sys.argv[1]), sys.argv[2]
print("ready", flush=True)
sys.stdin.readline()
gallery = Gallery(path, bytes(range(32)))
for no in range(int(sys.argv[3])):
    pin = f"{name}{no}"
    gallery.put([Template(pin, "m", (Look(bytes(128), 1),), 0, "")], told=False)
    print(pin, flush=True)
"""


def _writer(path, name, count):
    command = [sys.executable, "-c", _WRITER, str(path), name, str(count)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _begin(*writers):
    """All at the same moment."""
    for writer in writers:
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        writer.stdin.write("\n")
        writer.stdin.flush()


def test_two_processes_that_begin_the_file_together_lose_nothing(path):
    with _writer(path, "a", 40) as one, _writer(path, "b", 40) as other:
        _begin(one, other)
        assert (one.wait(60), other.wait(60)) == (0, 0)
    gallery = Gallery(path, KEY)
    assert len(gallery.templates()) == len(gallery.untold()) == gallery.revision() == 80


def test_what_put_returned_from_survives_the_end_of_its_process(path):
    """Killed in the middle of a stream of puts: all that was said to be kept is there and whole."""
    with _writer(path, "a", 100_000) as writer:
        _begin(writer)
        said = [writer.stdout.readline().strip() for _ in range(5)]
        writer.kill()
        said += writer.stdout.read().split()
    gallery = Gallery(path, KEY)
    held = {one.pin for one in gallery.templates()}
    assert set(said) <= held
    assert held == {one.pin for one in gallery.untold()}
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_damaged_file_is_named_with_what_to_do(path):
    path.write_bytes(b"this is no database" * 100)
    with pytest.raises(SourceMisconfigured) as refused:
        Gallery(path, KEY)
    assert refused.value.code == "faces_damaged"


def test_the_key_is_made_once_and_is_nobody_elses_to_read(tmp_path, monkeypatch):
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    key = vault.key(tmp_path)
    assert vault.key(tmp_path) == key
    assert [path.name for path in tmp_path.iterdir()] == ["faces.key"]
    assert stat.S_IMODE((tmp_path / "faces.key").stat().st_mode) == 0o600
    (tmp_path / "faces.key").write_bytes(b"short")
    with pytest.raises(SourceMisconfigured) as refused:
        vault.key(tmp_path)
    assert refused.value.code == "faces_key"


def test_with_a_credential_the_card_alone_does_not_open_the_faces(tmp_path, monkeypatch):
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    alone = vault.key(tmp_path)
    credentials = tmp_path / "credentials"
    credentials.mkdir()
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(credentials))
    assert vault.key(tmp_path) == alone  # systemd gave none
    (credentials / vault.CREDENTIAL).write_bytes(bytes(32))
    together = vault.key(tmp_path)
    assert together not in (alone, bytes(32))
    sealed = vault.seal(together, b"face", b"17")
    assert vault.unseal(together, sealed, b"17") == b"face"
    with pytest.raises(vault.Unsealable):
        vault.unseal(alone, sealed, b"17")


@pytest.mark.parametrize(
    ("scores", "says"),
    [
        ([], ""),
        ([3, 2], ""),
        ([60] * 20, ""),
        ([60] * 10 + [58, 20, 61, 57, 59], ""),
        ([70] * 10 + [30] * 5, "falling"),
        ([12, 9, 14, 3, 8], "low"),
    ],
)
def test_whoever_is_recognised_less_and_less_is_to_be_enrolled_again(scores, says):
    assert hints.hint(scores) == says
