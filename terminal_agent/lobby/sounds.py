"""Short tones that say without words what became of a scan: played by the agent, because a browser
plays nothing before somebody has touched it.

They differ in direction and length, not in pitch alone, so that they are told apart over a bad
loudspeaker too.
"""

import io
import logging
import math
import queue
import shutil
import subprocess
import threading
import wave
from array import array
from collections.abc import Sequence
from typing import Literal

log = logging.getLogger(__name__)

Earcon = Literal["recorded", "again", "failed", "held"]

_RATE = 16_000
_LOUD = 0.4  # of full scale
_FADE = 0.008  # seconds; a tone that is cut off clicks
_PLAYER = "aplay"
_LONGEST = 3.0  # seconds that a player may take: a sound card that is gone holds it for ever

# Each tone: hertz (0 = silence) and seconds.
TONES: dict[Earcon, tuple[tuple[float, float], ...]] = {
    "recorded": ((659.3, 0.09), (880.0, 0.09), (1318.5, 0.16)),
    "again": ((880.0, 0.09), (0.0, 0.05), (880.0, 0.09)),
    "failed": ((440.0, 0.14), (311.1, 0.24)),
    "held": ((587.3, 0.22), (0.0, 0.08), (880.0, 0.22), (0.0, 0.08), (587.3, 0.22)),
}


def rendered(tones: Sequence[tuple[float, float]]) -> bytes:
    """A WAV file of the tones one after another: mono, 16 bits, 16 kHz."""
    samples = array("h")
    for hertz, seconds in tones:
        count = int(seconds * _RATE)
        samples.extend(_sample(hertz, at, count) for at in range(count))
    held = io.BytesIO()
    with wave.open(held, "wb") as file:
        file.setparams((1, 2, _RATE, len(samples), "NONE", "not compressed"))
        file.writeframes(samples.tobytes())
    return held.getvalue()


def _sample(hertz: float, at: int, count: int) -> int:
    fade = min(1.0, at / (_FADE * _RATE), (count - at) / (_FADE * _RATE))
    return int(32_767 * _LOUD * fade * math.sin(2 * math.pi * hertz * at / _RATE))


class Sounds:
    """Plays one sound at a time; what comes meanwhile is not heard, for the next person is there.
    `audible`: whether the office wants sounds."""

    def __init__(self, *, audible: bool) -> None:
        self._player = shutil.which(_PLAYER) if audible else None
        self._asked: queue.Queue[Earcon] = queue.Queue(1)
        if audible and self._player is None:
            log.warning("sound.none %s is not installed (package alsa-utils)", _PLAYER)

    def play(self, earcon: Earcon) -> None:
        """Any thread; it never waits."""
        if self._player is not None and not self._asked.full():
            try:
                self._asked.put_nowait(earcon)
            except queue.Full:
                log.debug("sound.dropped %s", earcon)

    def run(self, stop: threading.Event) -> None:
        """Play what is asked for until the agent stops."""
        if self._player is None:
            return
        waves = {earcon: rendered(tones) for earcon, tones in TONES.items()}
        while not stop.is_set():
            try:
                earcon = self._asked.get(timeout=0.5)
            except queue.Empty:
                continue
            _play(self._player, waves[earcon])


def _play(player: str, data: bytes) -> None:
    try:
        done = subprocess.run(  # noqa: S603 - a program of the system, its input is ours
            [player, "-q", "-"], input=data, timeout=_LONGEST, capture_output=True, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as problem:
        log.warning("sound.failed %s", problem)
        return
    if done.returncode:
        log.warning("sound.failed %s", done.stderr.decode("utf-8", "replace").strip()[:200])
