"""What commands and pages say of months: states, what is in the way, susulan, what-if."""

WORDS = {
    "month_not_yours": (
        "akun ini tidak berwenang melakukannya untuk perangkat daerah {opd}: menutup adalah hak kepala "
        "atau admin OPD, menyetujui hak kepala, membekukan dan mencatat susulan hak BKPSDM",
        "this account may not do that for office {opd}: its head or administrator closes, its head "
        "approves, BKPSDM freezes and notes susulan",
    ),
    "month_same_person": (
        "{who} sudah memutuskan bulan ini; persetujuan kedua harus dari orang lain",
        "{who} has already decided about this month; the second approval needs another person",
    ),
    "month_is_open": (
        "bulan {month} belum ditutup: mulailah dengan month close {month} {opd}",
        "month {month} is not closed: begin with month close {month} {opd}",
    ),
    "month_is_closed": (
        "bulan {month} sudah ditutup; langkah berikutnya month approve {month} {opd}",
        "month {month} is closed already; the next step is month approve {month} {opd}",
    ),
    "month_is_approved": (
        "bulan {month} sudah disetujui; langkah berikutnya month freeze {month} {opd}",
        "month {month} is approved already; the next step is month freeze {month} {opd}",
    ),
    "month_is_frozen": (
        "bulan {month} sudah dibekukan dan tidak berubah lagi; selisih dibayar sebagai susulan: "
        "month diff {month} {opd}",
        "month {month} is frozen and never changes; differences are paid as susulan: month diff "
        "{month} {opd}",
    ),
    "month_why": (
        "tulis alasan membuka kembali bulan ini",
        "write why this month is reopened",
    ),
    "month_not_frozen": (
        "bulan {month} belum dibekukan, jadi belum ada selisih; lihat month show {month} {opd}",
        "month {month} is not frozen, so nothing can differ from it yet; see month show {month} {opd}",
    ),
    "month_no_rules": (
        "belum ada berkas aturan yang berlaku pada akhir {month}: rules import FILE",
        "no rule set is in force at the end of {month}: rules import FILE",
    ),
    "susulan_not_later": (
        "susulan bulan {month} dibayar di bulan sesudahnya; pilih bulan yang lebih akhir",
        "a susulan of {month} is paid in a later month; choose one after it",
    ),
    "susulan_month_closed": (
        "bulan {month} sudah ditutup; pilih bulan sesudahnya yang masih terbuka",
        "month {month} is closed already; choose a later one that is still open",
    ),
    "susulan_far": (
        "bulan pembayar paling lambat {latest}, tiga bulan sesudah bulan ini",
        "the month that pays is {latest} at the latest, three months after this one",
    ),
    "susulan_unknown": (
        "tidak ada susulan nomor {no} dari bulan {month}; lihat halaman bulannya",
        "there is no susulan {no} of month {month}; look at the page of that month",
    ),
    "susulan_moved": (
        "susulan nomor {no} dibayar di {month}",
        "susulan {no} is paid in {month}",
    ),
    "month_account": (
        "tidak ada akun aktif “{name}”: pakai --as NAMA dengan akun dari accounts list",
        "there is no active account “{name}”: use --as NAME with an account of accounts list",
    ),
    "month_done_closed": (
        "bulan {month} OPD {opd} ditutup (revisi {rev}); masa sanggah sampai {until}",
        "month {month} of {opd} is closed (revision {rev}); people may object until {until}",
    ),
    "month_done_approved": (
        "bulan {month} OPD {opd} disetujui (revisi {rev}, sidik {digest})",
        "month {month} of {opd} is approved (revision {rev}, digest {digest})",
    ),
    "month_done_frozen": (
        "bulan {month} OPD {opd} dibekukan (revisi {rev}, sidik {digest})",
        "month {month} of {opd} is frozen (revision {rev}, digest {digest})",
    ),
    "month_done_reopened": (
        "bulan {month} OPD {opd} dibuka kembali",
        "month {month} of {opd} is open again",
    ),
    "month_in_the_way": (
        "{count} hal masih menghalangi:",
        "{count} things are still in the way:",
    ),
    "month_no_difference": ("tidak ada selisih", "nothing differs"),
    "susulan_count": (
        "{count} susulan dicatat untuk dibayar di {month}",
        "{count} susulan noted, to be paid in {month}",
    ),
    "pin_answered": (
        "PIN {pin} OPD {opd} dicatat bukan milik pegawai",
        "PIN {pin} of {opd} is noted as no employee's",
    ),
    "pin_stranger": ("PIN bukan pegawai", "PIN of no employee"),
    "pin_whose": ("Milik siapa", "Whose it is"),
    "pin_do": ("Catat bukan pegawai", "Note as no employee's"),
    "pin_why": (
        "tulis milik siapa PIN {pin}, misalnya petugas kebersihan",
        "say whose PIN {pin} is, for example a cleaner's",
    ),
    # States
    "month_state_open": ("Terbuka", "Open"),
    "month_state_closed": ("Ditutup, masa sanggah", "Closed, objections"),
    "month_state_approved": ("Disetujui kepala", "Approved by head"),
    "month_state_frozen": ("Beku", "Frozen"),
    "month_state_overtaken": ("Diganti revisi", "Overtaken"),
    "month_state_reopened": ("Dibuka kembali", "Reopened"),
    # What is in the way
    "lack_TUNGGU_DATA": ("Menunggu data mesin {detail}", "Waiting for data of {detail}"),
    "lack_UNREAD": (
        "Terlambat atau pulang cepat, tetapi mesin {detail} belum terbaca: mungkin ada ketukan lain",
        "Late or early, but {detail} is not read yet: it may hold another touch",
    ),
    "lack_TAHAN_JAM": (
        "Jam mesin diragukan; putuskan dengan koreksi",
        "The clock is in doubt; decide by a correction",
    ),
    "lack_CORRECTION": (
        "Koreksi nomor {detail} belum diputuskan",
        "Correction {detail} is not decided yet",
    ),
    "lack_NO_BASE": (
        "Belum ada jabatan dengan pagu TPP: impor jabatan.csv",
        "No post with a TPP base: import jabatan.csv",
    ),
    "lack_NO_RULES": ("Belum ada berkas aturan untuk tanggal ini", "No rule set for this date"),
    "lack_LEAVE_CODE": (
        "Aturan tanggal ini tidak punya kode {detail} dari surat; lengkapi aturan atau ganti surat",
        "The rule set of this date has no code {detail} of the letter; change the rule set or the letter",
    ),
    "lack_KINERJA_UNREADABLE": (
        "E-kinerjanya tidak terbaca oleh {detail}: impor total yang dibaca aturan itu",
        "{detail} cannot read this e-kinerja: import a total that it reads",
    ),
    "lack_PAID_ELSEWHERE": (
        "Bulan ini sudah dibekukan di OPD {detail}; catat susulannya di sana dulu",
        "This month is frozen in office {detail}; note its susulan there first",
    ),
    "lack_NO_FACT": (
        "{detail} hari tanpa giliran kerja atau belum dihitung, mulai tanggal ini",
        "{detail} days without a shift, or not made yet, from this date",
    ),
    "lack_NO_PEOPLE": ("Tidak ada pegawai di OPD ini", "Nobody belongs to this office"),
    "lack_NO_OWNER": (
        "Ada yang tidak hadir, padahal ada ketukan tanpa pemilik mulai tanggal ini: {detail};"
        " perbaiki pegawai.csv, atau nyatakan PIN itu bukan pegawai",
        "Somebody was absent, yet touches from this date on are nobody's: {detail};"
        " correct pegawai.csv, or answer for the PIN",
    ),
    "lack_UNMADE": (
        "Fakta OPD {detail} hari ini sedang dihitung ulang; tunggu sebentar",
        "The facts of {detail} on this day are being made anew; wait a moment",
    ),
    "lack_RUNNING": ("Bulan ini belum berakhir", "The month is not over"),
    "lack_DISPUTE": ("Masa sanggah berlaku sampai {detail}", "People may object until {detail}"),
    "lack_CHANGED": (
        "Data berubah sejak disetujui; periksa lagi lalu setujui sidik {detail}",
        "The data have changed since; look again and approve digest {detail}",
    ),
    "lack_DIFFERS": (
        "Dihitung ulang dari rekaman asli, hari ini di {detail} berbeda; periksa, lalu setujui lagi",
        "Made anew from the raw events, this day in {detail} is another; look, and approve again",
    ),
    # The office's log
    "did_month_closed": ("menutup bulan", "closed a month"),
    "did_month_approved": ("menyetujui bulan", "approved a month"),
    "did_month_frozen": ("membekukan bulan", "froze a month"),
    "did_month_reopened": ("membuka kembali bulan", "reopened a month"),
    "did_month_overtaken": ("mengganti revisi bulan", "put another revision of a month"),
    "did_export": ("mengekspor bulan", "exported a month"),
    "did_month_read": ("melihat lembar bulan", "looked at a month's sheet"),
    "did_pin_stranger": ("menyatakan PIN bukan pegawai", "answered for a PIN of no employee"),
    "did_susulan_moved": ("memindahkan susulan", "moved a susulan"),
    "did_susulan_noted": ("mencatat susulan", "noted a susulan"),
    "did_whatif": ("menghitung andai", "asked what if"),
}
