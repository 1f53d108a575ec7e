"""The file that a technician writes on the card's boot partition before the kiosk's first start: the
keys of agent.toml, and `[enrol]` with how the kiosk comes to its centre.

It is applied once. What is secret in it is overwritten as soon as it is kept where it belongs; a card
may keep old blocks all the same, so a token is worth nothing after its use.
"""

import os
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from contract import pasted
from contract.enrolment import Waiting
from terminal_agent import config, misread
from terminal_agent.clock import Clock
from terminal_agent.durable import as_owner, sync_directory, write_whole
from terminal_agent.errors import SourceMisconfigured, SourceUnavailable
from terminal_agent.provision import joining, kept, secrets_out, tried, written
from terminal_agent.provision.tried import Tried

_NOTE = "hadir-hasil.txt"
_DONE = "diterapkan"  # hadir.toml becomes hadir.diterapkan.toml
_MARK = f"# {_DONE}\n"  # the settings are in force; what is left is the file's new name
# Refusals after which a token is worth nothing; for others the same one may still do.
_SPENT = ("enrol_token_used", "enrol_token_expired", "enrol_already")


class Enrol(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of the three: `token` the line that begins with hadir:, `invitation` the name of a file
    beside this one, `url` the address of a centre where somebody will approve this kiosk."""

    token: str = ""
    invitation: str = ""
    url: str = ""


class BootFile(config.Config, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    enrol: Enrol = Enrol()


class Applied(msgspec.Struct, frozen=True):
    """What came of it: `code` as in wording; `kid` where the kiosk has a name now."""

    code: str
    kid: str = ""
    detail: str = ""


class Card:
    """One such file, for the configuration in `file`. `tried`: what that names, once it is kept."""

    def __init__(self, path: Path, file: Path, clock: Clock) -> None:
        """Raises SourceMisconfigured where they are one file, which would be emptied."""
        if file.exists() and path.samefile(file):
            raise SourceMisconfigured("card_is_config", str(path))
        self.path, self._file, self._clock = path, file, clock
        self.tried: list[Tried] = []

    def apply(self) -> Applied:
        """Keep the settings, enrol, take the secrets out. May be called again after any failure, a
        power cut too. Raises SourceMisconfigured where a person must change something, and
        SourceUnavailable where time may help."""
        answers, enrol = self._read()
        kept.put(self._file, answers)
        public = secrets_out.public(answers)
        if public != answers:
            self._rewrite(public, enrol)
        settings = config.decode(self._file.read_bytes(), str(self._file))
        self.tried = tried.everything(settings, self._clock)
        try:
            done = self._enrolled(Path(settings.kiosk.state), enrol)
        except SourceMisconfigured as problem:
            if problem.code in _SPENT:
                self._rewrite(public, Enrol())
            raise
        if done.code != "enrol_waits":
            self._finish(public, enrol)
        return done

    def note(self, sentences: str) -> None:
        """Leave beside the file what came of it, for whoever reads the card on another computer."""
        # A card that is read only: the log has it too.
        with suppress(OSError), as_owner(self.path.parent):
            (self.path.parent / _NOTE).write_bytes(sentences.replace("\n", "\r\n").encode())

    def _read(self) -> tuple[dict[str, object], Enrol]:
        try:
            with as_owner(self.path.parent):
                text = self._text()
            told = msgspec.toml.decode(text, type=BootFile)
        except OSError as problem:
            raise SourceMisconfigured("card_unreadable", str(self.path)) from problem
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
            wrong = f"{self.path.name}: {misread.sentence(BootFile, problem)}"
            raise SourceMisconfigured("config_wrong", wrong) from problem
        config.check(told, self.path.name)  # as it was told: two of one name would become one below
        answers = written.filled(tomllib.loads(text))
        answers.pop("enrol", None)
        if not answers and told.enrol == Enrol() and _MARK not in text:
            raise SourceMisconfigured("card_empty", self.path.name)
        kept.merged("", answers, self.path.name)  # before anything is kept
        return answers, told.enrol

    def _text(self) -> str:
        """What stands in the file; where a power cut took the end of `_over`, what was to stand there.
        No text that a person wrote has a NUL in it. Raises OSError and UnicodeDecodeError."""
        text = pasted.decoded(self.path.read_bytes())
        new = _new(self.path)
        if "\0" in text and new.exists():
            _wipe(self.path)
            new.replace(self.path)
            sync_directory(self.path.parent)
            text = pasted.decoded(self.path.read_bytes())
        return text

    def _enrolled(self, state: Path, enrol: Enrol) -> Applied:
        if kid := joining.is_enrolled(state):
            return Applied("card_kept", kid)  # by an attempt whose end a power cut took
        if enrol.invitation:
            data = self._beside(enrol.invitation)
            return Applied("card_enrolled", joining.invited(state, data, enrol.invitation).kid)
        if not enrol.token and not enrol.url:
            return Applied("card_settings")
        reply = joining.join(state, enrol.token or enrol.url, self._clock)
        if isinstance(reply, Waiting):
            return Applied("enrol_waits", detail=reply.code)
        return Applied("card_enrolled", reply.kid)

    def _beside(self, name: str) -> bytes:
        if Path(name).name != name:
            raise SourceMisconfigured("invitation", name)
        try:
            with as_owner(self.path.parent):
                return (self.path.parent / name).read_bytes()
        except OSError as problem:
            raise SourceMisconfigured("card_no_invitation", name) from problem

    def _rewrite(self, answers: Mapping[str, object], enrol: Enrol, mark: str = "") -> None:
        told = {key: value for key, value in msgspec.to_builtins(enrol).items() if value}
        whole = {**answers, "enrol": told} if told else answers
        text = mark + (written.merged("", whole) if whole else "")
        with _writing(self.path):
            _over(self.path, text.encode())

    def _finish(self, public: Mapping[str, object], enrol: Enrol) -> None:
        """The invitation goes first: it is found again by what stands in the file."""
        if enrol.invitation:
            with _writing(self.path):
                _remove(self.path.parent / Path(enrol.invitation).name)
        self._rewrite(public, Enrol(), _MARK)
        with _writing(self.path):
            stem = self.path.name.partition(".")[0]
            self.path.replace(self.path.with_name(f"{stem}.{_DONE}.toml"))
            sync_directory(self.path.parent)


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    """On the card, as its owner. Raises SourceUnavailable."""
    try:
        with as_owner(path.parent):
            yield
    except OSError as problem:
        raise SourceUnavailable("card_unwritable", f"{path}: {problem.strerror}") from problem


def _over(path: Path, data: bytes) -> None:
    """The new text is whole on the card before the old one is wiped, so that a power cut at any moment
    leaves one of them. Raises OSError."""
    new = _new(path)
    _remove(new)  # of an attempt that a power cut ended
    write_whole(new, data)
    _wipe(path)
    new.replace(path)
    sync_directory(path.parent)


def _new(path: Path) -> Path:
    return path.with_name(f"{path.name}.baru")


def _remove(path: Path) -> None:
    """Raises OSError."""
    if path.exists():
        _wipe(path)
        path.unlink()


def _wipe(path: Path) -> None:
    """The old bytes are written over in their place. Raises OSError."""
    with path.open("r+b") as out:
        length = out.seek(0, os.SEEK_END)
        out.seek(0)
        out.write(bytes(length))
        out.flush()
        os.fsync(out.fileno())
