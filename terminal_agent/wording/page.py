"""What `terminal-agent kiosk` says to whoever starts it."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "screen_open": (
        "layar kios: http://{host}:{port}/?kiosk=1",
        "the kiosk's screen: http://{host}:{port}/?kiosk=1",
    ),
    "screen_exposed": (
        "PERHATIAN: layar terbuka untuk jaringan ({host}); nama yang absen terlihat di sana. "
        'Tulis [screen] host = "127.0.0.1" bila tidak perlu.',
        "NOTE: the screen is open to the network ({host}); names of who attends are seen there. "
        'Write [screen] host = "127.0.0.1" unless that is needed.',
    ),
    "screen_address": (
        "alamat layar tidak dapat dipakai: {detail}. Periksa [screen] host dan port; mungkin kios ini "
        "sudah melayani layarnya (systemctl status hadir-kiosk).",
        "the screen's address cannot be used: {detail}. Check [screen] host and port; this kiosk may "
        "serve its screen already (systemctl status hadir-kiosk).",
    ),
}
