"""A believable office: people with PINs and a log of work days. The same seed, the same office."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from simulators.zk.device import Device
from simulators.zk.layouts import Punch, User
from simulators.zk.wire import time_code

FIRST_DAY = datetime(2024, 1, 2)  # noqa: DTZ001 - the terminal's own local time has no zone


def furnish(
    device: Device, records: int, people: int = 70, seed: int = 0, fingers: int = 0
) -> None:
    """Enrol people, a finger of the first `fingers` of them, and fill the log with this many punches,
    two a day for each person."""
    staff = [User(uid, str(1_000 + 7 * uid), f"Pegawai {uid}") for uid in range(1, people + 1)]
    with device.lock:
        for user in staff:
            device.write_user(user)
        for user in staff[:fingers]:
            device.enrol_finger(user.pin, 6, random.Random(user.pin).randbytes(512))
        device.load(_days(staff, records, random.Random(seed)))


def _days(staff: list[User], records: int, chance: random.Random) -> Iterator[Punch]:
    day = FIRST_DAY
    left = records
    while left > 0:
        half = [(user, 0, 7) for user in staff] + [(user, 1, 16) for user in staff]
        for user, state, hour in half[:left]:
            moment = day + timedelta(hours=hour, seconds=chance.randrange(3_600))
            yield Punch(user.uid, user.pin, time_code(moment), chance.choice((1, 1, 15)), state)
        left -= len(half)
        day += timedelta(days=1)
