"""What the centre may ask of a kiosk, and what the kiosk answers.

A command is an envelope on c/<kid>: its JSON and an Ed25519 signature of the server over kid and
JSON. It carries a counter that is never used twice for a kiosk, and expires. It is idempotent: a
kiosk that sees a counter again answers again and does nothing. An answer on r/<kid> ends in the
kiosk's MAC.
"""

from typing import Annotated, Literal

import msgspec

from contract.batch import MAC_BYTES, mac, sealed
from contract.errors import BatchError
from contract.release import Digest

SIGNATURE_BYTES = 64
MAX_ENVELOPE = 48 * 1024
MAX_PARTS = 4096

Count = Annotated[int, msgspec.Meta(ge=0, lt=2**53)]
Epoch = Annotated[int, msgspec.Meta(ge=0, lt=2**32)]
Part = Annotated[int, msgspec.Meta(ge=1, le=MAX_PARTS)]


class Order(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="do"):
    """One thing to do."""


class Configure(Order, frozen=True, tag="configure"):
    """Run with this configuration from now on; `toml` is the whole file, `state` in it ignored."""

    toml: str


class Pull(Order, frozen=True, tag="pull"):
    """Read a device now, by its configured name ("" = all); `full`: the whole log."""

    device: str = ""
    full: bool = False


class User(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A person on a device: PIN, the name that it shows, and whether it is to be removed."""

    pin: str
    name: str = ""
    remove: bool = False


class Users(Order, frozen=True, tag="users"):
    """Write these people to a device, by its configured name; a long list comes as several
    commands, `part` of `parts`, each complete in itself."""

    device: str
    users: tuple[User, ...]
    part: Part = 1
    parts: Part = 1


class People(Order, frozen=True, tag="people"):
    """Bring the kiosk's people (its Staff), their cards and fingers to all its terminals, or to one by
    its configured name. Without `write` only the differences are told. `remove`: people who are not
    on the list go; whoever may do more on a terminal than scan stays in any case."""

    device: str = ""
    write: bool = False
    remove: bool = False


class Live(Order, frozen=True, tag="live"):
    """Send every scan at once until `until` (server UTC seconds); 0 ends it."""

    until: Count


class Logs(Order, frozen=True, tag="logs"):
    """Send the newest lines of the agent's log, secrets masked, with configuration and standing."""

    lines: Count = 500


class Resend(Order, frozen=True, tag="resend"):
    """Send events `first` to `last` of `epoch` again."""

    epoch: Epoch
    first: Count
    last: Count


class Window(msgspec.Struct, frozen=True, array_like=True):
    """One work day of a shift, UTC seconds: an arrival lies in [opens, split), late after `due_in`;
    a departure in [split, closes], early before `due_out`."""

    opens: int
    due_in: int
    split: int
    due_out: int
    closes: int


class Member(msgspec.Struct, frozen=True, array_like=True):
    """Somebody of the kiosk's office; `nip` and `secret` are marks (see contract.people), `secret` is
    "" where no letter allows the person to type one. `windows` is an index of Staff.windows in the
    same part, -1 for somebody without hours."""

    pin: str
    name: str
    nip: str
    secret: str = ""
    windows: int = -1


class Staff(Order, frozen=True, tag="staff"):
    """The people of the kiosk's office and the hours of the coming days, for its screen. `version`
    (server UTC seconds) is the same in all parts; the kiosk takes a version when it has every part,
    and forgets the one before."""

    version: Count
    members: tuple[Member, ...]
    windows: tuple[tuple[Window, ...], ...]
    part: Part = 1
    parts: Part = 1


class Faces(Order, frozen=True, tag="faces"):
    """Add these templates, replacing all that their people had: AES-GCM (see contract.faces) of
    templates; each part is complete in itself."""

    sealed: bytes
    part: Part = 1
    parts: Part = 1


class Forget(Order, frozen=True, tag="forget"):
    """Erase the templates of these PINs; what was erased stands in the kiosk's chain, which proves
    it."""

    pins: tuple[str, ...]


class Gather(Order, frozen=True, tag="gather"):
    """Send all templates of this kiosk, or of these PINs, in the answer's body: sealed runs that
    contract.faces.parted tells apart."""

    pins: tuple[str, ...] = ()


class Checkpoint(Order, frozen=True, tag="checkpoint"):
    """Compare the centre's checkpoint with what the kiosk knows of itself, and note it in the chain.

    `no` counts up from 1, `day` is its date (YYYY-MM-DD), `digest` its SHA-256 in hex. `epochs` are
    those of this kiosk: epoch, newest event in the ledger, chain head there in hex.
    """

    no: Count
    day: str
    digest: str
    epochs: tuple[tuple[Epoch, Count, str], ...] = ()


class Renew(Order, frozen=True, tag="renew"):
    """Make a new TLS key and send, as the answer's body, what asks for its certificate (see
    contract.enrolment.Renewal)."""


class Certify(Order, frozen=True, tag="certify"):
    """Use this certificate (PEM) for the key that Renew made, and the MAC key that follows from
    `share`, as soon as the broker takes it."""

    certificate: str
    share: bytes


class Update(Order, frozen=True, tag="update"):
    """Install a release: its number and version for people; `files` holds for each architecture, as
    Debian names it, the digest (see contract.release) of what fits it; `where` they lie
    (https://host:port, "" = the door where the kiosk enrolled)."""

    release: Count
    version: str
    files: tuple[tuple[str, Digest], ...]
    where: str = ""


AnyOrder = (
    Configure
    | Pull
    | Users
    | People
    | Live
    | Logs
    | Resend
    | Staff
    | Faces
    | Forget
    | Gather
    | Checkpoint
    | Renew
    | Certify
    | Update
)


class Command(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An order with its number and the server UTC second after which it must not be done."""

    counter: Count
    expires: Count
    order: AnyOrder


Outcome = Literal["done", "failed", "refused", "expired", "later"]


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of the command `counter`.

    "failed": tried and could not; "refused": will not, `detail` says why in a code and words;
    "expired": came too late; "later": cannot judge yet (no trusted clock), ask again. `body` is part
    `part` of `parts` of what the command asked to have sent back.
    """

    counter: Count
    outcome: Outcome
    detail: str = ""
    part: Part = 1
    parts: Part = 1
    body: bytes = b""


def name(order: AnyOrder) -> str:
    """The tag that names an order."""
    return str(order.__struct_config__.tag)


def to_sign(kid: str, data: bytes) -> bytes:
    """What the server signs: nobody can move a command to another kiosk."""
    return b"hadir/1 command\0" + kid.encode() + b"\0" + data


def encode(command: Command) -> bytes:
    """The command's JSON, to be signed."""
    return msgspec.json.encode(command)


def split(envelope: bytes) -> tuple[bytes, bytes]:
    """The JSON and the signature of an envelope. Raises BatchError."""
    if not SIGNATURE_BYTES < len(envelope) <= MAX_ENVELOPE:
        raise BatchError("not a command: too short or too long")
    return envelope[:-SIGNATURE_BYTES], envelope[-SIGNATURE_BYTES:]


def decode(data: bytes) -> Command:
    """The command in signed JSON. Raises BatchError where this version does not know it."""
    try:
        return msgspec.json.decode(data, type=Command)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise BatchError(f"not a command that is known here: {problem}") from None


def counter_of(data: bytes) -> int:
    """The counter of signed JSON, also of an order that this version does not know; 0 if none."""
    try:
        return msgspec.json.decode(data, type=_Numbered).counter
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return 0


def encode_answer(kid: str, answer: Answer, key: bytes) -> bytes:
    """The answer as sent on r/<kid>."""
    data = msgspec.json.encode(answer)
    return data + mac(b"answer", kid, data, key)


def decode_answer(kid: str, data: bytes, key: bytes) -> Answer:
    """The answer, if it is genuine. Raises BatchError with the reason."""
    if not sealed(b"answer", kid, data, key):
        raise BatchError("the answer was not made with this kiosk's key")
    try:
        answer = msgspec.json.decode(data[:-MAC_BYTES], type=Answer)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise BatchError("not an answer") from None
    if answer.part > answer.parts:
        raise BatchError(f"an answer of {answer.parts} parts has no part {answer.part}")
    return answer


class _Numbered(msgspec.Struct):
    counter: Count
