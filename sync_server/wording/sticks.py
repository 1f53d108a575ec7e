"""What is said of sticks, QR texts and codes of offices without a link."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "stick_taken": (
        "{kid}: {new} peristiwa baru, {known} sudah ada; lengkap sampai peristiwa {acked}",
        "{kid}: {new} new events, {known} known already; complete up to event {acked}",
    ),
    "stick_missing": (
        "    HILANG: peristiwa {missing_from}-{missing_to} tidak ada di stik mana pun. Bawa stik "
        "pulang: stik berikutnya dari kios itu membawanya lagi.",
        "    MISSING: events {missing_from}-{missing_to} are on none of the sticks. Bring the stick "
        "back: the next one from that kiosk carries them again.",
    ),
    "stick_refused": (
        "    Sebagian tidak terbaca oleh pusat ini dan disimpan. Di kios, ketik: terminal-agent "
        "export --to FOLDER --plain",
        "    Some of it could not be read here and is kept. Type at the kiosk: terminal-agent export "
        "--to FOLDER --plain",
    ),
    "stick_forked": (
        "    CABANG: kartu kios ini pernah disalin atau dipulihkan; isinya dikarantina. Lihat: "
        "sync-server forks",
        "    FORK: this kiosk's card was copied or restored; its events are in quarantine. See: "
        "sync-server forks",
    ),
    "stick_code": (
        "    Kode untuk kios {kid} (boleh lewat telepon): {short}   di sana: terminal-agent "
        "import-receipts --code {short}",
        "    Code for kiosk {kid} (by telephone, too): {short}   type there: terminal-agent "
        "import-receipts --code {short}",
    ),
    "stick_next": (
        "Tanda terima sudah ditulis di samping berkasnya. Bawa stik kembali ke kantor, lalu di kios: "
        "terminal-agent import-receipts FOLDER",
        "The receipts are written beside the files. Bring the stick back to the office and type at "
        "the kiosk: terminal-agent import-receipts FOLDER",
    ),
    # What cannot be taken
    "no_sticks": (
        "tidak ada berkas *.hadir di sana; periksa apakah stik terpasang, atau buat di kios: "
        "terminal-agent export --to FOLDER",
        "no *.hadir file is there; check that the stick is mounted, or make one at the kiosk: "
        "terminal-agent export --to FOLDER",
    ),
    "no_texts": (
        "tidak ada teks kios di sana; salin hasil pindai QR seluruhnya, mulai dari HADIR:",
        "no kiosk's text is there; copy the whole scanned QR text, from HADIR: on",
    ),
    "stick_damaged": (
        "berkas rusak atau terpotong ({detail}); buat lagi di kios: terminal-agent export --to FOLDER",
        "damaged or cut short ({detail}); make it again at the kiosk: terminal-agent export --to FOLDER",
    ),
    "text_damaged": (
        "bukan teks QR kios, atau terpotong ({detail}); pindai dan salin lagi seluruhnya",
        "not a kiosk's QR text, or cut short ({detail}); scan and copy all of it again",
    ),
    "stick_unopened": (
        "tidak dapat dibuka: terpotong atau rusak (salin atau buat lagi), atau disegel untuk pusat lain",
        "cannot be opened: cut short or damaged (copy or make it again), or sealed for another centre",
    ),
    "stick_unreadable": (
        "tidak terbaca ({detail}), yang lain tetap diambil; buat lagi di kios: terminal-agent export "
        "--to FOLDER",
        "cannot be read ({detail}), the others are taken all the same; make it again at the kiosk: "
        "terminal-agent export --to FOLDER",
    ),
    "pipe_too_long": (
        "lebih dari {most} MiB dalam satu pipa; tidak ada yang diambil. Salin ke sebuah folder, lalu: "
        "sync-server import FOLDER",
        "more than {most} MiB in one pipe; nothing is taken. Copy it into a folder, then: sync-server "
        "import FOLDER",
    ),
    "stick_stranger": (
        "kios {kid} belum pernah diundang di pusat ini; bawa ke pusatnya sendiri",
        "kiosk {kid} was never invited here; take it to its own centre",
    ),
    "stick_forged": (
        "bukan dari kartu kios {kid} yang sekarang (kartu lama, atau palsu); buat lagi di kios itu",
        "not from the present card of kiosk {kid} (its old card, or forged); make it again at that "
        "kiosk",
    ),
    "stick_other_key": (
        "ditandatangani kunci lain daripada yang dikenal dari kios {kid}; kalau kartunya memang baru: "
        "sync-server kiosk replace {kid}",
        "signed by another key than the one known from kiosk {kid}; if it really has a new card: "
        "sync-server kiosk replace {kid}",
    ),
    "receipt_unwritable": (
        "tidak dapat ditulis ({detail}); peristiwanya sudah tersimpan. Buka kunci tulis stik, lalu "
        "ketik lagi: sync-server import {path}",
        "cannot be written ({detail}); the events are stored. Unlock the stick for writing and type "
        "again: sync-server import {path}",
    ),
}
