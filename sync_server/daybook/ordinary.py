"""The ordinary day, made without weighing: everything read, nothing asked, come before the split and
gone after it, by finger or face. Pure.

Nine days of ten are such. It says what pairing says of them, byte for byte, or nothing.
"""

from bisect import bisect_left
from collections.abc import Sequence

import msgspec

from sync_server import pairing
from sync_server.daybook.duties import Duty
from sync_server.daybook.placing import Body
from sync_server.fact import Status
from sync_server.shifts import Window
from sync_server.touches import Measure, minutes

_SURE = ("ok", "corrected")
_BY_HAND = ("secret", "witness")  # these are flagged
_encoder = msgspec.msgpack.Encoder()
_Touch = tuple[int, int, str, str, str, str | None, None]


def of(duty: Duty, punches: Sequence[Body], measure: Measure) -> tuple[Status, bytes] | None:
    """Status and folded body (folded.fold) of a day that is covered, and that no absence, correction
    or exemption concerns; None: it is no ordinary one. `punches`: those of the window."""
    window = duty.window
    if window is None:
        return "LIBUR_JADWAL", _free(duty, None)
    if window.mid or window.apel or measure.in_event != "first" or measure.out_event != "last":
        return None
    if duty.kind != "workday" and not duty.works_on_holidays:
        return None if punches else (duty.kind, _free(duty, window))
    return _worked(duty, window, punches, measure)


def _worked(
    duty: Duty, window: Window, punches: Sequence[Body], measure: Measure
) -> tuple[Status, bytes] | None:
    """First in, last out; of two within the same second, by name."""
    seen = []
    for one in punches:
        if one.t is None or one.quality not in _SURE or one.mode in _BY_HAND:
            return None
        seen.append((one.t, one.event, one))
    seen.sort()
    half = bisect_left(seen, (window.split,))
    if not 0 < half < len(seen) or seen[half][0] - seen[half - 1][0] <= measure.duplicate_s:
        return None  # one is missing, or both may be one touch
    (came, _, first), (left, _, last) = seen[0], seen[-1]
    evidence = tuple(sorted([one.event for one in punches]))
    touches = _touch(came, first, evidence), _touch(left, last, evidence)
    late = minutes(came - window.due_in, measure)
    early = minutes(window.due_out - left, measure)
    return "HADIR", _encode(duty, window, touches, (late, early), evidence)


def _free(duty: Duty, window: Window | None) -> bytes:
    return _encode(duty, window, (None, None), (0, 0), ())


def _touch(t: int, one: Body, evidence: tuple[str, ...]) -> _Touch:
    return t, evidence.index(one.event), one.terminal, one.mode, one.quality, one.raw, None


def _encode(
    duty: Duty,
    window: Window | None,
    touches: tuple[_Touch | None, _Touch | None],
    minutes: tuple[int, int],
    evidence: tuple[str, ...],
) -> bytes:
    due_in, due_out = (window.due_in, window.due_out) if window else (None, None)
    tz = pairing.tz(duty.zone)
    return _encoder.encode(
        (tz, duty.shift, due_in, due_out, *touches, (), *minutes, evidence, None)
    )
