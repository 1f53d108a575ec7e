"""What the centre says to people: Indonesian first, English as the second catalogue."""

from collections.abc import Mapping
from datetime import date

from contract import malformed
from sync_server.wording import (
    absences,
    accounts,
    alerts,
    api,
    backups,
    board,
    breach,
    controls,
    corrections,
    data,
    ekinerja,
    evidence,
    explain,
    exports,
    faces,
    facts,
    fates,
    identity,
    month_pages,
    months,
    outcomes,
    people,
    privacy,
    problems,
    proofs,
    pushing,
    releases,
    reports,
    rule_questions,
    rules,
    sticks,
    web,
    webhooks,
)

TOPICS = (
    controls,
    accounts,
    backups,
    api,
    absences,
    corrections,
    board,
    breach,
    data,
    ekinerja,
    evidence,
    explain,
    exports,
    faces,
    facts,
    fates,
    identity,
    month_pages,
    months,
    outcomes,
    people,
    privacy,
    problems,
    proofs,
    releases,
    reports,
    rule_questions,
    rules,
    sticks,
    web,
    webhooks,
)
_WORDS = {code: both for topic in TOPICS for code, both in topic.WORDS.items()}
_CODES = {**alerts.WORDS, **pushing.WORDS, **fates.REASONS, **faces.REASONS}


def say(lang: str, code: str, /, **values: object) -> str:
    """The sentence for a code in "id" or "en"."""
    if "detail" in values:
        values["detail"] = malformed.told(lang, str(values["detail"]))
    return _in(lang, _WORDS[code]).format(**values)


def day(lang: str, day: date) -> str:
    """How a date is written: Sel 13 Jan 2026."""
    weekday = say(lang, "weekdays").split()[day.weekday()]
    return f"{weekday} {day.day} {say(lang, 'months').split()[day.month - 1]} {day.year}"


def deed(lang: str, did: str) -> str:
    """What the office's log calls an act; one that has no words here, as it is."""
    both = _WORDS.get(f"did_{did}")
    return _in(lang, both) if both else did


def deeds() -> list[str]:
    """Every act that the office's log has words for."""
    return sorted(code.removeprefix("did_") for code in _WORDS if code.startswith("did_"))


def kind_of(lang: str, kind: str) -> str:
    """What a kind of correction is called; one that has no words here, as its rule file calls it."""
    both = _WORDS.get(f"co_kind_{kind}")
    return _in(lang, both) if both else kind


def complaint(
    lang: str, file: str, where: str | int, code: str, values: Mapping[str, object]
) -> str:
    """What is wrong in a file, where (a key, a line number, or "": the whole), and what to write."""
    line = say(lang, "line", line=where) if isinstance(where, int) else where
    return ": ".join(part for part in (file, line, say(lang, code, **values)) if part)


def alert(lang: str, code: str) -> str:
    """What a kiosk's alert means; a newer kiosk's code, which has no words here, as it is."""
    return _in(lang, _CODES[code]) if code in _CODES else code


def fate(lang: str, fate: str, detail: str) -> str:
    """What became of a command; `detail` is the kiosk's code, with what it says beside it."""
    code, _, rest = detail.partition(": ")
    reason = alert(lang, code)
    said = ": ".join(part for part in (_in(lang, fates.FATES[fate]), reason) if part)
    return f"{said} ({rest})" if rest and code in _CODES else f"{said}{': ' if rest else ''}{rest}"


def _in(lang: str, both: tuple[str, str]) -> str:
    return both[1] if lang == "en" else both[0]
