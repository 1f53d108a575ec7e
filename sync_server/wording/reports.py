"""What the reports say. Each of them is for people who ask, and none of them punishes."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "did_read_report": ("membuka laporan", "opened a report"),
    "reports": ("Laporan", "Reports"),
    "report_inactive": ("Lama tidak aktif", "Inactive people"),
    "report_holiday": ("Hari pertama setelah libur", "First day after a holiday"),
    "report_manual": ("Entri manual", "Entries by hand"),
    "report_patterns": ("Pola tidak biasa", "Unusual patterns"),
    "report_discipline": ("Hitungan PP 94/2021", "PP 94/2021 counters"),
    "report_show": ("Tampilkan", "Show"),
    "report_all_offices": ("Semua", "All"),
    "report_nothing": ("Tidak ada yang perlu dilaporkan.", "There is nothing to report."),
    "report_for_review": (
        "Untuk ditelaah, bukan untuk menghukum: setiap baris adalah pertanyaan, dan buktinya ada di "
        "tautannya.",
        "For review, not punishment: every line is a question, and its evidence is behind its link.",
    ),
    "report_inactive_about": (
        "Pegawai tanpa presensi, izin, atau surat tugas selama {days} hari kerja berturut-turut atau "
        "lebih, di kantor yang semua perangkatnya terbaca. Hari yang datanya belum lengkap tidak "
        "dihitung.",
        "People without a punch, leave or letter on {days} workdays in a row or more, in offices whose "
        "devices were all read. Days with missing data are not counted.",
    ),
    "report_holiday_about": (
        "Rekap hari kerja pertama setelah libur atau cuti bersama, keadaan pukul 10.00 waktu setempat.",
        "The first workday after a holiday or joint leave, as it was at 10.00 local time.",
    ),
    "report_manual_about": (
        "Bagian presensi yang tidak dijamin jari atau wajah: nomor rahasia, saksi rekan, dan koreksi; "
        "dibandingkan dengan hari ketika semua perangkat kantor hidup.",
        "What no finger or face vouches for: secret numbers, a colleague's word, corrections; beside "
        "the days on which every device of the office was alive.",
    ),
    "report_discipline_about": (
        "Hari tanpa keterangan yang terkumpul dalam tahun berjalan, dan deret terpanjangnya. Ini "
        "peringatan bagi atasan, bukan aturan pembayaran.",
        "Days absent without a reason so far this year, and the longest run of them. It is a warning for "
        "superiors, never a rule of pay.",
    ),
    "inactive_line": (
        "{name} ({nip}, {opd}): {days} hari kerja tanpa kabar, {since} s.d. {until}",
        "{name} ({nip}, {opd}): {days} workdays without a sign, {since} to {until}",
    ),
    "inactive_waiting": (
        "{waiting} hari di antaranya menunggu data",
        "{waiting} days between them wait for data",
    ),
    "inactive_ongoing": ("masih berlangsung", "still going on"),
    "holiday_line": (
        "{day} {opd}: {by_ten} dari {expected} sudah masuk pukul 10.00; {later} kemudian, {excused} "
        "dengan izin, {absent} tanpa keterangan, {waiting} menunggu data",
        "{day} {opd}: {by_ten} of {expected} in by 10.00; {later} later, {excused} excused, {absent} "
        "absent, {waiting} waiting for data",
    ),
    "manual_line": (
        "{opd}: {share} manual ({secret} nomor rahasia, {witness} saksi, {corrected} koreksi dari "
        "{entries}); {on_alive} di antaranya ketika perangkat hidup ({alive} dari {days} hari)",
        "{opd}: {share} by hand ({secret} secret numbers, {witness} witnessed, {corrected} corrected of "
        "{entries}); {on_alive} of them while the devices were alive ({alive} of {days} days)",
    ),
    "discipline_line": (
        "{name} ({nip}, {opd}): {days} hari tanpa keterangan tahun ini, terpanjang {run} berturut-turut: "
        "{step}",
        "{name} ({nip}, {opd}): {days} days absent this year, {run} in a row at most: {step}",
    ),
    "pattern_pairs": ("Selalu berdua dalam hitungan detik", "Always two within seconds"),
    "pattern_bursts": ("Banyak orang dalam hitungan detik", "Many people within seconds"),
    "pattern_unseen": ("Tanpa jari dan wajah", "Neither finger nor face"),
    "pattern_apart": ("Satu orang di dua kantor", "One person at two offices"),
    "pattern_faces": ("Wajah lain di depan mesin", "Another face at the terminal"),
    "pattern_mornings": ("Perangkat mati tiap pagi", "Devices away each morning"),
    "pairs_line": (
        "{one} dan {other} ({opd}): {times} dari {shared} presensi bersama berjarak paling lama 10 detik",
        "{one} and {other} ({opd}): {times} of {shared} shared touches at most 10 seconds apart",
    ),
    "bursts_line": (
        "{terminal} ({opd}), {when}: {people} orang dalam {seconds} detik",
        "{terminal} ({opd}), {when}: {people} people within {seconds} seconds",
    ),
    "unseen_line": (
        "{name} ({opd}): {touches} presensi, semuanya tanpa jari atau wajah ({modes})",
        "{name} ({opd}): {touches} touches, none by finger or face ({modes})",
    ),
    "apart_line": (
        "{name}: {first} di {opd}, {second} di {other}; selisih {minutes} menit, jarak {far}",
        "{name}: {first} at {opd}, {second} at {other}; {minutes} minutes apart, {far} away",
    ),
    "apart_far": ("{km} km", "{km} km"),
    "apart_unknown": ("tidak diketahui", "not known"),
    "faces_line": (
        "{name} ({opd}): sidik jari di {kid}, sedangkan kamera melihat wajah lain",
        "{name} ({opd}): finger at {kid} while the camera saw another face",
    ),
    "mornings_line": (
        "{serial} ({opd}): tidak terjangkau pukul 06.15–08.45 pada {days} hari kerja, lalu pulih",
        "{serial} ({opd}): out of reach from 06.15 to 08.45 on {days} workdays, then well again",
    ),
    "th_days": ("Hari", "Days"),
    "th_person": ("Pegawai", "Person"),
    "th_office": ("Perangkat daerah", "Office"),
    "th_since": ("Sejak", "Since"),
    "th_until": ("Sampai", "Until"),
    "th_evidence": ("Bukti", "Evidence"),
    "th_what": ("Apa", "What"),
    "th_warning": ("Peringatan", "Warning"),
    "th_run": ("Berturut-turut", "In a row"),
    "th_all": ("Semua", "All"),
    "th_expected": ("Wajib", "Expected"),
    "th_by_ten": ("Sampai 10.00", "By 10.00"),
    "th_later": ("Kemudian", "Later"),
    "th_excused": ("Izin", "Excused"),
    "th_absent": ("Tanpa keterangan", "Absent"),
    "th_waiting": ("Menunggu data", "Waiting for data"),
    "th_share": ("Bagian manual", "By hand"),
    "th_secret": ("Nomor rahasia", "Secret number"),
    "th_witness": ("Saksi", "Witness"),
    "th_corrected": ("Koreksi", "Corrections"),
    "th_alive": ("Hari perangkat hidup", "Days alive"),
    "th_on_alive": ("Manual saat hidup", "By hand while alive"),
}
