"""A year's calendar as a proposal: a library's dates, which a person compares with the decree.

Decrees change within the year (2020, 2021, 2022, 2025 did), so nothing is ever taken from it unseen.
"""

from datetime import date

import msgspec

from sync_server.errors import BadFile


class Proposal(msgspec.Struct, frozen=True):
    """The text of a calendar file without its decree, and how many days it names."""

    text: str
    holidays: int
    joint_leave: int


def propose(year: int) -> Proposal:
    """A year's national holidays and joint leave. Raises BadFile where the library is not there."""
    try:
        import holidays
    except ImportError as problem:
        raise BadFile("holidays", "", "proposal_missing") from problem
    free = dict(holidays.country_holidays("ID", years=year, language="id"))
    both = ("public", "government")
    days = holidays.country_holidays("ID", years=year, language="id", categories=both)
    joint = {day: name for day, name in days.items() if day not in free}
    text = _HEAD.format(year=year, holidays=_dates(free), joint_leave=_dates(joint))
    return Proposal(text, len(free), len(joint))


_HEAD = """\
# USULAN, belum keputusan. Cocokkan setiap tanggal dengan SKB dan Keppres, lalu isi decree.
# Libur daerah dan masa Ramadan ditambahkan sendiri.
schema = "tukin-calendar/1"
[meta]
year = {year}
decree = ""  # isi: nomor SKB 3 Menteri dan Keppres cuti bersama ASN
[holidays]
dates = [
{holidays}]
[joint_leave]
dates = [
{joint_leave}]
# [[period]]    # dari dan sampai menurut sidang isbat
# code = "RAMADAN"
# from = "{year}-00-00"
# to   = "{year}-00-00"
# [period.replace]
# REG = "REG_RAMADAN"
"""


def _dates(days: dict[date, str]) -> str:
    return "".join(f'  "{day}",  # {name}\n' for day, name in sorted(days.items()))
