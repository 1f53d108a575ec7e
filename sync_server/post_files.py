"""The files opd.csv and jabatan.csv: how offices and posts are read, and what is wrong with them."""

import re
from collections.abc import Iterable, Sequence

from sync_server import tables
from sync_server.errors import BadFile
from sync_server.posts import Office, Post

_MICRODEGREES = 1_000_000
_RUPIAH = re.compile(r"(?:rp\.?\s*)?([0-9]{1,3}(?:\.[0-9]{3})+|[0-9]+)(?:,00|,-)?", re.IGNORECASE)
_DEGREES = re.compile(r"-?[0-9]{1,3}(?:[.,][0-9]+)?")


def rupiah(text: str) -> int | None:
    """Whole rupiah as people write them: 3000000, 3.000.000, Rp 3.000.000,00; None where they are
    not."""
    found = _RUPIAH.fullmatch(text.strip())
    return int(found[1].replace(".", "")) if found else None


def offices_form(known: Iterable[Office] = ()) -> tables.Form[Office]:
    """How a file of offices is read."""
    parents = {office.opd: office.parent for office in known}

    def between(found: Sequence[tuple[int, Office]], file: str) -> Iterable[BadFile]:
        merged = parents | {office.opd: office.parent for _, office in found}
        first: dict[str, int] = {}
        for line, office in found:
            if office.opd in first:
                yield BadFile(file, line, "office_twice", opd=office.opd, line=first[office.opd])
            first.setdefault(office.opd, line)
            if office.parent and office.parent not in merged:
                yield BadFile(file, line, "office_parent_unknown", opd=office.parent)
            elif circle := _circle(merged, office.opd):
                yield BadFile(file, line, "office_circle", path=" > ".join(circle))

    names = ("opd", "nama", "induk", "lat", "lon", "kepala", "bendahara")
    return tables.Form(tables.Columns(names, names[2:]), _office, between)


def _posts_apart(found: Sequence[tuple[int, Post]], file: str) -> Iterable[BadFile]:
    return tables.overlaps(found, file, "post_taken", "nip")


def _post(row: tables.Row, file: str, line: int) -> Post:
    nip = tables.nip(row, file, line)
    superior = tables.nip(row, file, line, "atasan") if row.get("atasan") else ""
    if superior == nip:
        raise BadFile(file, line, "own_superior", nip=nip)
    base = rupiah(tables.filled(row, "tpp", file, line))
    if base is None:
        raise BadFile(file, line, "not_rupiah", text=row["tpp"])
    npwp = row.get("npwp", "")
    if tables.is_rounded(npwp):
        raise BadFile(file, line, "npwp_rounded", npwp=npwp)
    first, last = tables.days(row, file, line)
    return Post(
        nip=nip,
        title=row["jabatan"],
        rank=row["golongan"],
        grade=row["kelas"],
        base=base,
        superior=superior,
        npwp=npwp,
        exempt=_yes(row.get("dikecualikan", ""), file, line),
        mulai=first,
        selesai=last,
    )


_POST_COLUMNS = ("nip", "jabatan", "golongan", "kelas", "tpp", "atasan", "npwp", "dikecualikan")
POSTS: tables.Form[Post] = tables.Form(
    tables.Columns(
        (*_POST_COLUMNS, "mulai", "selesai"),
        ("atasan", "npwp", "dikecualikan", "mulai", "selesai"),
    ),
    _post,
    _posts_apart,
)


def _office(row: tables.Row, file: str, line: int) -> Office:
    people = {
        column: tables.nip(row, file, line, column) if row.get(column) else ""
        for column in ("kepala", "bendahara")
    }
    lat, lon = (_degrees(row, column, file, line) for column in ("lat", "lon"))
    return Office(
        opd=tables.filled(row, "opd", file, line),
        name=tables.filled(row, "nama", file, line),
        parent=row.get("induk", ""),
        lat=lat,
        lon=lon,
        head=people["kepala"],
        treasurer=people["bendahara"],
    )


def _degrees(row: tables.Row, column: str, file: str, line: int) -> int | None:
    text = row.get(column, "")
    if not text:
        return None
    furthest = {"lat": 90, "lon": 180}[column] * _MICRODEGREES
    found = _DEGREES.fullmatch(text)
    value = round(float(text.replace(",", ".")) * _MICRODEGREES) if found else furthest + 1
    if abs(value) > furthest:
        raise BadFile(file, line, "not_degrees", column=column, text=text)
    return value


def _yes(text: str, file: str, line: int) -> bool:
    if text.lower() not in ("", "ya", "tidak"):
        raise BadFile(file, line, "not_yes_no", value=text)
    return text.lower() == "ya"


def _circle(parents: dict[str, str], opd: str) -> list[str]:
    """The way from an office back to itself, empty where it leads to the top."""
    path = [opd]
    while (above := parents.get(path[-1], "")) and above not in path:
        path.append(above)
    return [*path, opd] if above == opd else []
