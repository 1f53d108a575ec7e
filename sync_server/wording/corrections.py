"""What is said about corrections and outages, and what keeps somebody from asking or deciding."""

WORDS = {
    # What cannot be
    "co_kind_LUPA": ("Lupa absen", "Forgotten punch"),
    "co_kind_GANGGUAN": (
        "Gangguan alat, listrik atau jaringan",
        "Failure of device, power or network",
    ),
    "co_more_rows": ("{count} baris di halaman lain:", "{count} rows on other pages:"),
    "co_page_before": ("halaman sebelumnya", "page before"),
    "co_page_after": ("halaman berikutnya", "next page"),
    "correction_none": (
        "koreksi nomor {no} tidak ada; periksa nomornya pada daftar",
        "there is no correction {no}; look its number up in the list",
    ),
    "correction_not_yours": (
        "bukan milik Anda; pegawai meminta untuk dirinya sendiri, admin OPD untuk pegawai OPD-nya",
        "not yours; people ask for themselves, an office's administrator for its people",
    ),
    "correction_kind": (
        "jenis {kind} tidak ada dalam aturan yang berlaku; pilih: {known}",
        "the rules in force have no kind {kind}; choose one of: {known}",
    ),
    "no_rules_on": (
        "belum ada aturan yang berlaku pada {day}; impor berkas aturannya lebih dahulu",
        "no rules are in force on {day}; import the rule file first",
    ),
    "correction_state": (
        "nomor {no} sudah {state}; tindakan ini tidak berlaku lagi",
        "number {no} is {state} already; this can no longer be done",
    ),
    "correction_no_office": (
        "{nip} tidak terdaftar pada perangkat daerah mana pun pada {day}",
        "{nip} is in no office on {day}",
    ),
    "correction_ahead": (
        "{day} belum terjadi; koreksi hanya untuk hari ini dan sebelumnya",
        "{day} is still to come; corrections are for today and before",
    ),
    "correction_points": (
        "pilih paling sedikit satu: masuk, siang, atau pulang",
        "choose at least one: arrival, midday or departure",
    ),
    "correction_reason": (
        "alasannya kosong; tulis apa yang terjadi",
        "the reason is empty; write what happened",
    ),
    "correction_why": (
        "tulis alasan penolakan, supaya pegawai tahu",
        "write why it is rejected, so that the person knows",
    ),
    "correction_long": (
        "terlalu panjang; paling banyak {most} huruf",
        "too long; at most {most} letters",
    ),
    "correction_twice_asked": (
        "titik absen ini sudah diminta pada koreksi nomor {no}",
        "this checkpoint is asked for already, in correction {no}",
    ),
    "correction_quota": (
        "jatah {kind} bulan {month} adalah {most} titik absen; sudah terpakai {used}, "
        "dan Anda meminta {asked} lagi",
        "{kind} allows {most} checkpoints in {month}; {used} are used, and you ask for {asked} more",
    ),
    "correction_late": (
        "terlambat: {kind} untuk {day} harus dikirim dalam {most} hari kerja; sudah {gone} hari kerja",
        "too late: {kind} for {day} has to be sent within {most} workdays; {gone} have passed",
    ),
    "correction_dispute": (
        "masa sanggah {month} sudah lewat: berakhir pada {until}",
        "the time to object to {month} is over: it ended on {until}",
    ),
    "correction_frozen": (
        "{month} sudah dibekukan; hanya BKPSDM yang dapat meminta, dan hasilnya dibayar sebagai susulan",
        "{month} is frozen; only BKPSDM can ask, and what it changes is paid as susulan",
    ),
    "correction_own": (
        "tidak seorang pun memutuskan koreksinya sendiri",
        "nobody decides a correction of his own",
    ),
    "correction_asker": (
        "yang meminta tidak boleh ikut memutuskan",
        "whoever asked may not decide as well",
    ),
    "correction_twice": (
        "Anda sudah menyetujui; persetujuan kedua harus dari orang lain",
        "you approved it already; the second approval has to be another person's",
    ),
    "correction_not_seat": (
        "Anda tidak termasuk yang boleh memutuskan koreksi ini menurut aturan",
        "the rules do not name you among those who may decide this correction",
    ),
    "correction_not_first": (
        "persetujuan pertama adalah dari atasan langsung atau kepala perangkat daerah",
        "the first approval is the direct superior's or the head of office's",
    ),
    "correction_not_second": (
        "persetujuan kedua harus dari pejabat lain yang disebut aturan, atau dari BKPSDM",
        "the second approval has to be from another of those whom the rules name, or from BKPSDM",
    ),
    "outage_span": (
        "waktunya tidak masuk akal: mulai harus sebelum selesai, sudah terjadi, paling lama 31 hari",
        "these times cannot be: the start has to be before the end, both past, at most 31 days apart",
    ),
    "outage_evidence": (
        "gangguan perlu bukti: nomor berita acara, atau berkasnya",
        "an outage needs evidence: the number of a record, or its file",
    ),
    "attachment_not_yours": (
        "berkas ini tidak diunggah oleh akun Anda; unggah berkasnya sendiri",
        "this file was not uploaded by your account; upload it yourself",
    ),
    "attachment_empty": ("berkasnya kosong; pilih lagi", "the file is empty; choose it again"),
    "attachment_large": (
        "{size} kB terlalu besar; paling besar {most} kB, perkecil lebih dahulu",
        "{size} kB is too large; at most {most} kB, make it smaller first",
    ),
    "attachment_kind": (
        "bukan PDF, JPEG, atau PNG; simpan sebagai salah satunya",
        "neither PDF, JPEG nor PNG; save it as one of these",
    ),
    "attachment_cut": (
        "berkasnya terpotong di tengah; salin atau pindai lagi",
        "the file breaks off in the middle; copy or scan it again",
    ),
    "not_a_moment": (
        "{text} bukan waktu; tulis seperti 2026-01-13 07:00",
        "{text} is not a time; write it like 2026-01-13 07:00",
    ),
    # What was done
    "correction_asked": (
        "koreksi nomor {no} dikirim; menunggu dua persetujuan",
        "correction {no} is sent; it waits for two approvals",
    ),
    "correction_became": ("koreksi nomor {no}: {state}", "correction {no}: {state}"),
    "corrections_none": ("tidak ada koreksi", "there are no corrections"),
    # The pages
    "co_title": ("Koreksi {no}", "Correction {no}"),
    "co_ask": ("Ajukan koreksi", "Ask for a correction"),
    "co_outage": ("Laporkan gangguan", "Report an outage"),
    "co_report": ("Rekap persetujuan", "Who approved how many"),
    "co_waiting": ("Menunggu keputusan Anda", "Waiting for your decision"),
    "co_waiting_more": (
        "Tampil {shown} yang terlama dari {count}; sisanya menyusul setelah ini diputus.",
        "The oldest {shown} of {count}; the others follow once these are decided.",
    ),
    "co_waiting_none": ("Tidak ada yang menunggu Anda.", "Nothing waits for you."),
    "co_own": ("Koreksi saya", "My corrections"),
    "co_own_none": (
        "Anda belum pernah mengajukan koreksi. Buka hari yang keliru pada catatan Anda, lalu ajukan.",
        "You have not asked for any correction. Open the day that is wrong in your record, then ask.",
    ),
    "co_all": ("Semua koreksi", "All corrections"),
    "co_no": ("Nomor", "Number"),
    "co_whom": ("Untuk siapa", "For whom"),
    "co_day": ("Hari", "Day"),
    "co_what": ("Apa", "What"),
    "co_state": ("Keadaan", "State"),
    "co_reason": ("Apa yang terjadi", "What happened"),
    "co_month": ("Bulan", "Month"),
    "co_every": ("Semua", "All"),
    "co_document": ("Nomor surat atau berita acara", "Number of a letter or record"),
    "co_file": ("Bukti", "Evidence"),
    "co_file_hint": (
        "PDF, JPEG, atau PNG, paling besar 300 kB",
        "PDF, JPEG or PNG, at most 300 kB",
    ),
    "co_late": (
        "Diajukan setelah bulan dibekukan: hasilnya dibayar sebagai susulan.",
        "Asked after the month was frozen: what it changes is paid as susulan.",
    ),
    "co_excused": ("Titik absen yang dimaafkan", "Person-days that it excuses"),
    "co_would_excuse": ("Bila disetujui, dimaafkan", "If approved, it excuses"),
    "co_excused_about": (
        "Siapa saja yang jam absennya bertepatan dengan gangguan dan tidak punya rekaman pada titik itu. "
        "Rekaman asli tidak berubah.",
        "Everybody whose time for a checkpoint it overlaps and who has no punch for it. "
        "Raw records do not change.",
    ),
    "co_acts": ("Jejak", "What was done"),
    "co_did_ask": ("ditulis", "written"),
    "co_did_submit": ("dikirim", "sent"),
    "co_did_approve": ("disetujui", "approved"),
    "co_did_reject": ("ditolak", "rejected"),
    "co_did_withdraw": ("ditarik", "withdrawn"),
    "co_decide": ("Keputusan Anda", "Your decision"),
    "co_note": ("Catatan (boleh kosong)", "Note (may be empty)"),
    "co_approve": ("Setujui", "Approve"),
    "co_why_not": ("Alasan menolak", "Why it is rejected"),
    "co_reject": ("Tolak", "Reject"),
    "co_not_you": ("Anda tidak dapat memutuskan:", "You cannot decide:"),
    "co_send": ("Kirim", "Send"),
    "co_keep": ("Simpan sebagai draf", "Keep as a draft"),
    "co_withdraw": ("Tarik kembali", "Withdraw"),
    "co_back": ("Kembali ke daftar", "Back to the list"),
    "co_day_link": ("Lihat hari itu", "See that day"),
    "co_points": ("Titik absen", "Checkpoints"),
    "co_kind": ("Jenis", "Kind"),
    "co_no_kinds": (
        "Aturan yang berlaku tidak mengenal koreksi ini.",
        "The rules in force have no such correction.",
    ),
    "co_outage_about": (
        "Listrik padam, alat rusak, kios mati: setelah dua orang menyetujui, pegawai yang tidak dapat absen "
        "pada waktu itu dimaafkan. Rekaman asli tidak berubah.",
        "A power cut, a broken device: once two people approve, those who could not record then are excused. "
        "Raw records do not change.",
    ),
    "co_holes": ("Yang diketahui pusat", "What the centre knows of"),
    "co_hole_count": (
        "{count} titik absen tanpa rekaman",
        "{count} checkpoints without a record",
    ),
    "co_since": ("Mulai (waktu setempat)", "From (local time)"),
    "co_until": ("Sampai (waktu setempat)", "Until (local time)"),
    "co_device": ("Nomor seri alat (kosong: semua)", "Serial of the device (empty: all)"),
    "co_who_whom": ("Siapa memutuskan untuk siapa", "Who decided for whom"),
    "co_decider": ("Yang memutuskan", "Who decided"),
    "co_verdict": ("Keputusan", "Decision"),
    "co_count": ("Jumlah", "Count"),
    "co_report_none": ("Belum ada pada bulan ini.", "Nothing in this month yet."),
    "co_by_hand": ("Porsi entri manual", "Share made by hand"),
    "co_days": ("Hari kerja pegawai", "Person-days"),
    "co_by_hand_days": ("Entri manual", "By hand"),
    "co_share": ("Porsi", "Share"),
    "co_secret": ("nomor rahasia", "secret number"),
    "co_witness": ("saksi", "witness"),
    # The office's log
    "did_correction_ask": ("menulis koreksi", "wrote a correction"),
    "did_correction_submit": ("mengirim koreksi", "sent a correction"),
    "did_correction_approve": ("menyetujui koreksi", "approved a correction"),
    "did_correction_reject": ("menolak koreksi", "rejected a correction"),
    "did_correction_withdraw": ("menarik koreksi", "withdrew a correction"),
    "did_correction_read": ("membuka koreksi", "opened a correction"),
    "did_correction_file": ("membuka bukti koreksi", "opened a correction's evidence"),
    "did_corrections_read": ("melihat daftar koreksi", "looked at the list of corrections"),
    "did_corrections_counted": (
        "melihat siapa menyetujui berapa",
        "looked at who approved how many",
    ),
}
