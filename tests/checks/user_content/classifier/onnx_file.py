"""A model in the ONNX format, as small as one can be written: the sum of what its tokens weigh.

By the description at onnx.ai/onnx/repo-docs/IR.html; the wire is that of protocol buffers.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

_FLOAT, _INT64 = 1, 7  # kinds of number
_OPSET = 13


def model(weights: Sequence[Sequence[float]], inputs: Sequence[str]) -> bytes:
    """A model with one row of weights a token, one column an output.

    With ``attention_mask`` among the inputs, what is masked weighs nothing.
    """
    nodes = [_node("Gather", ["weights", "input_ids"], "each")]
    if "attention_mask" in inputs:
        cast = _field(5, _field(1, b"to") + _number(3, _FLOAT) + _number(20, 2))
        nodes += [
            _node("Cast", ["attention_mask"], "mask", cast),
            _node("Unsqueeze", ["mask", "two"], "column"),
            _node("Mul", ["each", "column"], "seen"),
        ]
    last = "seen" if "attention_mask" in inputs else "each"
    keep = _field(5, _field(1, b"keepdims") + _number(3, 0) + _number(20, 2))
    nodes.append(_node("ReduceSum", [last, "one"], "logits", keep))
    outputs = len(weights[0])
    flat = [weight for row in weights for weight in row]
    graph = b"".join(_field(1, node) for node in nodes) + _field(2, b"sum")
    graph += _field(5, _tensor("weights", (len(weights), outputs), _FLOAT, flat))
    graph += _field(5, _tensor("one", (1,), _INT64, [1]))
    graph += _field(5, _tensor("two", (1,), _INT64, [2]))
    graph += b"".join(_field(11, _value(name, _INT64, ("texts", "tokens"))) for name in inputs)
    graph += _field(12, _value("logits", _FLOAT, ("texts", outputs)))
    return _number(1, 8) + _field(7, graph) + _field(8, _field(1, b"") + _number(2, _OPSET))


def _node(kind: str, inputs: Sequence[str], output: str, more: bytes = b"") -> bytes:
    told = b"".join(_field(1, name.encode()) for name in inputs)
    return told + _field(2, output.encode()) + _field(4, kind.encode()) + more


def _tensor(name: str, shape: Sequence[int], kind: int, values: Sequence[float]) -> bytes:
    told = b"".join(_number(1, size) for size in shape) + _number(2, kind)
    raw = struct.pack(f"<{len(values)}{'f' if kind == _FLOAT else 'q'}", *values)
    return told + _field(8, name.encode()) + _field(9, raw)


def _value(name: str, kind: int, shape: Sequence[str | int]) -> bytes:
    sizes = (_number(1, s) if isinstance(s, int) else _field(2, s.encode()) for s in shape)
    dims = b"".join(_field(1, size) for size in sizes)
    tensor = _number(1, kind) + _field(2, dims)
    return _field(1, name.encode()) + _field(2, _field(1, tensor))


def _field(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _number(number: int, value: int) -> bytes:
    return _varint(number << 3) + _varint(value)


def _varint(value: int) -> bytes:
    told = bytearray()
    while value > 127:
        told.append(value & 127 | 128)
        value >>= 7
    return bytes([*told, value])
