"""Every MQTT topic, made and read. Short, because each byte is paid for with every batch."""

from hashlib import sha256

# Crockford base32: no I, L, O or U to be misread on a label.
KID_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def valid_kid(kid: str) -> bool:
    """A kiosk's name is 4 to 6 base32 characters."""
    return 4 <= len(kid) <= 6 and all(letter in KID_ALPHABET for letter in kid)


def bucket(kid: str) -> str:
    """Two hex digits; the ingest worker that owns the bucket takes this kiosk's batches."""
    return sha256(kid.encode()).hexdigest()[:2]


def events(kid: str) -> str:
    """Batches, up."""
    return f"e/{bucket(kid)}/{kid}"


def bucket_events(bucket: str) -> str:
    """A filter for the batches of all kiosks in a bucket."""
    return f"e/{bucket}/+"


def receipts(kid: str) -> str:
    """Receipts, down."""
    return f"a/{kid}"


def status(kid: str) -> str:
    """Birth and will of a kiosk, up, retained."""
    return f"s/{kid}"


def owner(bucket: str) -> str:
    """Which ingest worker owns a bucket, down, retained."""
    return f"h/{bucket}"


def commands(kid: str) -> str:
    """What the centre asks of a kiosk, down."""
    return f"c/{kid}"


def answers(kid: str) -> str:
    """What became of it, up."""
    return f"r/{kid}"


ALL_ANSWERS = "r/+"
ALL_EVENTS = "e/+/+"
ALL_STATUS = "s/+"
ALL_OWNERS = "h/+"
BUCKETS = frozenset(f"{number:02x}" for number in range(256))


def kid_of(topic: str) -> str | None:
    """The kiosk that a topic under e/, s/ or r/ belongs to; None where the topic is not ours."""
    match topic.split("/"):
        case ["e", named, kid] if valid_kid(kid) and named == bucket(kid):
            return kid
        case ["s" | "r", kid] if valid_kid(kid):
            return kid
        case _:
            return None
