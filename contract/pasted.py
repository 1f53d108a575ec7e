"""Finds the texts of kiosks in what people paste: wrapped lines, quotes, a chat around them. Pure."""

import re
from itertools import pairwise

# White space, quotes of any keyboard, marks of mail and chats, and characters without a width.
_GAP = (
    r"[\s\"'`>*=\u201c-\u201e\u2018\u2019\u00ab\u00bb"
    r"\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
)
_HEAD = re.compile(
    rf"HADIR{_GAP}*:{_GAP}*(?:(?:R|[0-9]{{1,3}}{_GAP}*/{_GAP}*[0-9]{{1,3}}){_GAP}*:{_GAP}*)?",
    re.IGNORECASE,
)
_GAPS = re.compile(f"{_GAP}+")
_CAPITALS = re.compile(r"([A-Z2-7]*)(?![A-Za-z0-9])")
_SMALL = re.compile(r"([A-Za-z2-7]*)(?![A-Za-z0-9])")


def decoded(data: bytes) -> str:
    """A file or a pipe as text: UTF-8, or UTF-16 as Windows writes it."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    if b"\0" in data[:2]:
        return data.decode("utf-16-be" if data[:1] == b"\0" else "utf-16-le", "replace")
    return data.decode("utf-8-sig", "replace")


def texts(pasted: str) -> list[tuple[int, str]]:
    """Every text from its "HADIR:" on, behind the number of the line in which it begins."""
    heads = list(_HEAD.finditer(pasted))
    ends = [*(head.start() for head in heads), len(pasted)]
    return [
        (pasted.count("\n", 0, begin) + 1, _clean(head[0]) + _body(pasted[head.end() : end]))
        for head, (begin, end) in zip(heads, pairwise(ends), strict=True)
    ]


def _body(part: str) -> str:
    """The letters at the beginning of `part`, joined. The words of a chat end them: they hold other
    characters, or small letters where the text has none."""
    form = _CAPITALS if _CAPITALS.match(part) or part[:8].isupper() else _SMALL
    body = ""
    for word in _GAPS.split(part):
        letters = form.match(word)
        if letters is None:
            break
        body += letters[1]
        if letters[1] != word:
            break
    return body


def _clean(head: str) -> str:
    return _GAPS.sub("", head).upper()
