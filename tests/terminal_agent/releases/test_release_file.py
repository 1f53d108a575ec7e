"""What a release file and its manifest may say, whoever made them."""

import json
import struct
import zipfile

import msgspec
import pytest

from contract import release
from contract.errors import BatchError
from terminal_agent.errors import SourceMisconfigured
from tests.terminal_agent.releases.site import Site


@pytest.fixture
def site(tmp_path):
    site = Site(tmp_path)
    site.says("0.1.0")
    return site


@pytest.mark.parametrize(
    "path", ["../out", "/etc/passwd", "a//b", "a/../b", ".", "bin/python/x", "lib/\n", ""]
)
def test_a_manifest_names_nothing_outside_its_tree(path):
    empty = [path, 0o644, "0" * 64, 0, 0, 0]
    made = {
        "product": "hadir-kiosk",
        "release": 1,
        "version": "0.2.0",
        "arch": "amd64",
        "min_release": 0,
        "files": [empty],
        "links": [["bin/python", "/usr/bin/python3"]],
    }
    with pytest.raises(BatchError):
        release.decode(json.dumps(made).encode())
    made["files"][0][0] = "lib/fine"
    assert release.decode(json.dumps(made).encode()).version == "0.2.0"


def made_of(**changed):
    made = {
        "product": "hadir-kiosk",
        "release": 1,
        "version": "0.2.0",
        "arch": "amd64",
        "min_release": 0,
        "files": [],
        "links": [],
    }
    return json.dumps(made | changed).encode()


@pytest.mark.parametrize("name", ["manifest.json", "manifest.json.new"])
def test_a_manifest_names_nothing_that_root_itself_writes_there(name):
    assert release.decode(made_of()).version == "0.2.0"
    with pytest.raises(BatchError):
        release.decode(made_of(links=[[name, "/etc/x"]]))


@pytest.mark.parametrize("version", ["0.2.0\n", "0.2.0.part", "..", "", "0/1"])
def test_what_is_no_folders_name_is_no_version(version):
    with pytest.raises(BatchError):
        release.decode(made_of(version=version))


def test_a_digest_ends_where_it_ends():
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert("0" * 64 + "\n", release.Digest)


@pytest.mark.parametrize(("place_of", "value"), [(6, 1), (8, 99)])
def test_an_encrypted_or_unknown_entry_of_a_zip_is_a_damaged_release_in_words(
    site, place_of, value
):
    file = site.file("0.2.0")
    data = bytearray(file.read_bytes())
    for begin, at in ((b"PK\3\4", place_of), (b"PK\1\2", place_of + 2)):
        here = data.find(begin)
        while here >= 0:
            struct.pack_into("<H", data, here + at, value)
            here = data.find(begin, here + 4)
    file.write_bytes(data)
    with pytest.raises(SourceMisconfigured) as caught:
        site.wishes(file)
    assert caught.value.code == "release_damaged"


def test_a_signature_that_is_longer_than_one_is_a_damaged_release(site):
    file = site.folder / "long.hadir"
    with zipfile.ZipFile(file, "w") as out:
        out.writestr(release.MANIFEST, made_of())
        out.writestr(release.SIGNATURE, bytes(65))
    with pytest.raises(SourceMisconfigured) as caught:
        site.wishes(file)
    assert caught.value.code == "release_damaged"


def test_a_release_key_of_blank_lines_is_none_and_the_kiosk_says_that_it_has_none(site):
    (site.place.tree("0.1.0") / "release.pub").write_text("\n\nAAAA\n")
    with pytest.raises(SourceMisconfigured) as caught:
        site.wishes(site.file("0.2.0"))
    assert caught.value.code == "release_no_key"


def test_equal_trees_make_equal_release_files(site):
    first = site.file("0.2.0").read_bytes()
    assert site.file("0.2.0").read_bytes() == first
