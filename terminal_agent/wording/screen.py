"""What the kiosk's screen says: Indonesian first, English second. {s} is counted down by the page."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    # The page and its keys.
    "title": ("Absensi", "Attendance"),
    "other_lang": ("English", "Bahasa Indonesia"),
    "preview": ("Gambar kamera, seperti cermin", "The camera's picture, as in a mirror"),
    "tail": ("Baru saja", "Just now"),
    "key_nip": ("Ketik NIP", "Type NIP"),
    "key_secret": ("NIP + nomor rahasia", "NIP + secret number"),
    "key_witness": ("Rekan sebagai saksi", "Colleague as witness"),
    "key_mine": ("Lihat absensi saya", "See my attendance"),
    "key_about": ("Tentang data wajah saya", "About my face data"),
    "privacy_line": (
        "Kamera hanya membandingkan wajah; gambar tidak disimpan.",
        "The camera only compares faces; no picture is kept.",
    ),
    # The line at the top.
    "sent": ("Terkirim {at}", "Sent {at}"),
    "online": ("Tersambung", "Connected"),
    "sending": ("Tersambung — {waiting} sedang dikirim", "Connected — {waiting} being sent"),
    "offline": (
        "Luring — {waiting} tersimpan, menunggu kirim",
        "Offline — {waiting} stored, waiting to be sent",
    ),
    "offline_none": ("Luring — tidak ada yang menunggu", "Offline — nothing is waiting"),
    "line_unknown": ("Memulai…", "Starting…"),
    "clock_invalid": ("jam belum sah", "clock not valid"),
    "alert": ("Perlu teknisi: {parts}", "Needs a technician: {parts}"),
    "part_camera": ("kamera", "camera"),
    "part_replaced": (
        "kartu ini sudah diganti di pusat",
        "the centre has replaced this card",
    ),
    "part_certificate": (
        "sertifikat kios ditolak pusat",
        "the centre refuses this kiosk's certificate",
    ),
    "part_update": ("pembaruan dibatalkan", "an update was taken back"),
    "part_safe_mode": ("mode aman", "safe mode"),
    "safe_mode": ("Mode aman", "Safe mode"),
    "safe_mode_say": (
        "Kamera sedang dimatikan teknisi. Tempel jari di mesin, atau ketik NIP.",
        "A technician has switched the camera off. Use your finger, or type a NIP.",
    ),
    "part_storage": ("penyimpanan penuh", "storage full"),
    "part_power": ("catu daya", "power supply"),
    "part_heat": ("terlalu panas", "too hot"),
    "part_memory": ("memori", "memory"),
    "part_disk": ("ruang kartu", "room on the card"),
    "part_card": ("kartu rusak atau aus", "card worn or failing"),
    "part_clock": ("jam kios", "the kiosk's clock"),
    "part_journal": ("jurnal rusak", "journal damaged"),
    "part_backlog": ("lama tanpa sambungan", "long without a link"),
    # States of the whole screen: heading and sentence.
    "storage_full": ("Penyimpanan penuh", "Storage full"),
    "storage_full_say": (
        "Belum ada yang dicatat di sini. Tempel jari di mesin: mesin menyimpannya. Teknisi sudah "
        "diberi tahu.",
        "Nothing is recorded here now. Use your finger: the terminal keeps it. The technician has "
        "been told.",
    ),
    "ready": ("Siap", "Ready"),
    "ready_say": ("Lihat ke kamera{finger}.", "Look into the camera{finger}."),
    "ready_finger": (", atau tempel jari", ", or use your finger"),
    "ready_nip": ("Siap", "Ready"),
    "ready_nip_say": (
        "Ketik NIP dulu, lalu lihat ke kamera{finger}.",
        "Type your NIP first, then look into the camera{finger}.",
    ),
    "ready_blind": ("Siap", "Ready"),
    "ready_blind_say": ("Tempel jari di mesin, atau ketik NIP.", "Use your finger, or type a NIP."),
    "camera_starting": ("Kamera dimulai…", "Camera starting…"),
    "camera_starting_say": (
        "Sebentar lagi siap. Jari dan NIP sudah dapat dipakai.",
        "Ready in a moment. Finger and NIP work already.",
    ),
    "camera_down": ("Kamera mati", "Camera off"),
    "camera_down_say": (
        "Tempel jari, atau pakai tombol di bawah. Teknisi sudah diberi tahu.",
        "Use your finger, or the keys below. The technician has been told.",
    ),
    "dark": ("Terlalu gelap", "Too dark"),
    "dark_say": (
        "Layar menjadi putih sebagai lampu: mendekatlah ke layar.",
        "The screen turns white as a lamp: come closer to it.",
    ),
    "glare": ("Terlalu silau", "Too much glare"),
    "glare_say": (
        "Bergeserlah agar cahaya terang tidak di belakang Anda.",
        "Move so that the bright light is not behind you.",
    ),
    "away": ("Sebentar…", "One moment…"),
    "away_say": (
        "Aplikasi absensi sedang dimulai ulang… Layar ini kembali sendiri.",
        "The attendance application is restarting… This screen comes back by itself.",
    ),
    # One face.
    "look": ("Memeriksa…", "Checking…"),
    "look_say": ("Tetap lihat ke kamera.", "Keep looking into the camera."),
    "nip_first": ("Ketik NIP dulu", "Type your NIP first"),
    "nip_first_say": (
        "Lalu wajah Anda dibandingkan dengan NIP itu.",
        "Then your face is compared with that NIP.",
    ),
    "hold": ("Tahan sebentar", "Hold still"),
    "hold_say": (
        "Lihat lurus ke kamera, jangan bergerak.",
        "Look straight into the camera, keep still.",
    ),
    "turn_left": ("Toleh ke KIRI", "Turn LEFT"),
    "turn_left_say": ("Ke kiri Anda sendiri, ikuti panah.", "To your own left, follow the arrow."),
    "turn_right": ("Toleh ke KANAN", "Turn RIGHT"),
    "turn_right_say": (
        "Ke kanan Anda sendiri, ikuti panah.",
        "To your own right, follow the arrow.",
    ),
    "blink": ("Kedip 2 kali", "Blink twice"),
    "blink_say": (
        "Lihat ke kamera, pejamkan mata dua kali.",
        "Look into the camera and close your eyes twice.",
    ),
    "unknown": ("Belum dikenali", "Not recognised yet"),
    "unknown_say": ("Tempel jari atau ketik NIP.", "Use your finger or type your NIP."),
    "unknown_finger_say": (
        "Angkat jari, lap, lalu tempel lagi. Bila tetap begini, pakai jari lain atau ketik NIP.",
        "Lift your finger, wipe it, and put it down again. If it stays so, use another finger or "
        "type your NIP.",
    ),
    "unknown_blind_say": (
        "Ketik NIP, atau minta rekan menjadi saksi.",
        "Type your NIP, or ask a colleague to be your witness.",
    ),
    "failed": ("Belum berhasil", "Not done yet"),
    "failed_say": (
        "Coba lagi dalam {s} detik, atau tempel jari.",
        "Try again in {s} seconds, or use your finger.",
    ),
    "failed_now": (
        "Silakan coba lagi: lihat ke kamera.",
        "Please try again: look into the camera.",
    ),
    "crowd": ("Terlalu ramai", "Too many faces"),
    "crowd_say": (
        "Bergantian: paling banyak empat wajah di depan kamera.",
        "Take turns: at most four faces before the camera.",
    ),
    "expect": ("Lihat ke kamera", "Look into the camera"),
    "expect_say": (
        "Wajah Anda dibandingkan dengan NIP itu.",
        "Your face is compared with that NIP.",
    ),
    "expect_witness": ("Saksi: lihat ke kamera", "Witness: look into the camera"),
    "expect_witness_say": (
        "Saksi berdiri paling depan. Nama saksi tercatat dan absen ini ditandai.",
        "The witness stands in front. Their name is recorded and the entry is marked.",
    ),
    "expect_mine": ("Lihat ke kamera", "Look into the camera"),
    "expect_mine_say": (
        "Wajah Anda dibandingkan dengan NIP itu, lalu daftar Anda terbuka.",
        "Your face is compared with that NIP, then your list opens.",
    ),
    # One person's card.
    "recorded": ("Tercatat", "Recorded"),
    "late": ("Terlambat", "Late"),
    "early": ("Pulang lebih awal", "Leaving early"),
    "again": ("Sudah tercatat", "Already recorded"),
    "held": ("Tersimpan", "Stored"),
    "checking": ("Memeriksa…", "Checking…"),
    "recorded_say": ("masuk {at}, tepat waktu", "in {at}, on time"),
    "nobodys_say": (
        "tersimpan {at}, tetapi PIN ini tidak ada di daftar kantor: lapor ke kepegawaian",
        "stored {at}, but this PIN is not on the office's list: tell the personnel office",
    ),
    "recorded_plain_say": ("tercatat {at}", "recorded {at}"),
    "recorded_out_say": ("pulang {at}", "out {at}"),
    "late_say": ("masuk {at}, terlambat {minutes} menit", "in {at}, {minutes} minutes late"),
    "early_say": (
        "pulang {at}, {minutes} menit lebih awal",
        "out {at}, {minutes} minutes early",
    ),
    "again_say": ("{at}, {ago}", "{at}, {ago}"),
    "held_say": (
        "tersimpan; jam kios belum sah, waktu dipastikan pusat",
        "stored; the kiosk's clock is not valid, the centre settles the time",
    ),
    "checking_say": (
        "jari terbaca, menunggu catatan mesin",
        "finger read, waiting for the terminal's record",
    ),
    "pin": ("PIN {pin}", "PIN {pin}"),
    "code": ("bukti {code}", "evidence {code}"),
    "hello": ("{greeting}, {name}", "{greeting}, {name}"),
    "bye": ("Selamat jalan, {name}", "Goodbye, {name}"),
    "morning": ("Selamat pagi", "Good morning"),
    "noon": ("Selamat siang", "Good day"),
    "afternoon": ("Selamat sore", "Good afternoon"),
    "night": ("Selamat malam", "Good evening"),
    "ago_now": ("baru saja", "just now"),
    "ago_minutes": ("{n} menit lalu", "{n} minutes ago"),
    "ago_hours": ("{n} jam lalu", "{n} hours ago"),
    "in": ("masuk", "in"),
    "out": ("pulang", "out"),
    # How somebody was recognised, and where a scan is.
    "way_face": ("wajah", "face"),
    "way_finger": ("jari", "finger"),
    "way_card": ("kartu", "card"),
    "way_secret": ("nomor rahasia", "secret number"),
    "way_witness": ("saksi", "witness"),
    "way_device": ("mesin", "terminal"),
    "stored": ("tersimpan di kios", "stored on the kiosk"),
    "sent_stage": ("terkirim", "sent"),
    "received": ("diterima pusat", "received by the centre"),
}
