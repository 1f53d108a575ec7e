"""What every record is made of."""

from typing import Annotated

import msgspec

# What any database can hold; a record with a larger number is kept but not read.
Whole = Annotated[int, msgspec.Meta(ge=-(2**62), le=2**62)]


class Record(msgspec.Struct, frozen=True, array_like=True):
    """One thing that happened, as the kiosk saw it."""
