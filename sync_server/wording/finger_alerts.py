"""What the alerts of a kiosk's own finger sensors mean, by the codes of the kiosk's errors."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "sensor_unplugged": (
        "sensor jari tidak terbaca: periksa kabel dan port-nya; begitu tercolok ia dipakai lagi",
        "the finger sensor cannot be read: check its cable and port; plugged in, it is used again",
    ),
    "sensor_silent": (
        "sensor jari tidak menjawab: periksa daya, kabel TX/RX, serta speed dan address pada [[sensor]]",
        "the finger sensor does not answer: check power, TX/RX wires, speed and address in [[sensor]]",
    ),
    "sensor_garbled": (
        "jawaban sensor jari tidak terbaca: periksa speed pada [[sensor]], massa dan panjang kabel",
        "the finger sensor's answers cannot be read: check speed in [[sensor]], ground and cable length",
    ),
    "sensor_refused": (
        "sensor jari menolak perintah: cabut lalu colokkan lagi; bila berulang, ganti sensor",
        "the finger sensor refuses an instruction: plug it in anew; if it repeats, replace it",
    ),
    "sensor_password": (
        "sensor jari menolak kata sandinya: isi password pada [[sensor]] seperti di sensor",
        "the finger sensor refuses its password: set password in [[sensor]] to the sensor's",
    ),
    "fingers_damaged": (
        "daftar pemilik jari di kios rusak, jadi jari tidak dihitung: pindahkan fingers.json, lalu "
        "daftarkan jari lagi",
        "the kiosk's list of whose fingers there are is damaged, so none counts: move fingers.json "
        "away, then enrol fingers again",
    ),
    "finger_strange": (
        "di sensor ada jari yang tidak didaftarkan di kios itu: terminal-agent people finger remove "
        "--strange",
        "the sensor holds fingers that were not enrolled there: terminal-agent people finger remove "
        "--strange",
    ),
    "finger_lost": (
        "sensor kehilangan jari yang pernah didaftarkan: lihat di kios terminal-agent people finger "
        "list, lalu daftarkan lagi",
        "the sensor has lost fingers that were enrolled: on the kiosk see terminal-agent people finger "
        "list, then enrol them again",
    ),
    "finger_changed": (
        "jari di sensor bukan yang didaftarkan dan tidak dihitung: periksa siapa yang membuka kios itu, "
        "lalu daftarkan lagi",
        "a finger in the sensor is not the one that was enrolled and does not count: find out who "
        "opened the kiosk, then enrol it again",
    ),
}
