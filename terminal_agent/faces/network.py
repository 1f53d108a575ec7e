"""dlib's face network written as ONNX: the same numbers in a tenth of dlib's time."""

import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from terminal_agent.faces import weights
from terminal_agent.faces.weights import Layer, Weights

_INPUT, _OUTPUT = "faces", "embeddings"
_OPSET, _IR = 17, 8  # old enough for every onnxruntime of the last years

# The one network that is known: a stem, residual blocks of which some halve the picture, a head.
_STEM, _HEAD = ("con", "affine", "relu", "max_pool"), ("avg_pool", "fc")
_PLAIN = ("con", "affine", "relu", "con", "affine", "add_prev", "relu")
_HALVING = ("con", "affine", "relu", "con", "affine", "avg_pool", "add_prev", "relu")
_BLOCKS = [_HALVING if letter == "h" else _PLAIN for letter in "ppphppphpphpph"]


class _Tensor(NamedTuple):
    name: str
    channels: int
    side: int


def main() -> None:
    """`python -m terminal_agent.faces.network DAT`: the model on stdout, or a sentence and exit 1."""
    try:
        model = to_onnx(weights.from_dat(Path(sys.argv[1]).read_bytes()))
    except (OSError, ValueError) as problem:
        sys.exit(str(problem))
    sys.stdout.buffer.write(model)


def to_onnx(of: Weights) -> bytes:
    """The network as a model from "faces", (n, 3, side, side) float RGB 0..255, to "embeddings",
    (n, size). Raises ValueError where it is another network than dlib's for faces."""
    kinds = [layer.kind for layer in of.layers]
    if kinds != [*_STEM, *(kind for block in _BLOCKS for kind in block), *_HEAD]:
        raise ValueError("layers in another order than those of the face network")
    try:
        return bytes(_Writer(of).model().SerializeToString())
    except onnx.checker.ValidationError as problem:
        raise ValueError("layers that do not fit each other") from problem


class _Writer:
    def __init__(self, of: Weights) -> None:
        self._of = of
        self._nodes: list[onnx.NodeProto] = []
        self._held: list[onnx.TensorProto] = []

    def model(self) -> onnx.ModelProto:
        size = self._network(self._of.layers)
        side = self._of.side
        shapes: dict[str, list[str | int | None]] = {
            _INPUT: ["n", 3, side, side],
            _OUTPUT: ["n", size],
        }
        ends = [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
            for name, shape in shapes.items()
        ]
        graph = helper.make_graph(self._nodes, "face", ends[:1], ends[1:], self._held)
        opset = [helper.make_opsetid("", _OPSET)]
        model = helper.make_model(graph, opset_imports=opset, ir_version=_IR)
        onnx.checker.check_model(model, full_check=True)
        return model

    def _network(self, layers: tuple[Layer, ...]) -> int:
        """Write all of it; the size of an embedding."""
        con, affine, _, pool = layers[:4]
        stem = self._convolution(self._greyed(), con, affine)
        now = self._pool("MaxPool", self._relu(stem), pool)
        at = len(_STEM)
        for block in _BLOCKS:
            now = self._block(now, layers[at : at + len(block)])
            at += len(block)
        flat = self._node("Flatten", [self._node("GlobalAveragePool", [now.name])])
        out, into = layers[-1].numbers[:2]
        matrix = self._hold(layers[-1].values.reshape(into, out))
        self._nodes.append(helper.make_node("MatMul", [flat, matrix], [_OUTPUT]))
        return out

    def _greyed(self) -> _Tensor:
        """What dlib takes from each colour and divides by, before the first layer."""
        grey = self._hold(np.array(self._of.grey, np.float32).reshape(1, 3, 1, 1))
        less = self._node("Sub", [_INPUT, grey])
        scaled = self._node("Mul", [less, self._hold(np.array(1 / 256, np.float32))])
        return _Tensor(scaled, 3, self._of.side)

    def _block(self, start: _Tensor, layers: tuple[Layer, ...]) -> _Tensor:
        first = self._relu(self._convolution(start, layers[0], layers[1]))
        second = self._convolution(first, layers[3], layers[4])
        shortcut = (
            start if len(layers) == len(_PLAIN) else self._pool("AveragePool", start, layers[5])
        )
        return self._relu(self._sum(second, shortcut))

    def _convolution(self, of: _Tensor, con: Layer, affine: Layer) -> _Tensor:
        """The affine layer that always follows is folded into the weights."""
        filters, high, wide, *_ = con.numbers
        kernel = con.values[:-filters].reshape(filters, of.channels, high, wide)
        gain, offset = affine.values.reshape(2, filters)
        weights = self._hold(kernel * gain[:, None, None, None])
        bias = self._hold(con.values[-filters:] * gain + offset)
        window = _window(con.numbers[1:7])
        name = self._node("Conv", [of.name, weights, bias], **window)
        return _Tensor(name, filters, _side(of.side, con.numbers[1:7]))

    def _pool(self, kind: str, of: _Tensor, layer: Layer) -> _Tensor:
        name = self._node(kind, [of.name], **_window(layer.numbers))
        return _Tensor(name, of.channels, _side(of.side, layer.numbers))

    def _relu(self, of: _Tensor) -> _Tensor:
        return of._replace(name=self._node("Relu", [of.name]))

    def _sum(self, one: _Tensor, other: _Tensor) -> _Tensor:
        """dlib adds tensors of two sizes as if zeros stood around the smaller one's far edges."""
        channels, side = max(one.channels, other.channels), max(one.side, other.side)
        names = []
        for each in (one, other):
            more = [0] * 5 + [channels - each.channels, side - each.side, side - each.side]
            pads = self._hold(np.array(more, np.int64)) if any(more) else ""
            names.append(self._node("Pad", [each.name, pads]) if pads else each.name)
        return _Tensor(self._node("Add", names), channels, side)

    def _node(self, kind: str, inputs: list[str], **attributes: list[int]) -> str:
        name = f"{kind.lower()}_{len(self._nodes)}"
        node = helper.make_node(kind, inputs, [name])
        node.attribute.extend(helper.make_attribute(key, of) for key, of in attributes.items())
        self._nodes.append(node)
        return name

    def _hold(self, values: NDArray[np.float32] | NDArray[np.int64]) -> str:
        name = f"held_{len(self._held)}"
        self._held.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name


def _window(numbers: tuple[int, ...]) -> dict[str, list[int]]:
    high, wide, down, right, above, left = numbers
    return {
        "kernel_shape": [high, wide],
        "strides": [down, right],
        "pads": [above, left, above, left],
    }


def _side(side: int, numbers: tuple[int, ...]) -> int:
    high, _, down, _, above, _ = numbers
    return 1 + (side + 2 * above - high) // down


if __name__ == "__main__":
    main()
