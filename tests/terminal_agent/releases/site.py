"""A kiosk's folder of releases, with a machine that starts whatever `current` shows."""

import base64
import shutil
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contract import release
from shipping.release import Named, make
from terminal_agent.releases import place, told
from terminal_agent.releases.foreign import Foreign
from terminal_agent.releases.gathered import Shelf, unpack
from terminal_agent.releases.keeper import Keeper
from terminal_agent.releases.place import Place
from terminal_agent.releases.told import Outcome, Wish, Word

NOW = 1_795_000_000
BIG = bytes(range(256)) * 64


class PowerCut(BaseException):
    """Nothing after this moment happens."""


class Time:
    """A clock that runs while somebody waits; it is what is waited on, too."""

    def __init__(self):
        self.now, self.ends_at = float(NOW), float("inf")

    def wall(self):
        return self.now

    def monotonic(self):
        return self.now

    def is_set(self):
        return self.now >= self.ends_at

    def wait(self, seconds):
        self.now += seconds
        return self.is_set()


class Machine:
    """systemd and an agent: `ways` says how each version behaves. "good": up, with a receipt; "mute":
    up without one; "dead": never ready; "dying": a new process every half minute; "blind": its camera
    is. A camera in `flickering` is so under every version."""

    AGENT = "hadir-agent.service"
    flickering = False

    def __init__(self, site, ways):
        self._site, self._ways, self.restarts, self.cut_at = site, ways, 0, 0
        self.version = site.place.points("current")

    def restart(self):
        self.restarts += 1
        if self.restarts == self.cut_at:
            raise PowerCut
        self.version = self._site.place.points("current")
        if self._ways[self.version] != "dead":
            self._site.says(self.version, heard=self._ways[self.version] == "good")

    def processes(self):
        way, passing = self._ways[self.version], 100 + int(self._site.time.now // 30)
        found = {} if way == "dead" else {self.AGENT: passing if way == "dying" else 100}
        is_passing = way == "blind" or self.flickering
        self._site.time.now += 31 * self.flickering  # a release is laid out slowly
        return found | {"hadir-camera.service": passing if is_passing else 200}


class Site:
    def __init__(self, folder: Path):
        self.folder, self.key, self.time = folder, Ed25519PrivateKey.generate(), Time()
        self.state = folder / "state"
        self.place = Place(folder / "opt", "0.1.0")
        self.shelf = Shelf(self.state)
        (self.state / told.FOLDER).mkdir(parents=True)
        self.put(self.place.tree("0.1.0"), b"print(1)")
        for name in ("current", "keeper"):
            place.point(self.place.root / name, "0.1.0")
        self.ways = {"0.1.0": "good", "0.2.0": "good", "0.3.0": "good"}

    def put(self, tree, program):
        """A tree: a program that changes, a model that does not, a link."""
        files = {"bin/run": program, "lib/own.py": program, "models/big.onnx": BIG}
        public = base64.b64encode(self.key.public_key().public_bytes_raw())
        for name, data in (files | {"release.pub": public}).items():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            (tree / name).write_bytes(data)
        (tree / "bin/run").chmod(0o755)
        (tree / "bin/python").symlink_to("/usr/bin/python3")
        return tree

    def file(self, version, program=b"print(2)", key=None, least=0, arch=None):
        """A release file."""
        tree = self.folder / "made" / version
        shutil.rmtree(tree, ignore_errors=True)
        to = self.folder / f"{version}.hadir"
        named = Named(version, arch or place.arch(), release.numbered(version), least)
        make(self.put(tree, program), named, key or self.key, to)
        return to

    def says(self, version, heard=True, heard_at=NOW - 100, open_until=0):
        word = Word(version, heard, heard_at, open_until)
        told.write(self.state / told.FOLDER / told.WORD, word, 0o600)

    def wishes(self, file, no=1):
        """What the agent does with a release file."""
        unpack(file, self.place, self.shelf)
        wish = Wish(no, "install", self.shelf.digest())
        told.write(self.state / told.FOLDER / told.WISH, wish, 0o600)

    def keeper(self, machine=None):
        """What root does then; the machine."""
        machine = machine or Machine(self, self.ways)
        agents = Foreign(self.state / told.FOLDER)
        self.place.kept.mkdir(exist_ok=True)
        Keeper(self.place, agents, machine, self.time, self.time).run()
        return machine

    def outcome(self):
        return told.read(self.place.kept / told.OUTCOME, Outcome)

    def stands(self):
        return tuple(self.place.points(name) for name in ("current", "keeper", "previous"))
