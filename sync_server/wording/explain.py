"""What is said of a day: why it costs what it costs, down to each punch."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "explain_title": ("Mengapa? {name}, {day}", "Why? {name}, {day}"),
    "explain_none": (
        "Belum ada catatan hari ini untuk NIP {nip}, {day}: NIP, tanggal, atau giliran kerjanya belum "
        "ada. Periksa dengan: sync-server person import dan sync-server roster import",
        "There is no record of NIP {nip} on {day}: the NIP, the date or the turn is not known. Look at: "
        "sync-server person import and sync-server roster import",
    ),
    "explain_person_unknown": (
        "tidak dikenal; tulis NIP 18 angka atau OPD:PIN, misalnya 1.01:1003",
        "is not known; write the 18 digits of a NIP or OFFICE:PIN, for example 1.01:1003",
    ),
    "explain_bad_day": (
        "bukan tanggal: {text}; tulis misalnya 2026-01-13",
        "is no date: {text}; write for example 2026-01-13",
    ),
    "did_read_month": ("membuka catatan bulan", "opened a month's record"),
    "did_read_day": ("membuka penjelasan hari", "opened a day's explanation"),
    "did_read_event": ("membuka rekaman asli", "opened a raw record"),
    "day_said_HADIR": (
        "Hadir. Masuk {arrival}, pulang {departure} (jam kerja {due_in}–{due_out} {zone}).",
        "Present. In {arrival}, out {departure} (hours {due_in}–{due_out} {zone}).",
    ),
    "day_said_SAH": (
        "Tidak masuk dengan izin ({absence}).",
        "Excused ({absence}).",
    ),
    "day_said_TK": (
        "Tanpa keterangan: tidak ada presensi, izin atau koreksi, dan semua perangkat kantor sudah "
        "terbaca sampai lewat jam kerja.",
        "Absent without a reason: no punch, no leave, no correction, and every device of the office was "
        "read past the end of the shift.",
    ),
    "day_said_LIBUR_JADWAL": (
        "Hari ini tidak ada jam kerja menurut jadwal.",
        "There are no hours on this day by the rota.",
    ),
    "day_said_LIBUR_NASIONAL": (
        "Hari libur nasional: tidak ada potongan.",
        "A public holiday: no cut.",
    ),
    "day_said_CUTI_BERSAMA": ("Cuti bersama: tidak ada potongan.", "Joint leave: no cut."),
    "day_said_TUNGGU_DATA": (
        "Data belum lengkap, jadi belum ada kesimpulan dan tidak ada potongan. Yang sudah tercatat: "
        "masuk {arrival}, pulang {departure}.",
        "The data are not complete, so nothing is concluded and nothing is cut. On record so far: "
        "in {arrival}, out {departure}.",
    ),
    "day_said_TAHAN_JAM": (
        "Ditahan: ada presensi yang jamnya tidak dapat dipastikan. Tidak ada potongan sampai petugas "
        "memeriksanya.",
        "Held: there is a punch whose time is not certain. Nothing is cut until somebody has looked.",
    ),
    "day_said_DIKECUALIKAN": (
        "Pegawai ini dikecualikan dari presensi menurut jabatannya.",
        "This person's post is exempt from attendance.",
    ),
    "day_so_far": (
        "Catatan ini sementara: harinya belum selesai, atau belum dihitung.",
        "This record is provisional: the day is not over, or not worked out yet.",
    ),
    "provisional": ("sementara", "provisional"),
    "never_punched": ("tidak ada", "none"),
    "cut_not_yet": (
        "Hari ini belum dihitung: jam kerjanya belum selesai atau datanya belum lengkap.",
        "The day is not priced yet: its hours are not over, or its data are not complete.",
    ),
    "cut_none": ("Tidak ada potongan.", "No cut."),
    "cut_sum": (
        "Potongan hari ini {cut} dari komponen disiplin.",
        "This day's cut is {cut} of the discipline part.",
    ),
    "cut_money": (
        "Nilainya Rp {lost}: {cut} dari Rp {share}, bagian disiplin TPP Rp {base}.",
        "That is Rp {lost}: {cut} of Rp {share}, the discipline part of a TPP of Rp {base}.",
    ),
    "basis": (
        "Aturan yang berlaku: {decree} (berkas {ruleset}, sejak {since}).",
        "Rules in force: {decree} (file {ruleset}, since {since}).",
    ),
    "basis_none": (
        "Belum ada berkas aturan yang berlaku pada tanggal ini: potongan tidak dihitung.",
        "No rule file is in force on this date: nothing is priced.",
    ),
    "use_in": ("dipakai: masuk", "counts: arrival"),
    "use_out": ("dipakai: pulang", "counts: departure"),
    "use_mid": ("dipakai: titik tengah", "counts: checkpoint between"),
    "use_duplicate": (
        "tidak dipakai: sentuhan yang sama dengan {of} (selang {seconds} detik)",
        "not used: the same touch as {of} ({seconds} seconds apart)",
    ),
    "use_between": (
        "tidak dipakai: di antara presensi pertama dan terakhir",
        "not used: between the first and the last punch",
    ),
    "use_outside": (
        "tidak dipakai: di luar jendela presensi {window}",
        "not used: outside the shift's window {window}",
    ),
    "use_other_day": (
        "tidak dipakai di sini: milik hari kerja {of}",
        "not used here: it belongs to workday {of}",
    ),
    "use_unplaced": (
        "belum dipakai: jamnya tidak dapat dipastikan",
        "not used yet: its time is not certain",
    ),
    "use_idle": (
        "dicatat; tidak memengaruhi hari ini",
        "on record; it changes nothing on this day",
    ),
    "punch_line": (
        "{at} di {terminal} ({mode}), bukti {proof}: {use}.",
        "{at} at {terminal} ({mode}), evidence {proof}: {use}.",
    ),
    "punch_raw": (
        "Jam perangkat menunjukkan {raw}; yang berlaku {at}, karena {method}.",
        "The device's clock showed {raw}; {at} counts, because {method}.",
    ),
    "punch_raw_unknown": (
        "Jam perangkat menunjukkan {raw}: {method}.",
        "The device's clock showed {raw}: {method}.",
    ),
    "punch_between": ("antara {lo} dan {hi}", "between {lo} and {hi}"),
    "punch_unknown": ("jam tidak diketahui", "time not known"),
    "punches_none": (
        "Tidak ada presensi yang diterima untuk hari ini.",
        "No punch was received for this day.",
    ),
    "mode_finger": ("sidik jari", "finger"),
    "mode_face": ("wajah", "face"),
    "mode_palm": ("telapak tangan", "palm"),
    "mode_secret": ("nomor rahasia", "secret number"),
    "mode_witness": ("saksi rekan", "a colleague's word"),
    "quality_ok": ("jam sah", "clock right"),
    "quality_corrected": ("jam dikoreksi", "clock corrected"),
    "quality_bounded": ("jam dalam rentang", "time within bounds"),
    "quality_unknown": ("jam tidak pasti", "time not certain"),
    "method_kiosk": ("dicap jam kios yang sah", "the kiosk's trusted clock stamped it"),
    "method_device": ("jam perangkat sah", "the device's clock was right"),
    "method_device_offset": (
        "selisih jam perangkat terukur oleh kios",
        "the kiosk measured how far the device's clock was off",
    ),
    "method_bound": (
        "kesalahan jam hanya diketahui batasnya; yang paling baik bagi pegawai dihitung",
        "only the limits of the clock's error are known; the best for the employee counts",
    ),
    "method_set": (
        "jam perangkat disetel sebelum atau sesudahnya; yang paling baik bagi pegawai dihitung",
        "the device's clock was set before or after; the best for the employee counts",
    ),
    "method_doubt": (
        "jam perangkat atau kios tidak dapat dipercaya saat itu",
        "the device's or kiosk's clock could not be trusted then",
    ),
    "absence_line": (
        "{leave}, dokumen {document} ({first} s.d. {last}).",
        "{leave}, document {document} ({first} to {last}).",
    ),
    "correction_line": (
        "Koreksi nomor {no} ({points}): {state}. Alasan: {reason}.",
        "Correction {no} ({points}): {state}. Reason: {reason}.",
    ),
    "correction_by": (
        "{verdict} oleh {who} ({role}), {at}.",
        "{verdict} by {who} ({role}), {at}.",
    ),
    "cover_done": (
        "{device}: terbaca sampai lewat jam kerja.",
        "{device}: read past the end of the shift.",
    ),
    "cover_reached": (
        "{device}: baru terbaca sampai {reached}.",
        "{device}: read only up to {reached}.",
    ),
    "cover_never": (
        "{device}: belum terbaca untuk tanggal itu.",
        "{device}: not read for this day yet.",
    ),
    "cover_kiosk": (
        "Kios {device} belum pernah mengirim, atau belum membaca semua terminalnya.",
        "Kiosk {device} never sent, or has not read all of its terminals.",
    ),
    "cover_gap": (
        "Kios {device}: ada kejadian bernomor yang belum sampai.",
        "Kiosk {device}: numbered events are still to come.",
    ),
    "cover_fork": (
        "Ada kartu kios yang mungkin salinan: menunggu pemeriksaan orang.",
        "A kiosk's card may be a copy: somebody has to look.",
    ),
    "cover_next": (
        "Setelah data masuk, hari ini dihitung ulang dengan sendirinya. Bila terlalu lama, BKPSDM yang "
        "memutuskan; tidak pernah dipotong otomatis.",
        "Once the data are here the day is worked out again by itself. If it takes too long BKPSDM "
        "decides; nothing is ever cut by itself.",
    ),
    "clock_next": (
        "Teknisi memeriksa jam perangkat; atasan dan kepala OPD dapat menyetujui koreksi.",
        "A technician looks at the device's clock; the superior and the head may approve a correction.",
    ),
    "act_dispute": (
        "Keberatan? Ajukan koreksi paling lambat {until}.",
        "Do you object? Ask for a correction by {until} at the latest.",
    ),
    "act_late": (
        "Batas mengajukan koreksi lewat pada {until}; hubungi admin OPD bila ada dokumen baru.",
        "Corrections could be asked until {until}; see the office's administrator with new documents.",
    ),
    "act_ask": ("Ajukan koreksi", "Ask for a correction"),
    "pp94_title": ("PP 94/2021", "PP 94/2021"),
    "pp94_so_far": (
        "{days} hari tanpa keterangan tahun ini, paling lama {run} hari berturut-turut.",
        "{days} days absent this year, at most {run} in a row.",
    ),
    "pp94_is_warning": (
        "Ini peringatan untuk pembinaan, bukan aturan pembayaran.",
        "This is a warning for those who lead, never a rule of pay.",
    ),
    "pp94_none": ("belum ada ambang yang dicapai", "no step reached"),
    "pp94_oral": ("teguran lisan", "oral warning"),
    "pp94_written": ("teguran tertulis", "written warning"),
    "pp94_statement": ("pernyataan tidak puas secara tertulis", "written statement of discontent"),
    "pp94_cut_6_months": ("potongan tukin 25 % selama 6 bulan", "tukin less 25 % for 6 months"),
    "pp94_cut_9_months": ("potongan tukin 25 % selama 9 bulan", "tukin less 25 % for 9 months"),
    "pp94_cut_12_months": ("potongan tukin 25 % selama 12 bulan", "tukin less 25 % for 12 months"),
    "pp94_demotion": ("penurunan jabatan 12 bulan", "a lower post for 12 months"),
    "pp94_removal": ("pembebasan dari jabatan 12 bulan", "removal from the post for 12 months"),
    "pp94_dismissal": ("pemberhentian", "dismissal"),
    "why_title": ("Mengapa begini?", "Why is it so?"),
    "why_cut": ("Potongan", "Cut"),
    "why_reasons": ("Alasan", "Reasons"),
    "why_punches": ("Presensi yang dilihat", "Punches that were weighed"),
    "why_documents": ("Izin, surat, koreksi", "Leave, letters, corrections"),
    "why_data": ("Data tiap perangkat", "Each device's data"),
    "why_next": ("Yang dapat dilakukan", "What can be done"),
    "why_in_month": ("Masuk ke potongan bulan ini", "Part of the month's cut"),
    "why_no_documents": (
        "Tidak ada izin, surat tugas, atau koreksi untuk hari ini.",
        "There is no leave, letter or correction for this day.",
    ),
    "why_engine": (
        "Dihitung oleh {engine}, waktu oleh {retime}.",
        "Made by {engine}, times by {retime}.",
    ),
    "why_also": (
        "Pada hari yang sama ada catatan di: {opds}.",
        "There is a record of the same day at: {opds}.",
    ),
    "correction_state_draft": ("draf", "draft"),
    "correction_state_submitted": ("diajukan", "submitted"),
    "correction_state_half": ("satu persetujuan", "one approval"),
    "correction_state_approved": ("disetujui", "approved"),
    "correction_state_rejected": ("ditolak", "rejected"),
    "correction_state_withdrawn": ("ditarik", "withdrawn"),
    "verdict_ask": ("dibuat", "written"),
    "verdict_submit": ("diajukan", "asked"),
    "verdict_approve": ("disetujui", "approved"),
    "verdict_reject": ("ditolak", "rejected"),
    "verdict_withdraw": ("ditarik", "withdrawn"),
}
