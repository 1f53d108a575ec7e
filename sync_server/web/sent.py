"""What a form brought, read once, so that a handler with many fields stays short."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from sync_server.errors import BadFile


async def sent(request: Request) -> AsyncIterator[FormData]:
    """The fields and files of a posted form; the files are gone once the answer is."""
    async with request.form() as form:
        yield form


_LONG = 19  # digits; 64 bits hold any shorter number
Sent = Annotated[FormData, Depends(sent)]


def text(form: FormData, name: str) -> str:
    """A field's text without blanks around it, "" where it is missing."""
    value = form.get(name, "")
    return value.strip() if isinstance(value, str) else ""


def numbers(form: FormData, name: str) -> list[int]:
    """Every number that was sent under a name, each once; what is none is left out."""
    found = (value for value in form.getlist(name) if isinstance(value, str))
    return list(dict.fromkeys(number for one in found if (number := whole(one))))


def whole(text: str) -> int:
    """The number of a row, 0 where it is none that a row can have."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < _LONG else 0


def upload(
    form: FormData, name: str, most: int, large: str = "file_large"
) -> tuple[str, bytes] | None:
    """A file's name and bytes, None where none was chosen. Raises BadFile beyond `most` bytes, which
    the sentence `large` tells."""
    file = form.get(name)
    if not isinstance(file, UploadFile) or not file.filename:
        return None
    body = file.file.read(most + 1)
    if len(body) > most:
        raise BadFile(file.filename, "", large, most=round(most / 1_000_000, 1), kb=most // 1_000)
    return file.filename, body
