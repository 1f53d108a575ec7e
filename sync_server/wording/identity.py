"""Who becomes a kiosk, and who is one no more."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "token_made": (
        "Token sekali pakai untuk kios {kid}, berlaku 24 jam. Di kios: terminal-agent enrol-kiosk "
        "'BARIS DI ATAS'. Siapa pun yang memegangnya dapat menjadi kios itu.",
        "A one-time token for kiosk {kid}, good for 24 hours. At the kiosk: terminal-agent enrol-kiosk "
        "'THE LINE ABOVE'. Whoever holds it can become that kiosk.",
    ),
    "token_written": (
        "Token sekali pakai untuk kios {kid} ditulis ke {file}, berlaku 24 jam. Di kios: terminal-agent "
        "enrol-kiosk {file}",
        "A one-time token for kiosk {kid} written to {file}, good for 24 hours. At the kiosk: "
        "terminal-agent enrol-kiosk {file}",
    ),
    "no_door": (
        "kosong; tulis alamat pintu pendaftaran (https://nama:port) dan broker.mutual = true, atau "
        "undang tanpa --token",
        "is empty; write the address of the enrolment door (https://name:port) and broker.mutual = "
        "true, or invite without --token",
    ),
    "not_https": (
        "bukan alamat pintu; tulis https://nama:port",
        "no address of a door; write https://name:port",
    ),
    "enrol_needs_mutual": (
        "pendaftaran butuh sertifikat: tulis broker.mutual = true (sync-server certify)",
        "enrolment needs certificates: write broker.mutual = true (sync-server certify)",
    ),
    "nobody_asks": (
        "tidak ada kios yang meminta dengan kode itu sejak kemarin; lihat: sync-server kiosk approve",
        "no kiosk has asked with that code since yesterday; see: sync-server kiosk approve",
    ),
    "asked_twice": (
        "dua kios meminta dengan kode yang sama; mungkin satu di antaranya menyamar. Jangan setujui: "
        "daftarkan kios Anda dengan token",
        "two kiosks ask with the same code; one of them may pose as the other. Do not approve: enrol "
        "your kiosk with a token",
    ),
    "approve_whom": (
        "tulis KODE KID --opd KODE untuk kios baru, atau KODE KID --replace untuk kartu baru",
        "write CODE KID --opd CODE for a new kiosk, or CODE KID --replace for a new card",
    ),
    "reason_empty": (
        "kosong; tulis mengapa kios itu dicabut",
        "is empty; write why the kiosk is revoked",
    ),
    "stick_revoked": (
        "kios {kid} sudah dicabut; isinya tidak diterima. Simpan stik ini untuk pemeriksa",
        "kiosk {kid} was revoked; nothing of it is taken. Keep this stick for the inspectors",
    ),
    "kiosk_approved": (
        "Kios {kid} disetujui; ia selesai mendaftar sendiri dalam beberapa detik.",
        "Kiosk {kid} is approved; it finishes enrolling by itself within seconds.",
    ),
    "kiosk_now_revoked": (
        "Kios {kid} dicabut. Untuk kartu baru: sync-server kiosk replace {kid} --token",
        "Kiosk {kid} is revoked. For a new card: sync-server kiosk replace {kid} --token",
    ),
    "kiosk_was_revoked": (
        "Kios {kid} sudah dicabut sejak {day} UTC; alasan yang baru dicatat di log kantor. Untuk kartu "
        "baru: sync-server kiosk replace {kid} --token",
        "Kiosk {kid} was revoked already, since {day} UTC; the new reason stands in the office's log. For "
        "a new card: sync-server kiosk replace {kid} --token",
    ),
    "crl_written": (
        "Daftar pencabutan ditulis ({file}). Sekarang di broker: systemctl reload mosquitto. Broker di "
        "mesin lain: salin dulu berkas itu. Periksa: sync-server doctor",
        "The list of revoked certificates is written ({file}). Now at the broker: systemctl reload "
        "mosquitto. A broker on another machine: copy the file there first. Check: sync-server doctor",
    ),
    "crl_unwritable": (
        "Daftar pencabutan tidak dapat ditulis ke {folder}. Salin {file} ke sana, lalu: systemctl "
        "reload mosquitto",
        "The list of revoked certificates cannot be written to {folder}. Copy {file} there, then: "
        "systemctl reload mosquitto",
    ),
    "asking_how": (
        "Kios tanpa token: terminal-agent enrol-kiosk '{text}' --ask, lalu di sini: sync-server kiosk "
        "approve KODE KID --opd KODE",
        "A kiosk without a token: terminal-agent enrol-kiosk '{text}' --ask, then here: sync-server "
        "kiosk approve CODE KID --opd CODE",
    ),
    "asking_no_door": (
        "Belum ada pintu pendaftaran: tulis enrol.address di server.toml.",
        "There is no enrolment door yet: write enrol.address in server.toml.",
    ),
    "asking_title": ("Kios yang meminta masuk", "Kiosks that ask to be let in"),
    "asking_said": (
        "Setujui hanya kode yang dibacakan oleh orang yang berdiri di depan kios itu: kode itu mewakili "
        "kuncinya. Nomor papan dan alamat hanya petunjuk.",
        "Approve only a code that somebody who stands before the kiosk reads to you: it stands for the "
        "kiosk's keys. The board's number and the address are only hints.",
    ),
    "asking_code": ("Kode di kios", "Code on the kiosk"),
    "asking_serial": ("Nomor papan", "Board's number"),
    "asking_from": ("Dari alamat", "From address"),
    "asking_at": ("Meminta pada", "Asked at"),
    "asking_which": ("Kios mana", "Which kiosk"),
    "asking_kid": ("Nama kios", "Name of the kiosk"),
    "asking_kid_hint": ("misalnya T07A", "for instance T07A"),
    "asking_known": (
        "– kartu baru untuk kios yang sudah dikenal –",
        "– a new card for a kiosk that is known –",
    ),
    "asking_do": ("Setujui", "Approve"),
    "asking_refuse": ("Tolak", "Refuse"),
    "asking_refused": (
        "Ditolak. Kios itu diberi tahu, dan boleh meminta lagi sepuluh menit kemudian. Yang dimintanya "
        "tercatat di log kantor.",
        "Refused. The kiosk is told, and may ask again ten minutes later. What it asked stands in the "
        "office's log.",
    ),
    "asking_done": (
        "Disetujui. Kios yang masih bertanya menerima suratnya dalam beberapa detik.",
        "Approved. A kiosk that still asks gets its papers within seconds.",
    ),
    "kiosk_revoked": (
        "    DICABUT: {why}. Kartu baru: sync-server kiosk replace {kid} --token",
        "    REVOKED: {why}. A new card: sync-server kiosk replace {kid} --token",
    ),
    "kiosk_awaited": (
        "    belum mendaftar: tokennya belum dipakai",
        "    not enrolled: its token has not been used",
    ),
    "kiosk_certificate": (
        "    sertifikat sampai {day}",
        "    certificate until {day}",
    ),
    "kiosk_certificate_over": (
        "    sertifikat HABIS {day}: kios memintanya lagi lewat enrol.address, atau: kiosk replace",
        "    certificate ENDED {day}: the kiosk asks again at enrol.address, or: kiosk replace",
    ),
    "broker_ends": (
        "Sertifikat broker di {folder} habis {day}, lalu semua kios terputus: sync-server certify HOST "
        "--to {folder}, kemudian systemctl restart mosquitto",
        "The broker's own certificate in {folder} ends {day}, and every kiosk is cut off then: "
        "sync-server certify HOST --to {folder}, then systemctl restart mosquitto",
    ),
    "did_kiosk_invited": ("mengundang kios", "invited a kiosk"),
    "did_kiosk_token": ("membuat token kios", "made a kiosk's token"),
    "did_kiosk_replaced": ("mengganti kartu kios", "replaced a kiosk's card"),
    "did_kiosk_enrolled": ("kios mendaftar", "a kiosk enrolled"),
    "did_kiosk_approved": ("menyetujui kios", "approved a kiosk"),
    "did_kiosk_refused": ("menolak kios", "refused a kiosk"),
    "did_kiosk_renewed": ("kios memperbarui sertifikat", "a kiosk renewed its certificate"),
    "did_kiosk_revoked": ("mencabut kios", "revoked a kiosk"),
}
