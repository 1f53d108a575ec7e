"""Where this screen stands. Pure."""

import msgspec


class Place(msgspec.Struct, frozen=True):
    """`name`: the kiosk's. `zone`: WIB, WITA or WIT, `east` its seconds east of UTC. `camera`: it has
    one; `finger`: a terminal or a finger sensor is beside it. `contact`: whom the privacy notice names."""

    name: str
    zone: str
    east: int
    camera: bool = True
    finger: bool = True
    contact: str = ""
