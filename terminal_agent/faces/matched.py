"""What faces were matched with: a version of the gallery, and the digest that stands for it in the
chain. Pure."""

from hashlib import sha256

import msgspec


class Version(msgspec.Struct, frozen=True):
    """What faces were matched with from `made` (UTC seconds) on.

    Cosine distances in 1/10000: `threshold` for a face alone, 0 = one-to-one only; `claimed` for
    somebody who said who they are (a scan whose verify is VERIFY_NIP_AND_FACE). `rule` names how both
    came of the roster. `centre`: float32, little-endian, b"" once struck; `centre_mark` its SHA-256
    (hex). `roster`: (PIN, template digest). `digest`: `evidence` of all of it but `no` and `made`.
    """

    no: int
    made: int
    model: str
    centre: bytes
    threshold: int
    claimed: int
    rule: str
    roster: tuple[tuple[str, str], ...]
    centre_mark: str
    digest: str = ""


def evidence(version: Version) -> str:
    """SHA-256 (hex) of what a version matches by, as the chain's Gallery record has it. The centre is
    in it by its mark, so that it holds also when the centre is struck."""
    one = version
    matched_by = (one.model, one.rule, one.threshold, one.claimed, one.centre_mark, one.roster)
    return sha256(msgspec.json.encode(matched_by)).hexdigest()


def holds(version: Version) -> bool:
    """Whether a version is still what its digest says; the centre, too, where it is still there."""
    marked = not version.centre or centre_mark(version.centre) == version.centre_mark
    return marked and evidence(version) == version.digest


def centre_mark(centre: bytes) -> str:
    """SHA-256 (hex) of a centre."""
    return sha256(centre).hexdigest()
