"""What is said about the kiosk's units: Indonesian, English."""

WORDS = {
    "unit_on": ("{name}: dijalankan", "{name}: is to run"),
    "unit_off": ("{name}: tidak dijalankan", "{name}: is not to run"),
    "units_none": (
        "Tidak ada unit Hadir di {detail}. Pasang dulu paketnya: sudo apt install ./hadir-kiosk_*.deb",
        "There is no unit of Hadir in {detail}. Install the package first: "
        "sudo apt install ./hadir-kiosk_*.deb",
    ),
    "units_failed": (
        "systemd menolak: {detail}\nPerintah ini butuh root: sudo terminal-agent units",
        "systemd refused: {detail}\nThis command needs root: sudo terminal-agent units",
    ),
    "units_unenrolled": (
        "Kios ini belum terdaftar di pusat. Daftarkan dengan sudo -u hadir-agent terminal-agent "
        "enrol-kiosk, lalu jalankan sudo terminal-agent units.",
        "This kiosk is not enrolled yet. Enrol it with sudo -u hadir-agent terminal-agent "
        "enrol-kiosk, then type sudo terminal-agent units.",
    ),
}
