"""The one file that makes a kiosk ours: written by `sync-server kiosk invite`, installed once."""

import msgspec

from contract.errors import BatchError
from contract.topics import valid_kid

MAC_KEY_BYTES = 32


class Invitation(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Who the kiosk is, where its broker is, and the keys they know each other by.

    `ca` is PEM, empty where the broker speaks plain MQTT on loopback or a private wire. `mac_key`
    is 32 bytes, `sign_key` and `seal_key` the server's Ed25519 and X25519 public keys. `certificate`
    and `private_key` (PEM) are what the kiosk shows to a broker that asks, empty where none does.
    `door`: the address (https://host:port) where it may ask for a certificate after its own has
    ended. `earlier`: the MAC key before this one, by which the office's people were marked.
    `salt` is the office's, for digests of templates (contract.roll), empty in older invitations.
    """

    kid: str
    broker_host: str
    broker_port: int
    tls: bool
    ca: str
    mac_key: bytes
    sign_key: bytes
    seal_key: bytes
    certificate: str = ""
    private_key: str = ""
    door: str = ""
    earlier: bytes = b""
    salt: bytes = b""


def encode(invitation: Invitation) -> bytes:
    """The file's bytes (JSON, so that a technician can look at it)."""
    return msgspec.json.format(msgspec.json.encode(invitation), indent=2) + b"\n"


def decode(data: bytes) -> Invitation:
    """Raises BatchError where the file is not a whole invitation."""
    try:
        invitation = msgspec.json.decode(data, type=Invitation)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise BatchError(f"not an invitation: {problem}") from None
    if not valid_kid(invitation.kid) or len(invitation.mac_key) != MAC_KEY_BYTES:
        raise BatchError("the invitation names no kiosk or holds no key")
    return invitation
