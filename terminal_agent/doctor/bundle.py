"""A zip for whoever helps from afar: log, configuration, standing, findings, versions. No name, NIP, PIN,
face or key is in it: every text goes through the veil, and no file of the state folder is copied."""

import json
import os
import platform
import subprocess
import sys
import zipfile
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path

import msgspec

from contract.event import Clock
from terminal_agent import config_shown, usage
from terminal_agent.config import Config
from terminal_agent.doctor.finding import Finding
from terminal_agent.doctor.hidden import Veil
from terminal_agent.errors import JournalFailed
from terminal_agent.journal_view import View

LINES = 5_000
_PATIENCE = 60.0
_PACKAGES = ("hadir", "paho-mqtt", "cryptography", "msgspec", "pyserial", "onnxruntime", "pyzk")


class Parts(msgspec.Struct, frozen=True):
    """What goes into it. `sentences`: the findings as they were said."""

    config: Config
    findings: Sequence[Finding]
    sentences: Sequence[str]
    alerts: Mapping[str, str]
    log: str


def write(path: Path, parts: Parts, veil: Veil) -> list[str]:
    """Write the zip; the names in it. Raises OSError."""
    files = {
        "doctor.json": _json([msgspec.to_builtins(one) for one in parts.findings]),
        "doctor.txt": "\n".join(parts.sentences),
        "config.json": _json(config_shown.masked(parts.config)),
        "status.json": _json(standing(parts.config) | {"alerts": dict(parts.alerts)}),
        "versions.json": _json(versions()),
        "log.txt": veil.log(parts.log),
    }
    beside = path.with_name(path.name + ".part")
    beside.unlink(missing_ok=True)
    private = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    with (
        os.fdopen(private, "w+b") as out,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as held,
    ):
        for name, text in files.items():
            held.writestr(name, veil(text))
    beside.replace(path)
    return sorted(files)


def standing(settings: Config) -> dict[str, object]:
    """Numbers of the journal and the link; of events only how many there are."""
    state = Path(settings.kiosk.state)
    facts: dict[str, object] = {"usage": msgspec.to_builtins(usage.load(state))}
    try:
        view = View(state / "journal.db")
    except JournalFailed as problem:
        return facts | {"journal": problem.code}
    try:
        return facts | {
            "kid": view.kid,
            "epochs": [msgspec.to_builtins(one) for one in view.epochs()],
            "devices": [msgspec.to_builtins(one) for one in view.devices()],
            "unsent": view.unsent(),
            "clock": _clock(view.clock()),
        }
    except JournalFailed as problem:
        return facts | {"journal": problem.code}
    finally:
        view.close()


def _clock(newest: Clock | None) -> dict[str, object]:
    """What the clock was worth last; where the kiosk stands is nobody's business."""
    if newest is None:
        return {}
    return {"wall": newest.wall, "trust": newest.trust, "error_ms": newest.error_ms}


def versions() -> dict[str, str]:
    """Of the agent, of what it stands on, and of the machine."""
    found = {"python": sys.version.split()[0], "machine": platform.machine()}
    found |= {"kernel": platform.release(), "system": _system()}
    for package in _PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            found[package] = ""
    return found


def log_lines(lines: int = LINES) -> str:
    """The newest lines of the kiosk's units in the system's log; "" where there are none or they may
    not be read."""
    command = ["journalctl", "--unit=hadir-*", f"--lines={lines}", "--output=short-iso"]
    try:
        done = subprocess.run(  # noqa: S603 - our own words
            [*command, "--no-pager", "--quiet"],
            capture_output=True,
            timeout=_PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("utf-8", "replace")


def _system() -> str:
    try:
        return platform.freedesktop_os_release().get("PRETTY_NAME", "")
    except OSError:
        return ""


def _json(thing: object) -> str:
    return json.dumps(thing, indent=2, default=str, ensure_ascii=False)
