"""What stands on a month's workbook and papers."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "exports_title": ("Unduhan", "Exports"),
    "exports_about": (
        "Buku kerja Excel untuk dibaca dan ditandatangani, PDF kertas F4, dan data untuk aplikasi "
        "lain (CSV, JSON Lines, manifest). Bulan yang belum dibekukan bertanda BELUM DISAHKAN.",
        "An Excel workbook to read and sign, PDF on F4 paper, and data for other applications (CSV, "
        "JSON Lines, manifest). A month that is not frozen is marked as not final.",
    ),
    "exports_files": ("Berkas", "Files"),
    "exports_xlsx": ("Excel", "Excel"),
    "exports_pdf": ("PDF", "PDF"),
    "exports_zip": ("Data", "Data"),
    "exports_not_ready": ("belum ada hari yang dihitung", "no day is counted yet"),
    "exports_none": (
        "Belum ada bulan yang dapat diunduh.",
        "There is no month to take yet.",
    ),
    "export_empty": (
        "belum ada yang dapat dihitung di OPD {opd}: impor pegawai dan aturannya, dan tunggu data mesin",
        "nothing can be counted in office {opd}: import its people and rules, and await its devices",
    ),
    "export_written": ("Ditulis: {file}", "Written: {file}"),
    "sheet_tpp": ("Daftar TPP", "TPP list"),
    "sheet_recap": ("Rekap disiplin", "Discipline recap"),
    "sheet_matrix": ("Matriks", "Matrix"),
    "sheet_individual": ("Perorangan", "Individual"),
    "sheet_pending": ("Menunggu", "Pending"),
    "sheet_susulan": ("Susulan", "Susulan"),
    "export_final": (
        "FINAL: dibekukan, revisi {rev}",
        "FINAL: frozen, revision {rev}",
    ),
    "export_draft": (
        "BELUM DISAHKAN: bukan dasar pembayaran (revisi {rev})",
        "NOT FINAL: no basis for payment (revision {rev})",
    ),
    "export_basis": (
        "Nilai kotor menurut aturan {rules}; pajak dan iuran tidak dihitung di sini. Sidik SHA-256 "
        "{digest}",
        "Gross value by the rules {rules}; taxes and contributions are not computed here. SHA-256 "
        "{digest}",
    ),
    "paper_draft": ("BELUM DISAHKAN", "NOT FINAL (BELUM DISAHKAN)"),
    "paper_foot": (
        "Hadir · revisi {rev} · SHA-256 {digest}",
        "Hadir · revision {rev} · SHA-256 {digest}",
    ),
    "paper_basis": (
        "Nilai kotor menurut aturan {rules}; pajak dan iuran tidak dihitung di sini.",
        "Gross value by the rules {rules}; taxes and contributions are not computed here.",
    ),
    "sum": ("Jumlah", "Total"),
    "sign_place": (
        "Tempat, tanggal: ..............................",
        "Place, date: ..............................",
    ),
    "sign_head": ("Mengetahui, Kepala", "Seen by, Head"),
    "sign_treasurer": ("Bendahara Pengeluaran", "Treasurer"),
    "line_in": ("masuk", "in"),
    "line_out": ("pulang", "out"),
    "line_code": ("kode", "code"),
    "column_no": ("No", "No"),
    "column_nip": ("NIP", "NIP"),
    "column_name": ("Nama", "Name"),
    "column_npwp": ("NPWP", "NPWP"),
    "column_name_nip": ("Nama / NIP / NPWP", "Name / NIP / NPWP"),
    "column_title": ("Jabatan", "Post"),
    "column_rank": ("Gol", "Rank"),
    "column_grade": ("Kelas", "Grade"),
    "column_base": ("TPP (Rp)", "TPP (Rp)"),
    "column_cut_percent": ("Potongan %", "Cut %"),
    "column_cut": ("Potongan (Rp)", "Cut (Rp)"),
    "column_productivity_percent": ("e-Kinerja %", "e-Kinerja %"),
    "column_discipline": ("Disiplin (Rp)", "Discipline (Rp)"),
    "column_productivity": ("Produktivitas (Rp)", "Productivity (Rp)"),
    "column_gross": ("Kotor (Rp)", "Gross (Rp)"),
    "column_signature": ("Tanda tangan", "Signature"),
    "column_workdays": ("Hari kerja", "Workdays"),
    "column_present": ("Hadir", "Present"),
    "column_late_min": ("Terlambat (mnt)", "Late (min)"),
    "column_early_min": ("Pulang cepat (mnt)", "Early (min)"),
    "column_line": ("Baris", "Line"),
    "column_workdate": ("Tanggal", "Date"),
    "column_in": ("Masuk", "In"),
    "column_out": ("Pulang", "Out"),
    "column_status": ("Status", "Status"),
    "column_codes": ("Kode", "Codes"),
    "column_why": ("Alasan", "Why"),
    "column_code": ("Kode", "Code"),
    "column_detail": ("Keterangan", "Detail"),
    "column_month": ("Bulan", "Month"),
    "column_was": ("Dihitung (Rp)", "Counted (Rp)"),
    "column_became": ("Seharusnya (Rp)", "Should be (Rp)"),
    "column_amount": ("Selisih (Rp)", "Difference (Rp)"),
}
