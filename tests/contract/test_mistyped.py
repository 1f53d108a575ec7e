"""What a person typed wrong, and what a file says wrong, is explained in Indonesian."""

import tomllib
from typing import Annotated

import click
import msgspec
import pytest
from click.testing import CliRunner

from contract import malformed, mistyped
from sync_server import cli as server
from terminal_agent import cli as agent

WRONG = [
    (agent, ["statsu"], ("perintah statsu tidak ada", "Maksud Anda status?")),
    (agent, ["status", "--nope"], ("pilihan --nope tidak ada",)),
    (agent, ["device", "read"], ("argumen HOST belum diisi",)),
    (agent, ["device", "read", "a", "b"], ("argumen yang kurang atau kelebihan", "(Got ")),
    (agent, ["device", "read", "a", "--port", "x"], ("--port", "bilangan bulat 1 sampai 65535")),
    (agent, ["--config"], ("pilihan --config kurang atau kelebihan nilai",)),
    (agent, ["--lang", "xx", "status"], ("salah satu dari: id, en",)),
    (agent, ["export"], ("tulis --to FOLDER",)),
    (server, ["kiosk", "invite", "T07A"], ("pilihan --opd belum diisi",)),
    (server, ["absence", "list"], ("tulis --nip NIP",)),
]


@pytest.mark.parametrize(("program", "typed", "said"), WRONG)
def test_wrong_usage_is_explained_in_indonesian_with_exit_code_2(program, typed, said, monkeypatch):
    monkeypatch.setenv("LANG", "id_ID.UTF-8")
    done = CliRunner().invoke(program.main, typed)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "Salah: " in done.stderr
    assert all(words in done.stderr for words in said), done.stderr
    assert not any(word in done.stderr for word in ("Usage", "Error", "Try "))


def test_who_asks_for_english_hears_click_itself_even_where_the_mistake_stands_before_it():
    done = CliRunner().invoke(agent.main, ["--nope", "--lang", "en"])
    assert (done.exit_code, "No such option" in done.stderr) == (2, True)


def test_an_error_of_no_known_type_says_what_it_says():
    assert mistyped.sentence(click.FileError("x.toml", "gone")) == "gone"


class Kept(msgspec.Struct, forbid_unknown_fields=True):
    port: Annotated[int, msgspec.Meta(ge=1)] = 1
    hosts: tuple[str, ...] = ()
    name: str | None = None


SAID = [
    (b'{"port": "x"}', "port: harus bilangan bulat, bukan teks (Expected `int`, got `str` - at `$.port`)"),
    (b'{"port": 0}', "port: harus bilangan bulat >= 1 (Expected `int` >= 1 - at `$.port`)"),
    (b'{"hosts": [1]}', "hosts[0]: harus teks, bukan bilangan bulat ("),
    (b'{"name": 1}', "name: harus teks atau kosong, bukan bilangan bulat ("),
    (b'{"prot": 1}', "kunci prot tidak dikenal (Object contains unknown field `prot`)"),
    (b"[]", "harus tabel berisi kunci, bukan daftar ("),
    (b"{", "terpotong sebelum selesai ("),
    (b'{"port": }', "bukan JSON yang utuh, pada bita 9 ("),
]  # fmt: skip


@pytest.mark.parametrize(("data", "said"), SAID)
def test_what_the_decoder_says_is_put_in_indonesian_with_its_own_words_behind(data, said):
    with pytest.raises(msgspec.DecodeError) as problem:
        msgspec.json.decode(data, type=Kept)
    told = malformed.told("id", f"x.json: {problem.value}")
    assert told.startswith(f"x.json: {said}")
    assert malformed.told("en", str(problem.value)) == str(problem.value)


def test_a_place_in_toml_is_named_in_indonesian():
    with pytest.raises(tomllib.TOMLDecodeError) as problem:
        tomllib.loads("a = 1 2")
    assert malformed.told("id", str(problem.value)).startswith("baris 1, kolom 7 (Expected newline")
