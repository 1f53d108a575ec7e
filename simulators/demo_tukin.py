"""The demo's pay: one day's cuts by a shipped rule file, an excuse by two people, and the pages.

What must come of it is worked out by hand from the decree's table, not by the server's code.
"""

import json
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from simulators import office
from simulators.site import Site, Unproven
from simulators.story import Story, until

_TPP = 3_000_000
# 40 % of TPP is discipline: 1,200,000. Wayan came 61 minutes late (TL3, 1.25 %) and left 30 early
# (PSW1, 0.5 %): 21,000 less. E-kinerja earns 92 % of the other 1,800,000.
_LATE, _LATE_CUT_BP, _LATE_GROSS = "Wayan", 175, 1_200_000 - 21_000 + 1_656_000
# Agus forgot to punch out: PSW4, 1.5 %; excused by two people it costs nothing.
_FORGOT, _FORGOT_CUT_BP, _EXCUSED_GROSS = "Agus", 150, 1_200_000 + 1_656_000
_HEAD = "Sari"
_BKPSDM = "000000000000009001"  # a NIP that belongs to nobody


def prove(site: Site, story: Story) -> None:
    """Rules in force, a cut explained, a correction by two people, the pages in reach."""
    password = _import(site)
    late, forgot = _person(_LATE), _person(_FORGOT)
    _expect(_cut(site, late), _LATE_CUT_BP, f"cut of {_LATE}")
    _expect(_cut(site, forgot), _FORGOT_CUT_BP, f"cut of {_FORGOT}")
    _expect(_gross(site, late), _LATE_GROSS, f"gross of {_LATE}")
    story.proven(
        "tukin",
        f"{_LATE}: terlambat 61 menit (TL3 1,25 %), pulang 30 menit lebih awal (PSW1 0,5 %): "
        f"kotor Rp {_dotted(_LATE_GROSS)} dari Rp {_dotted(_TPP)}",
        f"{_LATE}: 61 minutes late (TL3 1.25 %), left 30 minutes early (PSW1 0.5 %): gross "
        f"Rp {_LATE_GROSS:,} of Rp {_TPP:,}",
    )
    _excuse(site, forgot)
    # The book of days makes the excused day anew within seconds.
    until(lambda: _cut(site, forgot) == 0, f"cut of {_FORGOT}, excused")
    _expect(_gross(site, forgot), _EXCUSED_GROSS, f"gross of {_FORGOT}, excused")
    story.proven(
        "correction",
        f"{_FORGOT} lupa absen pulang: setelah disetujui dua orang, potongan 1,5 % menjadi 0",
        f"{_FORGOT} forgot to punch out: once two people approved it, a cut of 1.5 % became 0",
    )
    until(lambda: _answers(site), "the centre's pages")
    story.proven(
        "pages",
        f"halaman pusat menjawab di {site.pages}; masuk sebagai bkpsdm, sandi sekali pakai {password}",
        f"the centre's pages answer at {site.pages}; log in as bkpsdm, one-time password {password}",
    )


def _import(site: Site) -> str:
    """Offices, posts, e-kinerja, a shipped rule file, and who may do what; BKPSDM's password."""
    everybody = (*office.PEOPLE, office.SILENT)
    heads, month = {office.OPD: _person(_HEAD).nip}, f"{site.day:%Y-%m}"
    files = {
        "opd.csv": "opd,nama,kepala\n"
        + f"{office.OPD},Dinas Contoh,{heads[office.OPD]}\n{office.SILENT_OPD},Kecamatan Jauh,\n",
        "jabatan.csv": "nip,jabatan,golongan,kelas,tpp\n"
        + "".join(f"{one.nip},Pelaksana,III/a,7,{_TPP}\n" for one in everybody),
        "ekinerja.csv": "nip,bulan,jenis,nilai,sumber\n"
        + "".join(f"{one.nip},{month},persen,92,contoh\n" for one in everybody),
    }
    for name, text in files.items():
        (site.folder / name).write_text(text, "utf-8")
    site.server("office", "import", "opd.csv")
    site.server("post", "import", "jabatan.csv")
    site.server("rules", "import", "rules-40-60")
    site.server("ekinerja", "import", "ekinerja.csv")
    own = (_FORGOT, "pegawai"), (_HEAD, "kepala")
    for name, role in own:
        nip = _person(name).nip
        site.server(
            "accounts", "add", name.lower(), "--role", role, "--opd", office.OPD, "--nip", nip
        )
    made = site.server("accounts", "add", "bkpsdm", "--role", "bkpsdm", "--nip", _BKPSDM)
    return made.split()[-1]


def _excuse(site: Site, who: office.Person) -> None:
    """He asks, the head of his office says yes, then BKPSDM: nobody alone."""
    asked = ("corrections", "ask", who.nip, f"{site.day}", "--point", "out", "--reason", "lupa")
    site.server(*asked, "--as", who.name.lower())
    number = json.loads(site.server("corrections", "list", "--json"))["corrections"][0]["no"]
    for name in (_HEAD.lower(), "bkpsdm"):
        site.server("corrections", "approve", f"{number}", "--as", name)


def _cut(site: Site, who: office.Person) -> int:
    """What the day costs, in basis points, as `explain` tells it."""
    told = json.loads(site.server("explain", who.nip, f"{site.day}", "--json"))
    return int(told["explained"]["priced"]["cut_bp"])


def _gross(site: Site, who: office.Person) -> int:
    """The month's gross in rupiah: only the demo's day is in the rota."""
    told = json.loads(site.server("month", "show", f"{site.day:%Y-%m}", office.OPD, "--json"))
    records: list[dict[str, Any]] = [row["record"] for row in told["sheet"]["rows"]]
    return next(int(one["gross"]) for one in records if one["nip"] == who.nip)


def _answers(site: Site) -> bool:
    try:
        with urlopen(f"{site.pages}login") as page:  # noqa: S310 our own address
            return b"<form" in page.read()
    except URLError:
        return False


def _dotted(rupiah: int) -> str:
    """As Indonesia writes it."""
    return f"{rupiah:,}".replace(",", ".")


def _person(name: str) -> office.Person:
    return next(one for one in office.PEOPLE if one.name == name)


def _expect(seen: int, wanted: int, what: str) -> None:
    if seen != wanted:
        raise Unproven(f"{what}: {seen}, expected {wanted}")
