"""The rules of the house that neither ruff nor import-linter can see; each failure says what to do."""

import ast
import hashlib
import importlib
import importlib.util
import os
import re
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import click
import grimp
import pytest

ROOT = Path(__file__).parent.parent
PRODUCT = ("contract", "terminal_agent", "sync_server")
GOLDEN = ROOT / "tests/contract/golden"
LONGEST_MODULE = 300  # 250 is already a lot

# Every driver has one home on each side; moving one is a decision, so it fails here first.
# A home may stand here before it is built, but not once it does without its driver.
DRIVER_HOMES = {
    "paho": {
        "terminal_agent.uplink",
        "sync_server.visitor",
        "sync_server.doctor",
        "sync_server.mqtt",
    },
    "sqlite3": {
        "sync_server.backup",  # SQLite's own online backup
        "sync_server.database",
        "terminal_agent.epoch",
        "terminal_agent.faces.gallery",
        "terminal_agent.journal",
        "terminal_agent.journal_file",
        "terminal_agent.journal_schema",
        "terminal_agent.journal_view",
        "terminal_agent.past",
        "terminal_agent.salvage.rebuilt",
        "terminal_agent.salvage.soundness",
    },
    # Every room of the centre reads and writes within its caller's transaction; which modules may
    # not touch the database at all is said by the pure list in pyproject.toml.
    "sqlalchemy": {"sync_server.*"},
    "psycopg": {"sync_server.patience"},
    "alembic": {"sync_server.database"},
    "iotcore": {"sync_server.broker"},
    "socket": {
        "terminal_agent.doctor.broker",
        "terminal_agent.door.client",
        "terminal_agent.door.server",
        "sync_server.alive",
        "sync_server.web.serving",
        "sync_server.doorway",
        "terminal_agent.kiosk.server",
        "terminal_agent.line",
        "terminal_agent.provision.server",
        "terminal_agent.watchdog",
        "terminal_agent.zk.wire",
    },
    "cryptography": {
        "sync_server.authority",
        "sync_server.certificates",
        "sync_server.key_proofs",
        "sync_server.galleries",
        "sync_server.signatures",
        "sync_server.unsealing",
        "terminal_agent.orders.face_deeds",
        "terminal_agent.faces.vault",
        "terminal_agent.enrolment",
        "terminal_agent.identity",
        "terminal_agent.papers",
        "terminal_agent.sticks.sealing",
    },
    "jinja2": {"sync_server.web.frame", "terminal_agent.kiosk.app", "terminal_agent.provision.app"},
    "fastapi": {"sync_server.web.*"},  # a whole room is a home where what it holds is pages
    "starlette": {
        "sync_server.web.*",
        "terminal_agent.kiosk.app",
        "terminal_agent.kiosk.asked",
        "terminal_agent.kiosk.guard",
        "terminal_agent.provision.app",
        "terminal_agent.provision.server",
    },
    "openpyxl": {"sync_server.workbooks"},
    "uvicorn": {
        "sync_server.web.serving",
        "terminal_agent.kiosk.server",
        "terminal_agent.provision.server",
    },
    "argon2": {"sync_server.accounts.passwords"},
    "joserfc": {"sync_server.accounts.oidc"},
    "holidays": {"sync_server.cli.proposal"},
    "segno": {"sync_server.cli.inviting", "terminal_agent.sticks.qr"},
    "cv2": {
        "terminal_agent.camera.outlook",
        "terminal_agent.camera.preview",
        "terminal_agent.camera.watch",
        "terminal_agent.doctor.eye",
        "terminal_agent.faces.align",
        "terminal_agent.faces.cameras.clip",
        "terminal_agent.faces.cameras.grabbing",
        "terminal_agent.faces.cameras.network",
        "terminal_agent.faces.cameras.usb",
        "terminal_agent.faces.detector",
        "terminal_agent.faces.eyes",
        "terminal_agent.faces.mesh",
        "terminal_agent.faces.motion",
        "terminal_agent.faces.pictures",
        "terminal_agent.provision.picture",
    },
    "dlib": {"terminal_agent.faces.embedder"},
    "onnx": {"terminal_agent.faces.network"},
    "onnxruntime": {"terminal_agent.faces.embedder"},
    "zk": {"terminal_agent.zk.admin"},  # GPL-2.0, in a process of its own: docs/decisions/0009
    "serial": {
        "terminal_agent.discovery.ports",
        "terminal_agent.gnss",
        "terminal_agent.zfm.sensor",
    },
    "zeroconf": {"terminal_agent.discovery.kiosks"},
    "pynmeagps": {"terminal_agent.gnss"},
}

# Names that say nothing about what is inside.
EMPTY_NAMES = {"manager", "handler", "service", "helper", "util", "common", "base", "misc"}

# What belongs to one machine or one network, and marks of unfinished work.
FOREIGN = {
    r"/(?:work|root|home/\w+)/": "a path of one machine",
    r"(?<![\w/])\.\./shared\b": "a path outside the repository",
    r"pypi\.org/(?!project/)|pythonhosted\.org|registry\.npmjs|deb\.debian": "a registry address",
    r"(?<!emit)-(?:index-url|find-links)\b|trusted[-]host": "a registry option",
    r"\b(?:TO[D]O|FIX[M]E|X[X]X)\b": "a mark of unfinished work",
}

# Public functions that both sides have with the same arguments, and why each is not one function in
# contract. Commands, which belong to their program, are not counted; nor are words that each side
# uses for its own things with other arguments.
SAME_NAME_ON_PURPOSE = {
    "load(path)": "each program has a configuration of its own",
    "metres(one, other)": "a flat yard at a kiosk; at the centre the globe, and offices without a place",
    "version()": "the agent's own version, and the digest of the site's files",
}

PROGRAMS = {"terminal-agent": "terminal_agent.cli", "sync-server": "sync_server.cli"}


def _files() -> Iterator[Path]:
    """What a commit would hold: all files outside the folders that .gitignore names."""
    ignored = [line.rstrip("/") for line in (ROOT / ".gitignore").read_text().split()] + [".git"]
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if not any(fnmatch(name, i) for i in ignored)]
        yield from (Path(folder, name) for name in names)


FILES = {path.relative_to(ROOT).as_posix(): path for path in sorted(_files())}
MODULES = {name: path for name, path in FILES.items() if name.endswith(".py")}
TESTS = {name: path for name, path in MODULES.items() if path.name.startswith("test_")}


@pytest.fixture(scope="module")
def imports():
    return grimp.build_graph(*PRODUCT, "simulators", include_external_packages=True)


@pytest.mark.parametrize("driver", DRIVER_HOMES)
def test_a_driver_is_imported_only_in_its_home(imports, driver):
    users = (
        imports.find_modules_that_directly_import(driver) if driver in imports.modules else set()
    )
    rooms = tuple(home[:-1] for home in DRIVER_HOMES[driver] if home.endswith(".*"))
    users = {u for u in users if u.startswith(PRODUCT) and not (rooms and u.startswith(rooms))}
    homes = {home for home in DRIVER_HOMES[driver] if home in imports.modules}
    assert not users - homes, (
        f"{driver} is imported in {users - homes}: call its home ({DRIVER_HOMES[driver]}) instead,"
        " or move the home in DRIVER_HOMES with a decision page"
    )
    assert not homes - users, f"{homes - users} does without {driver}: drop it from DRIVER_HOMES"


def test_modules_are_named_after_what_they_hold():
    for name in MODULES:
        parts = Path(name).with_suffix("").parts
        words = {word.rstrip("s") for part in parts for word in part.split("_")}
        assert not words & EMPTY_NAMES, f"name {name} after the thing or the question it answers"


def test_modules_can_be_read_in_one_sitting():
    lines = {name: len(path.read_text().splitlines()) for name, path in MODULES.items()}
    long = {n: k for n, k in lines.items() if k > LONGEST_MODULE and not n.startswith("tests/")}
    assert not long, f"split by role, not by size: {long}"


def _names(node: ast.expr | None) -> set[str]:
    """The exceptions that an except clause or a call names; a bare except names all of them."""
    if node is None:
        return {"BaseException"}
    parts = node.elts if isinstance(node, ast.Tuple) else [node]
    return {ast.unparse(part).removeprefix("builtins.") for part in parts}


def _raises_again(handler: ast.ExceptHandler) -> bool:
    """Whether it only tidies up and passes the error on."""
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def _caught(node: ast.AST) -> set[str]:
    """What an except clause or a suppress() stops for good."""
    if isinstance(node, ast.ExceptHandler) and not _raises_again(node):
        return _names(node.type)
    if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("suppress"):
        return {error for argument in node.args for error in _names(argument)}
    return set()


@pytest.mark.parametrize("everything", ["Exception", "BaseException"])
def test_only_errors_that_somebody_can_act_on_are_caught(everything):
    for name, path in MODULES.items():
        for node in ast.walk(ast.parse(path.read_text())):
            assert everything not in _caught(node), (
                f"{name}:{node.lineno} catches {everything}:"
                " name the errors that can be acted on here; the rest ends the process"
            )


@pytest.mark.parametrize("pattern", FOREIGN)
def test_no_file_says_what_belongs_elsewhere(pattern):
    for name, path in FILES.items():
        for number, line in enumerate(path.read_bytes().decode(errors="replace").splitlines(), 1):
            found = re.search(pattern, line)
            assert not found, f"{name}:{number} has {FOREIGN[pattern]} ({found[0]}): leave it out"


@pytest.mark.parametrize("name", TESTS)
def test_every_test_file_can_be_imported_and_holds_a_test(name, monkeypatch):
    alias = "imported_by_test_house." + name.removesuffix(".py").replace("/", ".")
    spec = importlib.util.spec_from_file_location(alias, TESTS[name])
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, alias, module)  # dataclasses look their module up
    spec.loader.exec_module(module)
    tests = [thing for thing in vars(module) if thing.startswith(("test", "Test"))]
    assert tests, f"{name} holds no test: delete it, or rename it if it only lends to others"


# Commands and pages belong to their program.
_OF_ONE_PROGRAM = ("terminal_agent/cli", "sync_server/cli", "sync_server/web/pages")


def _public_functions(package: str) -> dict[str, str]:
    return {
        f"{node.name}({', '.join(arg.arg for arg in node.args.args)})": name
        for name, path in MODULES.items()
        if name.startswith(f"{package}/") and not name.startswith(_OF_ONE_PROGRAM)
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name[0] != "_"
    }


def test_agent_and_server_do_not_both_define_a_function():
    agent, server = _public_functions("terminal_agent"), _public_functions("sync_server")
    both = agent.keys() & server.keys()
    stale = SAME_NAME_ON_PURPOSE.keys() - both
    assert not stale, f"no longer on both sides, drop from SAME_NAME_ON_PURPOSE: {stale}"
    both = {name: (agent[name], server[name]) for name in both - SAME_NAME_ON_PURPOSE.keys()}
    assert not both, (
        f"one function twice? {both}: move it to contract,"
        " or give the reason for two in SAME_NAME_ON_PURPOSE"
    )


@pytest.mark.skipif(not GOLDEN.is_dir(), reason="the wire has no golden files yet")
def test_golden_wire_files_never_change():
    held = {path.name: path for path in GOLDEN.iterdir() if path.name != "SHA256SUMS"}
    lines = (GOLDEN / "SHA256SUMS").read_text().splitlines()
    sums = {name: digest for digest, name in (line.split(maxsplit=1) for line in lines)}
    assert held.keys() == sums.keys(), (
        f"golden files are only added: {held.keys() ^ sums.keys()};"
        " type: cd tests/contract/golden && sha256sum NEW >> SHA256SUMS"
    )
    for name, path in held.items():
        assert hashlib.sha256(path.read_bytes()).hexdigest() == sums[name], (
            f"{name} is what terminals in the field send: put it back, add a new numbered file"
        )


def _commands(group: click.Group, path: str) -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        words = [p.human_readable_name for p in group.params if isinstance(p, click.Argument)]
        name = " ".join((*words, name))  # kiosk send KID pull
        if isinstance(command, click.Group):
            yield from _commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_command_has_help_and_is_in_the_readme(program):
    if importlib.util.find_spec(PROGRAMS[program]) is None:
        pytest.skip(f"{program} has no commands yet")
    readme = (ROOT / "README.md").read_text()
    for line, command in _commands(importlib.import_module(PROGRAMS[program]).main, program):
        assert command.help, f"{line} has no help text: give its function a docstring"
        assert line in readme, f"README.md does not name `{line}`: add it to its table of commands"
