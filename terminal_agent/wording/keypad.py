"""What the screen's keypad says, and what it answers: Indonesian first, English second."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "nip": ("NIP atau PIN", "NIP or PIN"),
    "nip_who": ("NIP yang absen", "NIP of who attends"),
    "nip_whole": ("NIP", "NIP"),
    "nip_by": ("NIP rekan yang menjadi saksi", "NIP of the colleague who is the witness"),
    "secret": ("Nomor rahasia", "Secret number"),
    "secret_or_face": (
        "Nomor rahasia (kosong: pakai wajah)",
        "Secret number (empty: use the face)",
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
        "Rekan menyaksikan orangnya di sini. Nama saksi ikut tercatat dan absen ini ditandai.",
        "A colleague sees the person here. The witness's name is recorded and the entry is marked.",
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
        "Belum berhasil. Coba lagi, atau minta rekan menjadi saksi.",
        "Not done. Try again, or ask a colleague to be your witness.",
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
        "NIP saksi tidak terdaftar di kios ini. Ketik NIP lengkap, bukan PIN.",
        "The witness's NIP is not known on this kiosk. Type the whole NIP, not the PIN.",
    ),
    "self_witness": (
        "Saksi harus orang lain, bukan yang absen sendiri.",
        "Nobody can be their own witness.",
    ),
    "not_recognised": (
        "Wajah tidak cocok dengan NIP itu dalam setengah menit. Coba lagi: ketik NIP, lalu lihat lurus "
        "ke kamera.",
        "The face did not match that NIP within half a minute. Try again: type the NIP, then look "
        "straight into the camera.",
    ),
    "no_letter": (
        "Nomor rahasia hanya untuk yang punya surat izin. Pakai wajah, jari, atau rekan sebagai saksi.",
        "A secret number needs a letter of permission. Use your face, finger, or a colleague as "
        "witness.",
    ),
    "wrong_secret": (
        "Nomor rahasia salah. Periksa angkanya, lalu coba lagi.",
        "Wrong secret number. Check the digits, then try again.",
    ),
    "wait": (
        "Terlalu sering salah. Tunggu beberapa menit, atau minta rekan menjadi saksi.",
        "Wrong too often. Wait some minutes, or ask a colleague to be your witness.",
    ),
    "no_camera": (
        "Kamera sedang tidak ada. Tempel jari, atau pakai nomor rahasia.",
        "There is no camera now. Use your finger, or a secret number.",
    ),
    "storage_full": (
        "Penyimpanan kios penuh: TIDAK dicatat. Tempel jari di mesin, dan panggil teknisi.",
        "The kiosk's storage is full: NOT recorded. Use your finger, and call the technician.",
    ),
    "busy": ("Sedang sibuk. Coba lagi sebentar.", "Busy. Try again in a moment."),
}
