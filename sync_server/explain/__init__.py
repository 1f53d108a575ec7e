"""Why somebody's day costs what it costs: from rupiah and percent down to the raw punch."""

from sync_server.explain.day import current, explain
from sync_server.explain.explained import Asked, Basis, Covering, Explained, Money, Weighed
from sync_server.explain.told import sentences

__all__ = [
    "Asked",
    "Basis",
    "Covering",
    "Explained",
    "Money",
    "Weighed",
    "current",
    "explain",
    "sentences",
]
