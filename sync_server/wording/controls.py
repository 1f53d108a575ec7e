"""What the controls and the inspectorate's weekly list say. They accuse nobody."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "report_controls": ("Kontrol mesin", "Controls of terminals"),
    "report_weekly": ("Daftar mingguan Inspektorat", "The inspectorate's weekly list"),
    "report_to_look": (
        "Setiap baris adalah alasan untuk melihat, bukan bukti dan bukan dasar sanksi: periksa "
        "peristiwanya dan dengarkan orangnya dahulu.",
        "Every line is a reason to look, never a proof and never a sanction: see its event, and hear "
        "the person first.",
    ),
    "report_controls_about": (
        "Siapa didaftarkan atau diubah di mesin, templat kembar, hak istimewa, kunci bawaan, log dan "
        "jam yang disentuh.",
        "Who was enrolled or changed on terminals, templates that are there twice, privileges, default "
        "keys, logs and clocks that were touched.",
    ),
    "control_enrolled": ("Pendaftaran dan perubahan di mesin", "Enrolments and changes"),
    "control_twice": ("Satu templat pada dua orang", "One template under two people"),
    "control_privileged": ("Pengguna dengan hak istimewa", "Privileged users"),
    "control_unguarded": ("Menu tanpa penjaga", "Menus that nobody guards"),
    "control_keyless": ("Tanpa kunci komunikasi", "No communication key"),
    "control_log": ("Log dihapus, diubah, atau diganti", "Logs cleared, edited or replaced"),
    "control_clock": ("Jam mesin disetel", "Clocks set by hand"),
    "control_settings": ("Pengaturan penting diubah", "Settings that matter were changed"),
    "control_unlooked": ("Mesin yang tidak terperiksa", "Terminals that were not looked at"),
    "control_unread": ("Templat tidak terbaca", "Templates that were not read"),
    "control_unread_line": (
        "{serial} ({opd}): templat tidak terbaca {seen}, jadi templat yang disalin tidak terlihat",
        "{serial} ({opd}): templates were not read {seen}, so a copied one would not be seen",
    ),
    "control_pin": ("PIN {pin}", "PIN {pin}"),
    "control_old_pin": ("PIN lama {pin}", "old PIN {pin}"),
    "control_past": ("PIN lama", "old PIN"),
    "control_nobodys_pin": (
        "PIN {pin} di kantor {opd}, yang tidak ada pemiliknya di daftar pegawai",
        "PIN {pin} at office {opd}, whom no list of staff names",
    ),
    "control_counts": ("tercatat {had}, tinggal {has}", "held {had}, now {has}"),
    "control_edited": ("hilang {missing}, bertambah {extra}", "{missing} missing, {extra} more"),
    "control_operator": ("oleh pengguna mesin nomor {value}", "by the terminal's user {value}"),
    "privilege_0": ("pengguna biasa", "ordinary user"),
    "privilege_2": ("petugas pendaftaran", "enrolment officer"),
    "privilege_6": ("administrator", "administrator"),
    "privilege_14": ("administrator", "administrator"),
    "privilege_other": ("hak khusus (kode {value})", "a special privilege (code {value})"),
    "span_ahead": (
        "belum ada yang dapat dilaporkan: {first} belum tiba; sebut waktu yang sudah mulai",
        "nothing can be told yet: {first} has not come; name a time that has begun",
    ),
    "report_to_weekly": (
        "--to hanya untuk weekly; tanpa --to, laporan ini tampil di layar",
        "--to is for weekly alone; without it this report is shown here",
    ),
    "control_enrolled_line": (
        "{who} di {serial} ({opd}): {what} {value}",
        "{who} on {serial} ({opd}): {what} {value}",
    ),
    "control_twice_line": (
        "{who} di {serial} ({opd}) memakai templat yang sama persis dengan {others}",
        "{who} on {serial} ({opd}) has exactly the template of {others}",
    ),
    "control_privileged_line": (
        "{who} di {serial} ({opd}): {value}",
        "{who} on {serial} ({opd}): {value}",
    ),
    "control_unguarded_line": (
        "{serial} ({opd}): tidak ada administrator, jadi siapa pun dapat membuka menunya",
        "{serial} ({opd}): no administrator, so anybody can open its menu",
    ),
    "control_keyless_line": (
        "{serial} ({opd}): siapa pun di jaringannya dapat membaca dan mengubahnya",
        "{serial} ({opd}): anybody on its network can read and change it",
    ),
    "control_log_line": (
        "{serial} ({opd}): {what} {value}",
        "{serial} ({opd}): {what} {value}",
    ),
    "control_clock_line": (
        "{serial} ({opd}): {what} {value}",
        "{serial} ({opd}): {what} {value}",
    ),
    "control_settings_line": (
        "{serial} ({opd}): {what} {value}",
        "{serial} ({opd}): {what} {value}",
    ),
    "control_unlooked_line": (
        "{serial} ({opd}): terakhir diperiksa {seen}",
        "{serial} ({opd}): looked at last {seen}",
    ),
    "control_user_added": ("didaftarkan sebagai", "enrolled as"),
    "control_user_changed": ("sekarang", "is now"),
    "control_user_removed": ("dihapus, sebelumnya", "removed, was"),
    "control_finger_added": ("templat jari ditambah", "a finger's template was added"),
    "control_finger_changed": ("templat jari diganti", "a finger's template was replaced"),
    "control_finger_removed": ("templat jari dihapus", "a finger's template was removed"),
    "control_log_replaced": ("log diganti atau dikosongkan", "the log was replaced or emptied"),
    "control_log_edited": ("isi log berubah", "the log's middle changed"),
    "control_operation_13": ("semua data dihapus", "all data were cleared"),
    "control_operation_21": ("jam disetel di mesin", "the clock was set on the terminal"),
    "control_operation_22": ("dikembalikan ke setelan pabrik", "reset to its factory settings"),
    "control_operation_23": ("catatan absensi dihapus", "attendance records were cleared"),
    "control_operation_24": ("hak administrator dihapus", "administrators' rights were cleared"),
    "control_operation_80": (
        "kunci komunikasi diubah",
        "the communication key was changed",
    ),
    "control_operation_82": ("alamat server diubah", "the server's address was changed"),
    "control_operation_83": ("port server diubah", "the server's port was changed"),
    "control_at": ("jam mesin {when}", "terminal's clock {when}"),
    "control_at_night": ("malam hari, jam mesin {when}", "at night, terminal's clock {when}"),
    "control_unlogged": (
        "tanpa baris di log operasi mesin",
        "without a line in the terminal's operation log",
    ),
    "bad_week": (
        "{text} bukan minggu; tulis seperti 2026-W47",
        "{text} is no week; write it like 2026-W47",
    ),
    "weekly_title": ("Daftar mingguan {since} s.d. {until}", "Weekly list {since} to {until}"),
    "weekly_written": ("Ditulis: {files}", "Written: {files}"),
    "weekly_foot": (
        "{region} · {lines} baris · peristiwa dapat dibuka di portal: /events/KIOS/EPOK/NOMOR",
        "{region} · {lines} lines · events open in the portal: /events/KIOSK/EPOCH/NUMBER",
    ),
    "th_section": ("Bagian", "Section"),
    "th_sentence": ("Uraian", "What is seen"),
}
