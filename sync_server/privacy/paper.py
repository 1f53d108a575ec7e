"""What is printed: the record of an erasure, and the letter after a breach. Times are WIB."""

from collections.abc import Iterator, Sequence

import msgspec

from sync_server import erasures, localtime
from sync_server.erasures import Proof
from sync_server.privacy.exposure import Exposure
from sync_server.privacy.leaving import Part, Request
from sync_server.wording import fate, say


class Record(msgspec.Struct, frozen=True):
    """Where the erasure of a person stands at server UTC second `now`: whether the centre still has
    the map or the number, what is kept, and what each kiosk shows."""

    request: Request
    now: int
    has_map: bool
    has_number: bool
    kept: tuple[Part, ...]
    proofs: tuple[Proof, ...]

    @property
    def whole(self) -> bool:
        """Whether nothing remains to be done."""
        return not (self.has_map or self.has_number) and all(one.over for one in self.proofs)

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
    """The notice to those concerned, with blanks for what no program knows, and the list of them."""
    which = say(lang, f"breach_kind_{found.kind}", which=found.which)
    what = ", ".join(say(lang, f"exposed_{one}") for one in found.what) or "-"
    said = {"which": which, "what": what, "count": len(found.people)}
    said |= {"since": moment(found.since), "until": moment(found.until)}
    text = say(lang, "letter", **said, remedies="\n".join(_remedies(lang, found)))
    enclosed = "\n".join([say(lang, "letter_list"), *people(lang, found)])
    return f"{text}\n\f{enclosed}\n"


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


def _kinds(lang: str, what: Sequence[str]) -> str:
    return ", ".join(say(lang, f"exposed_{one}") for one in what)


def _remedies(lang: str, found: Exposure) -> Iterator[str]:
    codes = [found.kind, *(one for one in ("template", "number", "record") if one in found.what)]
    for code in codes:
        yield "   - " + say(lang, f"remedy_{code}", which=found.which)


def _code(one: Proof) -> str:
    if one.proven:
        return "proof_erased" if one.change else "proof_never_there"
    if one.settled:
        return "proof_settled"
    return "proof_retired" if one.retired else "proof_missing"
