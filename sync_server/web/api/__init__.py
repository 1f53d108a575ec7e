"""What programs ask of the centre: JSON under /api/v1, described by its OpenAPI document."""

from fastapi import APIRouter

from sync_server.web.api import reading, watching, writing

ROUTERS: tuple[APIRouter, ...] = (reading.router, watching.router, writing.router)
