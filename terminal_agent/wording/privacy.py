"""The notice "Tentang data wajah saya": Indonesian first, English second. UU 27/2022 calls a face
specific personal data, so purpose, content, duration, contact and rights are told at the kiosk."""

# Which text somebody was told: another one for every change of the text, which a test asks for.
NOTICE_VERSION = "2026-1"
NOTICE: tuple[tuple[tuple[str, str], tuple[str, str]], ...] = (
    (
        ("Untuk apa", "What for"),
        (
            "Wajah dibandingkan hanya untuk mencatat kehadiran Anda di kantor ini; bukan untuk hal lain.",
            "Your face is compared only to record your attendance at this office; for nothing else.",
        ),
    ),
    (
        ("Apa yang disimpan, berapa lama", "What is kept, how long"),
        (
            "Pola angka dari wajah (bukan foto), terenkripsi, selama Anda bertugas di kantor ini. "
            "Gambar kamera tidak disimpan. Catatan waktu hadir disimpan menurut aturan arsip.",
            "A pattern of numbers made from the face (no photo), encrypted, while you work at this "
            "office. The camera's pictures are not kept. Attendance times are kept as the rules on "
            "archives say.",
        ),
    ),
    (
        ("Hak Anda", "Your rights"),
        (
            "UU 27/2022 tentang Pelindungan Data Pribadi: Anda boleh melihat, membetulkan, dan meminta "
            "penghapusan. Minta kepada petugas di bawah; pola wajah dihapus dari semua kios paling lama "
            "3 x 24 jam, dengan bukti.",
            "Law UU 27/2022 on personal data: you may see, correct and ask for erasure. Ask the officer "
            "below; the pattern is erased from every kiosk within 3 x 24 hours, with proof.",
        ),
    ),
    (
        ("Tanpa wajah", "Without a face"),
        (
            "Anda boleh absen dengan jari, kartu, atau nomor rahasia (dengan surat izin), atau disaksikan "
            "seorang rekan, yang namanya ikut tercatat.",
            "You may use a finger, a card, or a secret number (with a letter), or a colleague as witness, "
            "whose name is recorded too.",
        ),
    ),
    (("Kontak", "Contact"), ("{contact}", "{contact}")),
)
NO_CONTACT = ("Subbagian kepegawaian kantor ini", "The personnel section of this office")
