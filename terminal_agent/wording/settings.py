"""What is wrong in a configuration and what to write there, for whoever reads no English errors."""

import re
from collections.abc import Mapping

# The errors whose detail is such a sentence.
CODES = ("config_wrong", "config_unusable")

_PLACED = re.compile(
    r"(?P<file>.*?): (?P<wrong>.*?)(?: - at `\$\.?(?P<key>.*)`)?; allowed: (?P<allowed>.*)"
)
_WHOLE = re.compile(r"(?P<file>.*?): (?P<wrong>.*)", re.DOTALL)

# What the decoder says, and what people are told. The first that fits counts.
_READINGS: Mapping[str, tuple[str, str]] = {
    r"Object contains unknown field `(?P<name>.*)`": (
        "kunci {name} tidak dikenal; yang ada: {allowed}",
        "no key is called {name}; there are: {allowed}",
    ),
    r"Object missing required field `(?P<name>.*)`": (
        "kunci {name} tidak ada; tambahkan",
        "the key {name} is missing; add it",
    ),
    r"Invalid enum value (?P<value>.*)": (
        "nilai {value} tidak dikenal; tulis salah satu dari: {allowed}",
        "the value {value} is not known; write one of: {allowed}",
    ),
    r"Expected `(?:int|float)` [<>].*": (
        "di luar batas; tulis bilangan {allowed}",
        "out of range; write a number {allowed}",
    ),
    r"Expected `str` matching .*A-Za-z.*": (
        "hanya huruf, angka, - dan _, paling banyak 32, seperti pada menu System Info mesin",
        "only letters, digits, - and _, at most 32, as in the terminal's menu System Info",
    ),
    r"Expected `str` matching .*": (
        'hanya huruf kecil, angka, - dan _, paling banyak 32; misalnya "lobi"',
        'only small letters, digits, - and _, at most 32; such as "lobi"',
    ),
    r"Expected `bool`.*": (
        "tulis true atau false, tanpa tanda kutip",
        "write true or false, without quotes",
    ),
    r"Expected `(?:int|float).*": (
        "bukan bilangan; tulis angkanya tanpa tanda kutip: {allowed}",
        "not a number; write it without quotes: {allowed}",
    ),
    r"Expected `str.*": (
        "bukan teks; tulis di antara tanda kutip",
        "not text; put it in quotes",
    ),
    r"Expected `array.*": (
        "bukan daftar; tulis di antara [ dan ], atau sebagai [[{key}]]",
        "not a list; put it between [ and ], or write it as [[{key}]]",
    ),
    r"Expected `object.*": (
        "bukan tabel; tulis [{key}] dan di bawahnya: {allowed}",
        "not a table; write [{key}] and below it: {allowed}",
    ),
    r"not TOML: .*\(at line (?P<line>\d+), column (?P<column>\d+)\)": (
        "baris {line} tidak terbaca sebagai TOML, mulai huruf ke-{column}; tulis satu kunci = nilai sebaris, teks di "
        "antara tanda kutip, judul seperti [kiosk]",
        "line {line} is not TOML, from its letter {column} on; write one key = value a line, text in "
        "quotes, headings like [kiosk]",
    ),
    r"not TOML: .*\(at end of document\)": (
        "tidak terbaca sebagai TOML, berakhir di tengah jalan; baris terakhirnya tidak lengkap (tanda kutip atau kurung penutup?)",
        "not TOML, it ends half way; its last line is not complete (a closing quote or bracket?)",
    ),
    r"not TOML: .*": (
        "tidak terbaca sebagai TOML; simpan sebagai teks biasa (UTF-8)",
        "not TOML; save it as plain text (UTF-8)",
    ),
    r"two devices have one serial": (
        "dua mesin bernomor seri sama; betulkan serial salah satunya",
        "two terminals have one serial number; correct the serial of one",
    ),
    r"zkteco\.host: (?P<text>.*) is no address": (
        "host {text} bukan alamat; tulis seperti 192.168.1.201, tanpa spasi",
        "the host {text} is no address; write it like 192.168.1.201, without spaces",
    ),
    r"adms\.device\.address: .*": (
        "adms.device.address bukan alamat; tulis seperti 192.168.1.202 atau 192.168.1.0/24",
        "adms.device.address is no address; write it like 192.168.1.202 or 192.168.1.0/24",
    ),
    r"two devices have one name": (
        "dua mesin bernama sama; ganti name salah satunya",
        "two terminals have one name; change the name of one",
    ),
    r"kiosk\.windows: (?P<text>\".*?\") is .*": (
        'kiosk.windows: {text} bukan jendela waktu; tulis dua jam yang berbeda, misalnya "05:30-06:30"',
        'kiosk.windows: {text} is no window; write two different times, such as "05:30-06:30"',
    ),
}


def reading(lang: str, detail: str) -> str:
    """The sentence of a configuration error in "id" or "en"; what is not known stays as it is."""
    found = _PLACED.fullmatch(detail) or _WHOLE.fullmatch(detail)
    said = found.groupdict() if found else {}
    for form, (indonesian, english) in _READINGS.items():
        if fits := re.fullmatch(form, said.get("wrong", ""), re.DOTALL):
            words = english if lang == "en" else indonesian
            told = words.format(**said | fits.groupdict())
            return ": ".join(part for part in (said["file"], said.get("key"), told) if part)
    return detail
