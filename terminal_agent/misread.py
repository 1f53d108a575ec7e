"""Why a configuration does not decode, with what may stand there instead, read from its types."""

import re

import msgspec
from msgspec import inspect

_STEP = re.compile(r"\.(\w+)|\[\d+\]")


def sentence(of: type, problem: msgspec.DecodeError | UnicodeDecodeError | RecursionError) -> str:
    """The error in English, with the key's path and what is allowed there, where it is known."""
    if not isinstance(problem, msgspec.ValidationError):
        return f"not TOML: {problem}"
    path = str(problem).partition(" - at `$")[2].rstrip("`")
    return f"{problem}; allowed: {_allowed(_at(inspect.type_info(of), path))}"


def _at(kind: inspect.Type, path: str) -> inspect.Type:
    for step in _STEP.finditer(path):
        kind = _inside(kind, step[1])
    return kind


def _inside(kind: inspect.Type, name: str | None) -> inspect.Type:
    if isinstance(kind, inspect.StructType) and name:
        return next(field.type for field in kind.fields if field.encode_name == name)
    return kind.item_type if isinstance(kind, inspect.VarTupleType) else kind


def _allowed(kind: inspect.Type) -> str:
    """Figures and words that need no translation; "" where anything of its type is allowed."""
    match kind:
        case inspect.UnionType(types=types):
            return ", ".join(filter(None, map(_allowed, types)))
        case inspect.LiteralType(values=values):
            return ", ".join(map(str, values))
        case inspect.StructType(fields=fields):
            return ", ".join(field.encode_name for field in fields)
        case inspect.IntType(ge=least, le=most) | inspect.FloatType(ge=least, le=most):
            return f"{least:,} … {most:,}".replace(",", "") if least is not None else ""
        case _:
            return ""
