"""`./run demo`: an office's day from the terminals to the daily fact, with the cable cut on the way.

Every step prints what was proven, by the commands that a technician would type and by the ledger
file itself; nothing is printed that was not checked.
"""

import json
import random
import shutil
import sys
import tempfile
import threading
from contextlib import ExitStack, suppress
from datetime import datetime
from pathlib import Path

import click
import msgspec
from msgspec import Struct, field

from simulators import demo_faces, demo_tukin, office
from simulators.face_office import FaceOffice
from simulators.site import PROGRAMS, Site, Unproven, running
from simulators.story import Story, until
from simulators.zk.device import WIB

_LIVE = 12
_PATIENCE = 40.0


@click.command()
@click.option("--once", is_flag=True, help="Play the story and end; exit code 0 only if all held.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--lang", type=click.Choice(["id", "en"]), default="id", show_default=True)
@click.option("--keep", type=click.Path(path_type=Path), help="Keep the demo's files here.")
@click.option("--svg", type=click.Path(path_type=Path), help="Draw what was printed, for the docs.")
def main(once: bool, as_json: bool, lang: str, keep: Path | None, svg: Path | None) -> None:
    """Play an office's day: terminals, kiosk, broker, centre, facts. Loopback only, no root."""
    story = Story(as_json, lang)
    folder = keep or Path(tempfile.mkdtemp(prefix="hadir-demo-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with ExitStack() as stack:
            site = Site(folder, stack)
            faces = _tell(site, story, stack)
            if not once:
                _linger(site, story, faces)
        held = True
    except Unproven as problem:
        held = False
        story.say(f"  ✗ {problem}", f"  ✗ {problem}")
        story.steps.append({"step": "failed", "proof": str(problem)})
    finally:
        if keep is None:
            shutil.rmtree(folder, ignore_errors=True)
    if svg is not None:
        svg.write_text(story.picture(), "utf-8")
    if as_json:
        click.echo(json.dumps({"held": held, "steps": story.steps}))
    sys.exit(0 if held else 1)


def _tell(site: Site, story: Story, stack: ExitStack) -> FaceOffice:
    """The story, step by step."""
    prepare(site, story)
    faces = FaceOffice(site, stack)
    stack.enter_context(running("sync-server", site.folder, "server.toml"))
    with running("terminal-agent", site.folder, "agent.toml"):
        _prove_punches(site, story)
        demo_tukin.prove(site, story)
    faces.open(stack)
    demo_faces.prove(site, story, faces)
    return faces


def _prove_punches(site: Site, story: Story) -> None:
    """The office as it was: two terminals, and a cable that is cut on the way."""
    all_held = site.on_devices()
    until(lambda: site.scans_stored() == all_held, f"{all_held} scans in the journal")
    story.proven(
        "stored",
        f"{all_held} punch dari 2 mesin tercatat di jurnal kios (committed)",
        f"{all_held} punches of 2 terminals are committed in the kiosk's journal",
    )
    _receive(site, story)
    _cut(site, story)
    site.cable.restore()
    story.proven("restored", "kabel tersambung lagi", "the cable is whole again")
    _receive(site, story)
    _prove_chain(site, story)
    _prove_facts(site, story)


def prepare(site: Site, story: Story) -> None:
    """Import people, hours and calendar at the centre, and enrol the kiosk."""
    for name, text in (
        ("pegawai.csv", office.people_csv()),
        ("giliran.csv", office.rota_csv(site.day)),
        ("shifts.toml", office.SHIFTS),
        ("calendar.toml", office.calendar(site.day.year)),
    ):
        (site.folder / name).write_text(text, "utf-8")
    site.server("shift", "import", "shifts.toml")
    site.server("calendar", "import", "calendar.toml")
    site.server("person", "import", "pegawai.csv")
    site.server("roster", "import", "giliran.csv")
    site.server("kiosk", "invite", "T07A", "--opd", office.OPD)
    site.server("kiosk", "invite", "T08B", "--opd", office.SILENT_OPD)
    invitation = json.loads((site.folder / "T07A.json").read_bytes())
    invitation["broker_port"] = site.cable.port  # the kiosk is at the far end of the cable
    (site.folder / "T07A.json").write_text(json.dumps(invitation), "utf-8")
    site.agent("enrol-kiosk", "T07A.json")
    story.say(
        f"Kantor contoh: 2 mesin ZKTeco ({site.on_devices()} punch), kios T07A, broker, pusat.",
        f"A sample office: 2 ZKTeco terminals ({site.on_devices()} punches), kiosk T07A, broker, "
        "centre.",
    )


def _receive(site: Site, story: Story) -> None:
    truth = site.truth()
    until(lambda: site.received() == truth and site.waiting() == 0, "every punch in the ledger")
    total = sum(truth.values())
    story.proven(
        "received",
        f"{total} punch ada di buku besar pusat, masing-masing tepat sekali; 0 menunggu",
        f"{total} punches are in the central ledger, each exactly once; 0 waiting",
    )


def _cut(site: Site, story: Story) -> None:
    site.cable.cut()
    before = site.received()
    story.proven("link cut", "kabel ke pusat diputus", "the cable to the centre is cut")
    chance = random.Random(7)
    for n in range(_LIVE):
        person = chance.choice(office.PEOPLE)
        (site.door if n % 3 else site.lobby).punch(person.pin)
    held = site.on_devices()
    until(lambda: site.scans_stored() == held, f"{held} scans in the journal")
    waiting = site.waiting()
    if waiting < _LIVE or site.received() != before:
        raise Unproven(f"{waiting} events wait while the cable is cut")
    story.proven(
        "waiting",
        f"{_LIVE} punch baru tercatat di kios; {waiting} peristiwa menunggu kabel",
        f"{_LIVE} new punches are stored on the kiosk; {waiting} events wait for the cable",
    )


def _prove_chain(site: Site, story: Story) -> None:
    site.server("gaps")
    site.server("ledger", "verify")
    site.agent("journal", "verify")
    story.proven(
        "no gap",
        "tidak ada celah; rantai hash di kios dan di pusat utuh",
        "no gap; the hash chains of kiosk and centre hold",
    )


def _prove_facts(site: Site, story: Story) -> None:
    # What the terminals covered is bookkeeping: it may follow the punches in a later frame.
    with suppress(Unproven):  # what is wrong then is named below
        until(lambda: _are_right(site), "the daily facts")
    found = _facts(site, office.OPD) | _facts(site, office.SILENT_OPD)
    for person in (*office.PEOPLE, office.SILENT):
        one = found[person.nip]
        told = (one.status, one.late_min, one.early_min, one.missing)
        if told != person.expected:
            raise Unproven(f"{person.name}: {told} {one.behind}, expected {person.expected}")
    story.proven(
        "fact",
        f"fakta harian {len(found)} orang untuk {site.day} benar:",
        f"the daily facts of {len(found)} people for {site.day} are right:",
    )
    for person in (*office.PEOPLE, office.SILENT):
        one = found[person.nip]
        story.say(_line(person, one, "layar"), _line(person, one, "screen"))


def _are_right(site: Site) -> bool:
    found = _facts(site, office.OPD) | _facts(site, office.SILENT_OPD)
    return all(
        (one := found.get(person.nip))
        and (one.status, one.late_min, one.early_min, one.missing) == person.expected
        for person in (*office.PEOPLE, office.SILENT)
    )


class Told(Struct, frozen=True):
    """What the demo looks at in a daily fact."""

    nip: str
    workdate: str
    status: str
    late_min: int
    early_min: int
    missing: tuple[str, ...]
    behind: tuple[str, ...]
    arrival: dict[str, str] | None = field(name="in")
    departure: dict[str, str] | None = field(name="out")


def _facts(site: Site, opd: str) -> dict[str, Told]:
    lines = site.server("facts", "export", "--month", f"{site.day:%Y-%m}", "--opd", opd)
    facts = [msgspec.json.decode(line, type=Told) for line in lines.splitlines()]
    return {fact.nip: fact for fact in facts if fact.workdate == f"{site.day}"}


def _line(person: office.Person, one: Told, screen: str) -> str:
    minutes = f"+{one.late_min} -{one.early_min}"
    return (
        f"      {person.name:<6} {person.shift:<5} {_touch(one.arrival, screen):<23} "
        f"{_touch(one.departure, screen):<23} {minutes:<8} {one.status}"
    )


def _touch(seen: dict[str, str] | None, screen: str) -> str:
    """Local time, and what the terminal's screen showed where that was wrong."""
    if seen is None:
        return "--:--"
    local = datetime.fromisoformat(seen["t"]).astimezone(WIB)
    return f"{local:%H:%M}" + (f" ({screen} {seen['raw']})" if "raw" in seen else "")


def _linger(site: Site, story: Story, faces: FaceOffice) -> None:
    """Keep the office going until Ctrl-C."""
    look = f"{PROGRAMS}/sync-server --config {site.folder}/server.toml kiosk list"
    story.say(
        f"Pusat: {site.pages} Layar kios: http://127.0.0.1:{faces.port}/ (Ctrl-C berhenti). {look}",
        f"Centre: {site.pages} The kiosk's screen: http://127.0.0.1:{faces.port}/ (Ctrl-C ends). {look}",
    )
    with suppress(KeyboardInterrupt):
        while not threading.Event().wait(5.0):
            site.door.punch(random.choice(office.PEOPLE).pin)
            faces.walk(random.choice(office.PEOPLE))
            line = site.server("kiosk", "list").strip()
            story.say(line, line)


if __name__ == "__main__":
    main()
