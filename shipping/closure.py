"""Which Python packages a machine needs: what Hadir's extras declare, and what those declare."""

from importlib import metadata

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

# Declared, and not needed on a machine that runs Hadir.
_NOT_NEEDED = {
    "pip",  # sqlite-utils: for its command `install`
    "future",  # pyzk: for Python 2
}


def closure(extras: list[str], alone: list[str], machine: str) -> set[str]:
    """Names of everything that `hadir[extras]` needs on a `machine` ("x86_64", "aarch64"), without
    Hadir itself; `alone` are wheels that are wanted without what they declare (bare.in, peers.in).

    Raises importlib.metadata.PackageNotFoundError where .venv lacks one of them.
    """
    found: dict[str, set[str]] = {}
    waiting = [Requirement(f"hadir[{','.join(extras)}]")]
    while waiting:
        wanted = waiting.pop()
        name = canonicalize_name(wanted.name)
        new = {"", *wanted.extras} - found.get(name, set())
        if name in _NOT_NEEDED or not new:
            continue
        found.setdefault(name, set()).update(new)
        waiting += _declared(name, new, machine)
    return {*found, *alone} - {"hadir"}


def _declared(name: str, extras: set[str], machine: str) -> list[Requirement]:
    """What one package declares for Debian 12's Python on such a machine."""
    there = {"platform_machine": machine, "python_version": "3.11", "python_full_version": "3.11.2"}
    declared = [Requirement(line) for line in metadata.requires(name) or ()]
    return [
        one
        for one in declared
        if one.marker is None
        or any(one.marker.evaluate(there | {"extra": extra}) for extra in extras)
    ]


def locked(lock: str, names: set[str]) -> tuple[str, set[str]]:
    """The blocks of a lock, with their hashes, that are about `names`; and which names those were."""
    kept: list[str] = []
    taken: set[str] = set()
    ours = False
    for line in lock.splitlines(keepends=True):
        if line[0].isalpha():
            name: str = canonicalize_name(Requirement(line.rstrip(" \\\n")).name)
            ours = name in names
            if ours:
                taken.add(name)
        if ours and not line.startswith("#"):
            kept.append(line)
    return "".join(kept), taken
