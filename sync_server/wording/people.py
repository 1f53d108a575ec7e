"""What is said on the pages of a person's months."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "no_time": ("belum ada", "none yet"),
    "people": ("Pegawai", "People"),
    "people_search": ("Nama atau NIP", "Name or NIP"),
    "people_find": ("Cari", "Find"),
    "people_none": ("Tidak ada pegawai yang cocok.", "Nobody fits."),
    "people_choose": (
        "Pilih perangkat daerah di atas, atau cari nama.",
        "Choose an office above, or look for a name.",
    ),
    "people_more": ("Masih ada lagi: persempit pencarian.", "There are more: search for less."),
    "month_before": ("Bulan sebelumnya", "Month before"),
    "month_after": ("Bulan berikutnya", "Month after"),
    "month_calendar": ("Kalender", "Calendar"),
    "month_days": ("Hari demi hari", "Day by day"),
    "month_empty": (
        "Belum ada catatan bulan ini. Catatan muncul setelah giliran kerja diimpor dan terminal terbaca.",
        "There is no record of this month yet. It appears once turns are imported and terminals read.",
    ),
    "unpriced_no_kiosk": (
        "Kantor ini belum punya kios, jadi belum ada hari yang dapat dihitung.",
        "This office has no kiosk yet, so no day can be counted.",
    ),
    "unpriced_no_turn": (
        "Giliran kerja pegawai ini belum diimpor, jadi belum ada hari yang dapat dihitung.",
        "This person's turns are not imported, so no day can be counted.",
    ),
    "unpriced_no_data": (
        "Belum ada hari bulan ini yang selesai dihitung; tunggu data dari mesin.",
        "No day of this month is counted yet; the devices' data are awaited.",
    ),
    "th_day": ("Tanggal", "Date"),
    "th_status": ("Status", "Status"),
    "th_in": ("Masuk", "In"),
    "th_out": ("Pulang", "Out"),
    "th_late": ("Terlambat", "Late"),
    "th_early": ("Pulang cepat", "Early"),
    "th_cut": ("Potongan", "Cut"),
    "minutes_of": ("{minutes} menit", "{minutes} min"),
    "days_of": ("{days} hari", "{days} days"),
    "figure_workdays": ("Hari kerja", "Workdays"),
    "figure_present": ("Hadir", "Present"),
    "figure_late": ("Menit terlambat", "Minutes late"),
    "figure_early": ("Menit pulang cepat", "Minutes early"),
    "figure_cut": ("Potongan disiplin", "Discipline cut"),
    "figure_discipline": ("Uang disiplin", "Discipline money"),
    "figure_productivity": ("Produktivitas", "Productivity"),
    "figure_gross": ("Nilai kotor", "Gross"),
    "figure_absent": ("Tanpa keterangan tahun ini", "Absent this year"),
    "figure_code": ("Jumlah {what}", "{what} in all"),
    "productivity_none": ("belum ada nilai e-kinerja", "no e-kinerja yet"),
    "gross_about": (
        "Nilai kotor menurut {decree}; yang dibayar adalah angka BPKAD.",
        "Gross by {decree}; what is paid is BPKAD's figure.",
    ),
    "no_post": (
        "Jabatan dan TPP pegawai ini belum diimpor, jadi rupiahnya belum dapat dihitung.",
        "This person's post and TPP are not imported, so no rupiah can be told.",
    ),
    "stands_open": (
        "Bulan ini belum ditutup: angkanya masih dapat berubah.",
        "This month is not closed: its figures may still change.",
    ),
    "stands_closed": (
        "Bulan ini sudah diusulkan (revisi {rev}): masa sanggah berjalan.",
        "This month is proposed (revision {rev}): objections may be made.",
    ),
    "stands_approved": (
        "Bulan ini disetujui kepala perangkat daerah (revisi {rev}).",
        "This month is approved by the head of the office (revision {rev}).",
    ),
    "stands_frozen": (
        "Bulan ini dibekukan (revisi {rev}). Perubahan sesudahnya dibayar sebagai susulan.",
        "This month is frozen (revision {rev}). What changes later is paid as a susulan.",
    ),
    "susulan_title": ("Susulan", "Susulan"),
    "changed_since_frozen": (
        "Berubah sejak dibekukan: sekarang akan menjadi {amount} lebih atau kurang (minus). Yang tampak "
        "adalah yang dibekukan.",
        "Changed since it was frozen: as things stand {amount} more, or less (minus). What you see is "
        "what was frozen.",
    ),
    "changed_not_noted": ("{amount}: belum dicatat BKPSDM", "{amount}: not noted by BKPSDM yet"),
    "susulan_line": (
        "{amount}: {reason}; {paid}",
        "{amount}: {reason}; {paid}",
    ),
    "susulan_paid": ("dibayar bersama {month}", "paid with {month}"),
    "susulan_open": ("belum dibayar", "not paid yet"),
    "part_share": ("Komponen disiplin penuh", "The whole discipline part"),
    "part_cut": ("Potongan disiplin", "Discipline cut"),
    "part_discipline": ("Uang disiplin", "Discipline money"),
    "part_productivity": ("Uang produktivitas", "Productivity money"),
    "parts_none": ("Tidak ada yang dijumlahkan.", "There is nothing to add up."),
    "parts_sum": ("Jumlah", "Sum"),
    "to_month": ("Kembali ke bulan", "Back to the month"),
    "th_time": ("Jam", "Time"),
    "th_terminal": ("Terminal", "Terminal"),
    "th_mode": ("Cara", "By"),
    "th_use": ("Dipakai?", "Used?"),
    "th_code": ("Kode bukti", "Evidence code"),
    "th_device": ("Perangkat", "Device"),
    "th_reached": ("Terbaca sampai", "Read up to"),
}
