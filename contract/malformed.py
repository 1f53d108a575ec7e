"""What a decoder says in English of JSON and TOML that is not as it should be, for people. Pure.

msgspec says "Expected `int`, got `str` - at `$.port`", and says it only as text. The place in TOML,
"(at line 3, column 7)", is that of Python's tomllib.
"""

import re

_NAMES = {
    "int": "bilangan bulat",
    "float": "bilangan",
    "str": "teks",
    "bool": "true atau false",
    "array": "daftar",
    "object": "tabel berisi kunci",
    "null": "kosong",
}
_PLACE = r"(?: - at (?:key in )?`\$\.?(?P<path>[^`]*)`)?"
_FORMS = {
    r"Object missing required field `(?P<name>[^`]*)`": "kunci {name} tidak ada",
    r"Object contains unknown field `(?P<name>[^`]*)`": "kunci {name} tidak dikenal",
    r"Invalid (?:enum )?value '(?P<name>[^']*)'": "nilai {name} tidak dikenal",
    r"Invalid base64 encoded string": "bukan base64",
    r"Input data was truncated": "terpotong sebelum selesai",
    r"JSON is malformed: [^()]* \(byte (?P<name>\d+)\)": "bukan JSON yang utuh, pada bita {name}",
    r"[A-Z][^(:]* \(at line (?P<name>\d+, column \d+)\)": "baris {name}",
    r"[A-Z][^(:]* \(at end of document\)": "terpotong di akhir berkas",
    r"Expected `(?P<want>[a-z |]+)`(?P<bound> (?:[<>]=?|of|matching) (?:[^-]|-(?! at))*?)?"
    r"(?:, got `(?P<got>[a-z]+)`)?": "",
}
_SIGNS = [(re.compile(form + _PLACE + r"(?=$|[;)])"), said) for form, said in _FORMS.items()]


def told(lang: str, text: str) -> str:
    """The text in "id" or "en": in Indonesian the key, what is wrong there and what was expected, with
    the decoder's own words behind it. What no decoder said stays as it is."""
    for sign, said in _SIGNS if lang != "en" else ():
        if found := sign.search(text):
            held = {key: held or "" for key, held in found.groupdict().items()}
            put = said.format(**held).replace(", column", ", kolom") if said else _expected(held)
            at = f"{held['path']}: " if held["path"] else ""
            return f"{text[: found.start()]}{at}{put} ({found[0]}){text[found.end() :]}"
    return text


def _expected(held: dict[str, str]) -> str:
    want = " atau ".join(_NAMES.get(word, word) for word in held["want"].split(" | "))
    got = f", bukan {_NAMES.get(held['got'], held['got'])}" if held["got"] else ""
    bound = held["bound"].replace(" of length", " sepanjang").replace(" matching", " menurut")
    return f"harus {want}{bound}{got}"
