"""dlib's .dat of the face recognition network, read without dlib.

The format is that of dlib's serialize(): an integer is a control byte (its low four bits count the
bytes that follow, little-endian; bit 7 is the sign), a float is a mantissa and a power of two, a text
has its length before it, a tensor is its version, four sizes and then raw float32. A network is
written outermost layer first (their versions only), then the input, then every layer from the input
to the output: its name, its numbers, three flags and three empty tensors.
"""

import math
from typing import NamedTuple

import msgspec
import numpy as np

from terminal_agent.faces.face import Floats

_LOSS, _INPUT = "loss_metric_2", "input_rgb_image_sized"
_INNERMOST = 3  # version of the layer that stands on the input
_ALIAS = 5  # numbers that say where in the weights something is: a version and four sizes


class _Form(NamedTuple):
    """What is written of a layer beside its weights: integers before and after them, learning rates,
    and the values of its own flag with which it does what the network needs."""

    weighed: bool = False
    before: int = 0
    after: int = 0
    rates: int = 0
    flag: bytes = b""


_KNOWN = {
    "con_4": _Form(weighed=True, after=7 + 2 * _ALIAS, rates=4),
    "con_5": _Form(weighed=True, after=7 + 2 * _ALIAS, rates=4, flag=b"1"),
    "affine_": _Form(weighed=True, after=2 * _ALIAS + 1),
    "affine_2": _Form(weighed=True, after=2 * _ALIAS + 1, flag=b"0"),
    "fc_2": _Form(weighed=True, before=2, after=2 * _ALIAS + 1, rates=4),
    "fc_3": _Form(weighed=True, before=2, after=2 * _ALIAS + 1, rates=4, flag=b"01"),
    "max_pool_2": _Form(after=6),
    "avg_pool_2": _Form(after=6),
    "relu_": _Form(),
    "relu_2": _Form(flag=b"0"),
    "add_prev_": _Form(),
}


class Layer(msgspec.Struct, frozen=True):
    """One layer: `numbers` as dlib wrote them (sizes, strides, padding), `values` its weights."""

    kind: str
    numbers: tuple[int, ...]
    values: Floats


class Weights(msgspec.Struct, frozen=True):
    """A whole network: what is taken from each of R, G and B first, and the layers in order."""

    grey: tuple[float, float, float]
    side: int
    layers: tuple[Layer, ...]


def from_dat(data: bytes) -> Weights:
    """The network in a .dat of dlib's metric network. Raises ValueError where it is none."""
    try:
        return _Reader(data).network()
    except OverflowError as problem:
        raise ValueError("a number beyond all measure") from problem


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = memoryview(data)
        self._at = 0

    def network(self) -> Weights:
        self._expect(self._number() == 1, "no network of dlib")
        self._expect(self._text() == _LOSS, "no metric network")
        self._floats(2)
        while (version := self._number()) != _INNERMOST:
            self._expect(version in (1, 2), "layers of an unknown version")
        self._expect(self._text() == _INPUT, "no input of faces")
        grey = self._floats(3)
        side = self._number()
        self._expect(self._number() == side, "no square input")
        layers = [self._layer()]
        self._expect(self._number() == 1, "an input that is expanded")
        while layers[-1].kind != "fc":
            layers.append(self._layer())
        self._expect(self._at == len(self._data), "more than a network")
        return Weights((grey[0], grey[1], grey[2]), side, tuple(layers))

    def _layer(self) -> Layer:
        name = self._text()
        kind = name.rstrip("_0123456789")
        self._expect(name in _KNOWN, f"a layer {name[:20]!r}")
        sizes = self._numbers(_KNOWN[name].before)
        values = self._tensor() if _KNOWN[name].weighed else np.zeros(0, np.float32)
        numbers = sizes + self._numbers(_KNOWN[name].after)
        self._floats(_KNOWN[name].rates)
        if own := _KNOWN[name].flag:
            self._expect(bytes(self._bytes(1)) in own, f"an unusual {name}")
        self._expect(set(self._bytes(3)) <= set(b"01"), "no flags")
        for _ in range(3):  # gradients and the last output, which a finished network has dropped
            self._expect(not self._tensor().size, "a network in training")
        return Layer(kind, numbers, values)

    def _number(self) -> int:
        control = self._bytes(1)[0]
        value = int.from_bytes(self._bytes(control & 0x0F), "little")
        return -value if control & 0x80 else value

    def _numbers(self, count: int) -> tuple[int, ...]:
        return tuple(self._number() for _ in range(count))

    def _floats(self, count: int) -> tuple[float, ...]:
        pairs = (self._numbers(2) for _ in range(count))
        return tuple(math.ldexp(mantissa, exponent) for mantissa, exponent in pairs)

    def _text(self) -> str:
        return bytes(self._bytes(self._number())).decode("ascii", "replace")

    def _tensor(self) -> Floats:
        version, *sizes = self._numbers(5)
        self._expect(version == 2 and min(sizes) >= 0, "a tensor of another version")
        values = np.frombuffer(self._bytes(4 * math.prod(sizes)), "<f4")
        self._expect(bool(np.isfinite(values).all()), "weights that are no numbers")
        return values.astype(np.float32)

    def _bytes(self, count: int) -> memoryview:
        self._expect(0 <= count <= len(self._data) - self._at, "an early end")
        self._at += count
        return self._data[self._at - count : self._at]

    def _expect(self, true: bool, otherwise: str) -> None:
        if not true:
            raise ValueError(f"{otherwise} at byte {self._at}")
