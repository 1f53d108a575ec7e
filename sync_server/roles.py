"""Who may do what at the centre. Pure: the table is the truth of every act, and a test reads it cell by
cell. Only whose of two approvals is whose goes by the role itself, beyond the act: closing/steps.py for
a month, corrections/seats.py for a correction."""

import re
from typing import Literal, get_args

import msgspec

Role = Literal[
    "pegawai",
    "atasan",
    "kepala",
    "admin_opd",
    "bkpsdm",
    "bpkad",
    "inspektorat",
    "teknisi",
    "admin",
]
Act = Literal[
    "see_board",
    "see_people",
    "see_pay",
    "see_kiosks",
    "enter",  # absences and corrections for others
    "approve",
    "verify",  # e-kinerja
    "close",
    "freeze",
    "export",
    "audit",
    "accounts",
    "data",  # imports and rule files
    "whatif",
    "admit",  # kiosks that ask
]
ROLES: tuple[Role, ...] = get_args(Role)
ACTS: tuple[Act, ...] = get_args(Act)

_NOBODY_ELSE: frozenset[Act] = frozenset({"audit", "accounts", "admit"})
_MAY: dict[Role, frozenset[Act]] = {
    "pegawai": frozenset(),
    "atasan": frozenset({"see_people", "approve", "verify"}),
    "kepala": frozenset(
        {"see_board", "see_people", "see_pay", "approve", "verify", "close", "export"}
    ),
    "admin_opd": frozenset({"see_board", "see_people", "see_pay", "enter", "export"}),
    "bkpsdm": frozenset(ACTS) - _NOBODY_ELSE,
    "bpkad": frozenset({"see_pay", "export"}),
    "inspektorat": frozenset(
        {"see_board", "see_people", "see_pay", "see_kiosks", "export", "audit"}
    ),
    "teknisi": frozenset({"see_kiosks", "admit"}),
    "admin": frozenset({"accounts", "audit", "data", "see_kiosks", "admit"}),
}
# Whose office is the whole region, whose is a tree of offices, and whose is nobody but his juniors.
EVERYWHERE: frozenset[Role] = frozenset({"bkpsdm", "bpkad", "inspektorat", "teknisi", "admin"})
TREE: frozenset[Role] = frozenset({"kepala", "admin_opd"})
# Whoever acts upon other people's records is somebody: two acts are by two people, and only a NIP says so.
_ACTS_ON_OTHERS: frozenset[Act] = frozenset({"enter", "approve", "verify", "close", "freeze"})
NAMED: frozenset[Role] = frozenset(role for role in ROLES if _MAY[role] & _ACTS_ON_OTHERS)
_NIP = re.compile(r"[0-9]{18}")
# What nobody does to a record of his own.
_NOT_OWN: frozenset[Act] = frozenset({"approve", "verify"})


class Viewer(msgspec.Struct, frozen=True):
    """Whoever looks: the account's name, the NIP ("" where the account is nobody's), and how far he
    sees. `reach`: the offices of his tree, None = all. `juniors`: NIPs whose superior he is."""

    name: str
    nip: str
    role: Role
    opd: str
    reach: frozenset[str] | None = frozenset()
    juniors: frozenset[str] = frozenset()


def is_nip(text: str) -> bool:
    """Whether it is written as a NIP is: 18 digits."""
    return _NIP.fullmatch(text) is not None


def may(viewer: Viewer, act: Act, opd: str | None = None) -> bool:
    """Whether his role has this act, and, where an office is named, whether it is in his reach. A
    superior without an office of his own has his juniors: `may_for`."""
    within = opd is None or viewer.reach is None or opd in viewer.reach
    return act in _MAY[viewer.role] and within


def has_juniors(role: Role) -> bool:
    """Whether it matters to a role whose superior somebody is: it has an act about people."""
    return bool(_MAY[role] & {"see_people", "see_pay", "enter", "approve", "verify"})


def may_for(viewer: Viewer, act: Act, nip: str, opd: str) -> bool:
    """Whether he may do this about a person of an office: of his juniors, or in his reach. Nobody
    approves or verifies what is his own."""
    if act in _NOT_OWN and nip == viewer.nip:
        return False
    return act in _MAY[viewer.role] and (nip in viewer.juniors or may(viewer, act, opd))


def may_see(viewer: Viewer, nip: str, opd: str) -> bool:
    """Whether he may read a person's record: always his own."""
    return (bool(nip) and nip == viewer.nip) or may_for(viewer, "see_people", nip, opd)


def may_see_pay(viewer: Viewer, nip: str, opd: str) -> bool:
    """Whether he may read a person's rupiah: always his own."""
    return (bool(nip) and nip == viewer.nip) or may_for(viewer, "see_pay", nip, opd)


def frozen_only(viewer: Viewer) -> bool:
    """Whether he sees pay only of months that were frozen."""
    return viewer.role == "bpkad"
