"""What the steps of setting up a kiosk say, on its setup page and in the wizard."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "setup_title": ("Siapkan kios Hadir", "Set up this Hadir kiosk"),
    "setup_how_network": (
        "Sambungkan ponsel ke jaringan kantor yang sama dengan kios ini.",
        "Connect a phone to the same office network as this kiosk.",
    ),
    "setup_how_scan": ("Pindai kode ini dengan kamera ponsel.", "Scan this code with its camera."),
    "setup_how_type": ("Atau ketik di peramban:", "Or type in its browser:"),
    "setup_code": ("Kode:", "Code:"),
    "setup_or_terminal": (
        "Tanpa ponsel: sudo terminal-agent init",
        "Without a phone: sudo terminal-agent init",
    ),
    "setup_begin": ("Kios ini belum disiapkan.", "This kiosk is not set up yet."),
    "setup_at_work": (
        "Sedang disiapkan dari ponsel. Ponsel lain dapat mengambil alih dengan kode baru ini.",
        "A phone is setting it up. Another phone may take over with this new code.",
    ),
    "setup_no_address": (
        "Kios ini belum tersambung ke jaringan. Pasang kabel LAN atau atur Wi-Fi, lalu tunggu.",
        "This kiosk is on no network yet. Plug in its LAN cable or set up Wi-Fi, then wait.",
    ),
    "setup_done": (
        "Kios {kid} terdaftar. Layar absensi terbuka sebentar lagi.",
        "Kiosk {kid} is enrolled. Its screen opens in a moment.",
    ),
    "setup_next": (
        'Tunggu sampai layar kios menampilkan "Siap", lalu coba satu scan. Bila tidak: '
        "terminal-agent status di kios.",
        "Wait until the kiosk's screen says it is ready, then try one scan. If it does not: "
        "terminal-agent status on the kiosk.",
    ),
    "setup_enter_title": ("Kode dari layar kios", "The code on the kiosk's screen"),
    "setup_enter_help": (
        "Pindai QR di layar kios, atau ketik kodenya di sini. Kode berlaku sekali.",
        "Scan the QR on the kiosk's screen, or type its code here. It is good for one use.",
    ),
    "setup_open": ("Buka", "Open"),
    "setup_entered": ("Kode benar.", "The code is right."),
    "setup_wrong": (
        "Kode salah. Lihat lagi layar kios; huruf I, L, O, U tidak dipakai.",
        "Wrong code. Look at the kiosk's screen again; it has no letters I, L, O, U.",
    ),
    "setup_slow": (
        "Terlalu cepat setelah kode yang salah. Tunggu setengah menit, lalu ketik lagi.",
        "Too soon after a wrong code. Wait half a minute, then type it again.",
    ),
    "setup_locked": (
        "Ponsel lain mengambil alih, atau kios dinyalakan ulang. Pindai lagi kode di layar kios.",
        "Another phone took over, or the kiosk started anew. Scan the code on its screen again.",
    ),
    "setup_code_first": (
        "Langkah ini belum terbuka. Pindai dahulu QR di layar kios, atau ketik kodenya.",
        "This step is not open yet. First scan the QR on the kiosk's screen, or type its code.",
    ),
    "setup_busy": (
        "Langkah sebelumnya masih berjalan. Tunggu sebentar, lalu ulangi.",
        "The step before is still at work. Wait a moment, then try again.",
    ),
    "setup_bad_form": (
        "Isian tidak lengkap. Nama: huruf kecil, angka, - dan _, paling banyak 32. Port: 1-65535. Kunci "
        "komunikasi: 0-999999. Kuota: 0-1000000.",
        "The form is not complete. Name: small letters, digits, - and _, at most 32. Port: 1-65535. "
        "Communication key: 0-999999. Data plan: 0-1000000.",
    ),
    "setup_away": (
        "Kios tidak menjawab. Periksa Wi-Fi ponsel, lalu ulangi.",
        "The kiosk does not answer. Check the phone's Wi-Fi, then try again.",
    ),
    # Step 1
    "setup_place_title": ("Tempat kios", "Where it stands"),
    "setup_office_help": (
        "Kantor dan nama kios datang dari pusat bersama tokennya (langkah 4).",
        "Office and kiosk name come from the centre with the token (step 4).",
    ),
    "setup_zone": ("Zona waktu", "Time zone"),
    "setup_link": ("Sambungan ke pusat", "Link to the centre"),
    "setup_link_normal": ("Biasa: serat, kabel, Wi-Fi", "Normal: fibre, cable, Wi-Fi"),
    "setup_link_metered": ("Berkuota: SIM, satelit", "Metered: SIM card, satellite"),
    "setup_link_live": ("Langsung: tanpa kuota, tercepat", "Live: no quota, fastest"),
    "setup_quota": (
        "Kuota data sebulan, juta byte (0 = tanpa)",
        "Million bytes a month (0 = no limit)",
    ),
    "setup_contact": ("Petugas data pribadi kantor ini", "Whom to ask about personal data here"),
    "setup_keep": ("Simpan", "Keep"),
    "setup_kept": ("Tempat kios dicatat.", "The place is noted."),
    # Steps 2 and 3: setup_things
    # Step 4
    "setup_join_title": ("Daftarkan ke pusat", "Enrol at the centre"),
    "setup_join_help": (
        "Tempel baris hadir: dari pusat, atau tunjukkan QR-nya ke kamera kios. Ini langkah terakhir: "
        "sesudahnya semua jawaban dipakai.",
        "Paste the line hadir: of the centre, or show its QR to the kiosk's camera. This comes last: "
        "after it all answers are put to use.",
    ),
    "setup_pass": ("Token atau alamat dari pusat", "Token or address of the centre"),
    "setup_scan": ("Baca QR dengan kamera kios", "Read a QR with the kiosk's camera"),
    "setup_join": ("Daftarkan dan selesai", "Enrol and finish"),
    "setup_scanned": (
        "QR terbaca. Sekarang tekan Daftarkan dan selesai.",
        "The QR was read. Now press Enrol and finish.",
    ),
    "setup_no_code": (
        "Tidak ada QR yang terbaca dalam satu menit. Perbesar QR di layar ponsel, terangkan layarnya, "
        "pegang 20-30 cm dari kamera, atau tempel tokennya.",
        "No QR was read within a minute. Enlarge it on the phone, make its screen bright, hold it 20-30 "
        "cm from the camera, or paste the token.",
    ),
}
