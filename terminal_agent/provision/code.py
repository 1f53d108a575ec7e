"""The one-time code of the setup page: shown on the kiosk's own screen, typed or scanned once.

Whoever guesses is slowed (2 s, doubling up to 30 s), each address by itself, so that nobody keeps the
owner out. It has 40 bits: 250 phones that guess for a whole year find it once in four thousand years.
"""

from collections.abc import Callable

_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ0123456789"  # 32, none of I L O U
_LENGTH = 8
_LIKE = str.maketrans("ILOU", "110V")
_FIRST, _LONGEST = 2.0, 30.0  # seconds
_MOST = 1024  # addresses; the office's network has fewer


class Code:
    """`chance` gives so many random bytes; times are monotonic seconds."""

    def __init__(self, chance: Callable[[int], bytes]) -> None:
        self._chance = chance
        self._guesses: dict[str, tuple[int, float]] = {}  # how many, and when the next may come
        self._code = self._made()

    @property
    def shown(self) -> str:
        """As people read it: ABCD-EFGH."""
        return f"{self._code[:4]}-{self._code[4:]}"

    def enter(self, typed: str, who: str, now: float) -> str:
        """ "" where it is the code, which is used up by that; else why not: setup_slow, setup_wrong.
        `who`: the address that it came from."""
        wrong, not_before = self._guesses.get(who, (0, 0.0))
        if now < not_before:
            return "setup_slow"
        if _clean(typed) == self._code:
            self._guesses.clear()
            self._code = self._made()
            return ""
        self._guesses.pop(who, None)  # its place is the last again
        if len(self._guesses) >= _MOST:
            del self._guesses[next(iter(self._guesses))]
        self._guesses[who] = (wrong + 1, now + min(_LONGEST, _FIRST * 2.0 ** min(wrong, 9)))
        return "setup_wrong"

    def _made(self) -> str:
        return "".join(_LETTERS[byte % 32] for byte in self._chance(_LENGTH))


def _clean(typed: str) -> str:
    return "".join(letter for letter in typed.upper() if letter.isalnum()).translate(_LIKE)
