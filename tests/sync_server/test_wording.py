"""What the centre says to people: every code has both languages, and both say the same values."""

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path
from string import Formatter

import pytest

import sync_server
import terminal_agent
from sync_server import errors
from sync_server.wording import TOPICS, alert, alerts, complaint, pushing, say
from terminal_agent.doctor import rounds

CATALOGUES = {code: both for topic in TOPICS for code, both in topic.WORDS.items()}
ALERTS = {**alerts.WORDS, **pushing.WORDS}
ALL = {**CATALOGUES, **{f"alert {code}": both for code, both in ALERTS.items()}}
# Where a call names its code: the position among its arguments.
CODE_AT = {"BadFile": 2, "tell": 0, "say": 1}
# Values that a sentence takes from a whole record: msgspec.structs.asdict.
WHOLE_RECORDS = {"kiosk_line", "gap", "fork", "chain_holds", "chain_broken"}


@cache
def nodes(package):
    """(file, node) of all the code of a package."""
    paths = sorted(Path(package.__file__).parent.rglob("*.py"))
    return [(path, node) for path in paths for node in ast.walk(ast.parse(path.read_text()))]


def calls(package, *names):
    """(file:line, call) of every call of these names in a package."""
    for path, node in nodes(package):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func).rpartition(".")[2]
            if name in names:
                yield f"{path.name}:{node.lineno}", name, node


def codes_in(node):
    """The codes that an argument may be: a constant, or either branch of a choice."""
    if isinstance(node, ast.IfExp):
        return codes_in(node.body) | codes_in(node.orelse)
    return {node.value} if isinstance(node, ast.Constant) else set()


def fields(sentence):
    return {name.partition(".")[0] for _, name, _, _ in Formatter().parse(sentence) if name}


def said_codes():
    """(where, code, values given by name) for everything that the centre says."""
    for where, name, call in calls(sync_server, *CODE_AT):
        if len(call.args) > CODE_AT[name]:
            named = {word.arg for word in call.keywords}
            for code in codes_in(call.args[CODE_AT[name]]):
                yield where, code, named


def test_every_code_that_the_centre_says_has_words():
    missing = {(where, code) for where, code, _ in said_codes() if code not in CATALOGUES}
    assert not missing, "write its sentence in sync_server/wording"
    assert {code for _, code in errors._READINGS} <= CATALOGUES.keys()
    assert len(list(said_codes())) > 50, "the scan no longer finds the calls"


def constants():
    """Every text in the code, and every quoted word in the templates."""
    for path, node in nodes(sync_server):
        text = node.value if isinstance(node, ast.Constant) else None
        if isinstance(text, str) and (path.parent.name != "wording" or text not in CATALOGUES):
            yield text
    for path in Path(sync_server.__file__).parent.rglob("*.html"):
        yield from re.findall(r"[\"']([a-z0-9_]+)[\"']", path.read_text())


def test_no_sentence_is_left_over_from_something_that_is_no_longer_said():
    """A code may be put together: "status_" and what follows."""
    said = set(constants())
    begun = tuple(text for text in said if re.fullmatch(r"[a-z]{2,}[a-z0-9_]*_", text))
    left = {code for code in CATALOGUES.keys() - said if not code.startswith(begun)}
    assert left == set()


def test_no_code_stands_in_two_catalogues():
    counts = Counter(code for topic in TOPICS for code in topic.WORDS)
    assert [code for code, count in counts.items() if count > 1] == []


def test_both_languages_of_a_sentence_name_the_same_values():
    for code, (indonesian, english) in ALL.items():
        assert fields(indonesian) == fields(english), code
        assert indonesian.strip(), code
        words = re.findall(r"[^\W\d_]{2,}", re.sub(r"{.*?}", "", indonesian))
        assert indonesian != english or len(words) <= 2, f"{code}: only names are the same in both"


def test_every_value_that_a_sentence_names_is_given_where_it_is_said():
    for where, code, named in said_codes():
        if code in WHOLE_RECORDS or None in named:  # None: some come as **values
            continue
        assert fields(CATALOGUES[code][0]) == named, f"{where}: {code}"


@pytest.mark.parametrize(
    ("where", "says"),
    [
        (3, "pegawai.csv: baris 3: nip kosong; isi"),
        ("meta.year", "pegawai.csv: meta.year: nip kosong; isi"),
        ("", "pegawai.csv: nip kosong; isi"),
    ],
)
def test_a_complaint_says_file_place_and_cure(where, says):
    assert complaint("id", "pegawai.csv", where, "cell_empty", {"column": "nip"}) == says
    english = complaint("en", "pegawai.csv", where, "cell_empty", {"column": "nip"})
    assert english.endswith("nip is empty; fill it in")


def test_indonesian_is_what_is_said_unless_english_is_asked_for():
    assert say("id", "no_gap") == "Tidak ada celah."
    assert say("en", "no_gap") == "No gap."


def test_every_alert_that_a_kiosk_can_send_is_said_in_words():
    """The codes of whatever stops or delays a source, and what sources tell by themselves."""
    told = {
        "card_replaced",
        "checkpoint_contradicts",
        "no_event_key",
        "quota_nearly_used",
        "quota_used",
        "receipt_badly_signed",
        "receipt_contradicts",
        "log_almost_full",
        "privileged_users",
        "default_key",
        "gnss_disagrees",
        "gnss_no_fix",
        "kiosk_moved",
        "finger_changed",
        "finger_lost",
        "finger_strange",
        "camera_away",
        "address_changed",
        "device_exchanged",
        "other_device",
        "update_rolled_back",
        "certificate_expired",
        "certificate_revoked",
        "certificate_foreign",
        "broker_undated",
        "broker_foreign",
        "no_picamera2",
        "push_incomplete",
        "push_silent",
        "push_unknown",
        "push_unproven",
        *rounds.ALERTS,
    }
    for where, name, call in calls(terminal_agent, "SourceUnavailable", "SourceMisconfigured"):
        if where.split(":")[0] not in (
            "people.py",  # told in answers to commands
            "agent.py",
            "config.py",
            "identity.py",
            "line.py",
            "rehearsal.py",
            "cli.py",
            "attack.py",  # what people try out
            "enrolling.py",
            "enrolment.py",
            "joining.py",
            "papers.py",
            "evaluate.py",
            "client.py",
            "borrowing.py",
            "lent.py",  # told in answers to commands
            "desk.py",
            "nearby.py",
            "trial.py",
            "card.py",
            "kept.py",
            "units.py",
            "provisioning.py",
            "discovering.py",
            "finger.py",
            "releases.py",  # what people type, and answers about releases
            "brought.py",
            "building.py",
            "fetching.py",
            "floor.py",
            "gathered.py",
            "keeper.py",
            "place.py",
            "updates.py",
        ):  # before it runs
            codes = codes_in(call.args[0])
            assert codes, f"{where}: {name} with a code that this scan cannot read"
            told |= codes
    assert told - ALERTS.keys() == set(), "write them in sync_server/wording/alerts.py"
    assert ALERTS.keys() - told == set(), "no kiosk says this any more"
    assert len(told) > 10


def test_an_alert_of_a_newer_kiosk_is_shown_as_it_is():
    assert alert("id", "camera_covered") == "camera_covered"
    assert alert("id", "comm_key").startswith("kunci komunikasi ditolak")
    assert alert("en", "comm_key").startswith("the communication key is refused")


@cache
def made(package):
    """(file, function, call, name of what is called) of every call within a function."""
    return [
        (path, inside, node, ast.unparse(node.func))
        for path, inside in nodes(package)
        if isinstance(inside, ast.FunctionDef)
        for node in ast.walk(inside)
        if isinstance(node, ast.Call)
    ]


def noted(module, name, at):
    """(where, code pattern) of what calls of a function give as argument `at`; where a caller hands its
    own argument on, of what its callers give."""
    for path, inside, node, called in made(sync_server):
        if called == f"{module}.{name}" or (called == name and path.stem == module):
            given, taken = node.args[at], [one.arg for one in inside.args.args]
            if isinstance(given, ast.Name) and given.id in taken:
                yield from noted(path.stem, inside.name, taken.index(given.id))
            else:
                yield from ((f"{path.name}:{node.lineno}", one) for one in patterns(given))


def patterns(given):
    """Regular expressions of the codes that an expression may be."""
    if isinstance(given, ast.IfExp):
        yield from (*patterns(given.body), *patterns(given.orelse))
    if isinstance(given, ast.Constant):
        yield re.escape(given.value)
    if isinstance(given, ast.JoinedStr):
        parts = (part.value if isinstance(part, ast.Constant) else r"\w+" for part in given.values)
        yield "".join(parts)


def test_every_act_in_the_office_log_has_words():
    known = {code.removeprefix("did_") for code in CATALOGUES if code.startswith("did_")}
    found = list(noted("office_log", "note", 3))
    assert len(found) > 40
    assert [one for one in found if not any(re.fullmatch(one[1], code) for code in known)] == []
