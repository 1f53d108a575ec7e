"""PINs and other short texts."""

from collections.abc import Sequence

from contract.body.coding import Reader, Writer
from contract.errors import BatchError


def put_texts(out: Writer, texts: Sequence[str]) -> None:
    """Digits and lower-case hexadecimal cost what they hold, anything else 8 bits a byte."""
    kinds = [_kind(text) for text in texts]
    out.column(
        [
            len(text if kind else text.encode()) * 3 + kind
            for text, kind in zip(texts, kinds, strict=True)
        ]
    )
    for text, kind in zip(texts, kinds, strict=True):
        if kind:
            base = (0, 10, 16)[kind]
            for letter in text:
                out.below(int(letter, 16), base)
        else:
            for byte in text.encode():
                out.below(byte, 256)


def _kind(text: str) -> int:
    if text.isascii() and text.isdigit():
        return 1
    return 2 if text and not set(text) - set("0123456789abcdef") else 0


def get_texts(bits: Reader, count: int) -> list[str]:
    """See put_texts."""
    out = []
    for form in bits.column(count):
        length, kind = divmod(form, 3)
        if not 0 <= length <= 1 << 16:
            raise BatchError("a text is too long")
        if kind:
            base = (0, 10, 16)[kind]
            out.append("".join(format(bits.below(base), "x") for _ in range(length)))
            continue
        data = bytes(bits.below(256) for _ in range(length))
        try:
            out.append(data.decode())
        except UnicodeDecodeError:
            raise BatchError("a text is not UTF-8") from None
    return out
