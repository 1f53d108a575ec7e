"""The OpenAPI document's words for what the API takes and gives: the structs themselves say it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

import msgspec
from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.requests import Request
from starlette.responses import Response

from sync_server.errors import BadFile, unusable

JSON, LINES = "application/json", "application/x-ndjson"
PREFIX = "/api/v1"
_Kind = TypeVar("_Kind", bound=msgspec.Struct)
_REF = "#/components/schemas/{name}"
_ERROR = {
    "type": "object",
    "properties": {"error": {"type": "string"}, "number": {"type": "string"}},
    "required": ["error"],
}
_REFUSALS = {
    401: "no key, or one that is unknown, ended or revoked",
    403: "the account may not do this, or not for this office",
    404: "there is nothing of that name",
    422: "what was sent cannot be used; the sentence says why and what to write",
}
_described: dict[type, None] = {}


def gives(kind: type[msgspec.Struct], media: str = JSON, what: str = "") -> dict[int | str, Any]:
    """The `responses` of a route that answers with this struct, or with lines of it."""
    _described[kind] = None
    content = {media: {"schema": _ref(kind)}}
    refused = {"content": {JSON: {"schema": _ERROR}}}
    return {
        200: {"description": what or (kind.__doc__ or "").strip(), "content": content},
        **{code: {"description": why, **refused} for code, why in _REFUSALS.items()},
    }


def takes(kind: type[msgspec.Struct]) -> dict[str, Any]:
    """The `openapi_extra` of a route that is sent this struct."""
    _described[kind] = None
    return {"requestBody": {"required": True, "content": {JSON: {"schema": _ref(kind)}}}}


def sent(body: bytes, kind: type[_Kind]) -> _Kind:
    """What a program sent. Raises BadFile naming the field."""
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.DecodeError as problem:
        unusable("JSON", problem)


def answer(found: object) -> Response:
    """A struct as JSON."""
    return Response(msgspec.json.encode(found), media_type=JSON)


async def raw(request: Request) -> bytes:
    """The body as it was sent."""
    return await request.body()


def document(app: FastAPI, routers: Sequence[APIRouter]) -> dict[str, Any]:
    """The OpenAPI document, made once: routes from the application, schemas from the structs."""
    if app.openapi_schema is None:
        routes = [route for router in routers for route in router.routes]
        made = get_openapi(
            title=app.title,
            version="1",
            description=_ABOUT,
            routes=routes,
        )
        parts = made.setdefault("components", {})
        parts.setdefault("schemas", {}).update(_schemas(tuple(_described)))
        parts["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
        made["security"] = [{"key": []}]
        app.openapi_schema = made
    return app.openapi_schema


_ABOUT = (
    "Percentages are basis points (150 is 1.5 %), money is whole rupiah, instants are UTC (RFC 3339) "
    "or UTC seconds, months are YYYY-MM. A NIP is text. Programs show a key: Authorization: Bearer "
    "KEY; keys are made on the page of their account."
)


def _ref(kind: type) -> dict[str, str]:
    return {"$ref": _REF.format(name=kind.__name__)}


def _schemas(kinds: Sequence[type]) -> Mapping[str, Any]:
    _, found = msgspec.json.schema_components(kinds, ref_template=_REF)
    return found


def day(text: str) -> date:
    """A date in an address. Raises BadFile."""
    try:
        return date.fromisoformat(text)
    except ValueError as problem:
        raise BadFile("API", "", "not_a_date", text=text) from problem
