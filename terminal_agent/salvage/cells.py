"""Rows in the pages of an SQLite file, read without SQLite: from whatever pages are whole. Pure.

A damaged file may have lost its first page, or the pages that lead to others. Every page that holds
rows is read by itself, those of the WAL too, and old copies as well: what of it is true, the hash
chain says. Format: sqlite.org/fileformat2.html, sections 1.5, 1.6, 2.1 and 4.
"""

from collections.abc import Iterator, Sequence

PAGE = 4096  # what every journal is made with
_WAL_HEADER, _FRAME_HEADER = 32, 24
_INTERIOR_INDEX, _LEAF_INDEX, _LEAF_TABLE = 2, 10, 13
_WIDTHS = {0: 0, 1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8, 8: 0, 9: 0}

Value = int | str | bytes | None
Row = tuple[Value, ...]


class Pages:
    """The pages of a file and of the WALs beside it, the newest last."""

    def __init__(self, file: bytes, *wals: bytes) -> None:
        self._file = file
        self._newer: dict[int, bytes] = {}
        self._all = [file[at : at + PAGE] for at in range(0, len(file), PAGE)]
        for wal in wals:
            self._take(wal)

    def _take(self, wal: bytes) -> None:
        for at in range(_WAL_HEADER, len(wal) - PAGE, _FRAME_HEADER + PAGE):
            page = wal[at + _FRAME_HEADER : at + _FRAME_HEADER + PAGE]
            self._all.append(page)
            if wal[at + 8 : at + 16] == wal[16:24]:  # of the WAL as it was begun last
                self._newer[int.from_bytes(wal[at : at + 4])] = page

    def rows(self) -> Iterator[tuple[int, Row]]:
        """(rowid, values) of every row that can be read; rowid 0 in tables without one. A row may
        come more than once."""
        for page in self._all:
            yield from self._cells(page)

    def _cells(self, page: bytes) -> Iterator[tuple[int, Row]]:
        kind = page[0] if len(page) == PAGE else 0
        if kind not in (_INTERIOR_INDEX, _LEAF_INDEX, _LEAF_TABLE):
            return
        first = 12 if kind == _INTERIOR_INDEX else 8
        count = min(int.from_bytes(page[3:5]), (PAGE - first) // 2)
        for at in range(first, first + 2 * count, 2):
            try:
                yield self._cell(page, kind, int.from_bytes(page[at : at + 2]))
            except (ValueError, IndexError):  # not a cell any more
                continue

    def _cell(self, page: bytes, kind: int, at: int) -> tuple[int, Row]:
        at += 4 if kind == _INTERIOR_INDEX else 0
        size, at = _varint(page, at)
        rowid, at = _varint(page, at) if kind == _LEAF_TABLE else (0, at)
        local = _local(
            size, most=PAGE - 35 if kind == _LEAF_TABLE else (PAGE - 12) * 64 // 255 - 23
        )
        payload = page[at : at + local]
        if local < size:
            payload += self._overflow(page[at + local : at + local + 4], size - local)
        if len(payload) != size:
            raise ValueError("the row is longer than its page")
        return rowid, _values(payload)

    def _overflow(self, pointer: bytes, size: int) -> bytes:
        out = b""
        while size > len(out):
            no = int.from_bytes(pointer)
            page = self._newer.get(no) or self._file[(no - 1) * PAGE : no * PAGE]
            if no < 1 or len(page) != PAGE:
                raise ValueError("the rest of the row is on no page")
            pointer, out = page[:4], out + page[4:]
        return out[:size]


def _local(size: int, most: int) -> int:
    """How many bytes of a row stand on its own page."""
    if size <= most:
        return size
    least = (PAGE - 12) * 32 // 255 - 23
    some = least + (size - least) % (PAGE - 4)
    return some if some <= most else least


def _values(payload: bytes) -> Row:
    end, at = _varint(payload, 0)
    kinds: list[int] = []
    while at < end:
        kind, at = _varint(payload, at)
        kinds.append(kind)
    if at != end or sum(map(_width, kinds)) != len(payload) - end:
        raise ValueError("the row's header does not fit it")
    return tuple(_read(kinds, payload, end))


def _read(kinds: Sequence[int], payload: bytes, at: int) -> Iterator[Value]:
    for kind in kinds:
        data = payload[at : at + _width(kind)]
        at += len(data)
        yield _value(kind, data)


def _value(kind: int, data: bytes) -> Value:
    if kind >= 12:
        return data.decode() if kind % 2 else data
    if kind == 0:
        return None
    return kind - 8 if kind in (8, 9) else int.from_bytes(data, signed=True)


def _width(kind: int) -> int:
    if kind >= 12:
        return (kind - 12) // 2
    if kind not in _WIDTHS:
        raise ValueError("a journal holds no such value")
    return _WIDTHS[kind]


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for index in range(9):
        byte = data[at + index]
        if index == 8:
            return value << 8 | byte, at + 9
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + index + 1
    raise ValueError("no number")
