"""What the commands say to people: Indonesian first, English as the second catalogue."""

from collections.abc import Mapping

from contract import malformed
from terminal_agent.wording import (
    attack,
    discovery,
    doctor,
    door,
    enrolment,
    evaluate,
    faces,
    fingers,
    journal,
    kiosk,
    models,
    page,
    provision,
    pushing,
    rehearsal,
    releases,
    roster,
    settings,
    setup_page,
    setup_things,
    standing,
    sticks,
    units,
)

_WORDS = {
    **attack.WORDS,
    **discovery.WORDS,
    **doctor.WORDS,
    **door.WORDS,
    **enrolment.WORDS,
    **evaluate.WORDS,
    **faces.WORDS,
    **fingers.WORDS,
    **journal.WORDS,
    **kiosk.WORDS,
    **models.WORDS,
    **page.WORDS,
    **provision.WORDS,
    **pushing.WORDS,
    **rehearsal.WORDS,
    **releases.WORDS,
    **roster.WORDS,
    **setup_page.WORDS,
    **setup_things.WORDS,
    **standing.WORDS,
    **sticks.WORDS,
    **units.WORDS,
}


def catalogue() -> Mapping[str, tuple[str, str]]:
    """Every code with its two sentences, as the index of codes shows them."""
    return _WORDS


def say(lang: str, code: str, **values: object) -> str:
    """The sentence for a code in "id" or "en"; a code without one is said as it is."""
    if code in settings.CODES:
        values = values | {"detail": settings.reading(lang, str(values["detail"]))}
    if "detail" in values:
        values = values | {"detail": malformed.told(lang, str(values["detail"]))}
    indonesian, english = _WORDS.get(code, ("{detail}", "{detail}"))
    return (english if lang == "en" else indonesian).format(**{"detail": code, **values})
