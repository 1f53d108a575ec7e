"""Live pages: what changed is drawn once for all who look at the same, and told to each of them."""

from sync_server.web.streams.publisher import Publisher
from sync_server.web.streams.stream import Stream

__all__ = ["Publisher", "Stream"]
