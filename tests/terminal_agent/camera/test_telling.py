"""What the camera saw reaches the agent in order, also when the agent was away meanwhile."""

import pytest

from contract.event import NOT_ASKED, VERIFY_FACE
from terminal_agent.camera.telling import Telling
from terminal_agent.door.words import Face, MadeGallery, Regallery, Seen, Watched
from tests.terminal_agent.camera.agents import Listener

T = 5_000  # seconds since the boot


def seen(pin, gallery=1):
    return Seen(0, pin, T, VERIFY_FACE, 80, NOT_ASKED, gallery)


def made(version):
    return MadeGallery(0, version, "m", 9, 3000, "ab")


@pytest.fixture
def agent(tmp_path):
    listener = Listener(tmp_path / "agent.sock")
    listener.born()
    yield listener
    listener.die()


@pytest.fixture
def telling(agent):
    camera = Telling(agent.path)
    yield camera
    camera.close()


def pins(agent):
    return [word.pin for word in agent.of(Seen)]


def test_words_are_told_in_order(agent, telling):
    telling.ask(made(1))
    for number in range(5):
        telling.ask(seen(f"{number}"))
    agent.wait(lambda: len(pins(agent)) == 5)
    assert [type(word) for word in agent.heard] == [MadeGallery] + [Seen] * 5
    assert pins(agent) == ["0", "1", "2", "3", "4"]


def test_who_was_seen_while_the_agent_was_away_is_told_when_it_is_back_with_the_same_time(
    agent, telling
):
    telling.ask(made(1))
    telling.ask(seen("1"))
    agent.wait(lambda: pins(agent) == ["1"])
    agent.die()
    for pin in ("2", "3"):
        telling.news()  # as the camera's loop does all the time
        telling.ask(seen(pin))
    agent.born()
    agent.wait(lambda: pins(agent)[-2:] == ["2", "3"])
    assert {word.t for word in agent.of(Seen)} == {T}


def test_an_agent_that_is_new_hears_of_the_gallery_before_anybody_seen_with_it(agent, telling):
    telling.ask(made(1))
    agent.wait(lambda: agent.of(MadeGallery))
    agent.die()
    agent.heard.clear()
    telling.news()
    telling.ask(seen("1"))
    telling.ask(made(2))
    telling.ask(seen("2", gallery=2))
    agent.born()
    agent.wait(lambda: len(pins(agent)) == 2)
    told = [getattr(word, "version", 0) or word.gallery for word in agent.of(MadeGallery, Seen)]
    assert told == [1, 1, 2, 2]


def test_minutes_watched_while_the_agent_was_away_are_told_as_one(tmp_path):
    agent = Listener(tmp_path / "agent.sock")
    telling = Telling(agent.path)
    for minute in range(100):
        telling.ask(Watched(0, T + 60 * minute, T + 60 * minute + 60))
    telling.ask(Watched(0, T + 9000, T + 9060))
    agent.born()
    agent.wait(lambda: len(agent.of(Watched)) == 3)
    assert [(word.since - T, word.through - T) for word in agent.of(Watched)] == [
        (0, 60),
        (60, 6000),
        (9000, 9060),
    ]
    telling.close()
    agent.die()


def test_a_word_that_is_refused_does_not_hold_up_the_next(agent, telling):
    agent.refuse = True
    telling.ask(seen("1"))
    agent.wait(lambda: pins(agent) == ["1"])
    telling.ask(seen("2"))
    agent.wait(lambda: pins(agent) == ["1", "2"])


def test_how_a_face_stood_while_the_agent_was_away_is_told_to_nobody(agent, telling):
    telling.ask(made(1))
    agent.wait(lambda: agent.heard)
    telling.say(Face("look", 1))
    agent.wait(lambda: agent.of(Face))
    agent.die()
    telling.news()
    telling.say(Face("look", 2))
    agent.born()
    agent.wait(lambda: telling.connections == 2)
    # Said now or never: a word in the moment of the connection may be lost.
    agent.wait(lambda: telling.say(Face("look", 3)) or len(agent.of(Face)) > 1)
    assert {word.track for word in agent.of(Face)} == {1, 3}


def test_the_agents_news_is_fetched_without_waiting(agent, telling):
    assert telling.news() == []
    agent.tell(Regallery())
    heard = []
    agent.wait(lambda: heard.extend(telling.news()) or heard)
    assert heard == [Regallery()]


def test_the_end_of_the_process_waits_for_what_is_left(agent):
    telling = Telling(agent.path)
    agent.wait(lambda: telling.connections)
    for number in range(20):
        telling.ask(seen(f"{number}"))
    telling.close()
    assert len(pins(agent)) == 20
