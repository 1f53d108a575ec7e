"""How codec 1 lays out a column; both its halves follow this."""

from collections.abc import Sequence

from contract.errors import BatchError

CONSTANT, RICE, PREFIX, SPARSE = range(4)
FLAT = 32  # a Rice parameter from here on is a width
EIGHTHS, MOST, STARTS = 8, 4, 16  # a flow's mean is kept in eighths; one value counts 4 times it
FEW = 9  # values whose median is the mean that a flow starts with
UNARY = 8  # a Rice quotient from here on is written as a number
SYMBOLS = 14  # of a prefix code; the other values follow as a column of their own
DEPTH = 3  # a column of a column of a column is not divided any further
RUN = 63  # zeros before a number; more is not written


def places(count: int, contexts: Sequence[int]) -> list[Sequence[int]]:
    """Where the values of each context stand, the least context first."""
    if not contexts:
        return [range(count)] if count else []
    groups: dict[int, list[int]] = {context: [] for context in sorted(set(contexts))}
    for i, context in enumerate(contexts):
        groups[context].append(i)
    return list(groups.values())


def codes(lengths: list[int]) -> list[str]:
    """The canonical prefix code. Raises BatchError where the lengths are not those of a whole one."""
    if len(lengths) < 2 or not all(lengths) or sum(1 << 15 - n for n in lengths) != 1 << 15:
        raise BatchError("the code of a column is not whole")
    codes, code, before = [""] * len(lengths), 0, 0
    for i in sorted(range(len(lengths)), key=lambda i: (lengths[i], i)):
        code <<= lengths[i] - before
        before = lengths[i]
        codes[i] = format(code, f"0{before}b")
        code += 1
    return codes
