"""What e-kinerja says: entries and their mistakes, the superior's inbox, totals of other applications."""

WORDS = {
    # What an entry may not be
    "activity_empty": (
        "kosong; tulis dengan kata Anda sendiri",
        "empty; write it in your own words",
    ),
    "activity_long": (
        "terlalu panjang; paling banyak {most} huruf",
        "too long; at most {most} characters",
    ),
    "activity_minutes": (
        "tulis menit kerja, 1 sampai {most}",
        "write the minutes of work, 1 to {most}",
    ),
    "activity_ahead": (
        "{day} belum terjadi; pilih hari ini atau hari sebelumnya",
        "{day} is still to come; choose today or an earlier day",
    ),
    "activity_link": (
        "bukan alamat; tulis yang dimulai dengan https://",
        "no address; write one that begins with https://",
    ),
    "activity_late": (
        "masa mengisi kegiatan {day} berakhir pada {until}; mintalah kepada atasan dan BKPSDM",
        "the days for entering what you did on {day} ended on {until}; ask your superior and BKPSDM",
    ),
    "activity_closed": (
        "kegiatan ini sudah dikirim atau diverifikasi; muat ulang halamannya",
        "this activity was sent or verified already; load the page again",
    ),
    "activity_unknown": (
        "kegiatan ini tidak ada, atau bukan milik Anda; muat ulang halamannya",
        "there is no such activity, or it is not yours; load the page again",
    ),
    "activity_not_yours": (
        "kegiatan ini bukan untuk Anda verifikasi; muat ulang halamannya",
        "this activity is not yours to verify; load the page again",
    ),
    "activity_decided": (
        "kegiatan ini baru saja diputuskan orang lain; muat ulang halamannya",
        "somebody else has just decided this activity; load the page again",
    ),
    "return_needs_note": (
        "kosong; tulis apa yang harus diperbaiki",
        "empty; write what has to be mended",
    ),
    "nothing_to_copy": (
        "Tidak ada kegiatan dalam 31 hari sebelumnya untuk disalin; tulis yang pertama.",
        "There is no activity in the 31 days before to copy; write the first one.",
    ),
    "ekinerja_not_number": (
        "{text!r} bukan bilangan bulat; tulis menitnya, misalnya 90",
        "{text!r} is no whole number; write the minutes, such as 90",
    ),
    "ekinerja_not_day": (
        "{text!r} bukan tanggal; tulis seperti 2026-01-31",
        "{text!r} is no date; write it as 2026-01-31",
    ),
    # Totals of other applications
    "total_kind": (
        "jenis {kind!r} tidak dikenal; tulis persen, poin atau nilai",
        "no kind {kind!r}; write persen, poin or nilai",
    ),
    "total_value": (
        "nilai {value!r} tidak terbaca; tulis persen 0 sampai 100 (92,5), poin bulat (6750), atau "
        "huruf nilai",
        "nilai {value!r} cannot be read; write a percentage 0 to 100 (92,5), whole points (6750), or "
        "a grade",
    ),
    "total_unread": (
        "{said} tidak dapat dihitung menurut {decree}; tulis jenis yang dipakai aturan itu",
        "{said} cannot be counted under {decree}; write the kind that these rules read",
    ),
    "total_twice": (
        "{nip} untuk {month} sudah ada pada baris {line}; hapus salah satu",
        "{nip} for {month} stands in line {line} already; take one of them out",
    ),
    "total_stranger": (
        "{count} NIP belum diimpor sebagai pegawai, misalnya {nip}",
        "{count} NIPs were not imported as people, such as {nip}",
    ),
    "totals_stored": (
        "{new} baru, {changed} berubah, {same} tetap.",
        "{new} new, {changed} changed, {same} the same.",
    ),
    "nobody_waits": ("Tidak ada yang menunggu verifikasi.", "Nothing waits for verification."),
    # The page
    "ekinerja_title": ("e-Kinerja", "e-Kinerja"),
    "ekinerja_of": ("e-Kinerja {name}", "e-Kinerja of {name}"),
    "ekinerja_new": ("Catat kegiatan", "Write an activity"),
    "ekinerja_change": ("Ubah kegiatan", "Change the activity"),
    "ekinerja_day": ("Tanggal", "Day"),
    "ekinerja_activity": ("Kegiatan", "Activity"),
    "ekinerja_output": ("Hasil", "Output"),
    "ekinerja_volume": ("Volume", "Volume"),
    "ekinerja_minutes": ("Menit", "Minutes"),
    "ekinerja_link": ("Tautan bukti", "Link to evidence"),
    "ekinerja_file": ("Berkas bukti (PDF, JPG, PNG)", "Evidence (PDF, JPG, PNG)"),
    "ekinerja_file_open": ("Buka bukti", "Open the evidence"),
    "ekinerja_save": ("Simpan draf", "Keep as draft"),
    "ekinerja_send_now": ("Simpan dan kirim", "Keep and send"),
    "ekinerja_copy": ("Salin kegiatan hari terakhir", "Copy the last day's activities"),
    "ekinerja_copied": (
        "{count} kegiatan disalin sebagai draf; sesuaikan, lalu kirim.",
        "{count} activities copied as drafts; adapt them, then send them.",
    ),
    "ekinerja_send_all": ("Kirim semua draf ({count})", "Send all drafts ({count})"),
    "ekinerja_send": ("Kirim", "Send"),
    "ekinerja_edit": ("Ubah", "Change"),
    "ekinerja_remove": ("Hapus", "Remove"),
    "ekinerja_kept": ("Draf disimpan.", "Kept as a draft."),
    "ekinerja_sent": (
        "{count} kegiatan dikirim ke atasan.",
        "{count} activities sent to your superior.",
    ),
    "ekinerja_removed": ("Kegiatan dihapus.", "Activity removed."),
    "ekinerja_none": (
        "Belum ada kegiatan pada bulan ini.",
        "No activity in this month yet.",
    ),
    "ekinerja_no_nip": (
        "Akun ini bukan akun pegawai, jadi tidak punya kegiatan sendiri.",
        "This account is nobody's, so it has no activities of its own.",
    ),
    "ekinerja_superior": ("Atasan yang memverifikasi: {name}", "Verified by: {name}"),
    "ekinerja_no_superior": (
        "Belum ada atasan yang tercatat; minta admin mengisi jabatan Anda.",
        "No superior is on record; ask the administrator to fill in your post.",
    ),
    "ekinerja_until": (
        "Kegiatan hari ini dapat diisi sampai {day}.",
        "What you do today can be entered until {day}.",
    ),
    "ekinerja_minutes_verified": ("menit terverifikasi", "minutes verified"),
    "ekinerja_minutes_waiting": ("menit menunggu", "minutes waiting"),
    "ekinerja_minutes_counted": ("menit dihitung", "minutes counted"),
    "ekinerja_minutes_word": ("menit", "minutes"),
    "ekinerja_activities": ("Kegiatan bulan ini", "Activities of this month"),
    "ekinerja_every": ("Tampilkan semua kegiatan", "Show all activities"),
    "ekinerja_proof": ("Bukti", "Evidence"),
    "ekinerja_counting": ("Cara menghitung", "How it is counted"),
    "ekinerja_per_point": ("{minutes} menit = 1 poin.", "{minutes} minutes = 1 point."),
    "ekinerja_credit_code": ("kredit", "credit"),
    "ekinerja_unread": (
        "{decree} tidak menghitung poin kegiatan; nilai bulan ini datang dari impor.",
        "{decree} counts no points of activities; the month's figure comes from an import.",
    ),
    "ekinerja_points": ("poin", "points"),
    "ekinerja_target": ("dari target {target}", "of the target {target}"),
    "ekinerja_percent": ("nilai e-kinerja", "e-kinerja share"),
    "ekinerja_credit": (
        "{minutes} menit kredit karena {codes}",
        "{minutes} minutes credited for {codes}",
    ),
    "ekinerja_capped": (
        "Paling banyak {cap} menit sehari yang dihitung.",
        "At most {cap} minutes a day count.",
    ),
    "ekinerja_imported": (
        "Bulan ini memakai nilai dari {source}, diimpor {day}; kegiatan di bawah tidak dihitung.",
        "This month takes the figure of {source}, imported {day}; the activities below do not count.",
    ),
    "ekinerja_month": ("Bulan", "Month"),
    "ekinerja_show": ("Tampilkan", "Show"),
    "ekinerja_inbox": ("Menunggu verifikasi Anda ({count})", "Waiting for you ({count})"),
    "ekinerja_inbox_link": ("Verifikasi ({count})", "Verify ({count})"),
    "ekinerja_inbox_empty": (
        "Tidak ada kegiatan yang menunggu Anda.",
        "No activity waits for you.",
    ),
    "ekinerja_overdue": ("terlambat sejak {day}", "overdue since {day}"),
    "ekinerja_verify_by": ("sampai {day}", "until {day}"),
    "ekinerja_all": ("Pilih semua", "Select all"),
    "ekinerja_verify": ("Verifikasi yang dipilih", "Verify the selected"),
    "ekinerja_return": ("Kembalikan", "Return"),
    "ekinerja_return_note": ("Apa yang harus diperbaiki", "What has to be mended"),
    "ekinerja_verified": ("{count} kegiatan diverifikasi.", "{count} activities verified."),
    "ekinerja_returned": ("Kegiatan dikembalikan.", "Activity returned."),
    "ekinerja_pick": ("Pilih paling sedikit satu kegiatan.", "Select at least one activity."),
    "ekinerja_who": ("Pegawai", "Person"),
    "ekinerja_state": ("Keadaan", "State"),
    "ekinerja_juniors": ("Bawahan saya", "My staff"),
    "ekinerja_more": (
        "Hanya {shown} yang tertua ditampilkan.",
        "Only the oldest {shown} are shown.",
    ),
    "activity_state_draft": ("Draf", "Draft"),
    "activity_state_submitted": ("Menunggu", "Waiting"),
    "activity_state_verified": ("Terverifikasi", "Verified"),
    "activity_state_returned": ("Dikembalikan", "Returned"),
    # The office's log
    "did_activity_written": ("mencatat kegiatan", "wrote an activity"),
    "did_activity_changed": ("mengubah kegiatan", "changed an activity"),
    "did_activity_removed": ("menghapus kegiatan", "removed an activity"),
    "did_activity_submitted": ("mengirim kegiatan", "sent an activity"),
    "did_activity_verified": ("memverifikasi kegiatan", "verified an activity"),
    "did_activity_returned": ("mengembalikan kegiatan", "returned an activity"),
    "did_productivity_stored": ("mengimpor nilai e-kinerja", "imported an e-kinerja total"),
    "did_ekinerja_read": ("melihat kegiatan", "looked at activities"),
}
