"""E-kinerja: what people did each day, who saw it, and what a month of it is worth in points."""

from sync_server.ekinerja.earning import Earned, earned
from sync_server.ekinerja.totals import Total, store_productivity, total, written

__all__ = ["Earned", "Total", "earned", "store_productivity", "total", "written"]
