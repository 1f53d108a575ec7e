"""A kiosk's card at its barest: one chain, the key that it seals with, frames to a centre's desk. It
keeps no rules, so that it can also lie."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contract import batch, chain, receipt, vouched
from contract.batch import Batch
from contract.event import ReceiptNoted, Seal, canonical, read
from contract.event import Scan as ScanRecord
from contract.receipt import Receipt
from tests.halves import Centre


class Card:
    """The chain of (kid, epoch); `by` is the key that it was born with."""

    def __init__(self, centre: Centre, invited, epoch=7, by=None):
        self.centre, self.kid, self.epoch = centre, invited.kid, epoch
        self.mac_key = invited.mac_key
        self.by = by or Ed25519PrivateKey.generate()
        self.data: list[bytes] = []
        self.sent = 0

    @property
    def last(self) -> int:
        return len(self.data)

    @property
    def key(self) -> bytes:
        return self.by.public_key().public_bytes_raw()

    def head(self, seq=None) -> bytes:
        upto = self.data if seq is None else self.data[:seq]
        return (chain.heads(chain.genesis(self.kid, self.epoch), upto) or [self.head_zero()])[-1]

    def head_zero(self) -> bytes:
        return chain.genesis(self.kid, self.epoch)

    def add(self, *records) -> int:
        """The seq of the last one."""
        self.data += [canonical(record) for record in records]
        return self.last

    def seal(self, by=None, head=None) -> int:
        by = by or self.by
        data = vouched.seal_bytes(self.kid, self.epoch, self.last, head or self.head())
        key = vouched.key_text(by.public_key().public_bytes_raw())
        return self.add(Seal(key, by.sign(data)))

    def note(self, told: Receipt, later=0) -> int:
        """Note a receipt; `later`: with a time that nobody signed."""
        return self.add(ReceiptNoted(told.acked, told.received_ms // 1000 + later, told.signature))

    def send(self, first=None) -> Receipt:
        """What was not sent yet, or everything from `first` on; the centre's answer."""
        begins = self.sent + 1 if first is None else first
        before = [read(one) for one in self.data[: begins - 1]]
        pins = list(dict.fromkeys(one.pin for one in before if isinstance(one, ScanRecord)))
        records = tuple(self.data[begins - 1 :])
        made = Batch(
            self.kid, self.epoch, begins, records, self.head(begins - 1), self.head(self.last)
        )
        frame = batch.encode(made, pins, self.mac_key)
        [(_, answer)] = self.centre.desk.take([(self.kid, frame)])
        self.sent = self.last
        return receipt.decode(self.kid, answer, self.mac_key)
