"""What a kiosk finds of itself every hour, as an alert: power, heat, card, clock, journal, backlog."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "under_voltage": (
        "tegangan kurang: pakai catu daya asli 5 V 3 A (Pi 5: 5 A) dan kabel pendek; kartunya dapat rusak",
        "its voltage is too low: use an original 5 V 3 A supply (Pi 5: 5 A) and a short cable; its card "
        "may be damaged",
    ),
    "under_voltage_before": (
        "tegangan pernah kurang sejak dinyalakan: ganti catu daya atau kabelnya",
        "its voltage was too low since the start: change the supply or its cable",
    ),
    "too_hot": (
        "kios hampir mati karena panas: pindahkan ke tempat teduh dan pasang pendingin",
        "close to switching itself off from heat: put it in the shade and fit a cooler",
    ),
    "hot": (
        "kios panas dan melambat: beri ruang udara, jauhkan dari matahari",
        "it is hot and slows down: give it air, take it out of the sun",
    ),
    "memory_short": (
        "memori kios hampir habis: lihat di kios dengan terminal-agent doctor",
        "its memory is nearly used up: look on the kiosk with terminal-agent doctor",
    ),
    "disk_low": (
        "ruang kartu tinggal kurang dari 200 MB: di kios, terminal-agent doctor --fix",
        "less than 200 MB are left on its card: on the kiosk, terminal-agent doctor --fix",
    ),
    "disk_full": (
        "kartu kios penuh: di kios, terminal-agent doctor --fix; rekaman menunggu di mesin",
        "its card is full: on the kiosk, terminal-agent doctor --fix; records wait on the terminals",
    ),
    "disk_read_only": (
        "kartu kios terkunci (hanya baca), biasanya rusak: ganti, lalu sync-server kiosk replace KID",
        "its card is locked (read-only), usually broken: change it, then sync-server kiosk replace KID",
    ),
    "card_errors": (
        "sistem berkas kartu mencatat kesalahan: ganti kartunya pada kunjungan berikut",
        "its card's file system counted errors: change the card on the next visit",
    ),
    "card_worn": (
        "umur kartu hampir habis: ganti pada kunjungan berikut",
        "its card's life is nearly over: change it on the next visit",
    ),
    "system_clock_off": (
        "jam sistem kios salah lebih dari semenit: periksa NTP-nya; waktu rekaman tetap benar",
        "its system clock is more than a minute off: check its NTP; the times of records are right",
    ),
    "battery_clock_off": (
        "jam baterai (RTC) kios salah: ganti baterainya",
        "its battery clock (RTC) is wrong: change the battery",
    ),
    "journal_damaged": (
        "berkas jurnal kios rusak: di kios hentikan agen, lalu terminal-agent journal salvage",
        "its journal's file is damaged: on the kiosk stop the agent, then terminal-agent journal salvage",
    ),
    "backlog_old": (
        "rekaman menunggu lebih dari tiga hari: periksa internetnya, atau bawa dengan stik",
        "records have waited for more than three days: check its internet, or carry them on a stick",
    ),
    "update_rolled_back": (
        "pembaruan dibatalkan, kios berjalan dengan rilis sebelumnya; sebabnya: sync-server release list",
        "an update was taken back, the kiosk runs the release before; why: sync-server release list",
    ),
    "safe_mode": (
        "mode aman: kamera dimatikan teknisi, hanya jari; akhiri di kios: terminal-agent safe-mode off",
        "safe mode: a technician switched the camera off; end it there: terminal-agent safe-mode off",
    ),
}
