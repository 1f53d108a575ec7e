"""What is said about leave and duty by letter."""

WORDS = {
    "absence_twice": (
        "baris ini sama dengan baris {line} untuk {nip}: dokumen, mulai, dan cakupannya; hapus satu",
        "this line is line {line} again for {nip}: its document, start and scope; take one out",
    ),
    "absence_scope": (
        "cakupan {scope} tidak dikenal; tulis hari, masuk, atau pulang",
        "no scope is called {scope}; write hari, masuk or pulang",
    ),
    "absence_years": (
        "{first} sampai {last} tidak masuk akal; periksa tahunnya",
        "{first} to {last} cannot be; check the year",
    ),
    "document_long": (
        "nomor dokumen terlalu panjang; paling banyak {most} huruf",
        "the document's number is too long; at most {most} letters",
    ),
    "absence_code": (
        "kode {absence} tidak ada dalam aturan yang berlaku; pilih: {known}",
        "the rules in force have no code {absence}; choose one of: {known}",
    ),
    "absence_code_left": (
        "mulai {day} berlaku aturan {rules}, yang tidak punya kode {absence}; hari-hari itu menunggu sampai "
        "aturannya dilengkapi atau suratnya diganti",
        "from {day} on {rules} is in force, which has no code {absence}; those days wait until the rule set "
        "or the letter is changed",
    ),
    "absence_part": (
        "{absence} hanya untuk sehari penuh; tulis cakupan hari",
        "{absence} is for whole days only; write the scope hari",
    ),
    "absence_whole": (
        "{absence} tidak untuk sehari penuh; tulis cakupan masuk atau pulang",
        "{absence} is not for whole days; write the scope masuk or pulang",
    ),
    "absence_stranger": (
        "NIP {nip} tidak dikenal; dokumennya disimpan, tetapi tidak mengubah fakta siapa pun",
        "NIP {nip} is nobody's; the document is kept but changes nobody's facts",
    ),
    "absence_overlap": (
        "{nip} pada {day} sudah tercatat sehari penuh menurut {document}; periksa mana yang benar",
        "{nip} is away all day on {day} already by {document}; check which of them is right",
    ),
    "absence_outside": (
        "{nip} bukan pegawai perangkat daerah Anda, atau dokumennya milik perangkat daerah lain",
        "{nip} is not of your office, or the document is another office's",
    ),
    "absence_none": (
        "tidak ada dokumen {document} yang masih berlaku; periksa nomornya",
        "no document {document} is in force; check its number",
    ),
    "absences_stored": (
        "{new} baris baru, {changed} berubah, {gone} ditarik, {same} sama seperti sebelumnya",
        "{new} new rows, {changed} changed, {gone} withdrawn, {same} as before",
    ),
    "absences_withdrawn": (
        "{document}: {count} baris ditarik; tetap tampak sebagai ditarik",
        "{document}: {count} rows withdrawn; they stay visible as withdrawn",
    ),
    "absence_nobody": (
        "belum ada pegawai; pilih dari daftar atau tulis NIP-nya",
        "nobody is named; choose from the list or write the NIPs",
    ),
    "absence_no_file": ("berkas belum dipilih", "no file was chosen"),
    # The page
    "nav_absences": ("Surat & cuti", "Letters and leave"),
    "ab_title": ("Surat tugas dan cuti", "Duty letters and leave"),
    "ab_none": ("Belum ada surat pada bulan ini.", "No letter in this month yet."),
    "ab_document": ("Nomor dokumen", "Document number"),
    "ab_code": ("Kode", "Code"),
    "ab_days": ("Tanggal", "Days"),
    "ab_first": ("Mulai", "First day"),
    "ab_last": ("Selesai (kosong: satu hari)", "Last day (empty: one day)"),
    "ab_scope": ("Cakupan", "Scope"),
    "ab_whole_day": ("Sehari penuh", "The whole day"),
    "ab_for_in": ("Pengganti absen masuk", "Instead of the arrival"),
    "ab_for_out": ("Pengganti absen pulang", "Instead of the departure"),
    "ab_place": ("Tempat", "Place"),
    "ab_purpose": ("Keperluan", "Purpose"),
    "ab_people": ("Pegawai", "People"),
    "ab_nips": (
        "NIP lain, satu per baris",
        "Other NIPs, one a line",
    ),
    "ab_enter": ("Catat surat", "Enter a letter"),
    "ab_store": ("Simpan", "Store"),
    "ab_import": ("Impor daftar", "Import a list"),
    "ab_import_file": ("Berkas CSV atau Excel", "CSV or Excel file"),
    "ab_import_hint": (
        "Kolom: dokumen, nip, kode, cakupan, mulai, selesai, tempat, keperluan",
        "Columns: dokumen, nip, kode, cakupan, mulai, selesai, tempat, keperluan",
    ),
    "ab_import_do": ("Impor", "Import"),
    "ab_withdraw": ("Tarik", "Withdraw"),
    "ab_withdrawn": ("ditarik oleh {who}", "withdrawn by {who}"),
    # The office's log
    "did_absence_entered": ("mencatat surat", "entered a letter"),
    "did_absence_changed": ("mengubah surat", "changed a letter"),
    "did_absence_withdrawn": ("menarik surat", "withdrew a letter"),
    "did_absence_file": ("membuka berkas surat", "opened a letter's file"),
    "did_absences_read": ("melihat daftar surat", "looked at the list of letters"),
}
