"""What is said of what proves the records: checks, checkpoints, events that prove nothing."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "check_holds": ("{kind}: utuh ({looked})", "{kind}: hold ({looked})"),
    "check_fails": (
        "{kind}: {failed} dari {looked} TIDAK COCOK; yang pertama {where}: {why}",
        "{kind}: {failed} of {looked} do NOT hold; the first {where}: {why}",
    ),
    "check_line": ("nomor {line}", "number {line}"),
    "check_chains": ("Rantai peristiwa", "Chains of events"),
    "check_punches": ("Presensi yang dibaca darinya", "Punches read out of them"),
    "check_seals": ("Segel kios", "Seals of kiosks"),
    "check_receipts": ("Tanda terima yang dicatat kios", "Receipts that kiosks noted"),
    "check_witnessed": ("Titik periksa yang dilihat kios", "Checkpoints that kiosks saw"),
    "check_distrusted": ("Peristiwa yang tidak membuktikan", "Events that may prove nothing"),
    "check_log": ("Log kantor", "Office log"),
    "check_decisions": ("Keputusan", "Decisions"),
    "check_rulings": ("Berkas peraturan", "Files of decrees"),
    "check_checkpoints": ("Titik periksa harian", "Daily checkpoints"),
    "check_months": ("Bulan yang dibekukan", "Frozen months"),
    "check_kiosks": ("Kios dan kantornya", "Kiosks and their offices"),
    "check_credentials": ("Sertifikat dan kunci kios", "Certificates and keys of kiosks"),
    "check_against": ("Titik periksa dari luar", "Checkpoint from elsewhere"),
    "why_event_broken": (
        "isi, urutan, jenis atau kepala rantai diubah",
        "its record, order, kind or chain head was changed",
    ),
    "why_punch_stray": (
        "tersimpan sebagai presensi, tetapi bukan dari peristiwa itu",
        "stored as a punch, but no event says so",
    ),
    "why_punch_twice": ("tersimpan dua kali", "stored twice"),
    "why_punch_differs": (
        "presensi tersimpan lain dari peristiwanya",
        "the punch as stored is not what its event says",
    ),
    "why_punch_missing": ("presensinya tidak tersimpan", "its punch is not stored"),
    "why_repeat_of_nothing": (
        "disebut ulangan, tetapi tidak mengulang apa pun",
        "called a repeat, and repeats nothing",
    ),
    "why_pins_differ": (
        "daftar PIN rantai ini lain dari peristiwanya",
        "the chain's list of PINs is not what its events say",
    ),
    "why_devices_differ": (
        "daftar perangkat rantai ini lain dari peristiwanya",
        "the chain's list of devices is not what its events say",
    ),
    "why_seal_false": (
        "segel tidak cocok dengan rantai di depannya",
        "the seal is not over the chain before it",
    ),
    "why_seal_stranger": (
        "segel dibuat dengan kunci lain daripada milik kios",
        "the seal was made with a key that is not the kiosk's",
    ),
    "why_receipt_false": (
        "tanda terima tidak ditandatangani pusat ini",
        "the receipt was not signed by this centre",
    ),
    "why_receipt_unchecked": (
        "tanda terima tidak dapat diperiksa: kunci pusat (sign.key) tidak ada di folder state ini",
        "the receipt cannot be checked: the centre's key (sign.key) is not in this state folder",
    ),
    "why_checkpoint_unknown": (
        "kios melihat titik periksa yang tidak dimiliki pusat ini",
        "the kiosk saw a checkpoint that this ledger does not have",
    ),
    "why_card_changed": (
        "kartu lain tanpa kiosk replace: salinan, atau kartu diganti",
        "another card without kiosk replace: a copy, or it was exchanged",
    ),
    "why_board_changed": (
        "papan lain tanpa kiosk replace: kartu dipasang di mesin lain",
        "another board without kiosk replace: the card was put into another machine",
    ),
    "why_settled_unlogged": (
        "disebut sudah diperiksa, tetapi log kantor tidak tahu siapa yang memeriksa peristiwa ini",
        "called settled, but the office's log does not know who looked at this event",
    ),
    "why_row_changed": (
        "baris ini diubah atau disisipkan",
        "this row was changed or put in",
    ),
    "why_row_missing": (
        "baris sebelum baris ini dihapus",
        "rows before this one were deleted",
    ),
    "why_checkpoint_changed": ("teksnya diubah", "its text was changed"),
    "why_checkpoint_unsigned": (
        "tanda tangannya bukan dari pusat ini",
        "its signature is not this centre's",
    ),
    "why_checkpoint_before": (
        "tidak menyambung titik periksa sebelumnya: ada yang dihapus atau diubah",
        "it does not follow the checkpoint before it: one was deleted or changed",
    ),
    "why_checkpoint_gone": (
        "titik periksa itu tidak ada lagi di pusat ini",
        "this ledger no longer has that checkpoint",
    ),
    "why_checkpoint_unlogged": (
        "log kantor tidak tahu titik periksa ini",
        "the office's log knows nothing of this checkpoint",
    ),
    "why_checkpoint_other": (
        "pusat ini menyimpan teks lain di bawah nomor itu",
        "this ledger keeps another text under that number",
    ),
    "why_head_other": (
        "rantai sampai peristiwa itu bukan lagi rantai pada hari itu",
        "the chain up to that event is no longer what it was on that day",
    ),
    "why_head_gone": (
        "peristiwa itu dan sesudahnya tidak ada lagi",
        "that event and what followed are gone",
    ),
    "why_book_other": (
        "buku pusat sampai baris itu bukan lagi buku pada hari itu",
        "the centre's book up to that row is no longer what it was on that day",
    ),
    "why_key_other": (
        "kunci kios bukan lagi kunci pada hari itu",
        "the kiosk's key is no longer what it was on that day",
    ),
    "why_month_changed": (
        "lembar bulan bukan lagi yang disetujui",
        "the month's sheet is no longer what was approved",
    ),
    "why_month_unlogged": (
        "log kantor tidak tahu pembekuan ini",
        "the office's log knows nothing of this freezing",
    ),
    "why_month_gone": (
        "bulan yang dibekukan itu tidak ada lagi, atau diubah",
        "the month that was frozen is gone or changed",
    ),
    "why_kiosk_office": (
        "kantor kios (tersimpan / menurut log kantor) bukan yang dicatat saat kios diterima",
        "the kiosk's office (as stored / by the office's log) is not the one it was admitted for",
    ),
    "why_kiosk_unlogged": (
        "log kantor tidak tahu siapa yang menerima kios ini, dan untuk kantor mana. Bila kios memang "
        "ada dan kantornya benar: sync-server kiosk replace mencatatnya",
        "the office's log does not know who admitted this kiosk, and for which office. Where it is "
        "genuine and its office is right: sync-server kiosk replace puts it on record",
    ),
    "why_kiosk_gone": (
        "kios yang diterima menurut log kantor tidak ada lagi",
        "a kiosk that was admitted by the office's log is gone",
    ),
    "why_kiosk_unrevoked": (
        "dicabut menurut log kantor, tetapi tersimpan sebagai berlaku",
        "revoked by the office's log, and stored as if it counted",
    ),
    "why_kiosk_revoked_unlogged": (
        "tersimpan sebagai dicabut, tetapi log kantor tidak tahu siapa yang mencabut",
        "stored as revoked, but the office's log does not know who revoked it",
    ),
    "why_kiosk_key": (
        "kunci MAC yang dipakai bukan salah satu yang diberikan kepada kios ini",
        "the MAC key in force is none of those that this kiosk was given",
    ),
    "why_credential_unlogged": (
        "log kantor tidak tahu pemberian ini: disisipkan, atau isinya diubah",
        "the office's log knows nothing of this: it was put in, or changed",
    ),
    "why_credential_gone": (
        "yang diberikan menurut baris log kantor itu tidak ada lagi, atau diubah",
        "what was given by that line of the office's log is gone or changed",
    ),
    "why_credential_revived": (
        "berakhir menurut log kantor, tetapi tersimpan sebagai berlaku",
        "ended by the office's log, and stored as if it counted",
    ),
    "why_credential_ended": (
        "tersimpan sebagai dicabut, tetapi log kantor tidak tahu pencabutannya",
        "stored as revoked, but the office's log knows nothing of that",
    ),
    "checkpoint_made": (
        "Titik periksa {no} tanggal {day}: {short}",
        "Checkpoint {no} of {day}: {short}",
    ),
    "not_a_checkpoint": (
        "bukan titik periksa: pakai berkas utuh yang diunduh atau dikirim, sampai baris signature",
        "not a checkpoint: use the whole file as it was mailed, with its last line, signature",
    ),
    "sign_key_missing": (
        "tidak ada sign.key di {state}: jalankan di mesin pusat, dengan folder state-nya",
        "there is no sign.key in {state}: run this on the centre's machine, with its state folder",
    ),
    "sign_key_unusable": (
        "tidak terbaca sebagai kunci ({detail}): pulihkan dari cadangan, jangan buat yang baru",
        "cannot be read as a key ({detail}): restore it from the backup, never make a new one",
    ),
    "centre_key_missing": (
        "tidak ada, padahal kunci pusat diperlukan di sini: salin semua *.key (dan ca.pem, bila ada) dari "
        "folder state pusat, atau pulihkan dari cadangan; jangan buat yang baru. Pusat yang baru dipasang "
        "membuatnya saat sync-server run, web, atau kiosk invite",
        "is missing, and the centre's key is needed here: copy every *.key (and ca.pem, where there is "
        "one) from the centre's state folder, or restore it from the backup; never make a new one. A new "
        "centre makes it at sync-server run, web or kiosk invite",
    ),
    "need_contradicted": (
        "Menolak titik periksa pusat: kartunya berisi riwayat lain. Jangan hapus apa pun; jalankan "
        "sync-server ledger verify --kid {kid}",
        "It refused the centre's checkpoint: its card holds another history. Erase nothing; run "
        "sync-server ledger verify --kid {kid}",
    ),
    "need_distrusted": (
        "Ada peristiwa yang tidak membuktikan apa-apa: periksa, lalu sync-server forks resolve {kid}",
        "Some of its events prove nothing: look, then sync-server forks resolve {kid}",
    ),
    "did_forks_resolved": ("menyelesaikan cabang kios", "resolved a kiosk's forks"),
    "did_checkpoint": ("membuat titik periksa", "made a checkpoint"),
    "did_checkpoint_taken": ("mengunduh titik periksa", "downloaded a checkpoint"),
    "kiosk_contradicted": (
        "    MENOLAK titik periksa pusat: lihat sync-server ledger verify",
        "    REFUSED the centre's checkpoint: see sync-server ledger verify",
    ),
    "kiosk_distrusted": ("    tidak dipercaya: {why}", "    not trusted: {why}"),
    "checkpoints": ("Titik periksa", "Checkpoints"),
    "checkpoints_about": (
        "Setiap hari pusat menulis di mana setiap rantai dan bukunya berdiri, lalu menandatanganinya. "
        "Unduh dan simpan di luar pusat: dengan berkas itu siapa pun dapat membuktikan bahwa yang ada pada "
        "hari itu tidak diubah, di halaman ini atau dengan sync-server ledger verify --against BERKAS.",
        "Each day the centre writes down where every chain and book stands, and signs it. Take the file "
        "and keep it elsewhere: with it anybody can prove that what was there on that day was not changed, "
        "on this page or with sync-server ledger verify --against FILE.",
    ),
    "checkpoints_list": ("Titik periksa yang dapat diunduh", "Checkpoints to download"),
    "checkpoint_compare": (
        "Cocokkan titik periksa yang disimpan",
        "Compare a checkpoint that was kept",
    ),
    "checkpoint_compare_about": (
        "Pilih berkas titik periksa yang dulu dikirim atau diunduh. Pusat menjawab apakah pembukuannya "
        "masih memuat semua yang tertulis di situ. Berkasnya tidak disimpan di sini.",
        "Choose the file of a checkpoint that was once mailed or downloaded. The centre answers whether "
        "its ledger still contains all that is written there. The file is not kept here.",
    ),
    "checkpoint_file": ("Berkas titik periksa", "Checkpoint's file"),
    "checkpoint_compare_do": ("Cocokkan", "Compare"),
    "checkpoint_like": (
        "Cocok: pembukuan masih memuat titik periksa ini.",
        "It agrees: the ledger still contains this checkpoint.",
    ),
    "checkpoint_like_what": (
        "{looked} hal dibandingkan, semuanya seperti pada {day}. Yang tidak tertulis di titik periksa "
        "tidak dibandingkan; untuk semuanya: sync-server ledger verify.",
        "{looked} things were compared, all as they were on {day}. What a checkpoint does not say was not "
        "compared; for all of it: sync-server ledger verify.",
    ),
    "checkpoint_unlike": (
        "TIDAK COCOK dengan titik periksa ini.",
        "It does NOT agree with this checkpoint.",
    ),
    "checkpoint_first": ("Yang pertama: {where}: {why}.", "The first: {where}: {why}."),
    "checkpoint_unlike_do": (
        "Simpan berkas ini, jangan hapus apa pun di pusat, dan minta administrator menjalankan "
        "sync-server ledger verify --against BERKAS.",
        "Keep this file, erase nothing at the centre, and ask the administrator to run sync-server ledger "
        "verify --against FILE.",
    ),
    "did_checkpoint_compared": (
        "mencocokkan titik periksa yang disimpan",
        "compared a checkpoint that was kept",
    ),
    "checkpoints_none": ("Belum ada titik periksa.", "There is no checkpoint yet."),
    "checkpoint_no": ("Nomor", "Number"),
    "checkpoint_day": ("Tanggal", "Day"),
    "checkpoint_digest": ("Sidik (tercetak di daftar TPP)", "Digest (printed on the TPP list)"),
    "checkpoint_take": ("Unduh", "Download"),
    "paper_checkpoint": (
        "Titik periksa {no} ({day}): {short}",
        "Checkpoint {no} ({day}): {short}",
    ),
}
