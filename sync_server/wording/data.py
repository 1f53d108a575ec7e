"""What files of people, offices and posts say, and the page where they are handed in."""

WORDS = {
    # Spreadsheets
    "file_large": (
        "lebih besar dari {most} MB; bagi menjadi beberapa berkas",
        "larger than {most} MB; split it into several files",
    ),
    "scan_large": (
        "lebih besar dari {kb} kB; perkecil hasil pindai (hitam putih, 150 dpi), lalu kirim lagi",
        "larger than {kb} kB; make the scan smaller (black and white, 150 dpi), then send it again",
    ),
    "file_unpacks_large": (
        "berisi lebih dari {most} MB setelah dibuka; simpan lembar pertamanya saja, tanpa gambar",
        "holds more than {most} MB once unpacked; save its first sheet only, without pictures",
    ),
    "rows_many": (
        "lebih dari {most} baris; bagi menjadi beberapa berkas",
        "more than {most} rows; split it into several files",
    ),
    "not_xlsx": (
        "bukan buku kerja Excel yang utuh; buka di Excel dan simpan lagi sebagai .xlsx",
        "no whole Excel workbook; open it in Excel and save it again as .xlsx",
    ),
    "old_excel": (
        "berformat Excel lama atau bersandi; simpan sebagai .xlsx tanpa kata sandi",
        "an old Excel file, or one with a password; save it as .xlsx without a password",
    ),
    "has_macros": (
        "berisi makro, yang tidak diterima; simpan sebagai .xlsx biasa",
        "holds macros, which are not taken; save it as a plain .xlsx",
    ),
    "sample_row": (
        "ini baris contoh dari formulir (NIP {nip}); hapus baris ini, lalu unggah lagi",
        "this is the form's example row (NIP {nip}); delete this row, then upload again",
    ),
    "data_status_active": ("berlaku", "in force"),
    "data_status_draft": ("rancangan", "draft"),
    "data_status_revoked": ("dicabut", "revoked"),
    "has_links": (
        "mengambil data dari berkas lain; salin isinya sebagai nilai, lalu simpan lagi",
        "takes data from other files; paste its contents as values, then save it again",
    ),
    # Offices and posts
    "office_twice": (
        "kode {opd} sudah ada pada baris {line}; hapus salah satu",
        "code {opd} stands in line {line} already; take one of them out",
    ),
    "office_parent_unknown": (
        "induk {opd} tidak ada; tambahkan barisnya, atau perbaiki kodenya",
        "there is no office {opd} above it; add its row, or correct the code",
    ),
    "office_circle": (
        "induknya berputar: {path}; perbaiki salah satu induk",
        "the offices go round in a circle: {path}; correct one of their parents",
    ),
    "not_degrees": (
        "{column} {text!r} bukan derajat; tulis seperti -3.8021, atau kosongkan",
        "{column} {text!r} is not in degrees; write it as -3.8021, or leave it empty",
    ),
    "not_rupiah": (
        "tpp {text!r} bukan rupiah bulat; tulis 3000000 atau Rp 3.000.000",
        "tpp {text!r} is not whole rupiah; write 3000000 or Rp 3.000.000",
    ),
    "npwp_rounded": (
        "NPWP {npwp} sudah dibulatkan oleh Excel; format kolomnya sebagai Teks dan isi lagi",
        "Excel has rounded the NPWP {npwp}; format its column as Text and fill it in again",
    ),
    "own_superior": (
        "{nip} tertulis sebagai atasannya sendiri; kosongkan atau perbaiki",
        "{nip} is named as his own superior; leave it empty or correct it",
    ),
    "post_taken": (
        "{nip} sudah punya jabatan pada baris {line}; beri tanggal mulai dan selesai",
        "{nip} has a post in line {line} already; give both a first and a last day (mulai, selesai)",
    ),
    "superior_unknown": (
        "{count} atasan belum diimpor sebagai pegawai, misalnya {nip}",
        "{count} superiors were not imported as people, such as {nip}",
    ),
    "months_touched": (
        "mengubah bulan yang sudah dibekukan untuk {count} orang: {who}; selisihnya menjadi susulan. "
        "Beri tanggal mulai bila perubahan ini baru berlaku sekarang",
        "changes frozen months of {count} people: {who}; what differs becomes susulan. Give a first "
        "day (mulai) where it holds from now on only",
    ),
    "people_gone": (
        "{count} orang yang punya fakta tidak ada lagi: {who}; bila mereka pindah atau pensiun, tulis "
        "barisnya dengan tanggal selesai",
        "{count} people who have facts are gone: {who}; where they moved or retired, keep the row "
        "with a last day (selesai)",
    ),
    "not_your_people": (
        "{count} orang bukan pegawai perangkat daerah Anda, misalnya {nip}; hapus barisnya",
        "{count} people are not of your offices, such as {nip}; take their rows out",
    ),
    "offices_stored": (
        "{new} baru, {changed} berubah, {same} tetap.",
        "{new} new, {changed} changed, {same} the same.",
    ),
    "posts_stored": (
        "{new} baru, {changed} berubah, {gone} dihapus, {same} tetap.",
        "{new} new, {changed} changed, {gone} gone, {same} the same.",
    ),
    # The page
    "data_title": ("Data dan aturan", "Data and rules"),
    "data_lead": (
        "Unduh contohnya, isi di Excel, lalu unggah. Anda melihat dulu apa yang akan berubah; tidak "
        "ada yang disimpan sebelum Anda menyetujuinya.",
        "Download the form, fill it in with Excel, then upload it. You first see what will change; "
        "nothing is kept before you agree.",
    ),
    "data_files": ("Berkas Excel atau CSV", "Excel or CSV files"),
    "data_office": ("Perangkat daerah", "Offices"),
    "data_person": ("Pegawai", "People"),
    "data_post": ("Jabatan dan TPP", "Posts and TPP"),
    "data_roster": ("Giliran kerja", "Turns"),
    "data_absence": ("Cuti dan surat tugas", "Leave and duty letters"),
    "data_productivity": ("Nilai e-kinerja", "E-kinerja totals"),
    "data_about_office": (
        "Kode, nama, induk, letak, kepala dan bendahara. Yang tidak ada di berkas tetap.",
        "Code, name, parent, place, head and treasurer. What the file leaves out stays.",
    ),
    "data_about_person": (
        "Siapa di balik PIN terminal. Perangkat daerah dalam berkas diganti seluruhnya.",
        "Who is behind the terminals' PINs. The offices in the file are replaced as a whole.",
    ),
    "data_about_post": (
        "Jabatan, golongan, kelas, TPP dan atasan. Orang dalam berkas diganti seluruhnya.",
        "Title, rank, grade, TPP and superior. The people in the file are replaced as a whole.",
    ),
    "data_about_roster": (
        "Shift tiap orang dan tanggalnya. Orang dalam berkas diganti seluruhnya.",
        "Each person's shift and its days. The people in the file are replaced as a whole.",
    ),
    "data_about_absence": (
        "Cuti, izin dan surat perintah tugas per nomor dokumen. Dokumen dalam berkas diganti.",
        "Leave, permissions and duty letters by document number. Documents in the file are replaced.",
    ),
    "data_about_productivity": (
        "Nilai bulanan dari aplikasi lain: persen, poin atau huruf. Menggantikan kegiatan di sini.",
        "Monthly figures of another application: percentage, points or grade. They stand in the place "
        "of activities here.",
    ),
    "data_example": ("Unduh contoh", "Download the form"),
    "data_pick": ("Berkas", "File"),
    "data_check": ("Periksa", "Check"),
    "data_none": ("Pilih berkasnya dulu.", "Choose the file first."),
    "data_preview": ("Yang akan berubah", "What will change"),
    "data_file_is": ("Berkas {file}, {rows} baris", "File {file}, {rows} rows"),
    "data_new": ("baru", "new"),
    "data_changed": ("berubah", "changed"),
    "data_gone": ("dihapus", "gone"),
    "data_row": ("Baris", "Row"),
    "data_whom": ("Siapa", "Who"),
    "data_says": ("Isinya", "What it says"),
    "data_more": ("Dan {count} baris lagi.", "And {count} more rows."),
    "pin_handed": (
        "{count} PIN berpindah orang pada tanggal yang sudah ada pemiliknya ({which}); presensi lama ikut "
        "berpindah. Bila orangnya berganti, beri tanggal mulai dan selesai",
        "{count} PINs pass to somebody else on days that had an owner ({which}); what was recorded passes "
        "too. Where people follow each other, give first and last days (mulai, selesai)",
    ),
    "office_not_imported": (
        "{count} kode perangkat daerah belum diimpor ({which}); impor berkas perangkat daerah juga, atau "
        "perbaiki kodenya",
        "{count} office codes are not imported ({which}); import the file of offices too, or correct them",
    ),
    "data_same": ("tetap", "the same"),
    "data_problems": (
        "{count} kesalahan. Tidak ada yang disimpan; perbaiki di Excel, lalu unggah lagi.",
        "{count} mistakes. Nothing was kept; mend them in Excel, then upload again.",
    ),
    "data_odd": ("Perhatikan", "Take note"),
    "data_confirm": ("Simpan perubahan ini", "Keep these changes"),
    "data_back": ("Kembali", "Back"),
    "data_nothing": (
        "Berkas ini sama dengan yang sudah tersimpan; tidak ada yang perlu diubah.",
        "This file says what is kept already; nothing needs to change.",
    ),
    "data_done": (
        "Tersimpan: {new} baru, {changed} berubah, {gone} dihapus, {same} tetap.",
        "Kept: {new} new, {changed} changed, {gone} gone, {same} the same.",
    ),
    "data_again": (
        "Berkas itu sudah disimpan atau sudah terlalu lama; unggah lagi bila perlu.",
        "That file was kept already, or it was looked at too long ago; upload it again if need be.",
    ),
    "data_moved": (
        "Data sudah berubah sejak diperiksa; inilah keadaan sekarang. Periksa dan setujui lagi.",
        "The data has changed since you looked; this is how it stands now. Look and agree again.",
    ),
    "data_shifts_first": (
        "Berlakukan berkas shift lebih dulu.",
        "Put a shift file in force first.",
    ),
    "data_rules": ("Aturan, shift dan kalender", "Rules, shifts and calendar"),
    "data_rules_lead": (
        "Pilih berkas bawaan, atau unggah berkas TOML daerah Anda.",
        "Choose a file that comes with Hadir, or upload your region's TOML file.",
    ),
    "data_shipped": ("Berkas bawaan", "Files that come with Hadir"),
    "data_in_force": ("Berlaku sekarang", "In force"),
    "data_no_rules": ("Belum ada aturan.", "No rules yet."),
    "data_decree": ("Nomor peraturan", "Decree"),
    "data_from": ("Berlaku mulai", "In force from"),
    "data_activate": ("Berlakukan", "Put in force"),
    "data_questions": (
        "Pastikan dulu bersama pembuat peraturannya",
        "First make sure with those who made the decree",
    ),
    "data_answer": ("Jawaban (boleh kosong)", "Answer (may stay empty)"),
    "data_example_rules": (
        "Ini contoh, bukan peraturan daerah saya",
        "This is an example, not my region's decree",
    ),
    "decree_example": (
        "nomor peraturan masih CONTOH; tulis nomor peraturan daerah, atau nyatakan bahwa ini contoh",
        "the decree is still CONTOH; write your region's own, or say that this is an example",
    ),
    "data_text": ("Isi berkas", "The file"),
    "data_rule_kept": ("Berkas aturan tersimpan.", "The file is in force."),
    "data_own_file": ("Berkas daerah (TOML)", "Your region's file (TOML)"),
    "data_rule_shifts": ("Shift: {codes}", "Shifts: {codes}"),
    "data_rule_calendar": (
        "Kalender {year}: {holidays} hari libur, {joint} cuti bersama",
        "Calendar {year}: {holidays} holidays, {joint} days of joint leave",
    ),
    "rule_kind_unknown": (
        "skema berkas ini tidak dikenal; pakai tukin-rules/1, tukin-shifts/1 atau tukin-calendar/1",
        "this file's schema is not known; use tukin-rules/1, tukin-shifts/1 or tukin-calendar/1",
    ),
    # The office's log
    "did_office_import": ("mengimpor perangkat daerah", "imported offices"),
    "did_person_import": ("mengimpor pegawai", "imported people"),
    "did_post_import": ("mengimpor jabatan", "imported posts"),
    "did_roster_import": ("mengimpor giliran", "imported turns"),
    "did_productivity_import": ("mengimpor e-kinerja", "imported e-kinerja totals"),
    "did_rules_stored": ("memberlakukan berkas aturan", "put a rule file in force"),
    "did_rules_revoked": ("mencabut berkas aturan", "revoked a rule file"),
    "did_rules_answer": ("menjawab pertanyaan aturan", "answered a question about rules"),
    "did_shifts_import": ("memberlakukan berkas shift", "put a shift file in force"),
    "did_calendar_import": ("memberlakukan kalender", "put a calendar in force"),
}
