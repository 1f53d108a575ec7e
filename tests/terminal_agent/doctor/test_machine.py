"""What the kernel and the firmware tell becomes a sentence; what they do not tell is no fault."""

import os

import pytest

from terminal_agent.doctor import clocks, machine
from tests.halves import TestClock

FIRMWARE = "sys/devices/platform/soc/soc:firmware/get_throttled"
CARD = "sys/devices/platform/emmc/mmc_host/mmc0/mmc0:0001"


@pytest.fixture
def told(tmp_path):
    """A machine whose kernel tells these files."""

    def tell(**files):
        for name, text in files.items():
            path = tmp_path / {"throttled": FIRMWARE}.get(name, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return tmp_path

    return tell


def card_of(root, kind, **facts):
    """A card as mmcblk0 with one partition, which the kernel numbers 179:2."""
    block = root / CARD / "block/mmcblk0"
    (block / "mmcblk0p2").mkdir(parents=True)
    os.symlink("../..", block / "device")
    for name, text in {"type": kind, **facts}.items():
        (root / CARD / name).write_text(text + "\n")
    numbers = root / "sys/dev/block"
    numbers.mkdir(parents=True)
    os.symlink(block / "mmcblk0p2", numbers / "179:2")
    return root


@pytest.mark.parametrize(
    ("bits", "code", "level"),
    [
        ("0", "power_good", "ok"),
        ("50005", "under_voltage", "fail"),
        ("50000", "under_voltage_before", "warn"),
        ("nonsense", "power_untold", "info"),
    ],
)
def test_the_pi_says_whether_its_power_supply_holds(told, bits, code, level):
    found = machine.power(told(throttled=bits))
    assert (found.code, found.level) == (code, level)


def test_a_kernel_without_the_firmware_file_tells_it_by_its_voltage_sensor(told):
    hwmon = "sys/class/hwmon/hwmon1"
    root = told(**{f"{hwmon}/name": "rpi_volt", f"{hwmon}/in0_lcrit_alarm": "1"})
    assert machine.power(root).code == "under_voltage"


def test_a_machine_that_tells_nothing_is_not_blamed(told):
    root = told()
    found = [machine.power(root), machine.heat(root), machine.memory(root)]
    found += machine.card("179:2", root)
    assert {one.level for one in found} == {"info"}


@pytest.mark.parametrize(
    ("thousandths", "code"), [("52100", "cool"), ("76000", "hot"), ("86000", "too_hot")]
)
def test_the_hottest_sensor_counts(told, thousandths, code):
    zone = "sys/class/thermal/thermal_zone"
    root = told(**{f"{zone}0/temp": "41000", f"{zone}1/temp": thousandths})
    assert machine.heat(root).code == code


def test_a_kiosk_that_slows_down_is_hot_at_any_temperature(told):
    root = told(throttled="4", **{"sys/class/thermal/thermal_zone0/temp": "60000"})
    assert machine.heat(root).code == "hot"


@pytest.mark.parametrize(("free", "code"), [(400_000, "memory_free"), (40_000, "memory_short")])
def test_memory_counts_what_programs_can_still_have(told, free, code):
    root = told(
        **{"proc/meminfo": f"MemTotal: 948304 kB\nMemFree: 9 kB\nMemAvailable: {free} kB\n"}
    )
    assert machine.memory(root).code == code


@pytest.mark.parametrize(
    ("free", "names", "locked", "code"),
    [
        (5 * 10**9, 9_999, False, "disk_free"),
        (150_000_000, 9_999, False, "disk_low"),
        (5 * 10**9, 3, False, "disk_low"),
        (5_000_000, 9_999, False, "disk_full"),
        (5 * 10**9, 9_999, True, "disk_read_only"),
    ],
)
def test_the_disk_of_the_journal_has_room_and_can_be_written(free, names, locked, code):
    assert machine.judged_disk(free, names, locked=locked).code == code


@pytest.mark.parametrize(
    ("life", "end", "code", "level"),
    [
        ("0x01 0x02", "0x01", "card_fresh", "ok"),
        ("0x01 0x09", "0x01", "card_worn", "warn"),
        ("0x01 0x02", "0x03", "card_worn", "fail"),
        ("0x0b 0x02", "0x01", "card_worn", "fail"),
    ],
)
def test_an_emmc_counts_its_own_wear(tmp_path, life, end, code, level):
    root = card_of(tmp_path, "MMC", life_time=life, pre_eol_info=end)
    assert [(one.code, one.level) for one in machine.card("179:2", root)] == [(code, level)]


def test_an_sd_card_says_its_age_only(tmp_path):
    [found] = machine.card("179:2", card_of(tmp_path, "SD", name="SC32G", date="06/2021"))
    assert (found.code, found.values) == ("card_sd", {"name": "SC32G", "made": "06/2021"})


def test_errors_that_the_file_system_counted_condemn_the_card(tmp_path):
    root = card_of(tmp_path, "SD")
    errors = root / "sys/fs/ext4/mmcblk0p2/errors_count"
    errors.parent.mkdir(parents=True)
    errors.write_text("3\n")
    found = next(machine.card("179:2", root))
    assert (found.code, found.level, found.values) == ("card_errors", "fail", {"errors": 3})


def test_a_battery_clock_that_went_wrong_is_told_where_the_time_is_known(told):
    clock = TestClock()
    wrong = told(**{"sys/class/rtc/rtc0/since_epoch": str(int(clock.wall()) - 86_400)})
    assert "battery_clock_off" in {one.code for one in clocks.clocks(clock, wrong)}
    right = told(**{"sys/class/rtc/rtc0/since_epoch": str(int(clock.wall()) + 2)})
    assert "battery_clock_off" not in {one.code for one in clocks.clocks(clock, right)}
