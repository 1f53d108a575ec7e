"""What the commands say to people: Indonesian first, English as the second catalogue."""

from terminal_agent.wording import (
    attack,
    door,
    enrolment,
    evaluate,
    faces,
    journal,
    kiosk,
    models,
    page,
    rehearsal,
    settings,
    sticks,
)

_WORDS = {
    **attack.WORDS,
    **door.WORDS,
    **enrolment.WORDS,
    **evaluate.WORDS,
    **faces.WORDS,
    **journal.WORDS,
    **kiosk.WORDS,
    **models.WORDS,
    **page.WORDS,
    **rehearsal.WORDS,
    **sticks.WORDS,
}


def say(lang: str, code: str, **values: object) -> str:
    """The sentence for a code in "id" or "en"; a code without one is said as it is."""
    if code in settings.CODES:
        values = values | {"detail": settings.reading(lang, str(values["detail"]))}
    indonesian, english = _WORDS.get(code, ("{detail}", "{detail}"))
    return (english if lang == "en" else indonesian).format(**{"detail": code, **values})
