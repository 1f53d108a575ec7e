"""What was typed wrong on a command line, in Indonesian, read from the types of click's errors. Pure.

The commands of both programs are click's, which speaks English. Its errors are known here by the names
of their types, because nothing here imports it; what it said stands behind, where its type alone does
not tell everything.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise

_EXPECTED = {
    "integer": "bilangan bulat",
    "integer range": "bilangan bulat",
    "float": "bilangan",
    "float range": "bilangan",
    "boolean": "true atau false",
    "datetime": "tanggal atau waktu",
    "uuid": "UUID",
    "path": "berkas atau folder yang ada dan boleh dibaca",
    "file": "berkas atau folder yang ada dan boleh dibaca",
    "filename": "berkas yang ada dan boleh dibaca",
    "directory": "folder yang ada dan boleh dibaca",
}
ABORTED = "Dibatalkan."


def by_locale(locale: str) -> str:
    """Either id or en, by what LANG says."""
    return "en" if locale.startswith("en") else "id"


def asked(typed: Sequence[str]) -> str | None:
    """What --lang asks for. Read before anything is parsed: what is wrong may stand before it."""
    apart = [after for word, after in pairwise(typed) if word == "--lang"]
    joined = [word.removeprefix("--lang=") for word in typed if word.startswith("--lang=")]
    return next(iter(apart + joined), None)


def explained(problem: Exception) -> str:
    """The whole message for a person: how the command is written where that is known, where its help
    is, and the sentence."""
    if type(problem).__name__ == "Abort":
        return ABORTED
    context = getattr(problem, "ctx", None)
    if context is None:
        return f"Salah: {sentence(problem)}"
    usage = context.get_usage().partition(": ")[2]
    help_ = f"Pemakaian: {usage}\nBantuan: {context.command_path} --help"
    return f"{help_}\n\nSalah: {sentence(problem)}"


def sentence(problem: Exception) -> str:
    """What is wrong and what to write instead; an error of no known type says it itself."""
    for kind in type(problem).__mro__:
        if said := _SAID.get(kind.__name__):
            return said(problem)
        if kind.__module__.partition(".")[0] != "click":
            break  # one of our own, whose words are chosen already
    return str(problem)


def _no_option(problem: Exception) -> str:
    return f"pilihan {getattr(problem, 'option_name', '')} tidak ada.{_near(problem)}"


def _no_command(problem: Exception) -> str:
    return f"perintah {getattr(problem, 'command_name', '')} tidak ada.{_near(problem)}"


def _missing(problem: Exception) -> str:
    param = getattr(problem, "param", None)
    what = "pilihan" if getattr(param, "param_type_name", "") == "option" else "argumen"
    wanted = _wanted(param)
    return f"{what} {_hint(problem)} belum diisi{f'; tulis {wanted}' if wanted else ''}."


def _bad_value(problem: Exception) -> str:
    wanted = _wanted(getattr(problem, "param", None))
    told = f": tulis {wanted}" if wanted else ""
    return f"nilai {_hint(problem)} tidak dapat dipakai{told} ({problem})"


def _bad_option(problem: Exception) -> str:
    return f"pilihan {getattr(problem, 'option_name', '')} kurang atau kelebihan nilai ({problem})"


def _bad_usage(problem: Exception) -> str:
    return f"ada argumen yang kurang atau kelebihan ({problem})"


_SAID: dict[str, Callable[[Exception], str]] = {
    "NoSuchOption": _no_option,
    "NoSuchCommand": _no_command,
    "MissingParameter": _missing,
    "BadParameter": _bad_value,
    "BadOptionUsage": _bad_option,
    "UsageError": _bad_usage,
}


def _near(problem: Exception) -> str:
    near: Sequence[str] = getattr(problem, "possibilities", None) or ()
    return f" Maksud Anda {' atau '.join(near)}?" if near else ""


def _hint(problem: Exception) -> str:
    """How the option or argument is written."""
    param = getattr(problem, "param", None)
    written = max(getattr(param, "opts", ()), key=len, default="")
    is_option = written.startswith("-")
    return written if is_option else str(getattr(param, "human_readable_name", written))


def _wanted(param: object) -> str:
    """What may stand there, "" = anything."""
    kind = getattr(param, "type", None)
    if choices := getattr(kind, "choices", None):
        return f"salah satu dari: {', '.join(map(str, choices))}"
    least, most = getattr(kind, "min", None), getattr(kind, "max", None)
    said = _EXPECTED.get(str(getattr(kind, "name", "")), "")
    if least is not None and most is not None:
        return f"{said} {least} sampai {most}"
    return f"{said} paling sedikit {least}" if least is not None else said
