"""What is said of retention and of the erasure of a person, with the record of it."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    # the table of retention: what, and from when
    "keep_session": ("login yang sudah berakhir", "logins that are over"),
    "keep_upload": ("berkas impor yang belum disetujui", "import files nobody agreed to yet"),
    "keep_unused_file": (
        "lampiran yang tidak dipakai surat, koreksi, atau kegiatan apa pun",
        "attachments that no letter, correction or activity names",
    ),
    "keep_token": ("kunci program yang dicabut atau habis", "program keys, revoked or ended"),
    "keep_log_bundle": ("kumpulan log dari kios", "log bundles from kiosks"),
    "keep_gathered": (
        "templat wajah kiriman kios yang belum diambil",
        "face templates sent by a kiosk and not collected",
    ),
    "keep_order": (
        "isi perintah kios yang sudah selesai dan memuat nama atau kunci",
        "contents of finished kiosk commands that hold names or keys",
    ),
    "keep_delivered": ("webhook yang terkirim", "webhook notices that were taken"),
    "keep_given_up": (
        "webhook yang tidak pernah diterima",
        "webhook notices that never were taken",
    ),
    "keep_webhook_secret": (
        "rahasia penerima webhook yang diakhiri",
        "secrets of webhook receivers that were ended",
    ),
    "keep_ticket": ("token kios yang terpakai atau habis", "kiosk tokens, spent or ended"),
    "keep_asking": (
        "permohonan kios yang sudah terdaftar atau tidak dijawab",
        "applications of kiosks that are enrolled or were never answered",
    ),
    "keep_refused": (
        "bingkai yang ditolak, sudah diperiksa, dan bukan cabang",
        "refused frames that were looked at and are no fork",
    ),
    "keep_faces": (
        "wajah orang yang tidak lagi bertugas di kantor itu",
        "faces of people who left the office",
    ),
    "keep_numbers": (
        "nomor rahasia orang yang tidak lagi bertugas",
        "secret numbers of people who left",
    ),
    "keep_line": (
        "{count:>7}  {what}: dihapus setelah {days} hari",
        "{count:>7}  {what}: days until it is deleted: {days}",
    ),
    "keep_never": (
        "Tidak dihapus oleh umur: {what} ({tables})",
        "Never deleted by age: {what} ({tables})",
    ),
    "keep_left": (
        "Dihapus {days} hari setelah orangnya tidak lagi bertugas: {what} ({tables})",
        "Deleted after its person left, days until then {days}: {what} ({tables})",
    ),
    "keep_why_raw": ("peristiwa mentah dan rantainya", "raw events and their chains"),
    "keep_why_audit": ("log kantor, keputusan, bulan beku", "office log, decisions, frozen months"),
    "keep_why_pay": ("dasar pembayaran", "what pay rests on"),
    "keep_why_in_use": (
        "dipakai selama orangnya bertugas; hapus dengan: sync-server person erase",
        "in use while the person serves; erase with: sync-server person erase",
    ),
    "keep_why_left": ("templat wajah dan nomor rahasia", "face templates and secret numbers"),
    "keep_why_derived": (
        "dihitung dari peristiwa mentah, mengikuti umurnya",
        "computed from raw events, lives as long as they do",
    ),
    "retention_ran": ("Selesai: {count} dihapus.", "Done: {count} deleted."),
    "retention_would": (
        "{count} akan dihapus; tidak ada yang diubah.",
        "{count} would be deleted; nothing was changed.",
    ),
    "did_retention_done": ("menjalankan retensi", "ran retention"),
    # a person
    "erase_nip": (
        "ini bukan NIP; wajah sebuah PIN dihapus dengan: sync-server faces erase PIN --opd OPD",
        "this is no NIP; erase a PIN's face with: sync-server faces erase PIN --opd OPD",
    ),
    "erase_nobody": (
        "tidak ada data dengan NIP ini; tidak ada yang dihapus. Periksa angkanya",
        "nothing is kept under this NIP; nothing was erased. Check its digits",
    ),
    "erase_not_asked": (
        "orang ini belum dihapus; ketik: sync-server person erase NIP --letter NOMOR",
        "this person was not erased yet; type: sync-server person erase NIP --letter NUMBER",
    ),
    "erase_letter": (
        'Sebut surat permintaannya: --letter "No. 12/2026"',
        'Name the letter that asks for it: --letter "No. 12/2026"',
    ),
    "erase_pin_form": ("tulis OPD/PIN, misalnya 1.01/17", "write OPD/PIN, as 1.01/17"),
    "erase_proof_posts": (
        "NIP ini tidak lagi punya PIN di sini. Sebut yang tertulis di surat penghapusan: --pin OPD/PIN",
        "no PIN is known of this NIP any more. Name what the paper of the erasure says: --pin OPD/PIN",
    ),
    "did_person_erased": ("menghapus data orang", "erased a person's data"),
    "did_breach_report": ("membuat laporan kebocoran", "made a breach report"),
    "erased_gone": ("  DIHAPUS  {what}: {count} {detail}", "  ERASED  {what}: {count} {detail}"),
    "erased_kept": (
        "  TETAP    {what}: {count} {detail} - {why}",
        "  KEPT    {what}: {count} {detail} - {why}",
    ),
    "erased_asked": (
        "  DIMINTA  {what}: {detail}; {said}",
        "  ASKED   {what}: {detail}; {said}",
    ),
    "erased_traces": ("jejak di kios: {count}", "kiosks that tell of one: {count}"),
    "erased_traceless": ("tidak ada jejak", "no trace of one"),
    "erased_would": (
        "Yang akan terjadi; sekarang tidak ada yang diubah:",
        "What would be done; nothing was changed now:",
    ),
    "erased_refused": (
        "TIDAK dijalankan, tidak ada yang diminta dari kios:",
        "NOT carried out, nothing was asked of kiosks:",
    ),
    "erase_while_serving": (
        "Bila wajah dan nomor saja harus dihapus sekarang: ulangi dengan --while-serving",
        "To have only face and number go now, type it again with --while-serving",
    ),
    "kind_faces": ("wajah di kios", "face at kiosks"),
    "kind_templates": ("templat wajah di pusat", "face templates at the centre"),
    "kind_number": ("nomor rahasia", "secret number"),
    "kind_map": ("nama dan hubungan NIP-PIN", "name and the NIP-to-PIN map"),
    "kind_turns": ("giliran kerja", "turns"),
    "kind_npwp": ("NPWP", "tax number"),
    "kind_accounts": (
        "akun ditutup dan dilepas dari NIP",
        "accounts closed and parted from the NIP",
    ),
    "kind_kiosk_list": ("daftar nama di kios", "list of names at the kiosk"),
    "kind_facts": ("fakta harian", "daily facts"),
    "kind_absence": ("surat izin", "letters of absence"),
    "kind_correction": ("koreksi", "corrections"),
    "kind_activity": ("kegiatan e-kinerja", "e-kinerja activities"),
    "kind_productivity": ("nilai e-kinerja", "e-kinerja totals"),
    "kind_post": ("jabatan dan TPP", "posts and TPP"),
    "kind_susulan": ("susulan", "susulan"),
    "kind_decision": ("keputusan", "decisions"),
    "kind_access": ("baris log kantor", "lines of the office log"),
    "kind_terminals": ("nama dan jari di mesin absensi", "name and finger on terminals"),
    "why_in_service": (
        "ia masih bertugas; akhiri masa tugasnya di pegawai.csv (selesai), lalu ulangi",
        "still in service; end the days in pegawai.csv (selesai), then type it again",
    ),
    "why_month_open": (
        "bulan itu belum dibekukan, jadi belum dapat dibayar tanpa nama; bekukan, lalu ulangi",
        "that month is not frozen and cannot be paid without the name; freeze it, then type it again",
    ),
    "why_pay": (
        "dasar pembayaran TPP yang harus dapat diperiksa (arsip keuangan daerah)",
        "what TPP was paid by and has to be auditable (the region's financial archives)",
    ),
    "why_audit": (
        "jejak audit yang hanya dapat ditambah; menyebut NIP, bukan nama",
        "audit trail that is only added to; it names the NIP, not the name",
    ),
    "why_kiosk_list": (
        "kirim daftar baru: sync-server roster send --kid {detail}",
        "send a new list: sync-server roster send --kid {detail}",
    ),
    "why_terminal": (
        "hapus per mesin: sync-server kiosk send KID users BERKAS (pin,nama,hapus=ya)",
        "remove at each terminal: sync-server kiosk send KID users FILE (pin,nama,hapus=ya)",
    ),
    "why_unlooked": (
        "mesin ini belum pernah melaporkan isinya: periksa menunya, hapus orangnya di sana",
        "this terminal never told what it holds: look in its menu, remove the person there",
    ),
    "why_asked": ("diminta; kios membuktikannya", "asked; the kiosk has to prove it"),
    "paper_title": (
        "BERITA ACARA PENGHAPUSAN DATA PRIBADI (UU 27/2022)",
        "RECORD OF THE ERASURE OF PERSONAL DATA (UU 27/2022)",
    ),
    "paper_head": (
        "NIP {nip}\nSurat permintaan: {letter}\nDilaksanakan: {at} oleh {who}\n"
        "Batas 3 x 24 jam: {due} ({clock})",
        "NIP {nip}\nLetter that asked: {letter}\nCarried out: {at} by {who}\n"
        "Limit of 3 x 24 hours: {due} ({clock})",
    ),
    "paper_left": ("tersisa {hours} jam", "{hours} hours left"),
    "paper_late": ("LEWAT {hours} jam", "OVERDUE by {hours} hours"),
    "paper_in_time": ("semua selesai", "all done"),
    "paper_here": (
        "Pusat: nama dan NIP-PIN {map}; nomor rahasia {number}",
        "Centre: name and NIP-to-PIN map {map}; secret number {number}",
    ),
    "paper_gone": ("tidak ada", "not there"),
    "paper_there": ("MASIH ADA", "STILL THERE"),
    "paper_kept": (
        "Yang tetap disimpan, dan alasannya:",
        "What is kept, and why:",
    ),
    "paper_chains": (
        "  Rantai bukti kios menyebut PIN saja dan tidak dapat diubah. Cadangan yang dibuat sebelum "
        "penghapusan masih memuat data ini sampai ditimpa; jangan dipulihkan tanpa mengulangi penghapusan.",
        "  Chains of kiosks name a PIN only and cannot be changed. Backups made before hold this data "
        "until they are overwritten; do not restore one without erasing again.",
    ),
    "paper_sign": (
        "Petugas: ______________________    Pemilik data: ______________________",
        "Officer: ______________________    Data subject: ______________________",
    ),
    "paper_written": ("Ditulis: {file}", "Written: {file}"),
    "request_line": (
        "{at}  NIP {nip}  surat {letter}  oleh {who}",
        "{at}  NIP {nip}  letter {letter}  by {who}",
    ),
    "requests_none": (
        "Belum ada penghapusan orang. Penghapusan wajah: sync-server faces proof --open",
        "No person was erased yet. Erasures of faces: sync-server faces proof --open",
    ),
}
