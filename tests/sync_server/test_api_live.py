"""Programs watch an office: one event when they come, then one for each thing that changes."""

import json
import threading
from contextlib import closing
from http.client import HTTPConnection

import httpx2
import pytest

from sync_server import schema
from sync_server.accounts import tokens
from sync_server.config import Config, Web
from sync_server.daybook import sources
from sync_server.web.place import Place
from sync_server.web.serving import serving
from tests.browser.centre import Served
from tests.halves import talk
from tests.region import ACCOUNTS, NOW, TODAY, WIB, Region, at


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    home = Region(tmp_path_factory.mktemp("region"))
    home.people()
    home.clock.now = float(NOW)
    with Served(home) as running:
        yield running
    home.close()


class Program:
    """A program that watches an office."""

    def __init__(self, served, role, opd="1.01", address=""):
        with served.database.writing() as tx:
            key = tokens.make(tx, ACCOUNTS[role][0], "uji", NOW, 30)
        address = address or served.address
        self.line = HTTPConnection(address.removeprefix("http://"), timeout=50)
        self.line.request("GET", f"/api/v1/live/{opd}", headers={"Authorization": f"Bearer {key}"})
        self.answer = self.line.getresponse()

    def next(self):
        """The next event's object."""
        assert self.answer.headers["content-type"].startswith("text/event-stream")
        while not (line := self.answer.readline()).startswith(b"data: "):
            assert line, "the stream ended"
        return json.loads(line.removeprefix(b"data: "))

    def close(self):
        self.answer.close()
        self.line.close()


def come(region, pin, minute):
    """Somebody touches the terminal, its kiosk sends, the centre reads."""
    kiosk = region._kiosks["1.01"]
    region.clock.now += 1
    read = {"read_at": int(region.clock.now), "count": 1}
    kiosk.punch((pin, at(TODAY, 7, minute) + WIB), serial="CJ1.01", **read)
    talk(kiosk, region.centre)
    with region.database.writing() as tx:
        sources.read_on(tx, "1.01", region.clock.now)


def states(told):
    """Who came and how, by PIN."""
    return {
        one["nip"][-4:]: one["state"] for one in told["people"] if one["state"] in ("here", "late")
    }


def test_a_program_hears_of_each_arrival_once_while_it_watches(served):
    with closing(Program(served, "kepala")) as program:
        first = program.next()
        assert (first["opd"], first["name"], states(first)) == ("1.01", "Dinas Komunikasi", {})
        come(served.region, "1003", 20)
        assert states(program.next()) == {"1003": "here"}
        come(served.region, "1005", 50)
        told = program.next()
        assert states(told) == {"1003": "here", "1005": "late"}
        assert sum(told["counts"].values()) == len(told["people"]) == 7


def test_who_may_not_look_at_an_office_watches_nothing(served):
    for role, opd, status in (
        ("bkpsdm", "1.02", 200),
        ("kepala", "1.02", 403),
        ("pegawai", "1.01", 403),
    ):
        with closing(Program(served, role, opd)) as program:
            assert program.answer.status == status


def test_when_the_centre_ends_whoever_watches_is_told_so_in_good_order(served, caplog):
    stop = threading.Event()
    with serving(
        Place(served.database, served.region.wall, Config(web=Web(port=0))), stop
    ) as address:
        program = Program(served, "kepala", address=address)
        program.next()
    with closing(program):
        assert b"data" not in program.answer.read(), "the answer ends, it does not break off"
    assert [one.message for one in caplog.records if one.levelname == "ERROR"] == []


def test_of_two_who_write_the_same_at_the_same_moment_one_is_told_to_look_again(served):
    def twice():
        with served.database.writing() as tx:
            for _ in "12":
                tx.execute(schema.edition.insert().values(opd="9", rev=1))

    for path in ("/api/v1/twice", "/twice"):
        served.app.add_api_route(path, twice)
        answer = httpx2.get(served.address + path, headers={"Accept-Language": "en"})
        assert answer.status_code == 409
        assert "sama" in answer.text
        assert "Traceback" not in answer.text


def test_the_document_says_what_an_event_holds(served):
    told = httpx2.get(f"{served.address}/api/v1/openapi.json").json()
    answer = told["paths"]["/api/v1/live/{opd}"]["get"]["responses"]["200"]
    assert answer["content"]["text/event-stream"]["schema"]["$ref"].endswith("/Snapshot")
    assert "people" in told["components"]["schemas"]["Snapshot"]["properties"]
