"""What the screen's keypad says, and what it answers: Indonesian first, English second."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "nip": ("NIP atau PIN", "NIP or PIN"),
    "nip_who": ("NIP yang absen", "NIP of who attends"),
    "nip_by": ("NIP petugas piket", "NIP of the duty officer"),
    "secret": ("Nomor rahasia", "Secret number"),
    "secret_by": ("Nomor rahasia petugas", "The officer's secret number"),
    "secret_or_face": (
        "Nomor rahasia (kosong: wajah yang baru dikenali)",
        "Secret number (empty: the face just recognised)",
    ),
    "nip_help": (
        "Lalu lihat ke kamera: wajah dibandingkan dengan NIP ini.",
        "Then look into the camera: the face is compared with this NIP.",
    ),
    "secret_help": (
        "Hanya untuk yang punya surat izin. Ditandai di rekap.",
        "Only with a letter of permission. It is marked in the reports.",
    ),
    "witness_help": (
        "Petugas menyaksikan orangnya di sini. Nama petugas ikut tercatat.",
        "The officer sees the person here. The officer's name is recorded too.",
    ),
    "mine_help": (
        "Tujuh hari terakhir, dan sampai di mana tiap absen.",
        "The last seven days, and how far each scan has come.",
    ),
    "next": ("Lanjut", "Next"),
    "done": ("Kirim", "Send"),
    "delete": ("Hapus", "Delete"),
    "close": ("Tutup", "Close"),
    "asking": ("Sebentar…", "One moment…"),
    "type_digits": ("Ketik angkanya dulu.", "Type the digits first."),
    "closing": ("Menutup sendiri", "Closes by itself"),
    "mine_none": (
        "Belum ada absen dalam tujuh hari terakhir di kios ini.",
        "No scan in the last seven days on this kiosk.",
    ),
    "mine_note": (
        "Simpan kode bukti: dapat diperiksa di pusat kapan saja.",
        "Keep the evidence code: the centre can check it any time.",
    ),
}

# What the agent answers by code; "told_other" where none is known.
TOLD: Mapping[str, tuple[str, str]] = {
    "other": (
        "Belum berhasil. Coba lagi, atau panggil petugas piket.",
        "Not done. Try again, or call the duty officer.",
    ),
    "no_agent": (
        "Aplikasi absensi sedang dimulai ulang… Coba lagi sebentar.",
        "The attendance application is restarting… Try again in a moment.",
    ),
    "bad_input": ("Periksa angkanya, lalu coba lagi.", "Check the digits, then try again."),
    "unknown_person": (
        "NIP itu tidak terdaftar di kios ini. Periksa angkanya, atau hubungi kepegawaian.",
        "That NIP is not known on this kiosk. Check the digits, or ask the personnel section.",
    ),
    "unknown_nip": (
        "NIP itu tidak terdaftar di kios ini. Ketik NIP lengkap, bukan PIN.",
        "That NIP is not known on this kiosk. Type the whole NIP, not the PIN.",
    ),
    "unknown_witness": (
        "NIP petugas tidak terdaftar di kios ini. Periksa angkanya.",
        "The officer's NIP is not known on this kiosk. Check the digits.",
    ),
    "self_witness": (
        "Petugas tidak dapat menjadi saksi untuk dirinya sendiri.",
        "Nobody can be their own witness.",
    ),
    "not_recognised": (
        "Wajah belum dikenali dalam satu menit terakhir. Lihat ke kamera dulu, atau ketik nomor "
        "rahasia.",
        "The face was not recognised within the last minute. Look into the camera first, or type "
        "the secret number.",
    ),
    "no_letter": (
        "Nomor rahasia hanya untuk yang punya surat izin. Pakai wajah, jari, atau petugas piket.",
        "A secret number needs a letter of permission. Use your face, finger, or the duty officer.",
    ),
    "wrong_secret": (
        "Nomor rahasia salah. Periksa angkanya, lalu coba lagi.",
        "Wrong secret number. Check the digits, then try again.",
    ),
    "wait": (
        "Terlalu sering salah. Tunggu beberapa menit, atau panggil petugas piket.",
        "Wrong too often. Wait some minutes, or call the duty officer.",
    ),
    "no_camera": (
        "Kamera sedang tidak ada. Tempel jari, atau panggil petugas piket.",
        "There is no camera now. Use your finger, or call the duty officer.",
    ),
    "busy": ("Sedang sibuk. Coba lagi sebentar.", "Busy. Try again in a moment."),
}
