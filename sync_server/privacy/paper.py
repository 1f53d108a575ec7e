"""What is printed: the record of an erasure, and the letter after a breach. Times are WIB."""

from collections.abc import Iterator, Sequence

import msgspec

from sync_server import erasures, localtime
from sync_server.erasures import Proof
from sync_server.privacy.exposure import Exposure, What
from sync_server.privacy.leaving import OPEN, Part, Request
from sync_server.wording import fate, say


class Record(msgspec.Struct, frozen=True):
    """Where the erasure of a person stands at server UTC second `now`: whether the centre still has
    the map or the number, what stays and why (also the name, and what terminals hold), and what each
    kiosk shows."""

    request: Request
    now: int
    has_map: bool
    has_number: bool
    kept: tuple[Part, ...]
    proofs: tuple[Proof, ...]

    @property
    def whole(self) -> bool:
        """Whether nothing remains to be done."""
        if self.has_map or self.has_number or any(one.why in OPEN for one in self.kept):
            return False
        return all(one.over for one in self.proofs)

    @property
    def overdue(self) -> bool:
        """Whether 3 x 24 hours have passed and something remains to be done."""
        return not self.whole and self.now - self.request.at > erasures.DUE


def moment(utc: float) -> str:
    """A date and time of day in WIB."""
    return localtime.at(utc, localtime.WIB).strftime("%d-%m-%Y %H:%M WIB")


def part(lang: str, one: Part) -> str:
    """A line of what went or stays."""
    said = {"what": say(lang, f"kind_{one.what}"), "count": one.count, "detail": one.detail}
    if not one.why:
        return say(lang, "erased_gone", **said)
    if one.why == "asked":
        traces = "erased_traces" if one.count else "erased_traceless"
        return say(lang, "erased_asked", **said, said=say(lang, traces, count=one.count))
    return say(lang, "erased_kept", **said, why=say(lang, f"why_{one.why}", detail=one.detail))


def record(lang: str, found: Record) -> str:
    """The record of an erasure, to be signed."""
    asked = found.request
    head = {"nip": asked.nip, "letter": asked.letter, "who": asked.who, "at": moment(asked.at)}
    head |= {"due": moment(asked.at + erasures.DUE), "clock": clock(lang, found)}
    states = {True: say(lang, "paper_there"), False: say(lang, "paper_gone")}
    lines = [
        say(lang, "paper_title"),
        "",
        say(lang, "paper_head", **head),
        "",
        say(lang, "paper_here", map=states[found.has_map], number=states[found.has_number]),
        *(proof(lang, one) for one in found.proofs),
        "",
        say(lang, "paper_kept"),
        *(part(lang, one) for one in found.kept),
        say(lang, "paper_chains"),
        "",
        say(lang, "paper_sign"),
    ]
    return "\n".join(lines) + "\n"


def clock(lang: str, found: Record) -> str:
    """How much is left of three times 24 hours."""
    if found.whole:
        return say(lang, "paper_in_time")
    left = found.request.at + erasures.DUE - found.now
    return say(lang, "paper_left" if left >= 0 else "paper_late", hours=abs(left) // 3_600)


def proof(lang: str, one: Proof) -> str:
    """What a kiosk shows for having erased a face."""
    unasked = one.fate == "unasked"
    said = say(lang, "proof_unasked") if unasked else fate(lang, one.fate, one.detail)
    known = {**msgspec.structs.asdict(one), "said": said}
    known["evidence"] = known.pop("code")
    return say(lang, _code(one), **known)


def letter(lang: str, found: Exposure) -> str:
    """The notice to one of those concerned, with blanks for what no program knows, and boxes for what
    differs from one to the next or what only people can have done. It names nobody else."""
    which = say(lang, f"breach_kind_{found.kind}", which=found.which)
    said = {"which": which, "since": moment(found.since), "until": moment(found.until)}
    said["what"] = "\n".join(f"   [ ] {_kinds(lang, (one,))}" for one in found.what) or "   -"
    text = say(lang, "letter", **said, remedies="\n".join(_remedies(lang, found)))
    return f"{text}\n"


def archived(lang: str, found: Exposure) -> str:
    """The list of everybody concerned, for the office's own file and the authority."""
    which = say(lang, f"breach_kind_{found.kind}", which=found.which)
    times = {"since": moment(found.since), "until": moment(found.until)}
    head = say(lang, "letter_list", which=which, count=len(found.people), **times)
    return "\n".join([head, *people(lang, found), *accounts(lang, found)]) + "\n"


def accounts(lang: str, found: Exposure) -> list[str]:
    """A line for the accounts that are nobody's, none where there are none."""
    if not found.accounts:
        return []
    names = ", ".join(found.accounts)
    return [say(lang, "breach_accounts", count=len(found.accounts), names=names)]


def orders(lang: str, found: Exposure) -> list[str]:
    """What to type against it, where that was not done yet."""
    codes: list[str] = [] if found.shut or found.kind == "server" else [found.kind]
    codes += [one for one in ("template", "number") if one in found.what]
    return [say(lang, f"breach_do_{code}", which=found.which) for code in codes]


def people(lang: str, found: Exposure) -> list[str]:
    """A line for each person concerned."""
    return [
        say(
            lang,
            "breach_person",
            **{**msgspec.structs.asdict(one), "what": _kinds(lang, one.what)},
        ).rstrip()
        for one in found.people
    ]


def _kinds(lang: str, what: Sequence[What]) -> str:
    return ", ".join(say(lang, f"exposed_{one}") for one in what)


def _remedies(lang: str, found: Exposure) -> Iterator[str]:
    """A tick only where this ledger knows that it is so; boxes for people to tick."""
    if found.kind != "server":
        box = "x" if found.shut else " "
        yield f"   [{box}] " + say(lang, f"remedy_{found.kind}", which=found.which)
    more = {"kiosk": "keys", "server": "server"}.get(found.kind, "")
    codes = [more, *(one for one in ("template", "number", "record") if one in found.what)]
    for code in filter(None, codes):
        yield "   [ ] " + say(lang, f"remedy_{code}", which=found.which)


def _code(one: Proof) -> str:
    if one.proven:
        return "proof_erased" if one.change else "proof_never_there"
    if one.settled:
        return "proof_settled"
    return "proof_retired" if one.retired else "proof_missing"
