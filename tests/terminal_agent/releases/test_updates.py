"""A kiosk fetches a release from the centre's real door, and what it lacks alone; the centre sees what
became of it."""

import math
import threading
from contextlib import suppress

import pytest
from sqlalchemy import update

from sync_server import (
    authority,
    commands,
    release_store,
    releases,
    schema,
)
from sync_server.commands import Issuer
from sync_server.releases import Portion
from terminal_agent.errors import SourceUnavailable
from terminal_agent.releases import fetching, told
from terminal_agent.usage import Meter
from terminal_agent.windows import Window
from tests.process.office import until
from tests.terminal_agent.releases.region import KID, PROGRAM, standing


@pytest.fixture
def region(tmp_path):
    with standing(tmp_path) as region:
        yield region


def test_an_ordered_release_is_fetched_tried_and_answered_for(region):
    updates = region.agent()
    updates.look(lambda: True)
    assert updates.ask(7, region.order()) is None
    stop = threading.Event()
    thread = threading.Thread(target=updates.run, args=(stop,))
    thread.start()
    try:
        wish = region.site.state / told.FOLDER / told.WISH
        until(lambda: gathered(region), lambda: str(list(region.site.state.rglob("*"))), 30)
        assert not wish.exists(), "somebody may have scanned a moment ago"
        threading.Event().wait(6)  # it has looked once
        region.clock.now += 601
        until(wish.exists, lambda: "no wish", 30)
    finally:
        stop.set()
        thread.join()
    region.site.time.now = region.clock.now
    region.site.keeper()
    assert updates.fate(7) == ("done", "0.2.0")
    assert region.agent().ask(7, region.order()) == ("done", "0.2.0"), "also after a start"
    packed = region.file.stat().st_size
    assert region.meter.usage.month < packed + 60_000, "nothing came twice"


def gathered(region):
    objects = region.site.shelf.folder / "objects"
    return any(path.stat().st_size == len(PROGRAM) for path in objects.glob("?" * 64))


def test_a_link_that_breaks_costs_a_piece_and_no_more(region):
    updates = region.agent()
    digest = region.order().files[0][1]
    came = []

    def breaks(count):
        came.append(count)
        if sum(came) > 700_000:
            raise SourceUnavailable("release_pause", "the link is off")

    def door(carried):
        trust = updates._door(region.order()).trust
        return fetching.Door(region.invited.door, trust, carried)

    fetching.begin(door(breaks), digest, region.site.place, region.site.shelf)
    files = fetching.lacking(region.site.place, region.site.shelf)
    with pytest.raises(SourceUnavailable):
        fetching.fetch(door(breaks), region.site.shelf, files)
    first, rest = sum(came), []
    fetching.fetch(door(rest.append), region.site.shelf, files)
    assert fetching.lacking(region.site.place, region.site.shelf) == []
    assert first + sum(rest) < len(PROGRAM) + fetching.PIECE + 60_000


def test_a_link_that_breaks_in_every_piece_gets_on_all_the_same(region):
    digest, trust = region.order().files[0][1], region.agent()._door(region.order()).trust
    came = []

    def breaks(count):
        came.append(count)
        if sum(came[-4:]) > 40_000:
            raise SourceUnavailable("release_pause", "the link is off")

    whole = fetching.Door(region.invited.door, trust, lambda _: None)
    fetching.begin(whole, digest, region.site.place, region.site.shelf)
    for _ in range(60):
        files = fetching.lacking(region.site.place, region.site.shelf)
        came.append(-1_000_000)
        with suppress(SourceUnavailable):
            fetching.fetch(
                fetching.Door(region.invited.door, trust, breaks), region.site.shelf, files
            )
    assert fetching.lacking(region.site.place, region.site.shelf) == []


def test_a_release_is_put_on_trial_while_the_link_stays_on_for_all_of_it(region):
    """Otherwise it would be proven by nothing: no receipt comes over a link that is off."""
    updates = region.agent(hours=(Window(0, 3_600),))
    day = region.clock.now - region.clock.now % 86_400 + 86_400
    region.clock.now = day + 60
    updates.look(lambda: True)
    assert updates.ask(7, region.order()) is None
    updates._complete = region.order().files[0][1]
    fetching.begin(
        updates._door(region.order()), updates._complete, region.site.place, region.site.shelf
    )
    wish = region.site.state / told.FOLDER / told.WISH
    for second, is_wished in ((2_200, False), (2_900, False), (87_400, True)):
        region.clock.now = day + second
        updates._step(updates._asked, region.site.place)
        assert wish.exists() == is_wished
    short = region.agent(hours=(Window(0, 800),))
    assert short.ask(8, region.order()) == ("refused", "release_window")


def test_an_update_takes_at_most_half_of_what_is_left_of_the_quota(region):
    meter = Meter(region.site.state, region.clock, 0, 1, lambda _: None)
    updates = region.agent(meter)
    updates.ask(7, region.order())
    with pytest.raises(SourceUnavailable) as caught:
        updates._step(updates._asked, region.site.place)
    assert caught.value.code == "release_quota"
    assert meter.left() > 900_000, "only the manifest came"


def test_what_was_taken_back_is_told_to_the_centre_and_stays_an_alert(region):
    region.site.says("0.1.0")
    region.site.ways["0.2.0"] = "mute"
    updates = region.agent()
    region.site.wishes(region.file, 7)
    region.site.keeper()
    assert updates.fate(7) == ("failed", "release_no_receipt: 0.2.0")
    updates.look(lambda: True)
    assert region.alerts[-1] == "update_rolled_back"


def test_the_kiosk_tells_the_keeper_until_when_its_link_is_on(region):
    updates = region.agent()
    updates.look(lambda: True)
    word = told.read(region.site.state / told.FOLDER / told.WORD, told.Word)
    assert (word.version, word.heard, word.open_until) == ("0.1.0", True, 0)
    assert updates._home.timetable.closes_in() == math.inf


def test_a_release_that_somebody_takes_back_during_its_trial_goes_to_nobody_else(region):
    stored = release_store.stored(region.site.folder / "server")
    by = Issuer(region.centre.registrar.keys.sign.sign, int(region.clock.now), 86_400)
    with region.centre.database.writing() as tx:
        assert releases.roll_out(tx, by, stored, Portion()) == [KID]
        told = {"fate": "failed", "detail": "release_asked_back: 0.2.0"}
        tx.execute(update(schema.command).values(told))
        assert releases.taken_back(tx, stored) == [KID]


def test_a_release_goes_to_a_few_kiosks_first_and_on_to_those_that_are_missing(region):
    centre, stored = region.centre, release_store.stored(region.site.folder / "server")
    with centre.database.writing() as tx:
        for number in range(60):
            authority.invite(tx, centre.registrar, f"T{number:02}B", "1.01")
    sign = centre.registrar.keys.sign.sign
    by = Issuer(sign, int(region.clock.now), 86_400)
    with centre.database.writing() as tx:
        few = releases.roll_out(tx, by, stored, Portion(percent=20))
        assert 3 <= len(few) <= 25
        assert releases.roll_out(tx, by, stored, Portion(percent=20)) == [], "nobody twice"
        rest = releases.roll_out(tx, by, stored, Portion())
        assert len(few) + len(rest) == 61
        assert not set(few) & set(rest)
        assert {one.fate for one in releases.asked(tx)} == {"waiting"}
        thirds = [Portion(shard=one, of=3) for one in (1, 2, 3)]
        parts = [k for t in thirds for k in few + rest if releases._is_in(k, stored[0], t)]
        assert sorted(parts) == sorted(few + rest), "every kiosk is in one shard"
        assert releases.taken_back(tx, stored) == []
        assert len(commands.fates(tx)) == 61
