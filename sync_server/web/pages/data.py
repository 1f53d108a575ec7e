"""/data: files that people who know Excel hand in, looked at before anything is kept."""

from collections.abc import Mapping

import msgspec
from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sync_server import edits, imports, ruling_files, rulings, tables, uploads, wording, workbooks
from sync_server.errors import BadFile
from sync_server.imports import KINDS, Kind, Preview, Table, Upload
from sync_server.roles import Viewer, may
from sync_server.web import frame, sent
from sync_server.web.gate import Forbidden, Posted, Signed
from sync_server.web.place import place
from sync_server.web.sent import Sent

router = APIRouter(include_in_schema=False)
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_NIP = _BOSS = tables.SAMPLE_NIP
# The name of each form, its heads, and a row as an example.
_FORMS: Mapping[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "office": (
        "opd",
        (
            ("opd", "1.01"),
            ("nama", "Dinas Contoh"),
            ("induk", ""),
            ("lat", "-3.8021"),
            ("lon", "102.2655"),
            ("kepala", _BOSS),
            ("bendahara", _NIP),
        ),
    ),
    "person": (
        "pegawai",
        (
            ("nip", _NIP),
            ("nama", "Nama Pegawai, S.T."),
            ("opd", "1.01"),
            ("zona", "WIB"),
            ("pin", "1001"),
            ("mulai", "2026-01-01"),
            ("selesai", ""),
        ),
    ),
    "post": (
        "jabatan",
        (
            ("nip", _NIP),
            ("jabatan", "Analis Jaringan"),
            ("golongan", "III/c"),
            ("kelas", "8"),
            ("tpp", "Rp 3.000.000"),
            ("atasan", _BOSS),
            ("npwp", ""),
            ("dikecualikan", "tidak"),
            ("mulai", "2026-01-01"),
            ("selesai", ""),
        ),
    ),
    "roster": (
        "giliran",
        (("nip", _NIP), ("shift", "REG"), ("mulai", "2026-01-01"), ("selesai", "")),
    ),
    "absence": (
        "absensi-sah",
        (
            ("dokumen", "SPT 090/12/2026"),
            ("nip", _NIP),
            ("kode", "DL"),
            ("cakupan", "hari"),
            ("mulai", "2026-01-12"),
            ("selesai", "2026-01-14"),
            ("tempat", "Ibu kota provinsi"),
            ("keperluan", "Rapat koordinasi"),
        ),
    ),
    "productivity": (
        "e-kinerja",
        (
            ("nip", _NIP),
            ("bulan", "2026-01"),
            ("jenis", "persen"),
            ("nilai", "92,5"),
            ("sumber", "e-Kinerja daerah"),
        ),
    ),
}
# What an office's administrator hands in for his own people.
_OF_OFFICES: tuple[Kind, ...] = ("roster", "absence")


class Look(msgspec.Struct, frozen=True):
    """A file that waits for a yes: the word that finds it again, and what was seen."""

    kind: Kind
    word: str
    file: str
    preview: Preview
    seen: str


def kinds(viewer: Viewer) -> tuple[Kind, ...]:
    """What somebody may hand in."""
    if may(viewer, "data"):
        return KINDS
    return _OF_OFFICES if may(viewer, "enter") and viewer.reach else ()


@router.get("/data")
def data(request: Request, viewer: Signed) -> Response:
    """Every kind of file, and the rules."""
    if not kinds(viewer):
        raise Forbidden
    return _page(request, viewer)


@router.get("/data/form/{kind}.xlsx")
def form(viewer: Signed, kind: Kind) -> Response:
    """An empty form to fill in."""
    if kind not in kinds(viewer):
        raise Forbidden
    name, cells = _FORMS[kind]
    heads, sample = zip(*cells, strict=True)
    body = workbooks.template(name, heads, sample)
    disposition = {"Content-Disposition": f'attachment; filename="{name}.xlsx"'}
    return Response(body, media_type=_XLSX, headers=disposition)


@router.post("/data/{kind}/check")
def check(request: Request, viewer: Posted, kind: Kind, form: Sent) -> Response:
    """Show what a file would change."""
    if kind not in kinds(viewer):
        raise Forbidden
    here = place(request)
    try:
        given = sent.upload(form, "file", workbooks.MAX_BYTES)
    except BadFile as bad:
        return _page(request, viewer, bad)
    if given is None:
        return _page(request, viewer, BadFile("", "", "data_none"))
    with here.database.writing() as tx:
        word = uploads.keep(tx, *given, viewer.name, here.wall())
    return _look(request, viewer, kind, word)


@router.post("/data/{kind}/take")
def take(request: Request, viewer: Posted, kind: Kind, form: Sent) -> Response:
    """Keep what was shown; show it again where something has changed in the meantime."""
    if kind not in kinds(viewer):
        raise Forbidden
    here = place(request)
    word, seen = sent.text(form, "word"), sent.text(form, "seen")
    table = _read(request, viewer, kind, word)
    if table is None:  # kept already, or looked at more than a day ago
        return RedirectResponse("/data?said=again", 303)
    try:
        with here.database.writing() as tx:
            if uploads.find(tx, word, viewer.name) is None:  # taken in the meantime
                return RedirectResponse("/data?said=again", 303)
            done = imports.take(tx, table, lambda now: _seen(now) == seen)
            if _seen(done) == seen:
                uploads.drop(tx, word, viewer.name)
    except BadFile:  # there is something wrong with it by now
        return _look(request, viewer, kind, word, moved=True)
    if _seen(done) != seen:
        return _look(request, viewer, kind, word, moved=True)
    query = "&".join(f"{name}={getattr(done, name)}" for name in _COUNTS)
    return RedirectResponse(f"/data?said={kind}&{query}#{kind}", 303)


def _read(request: Request, viewer: Viewer, kind: Kind, word: str) -> Table | None:
    """What the file of a word says, read before anybody writes; None where it is gone."""
    here = place(request)
    with here.database.reading() as tx:
        found = uploads.find(tx, word, viewer.name)
        if found is None:
            return None
        reach = None if may(viewer, "data") else viewer.reach
        return imports.read(tx, kind, Upload(*found, viewer.name, here.wall(), reach))


_COUNTS = ("new", "changed", "gone", "same")


def _look(
    request: Request, viewer: Viewer, kind: Kind, word: str, moved: bool = False
) -> Response:  # fmt: skip
    here = place(request)
    table = _read(request, viewer, kind, word)
    if table is None:
        raise HTTPException(404)
    with here.database.reading() as tx:
        preview = imports.preview(tx, table)
        names = edits.names(tx, preview.listed)
    look = Look(kind, word, table.upload.file, preview, _seen(preview))
    said = [complaint(request, bad) for bad in preview.problems]
    odd = [complaint(request, bad) for bad in preview.oddities]
    values = {"look": look, "said": said, "odd": odd, "moved": moved, "names": names}
    return frame.page(request, viewer, "data_look.html", **values)


def _seen(preview: Preview) -> str:
    return " ".join(str(getattr(preview, name)) for name in _COUNTS)


def complaint(request: Request, bad: BadFile) -> str:
    """What is wrong, with its line, without the file's name."""
    return wording.complaint(frame.lang(request), "", bad.where, bad.code, bad.values)


def _page(request: Request, viewer: Viewer, bad: BadFile | None = None) -> Response:
    with place(request).database.reading() as tx:
        rules = rulings.rulesets(tx)
        codes = sorted(rulings.shift_table(tx))
        years = sorted(rulings.calendars(tx).items())
    values = {
        "kinds": kinds(viewer),
        "rules": rules,
        "codes": codes,
        "years": [one for _, one in years],
        "shipped": ruling_files.shipped(),
        "titles": ruling_files.titles(),
        "wrong": complaint(request, bad) if bad else "",
        "asked": request.query_params,
    }
    return frame.page(request, viewer, "data.html", **values)
