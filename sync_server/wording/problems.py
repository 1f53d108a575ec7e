"""What cannot be used, and what to write or type instead."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "line": ("baris {line}", "line {line}"),
    # What was typed
    "type_whose_leave": ("tulis --nip NIP atau --opd KODE", "give --nip NIP or --opd OFFICE"),
    "type_letter": ("tulis --letter TEKS atau --withdraw", "give --letter TEXT or --withdraw"),
    "type_range": (
        "tulis EPOCH AWAL AKHIR, atau tidak sama sekali untuk semua celah yang terbuka",
        "give EPOCH FIRST LAST, or nothing for all open gaps",
    ),
    # Files
    "file_missing": (
        "tidak ada; periksa nama dan tempatnya",
        "is not there; check its name and place",
    ),
    "file_unreadable": (
        "tidak terbaca ({detail}); periksa izin dan tempatnya",
        "cannot be read ({detail}); check its permissions and place",
    ),
    "checkpoint_there": (
        "sudah ada; bukti lama tidak ditimpa, sebut nama lain dengan --to",
        "is there already; an older proof is not overwritten, name another file with --to",
    ),
    "file_unwritable": (
        "tidak dapat ditulis ({detail}); sebut tempat lain dengan --to",
        "cannot be written ({detail}); name another place with --to",
    ),
    "not_utf8": (
        "bukan UTF-8 pada bita {at}; simpan sebagai UTF-8",
        "not UTF-8 at byte {at}; save it as UTF-8",
    ),
    "not_toml": (
        "tidak terbaca sebagai TOML ({detail}); perbaiki baris itu",
        "not TOML ({detail}); correct that line",
    ),
    # Keys of any TOML file
    "unknown_key": (
        "kunci {key} tidak dikenal; perbaiki ejaannya atau hapus",
        "no key is called {key}; correct its spelling or take it out",
    ),
    "missing_key": ("kunci {key} tidak ada; tambahkan", "the key {key} is missing; add it"),
    "not_text": ("bukan teks; tulis nilainya di antara tanda kutip", "not text; put it in quotes"),
    "not_true_false": (
        "bukan true atau false; tulis salah satunya tanpa tanda kutip",
        "not true or false; write one of them, without quotes",
    ),
    "not_whole": (
        "bukan bilangan bulat; tulis angkanya tanpa tanda kutip",
        "not a whole number; write it without quotes",
    ),
    "out_of_range": (
        "di luar batas; tulis bilangan {bound}",
        "out of range; write a number {bound}",
    ),
    "unknown_schema": (
        "nilai {value} tidak dikenal; versi ini hanya membaca skema dalam panduannya",
        "{value} is not known; this version reads only the schema named in its manual",
    ),
    "not_as_shown": (
        "bentuknya lain ({detail}); tulis seperti contoh dalam panduan",
        "of another form ({detail}); write it as the manual shows",
    ),
    # Configuration, ledger, kiosks
    "config_missing": (
        "tidak ada; sebut berkas lain dengan --config",
        "is not there; name another with --config",
    ),
    "embedded_plain": (
        "broker bawaan tidak mengenal TLS; setel embedded = false dan jalankan mosquitto, atau hapus "
        "mutual dan ca",
        "the embedded broker knows no TLS; set embedded = false and run mosquitto, or take mutual and "
        "ca out",
    ),
    "embedded_elsewhere": (
        "broker bawaan tidak mengenal kata sandi dan TLS, jadi hanya melayani 127.0.0.1; untuk kios "
        "di tempat lain jalankan mosquitto dan tulis embedded = false",
        "the embedded broker knows no passwords and no TLS, so it listens on 127.0.0.1 only; for "
        "kiosks elsewhere run mosquitto and set embedded = false",
    ),
    "port_taken": (
        "Port broker {port} sudah dipakai: hentikan program itu, atau ganti broker.port.",
        "The broker's port {port} is taken: stop that program, or change broker.port.",
    ),
    "ca_unusable": (
        "{ca} bukan berkas PEM yang terbaca ({detail}); sebut sertifikat penanda tangan broker",
        "{ca} is no PEM file that can be read ({detail}); name the certificate of the broker's "
        "authority",
    ),
    "ledger_newer": (
        "buku besar versi {found} lebih baru daripada program ini ({known}); perbarui Hadir",
        "the ledger of version {found} is newer than this program ({known}); update Hadir",
    ),
    "ledger_unusable": (
        "buku besar tidak dapat dibuka ({detail}); periksa state, izin dan ruang disk",
        "the ledger cannot be opened ({detail}); check state, permissions and disk space",
    ),
    "ledger_away": (
        "PostgreSQL tidak menjawab ({detail}); periksa apakah ia berjalan, dan ledger.url",
        "PostgreSQL does not answer ({detail}); check that it runs, and ledger.url",
    ),
    "not_postgres": (
        "bukan alamat PostgreSQL; tulis postgresql+psycopg://PENGGUNA:SANDI@HOST/BASISDATA, atau "
        "kosongkan untuk SQLite",
        "not the address of a PostgreSQL database; write postgresql+psycopg://USER:PASSWORD@HOST/"
        "DATABASE, or leave it empty for SQLite",
    ),
    "ingest_needs_postgres": (
        "SQLite hanya untuk satu proses; tulis ledger.url untuk PostgreSQL, atau ketik: "
        "sync-server run",
        "SQLite is for one process; write ledger.url for PostgreSQL, or type: sync-server run",
    ),
    "clock_absurd": (
        "jam server ini menunjuk {seconds} detik sejak 1970, yang tidak mungkin benar; betulkan "
        "jamnya (timedatectl), lalu jalankan lagi",
        "this server's clock says {seconds} seconds since 1970, which cannot be right; set the clock "
        "(timedatectl), then start again",
    ),
    "server_running": (
        "pusat lain sudah berjalan di folder ini; hentikan dulu, atau ganti state",
        "another centre is running in this folder; stop it first, or change state",
    ),
    "bad_kid": (
        "bukan nama kios; pakai 4 sampai 6 angka dan huruf besar, tanpa I, L, O, U",
        "not a kiosk name; use 4 to 6 digits and capital letters, without I, L, O, U",
    ),
    "opd_empty": ("kosong; tulis kode OPD-nya", "is empty; write the code of the office"),
    "kid_taken": (
        "sudah diundang; untuk kartu baru: sync-server kiosk replace {kid}",
        "is invited already; for a new card: sync-server kiosk replace {kid}",
    ),
    "kid_unknown": (
        "belum pernah diundang; {kid} bukan nama kios di sini, lihat: sync-server kiosk list",
        "was never invited; {kid} is no kiosk here, see: sync-server kiosk list",
    ),
    # Shift files
    "no_hours": (
        "tidak ada hari yang berjam kerja; tambahkan mon_thu, fri, sat, sun, all atau satu hari",
        "no day has hours; add mon_thu, fri, sat, sun, all or a day",
    ),
    "unknown_day": (
        "tidak ada hari {day!r}; tulis salah satu dari {days}",
        "no day {day!r}; write one of {days}",
    ),
    "wrong_order": (
        "{after} {after_at!r} tidak sesudah {before} {before_at!r}; urutkan open, start, split, "
        'end, close; "+1" berarti hari berikutnya',
        "{after} {after_at!r} is not after {before} {before_at!r}; order them open, start, split, "
        'end, close; "+1" is the next day',
    ),
    "mid_outside": (
        "ada sentuhan di luar split sampai end; letakkan di antaranya",
        "a touch outside split to end; put each touch between them",
    ),
    "mid_order": (
        "sentuhan bertumpuk atau terbalik; tulis berurutan",
        "touches overlap or run backwards; write them in order",
    ),
    "not_a_time": (
        '{text!r} bukan jam; tulis "16:30", atau "07:00+1" untuk hari berikutnya',
        '{text!r} is no time; write "16:30", or "07:00+1" for the next day',
    ),
    # Calendar files
    "not_a_date": (
        '{text!r} bukan tanggal; tulis seperti "2026-08-17"',
        '{text!r} is no date; write it as "2026-08-17"',
    ),
    "outside_year": (
        "{day} di luar {year}; pindahkan ke kalender {day.year}",
        "{day} is outside {year}; put it into the calendar of {day.year}",
    ),
    "other_year": (
        "{day} bukan hari dalam {year}; tambahkan kalender {day.year}",
        "{day} is not a day of {year}; add the calendar of {day.year}",
    ),
    "decree_empty": (
        "kosong; tulis keputusan yang menjadi dasar tanggal-tanggal ini",
        "empty; write the decree that these dates stand on",
    ),
    "date_twice": (
        "{day} tertulis dua kali; hapus satu",
        "{day} stands there twice; take one of them out",
    ),
    "holiday_already": (
        "{day} sudah hari libur; tulis di holidays atau di joint_leave, jangan keduanya",
        "{day} is a holiday already; keep it in holidays or in joint_leave, not in both",
    ),
    "period_backwards": (
        "berakhir {last}, sebelum mulai; tukar from dan to",
        "ends on {last}, before it begins; exchange from and to",
    ),
    "period_empty": (
        "tidak mengganti shift apa pun; tambahkan [period.replace] dengan LAMA = BARU",
        "replaces no shift; add [period.replace] with OLD = NEW",
    ),
    "both_replace": (
        "{one} dan {two} sama-sama mengganti {shift} pada {day}; geser salah satunya",
        "{one} and {two} both replace {shift} on {day}; move one of the two",
    ),
    "shift_in_use": (
        "kode shift {shift} tidak ada di berkas ini, padahal dipakai {by}; tambahkan, atau ganti dulu"
        " giliran atau kalendernya",
        "this file has no shift {shift}, which {by} uses; add it, or change the turn or the calendar"
        " first",
    ),
    "unknown_shift": (
        "tidak ada shift {shift!r}; perbaiki kodenya, atau tambahkan ke berkas shift dan ketik: "
        "sync-server shift import BERKAS",
        "no shift {shift!r}; correct the code, or add it to the shift file and type: "
        "sync-server shift import FILE",
    ),
    # CSV files of people and turns
    "columns_missing": (
        "kolom {columns} tidak ada; tulis kolom: {needed}",
        "no column {columns}; write the columns: {needed}",
    ),
    "columns_unknown": (
        "kolom {columns} tidak dikenal; tulis kolom: {needed}",
        "columns that are not known: {columns}; write the columns: {needed}",
    ),
    "columns_twice": (
        "kolom {columns} tertulis dua kali; hapus satu",
        "column {columns} stands there twice; take one of them out",
    ),
    "cells": (
        "jumlah isian tidak sama dengan jumlah kolom; perbaiki koma atau tanda kutipnya",
        "not as many cells as columns; correct its commas or quotes",
    ),
    "no_rows": (
        "tidak ada baris di bawah judul kolom; tambahkan isinya",
        "no line below the column names; add some",
    ),
    "not_csv": (
        "tidak terbaca sebagai CSV ({detail}); perbaiki baris itu",
        "not CSV ({detail}); correct that line",
    ),
    "cell_empty": ("{column} kosong; isi", "{column} is empty; fill it in"),
    "nip_length": (
        "NIP {nip!r} tidak berisi {digits} angka; periksa angkanya",
        "NIP {nip!r} has not {digits} digits; look at it again",
    ),
    "nip_rounded": (
        "NIP {nip} sudah dibulatkan oleh Excel; format kolomnya sebagai Teks dan isi lagi",
        "Excel has rounded the NIP {nip}; format its column as Text and fill it in again",
    ),
    "nip_not_digits": (
        "NIP {nip!r} tidak hanya berisi angka; hapus yang lain, dan format kolomnya sebagai Teks",
        "the NIP {nip!r} is not digits only; take the rest out, and format its column as Text",
    ),
    "unknown_zone": (
        "zona {zone!r} tidak dikenal; tulis WIB, WITA atau WIT",
        "no zone {zone!r}; write WIB, WITA or WIT",
    ),
    "not_a_day": (
        "{column} {text!r} bukan tanggal; tulis seperti 2026-01-31",
        "{column} {text!r} is no date; write it as 2026-01-31",
    ),
    "days_backwards": (
        "selesai {last} sebelum mulai {first}; tukar keduanya",
        "selesai {last} is before mulai {first}; exchange the two",
    ),
    "pin_taken": (
        "PIN {pin} sudah dipakai pada baris {line}; beri tanggal mulai dan selesai",
        "PIN {pin} is taken in line {line}; give both a first and a last day (mulai, selesai)",
    ),
    "turn_taken": (
        "{nip} sudah punya shift pada baris {line}; beri tanggal mulai dan selesai",
        "{nip} has a shift in line {line} already; give both a first and a last day (mulai, selesai)",
    ),
    # Facts
    "not_a_month": ("bukan bulan; tulis seperti 2026-01", "not a month; write it as 2026-01"),
    "no_shifts": (
        "belum ada shift; ketik: sync-server shift import BERKAS",
        "there are no shifts; type: sync-server shift import FILE",
    ),
    "no_people": (
        "belum ada pegawai OPD {opd}; ketik: sync-server person import BERKAS",
        "there are no people of office {opd}; type: sync-server person import FILE",
    ),
    "no_calendar": (
        "belum ada kalender {year}; ketik: sync-server calendar import BERKAS",
        "there is no calendar of {year}; type: sync-server calendar import FILE",
    ),
}
