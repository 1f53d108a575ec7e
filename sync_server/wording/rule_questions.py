"""Rule files: what a decree often leaves open, and what in one looks like a slip."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "ask_edge_floor": (
        "{first} menit kurang satu detik dihitung {minutes} menit ({name}): detik dibulatkan ke bawah. "
        "Benar?",
        "{first} minutes less a second counts as {minutes} minutes ({name}): seconds are dropped. Right?",
    ),
    "ask_edge_ceil": (
        "{minutes} menit lebih satu detik dihitung {first} menit ({name}): detik dibulatkan ke atas. "
        "Benar?",
        "{minutes} minutes and a second counts as {first} minutes ({name}): seconds are rounded up. "
        "Right?",
    ),
    "ask_tier_from": (
        "{name}: potongan {cut} hanya untuk hari ke-{first} dan seterusnya; hari sebelumnya tetap. "
        "Benar?",
        "{name}: the cut of {cut} is for day {first} and later only; the days before keep theirs. "
        "Right?",
    ),
    "ask_tier_back": (
        "{name}: begitu sampai hari ke-{first}, semua harinya dipotong {cut}, juga yang sebelumnya. "
        "Benar?",
        "{name}: once day {first} is reached, all its days are cut {cut}, those before it too. Right?",
    ),
    "ask_double_same": (
        "{late} dan {early} sehari berjumlah {both}, sama dengan {absent} tanpa keterangan. Memang "
        "begitu?",
        "{late} and {early} on a day make {both}, as much as {absent}, absent without a reason. Is that "
        "meant?",
    ),
    "ask_double_other": (
        "{late} dan {early} sehari berjumlah {both}, tetapi {absent} tanpa keterangan {cut}. Memang "
        "begitu?",
        "{late} and {early} on a day make {both}, but {absent}, absent without a reason, costs {cut}. "
        "Is that meant?",
    ),
    "ask_apel_outside": (
        "{name} ditambahkan di luar batas sehari ({cap}). Benar?",
        "{name} comes on top of a day's limit ({cap}). Right?",
    ),
    "ask_apel_none": (
        "Berkas ini tidak menyebut apel: apel yang luput tidak dipotong. Benar?",
        "This file says nothing of assemblies: a missed one costs nothing. Right?",
    ),
    "ask_falling": (
        "{name} hanya dipotong {cut}, kurang daripada {other} yang menitnya lebih sedikit. Memang begitu?",
        "{name} is cut {cut} only, less than {other} with fewer minutes. Is that meant?",
    ),
    "ask_tier_falling": (
        "{name}: mulai yang ke-{first} potongannya turun menjadi {cut}. Memang begitu?",
        "{name}: from the {first}. on the cut falls to {cut}. Is that meant?",
    ),
    "ask_day_cap": (
        "Batas sehari {cap} lebih kecil daripada potongan {names}, jadi kode itu tidak pernah dipotong "
        "penuh. Memang begitu?",
        "A day's limit of {cap} is less than the cut of {names}, which is never cut in full. Is that meant?",
    ),
    "ask_month_cap": (
        "month_cap = 0: tidak ada yang dipotong dalam sebulan. Memang begitu?",
        "month_cap = 0: nothing is cut in a month. Is that meant?",
    ),
    "ask_duplicate": (
        "Sentuhan dalam {seconds} detik dihitung satu, lebih dari satu jam: datang dan pulang bisa menjadi "
        "satu. Memang begitu?",
        "Touches within {seconds} seconds count as one, more than an hour: arrival and departure may "
        "become one. Is that meant?",
    ),
    "ask_flex": (
        "Terlambat sampai {minutes} menit boleh diganti sesudah jam pulang. Memang begitu?",
        "Up to {minutes} minutes of lateness may be made up after the end. Is that meant?",
    ),
    "ask_step_nothing": (
        "Nilai e-kinerja 0 pun dibayar {pays}. Memang begitu?",
        "Even e-kinerja of 0 pays {pays}. Is that meant?",
    ),
    "ask_step_falling": (
        "e-Kinerja mulai {first} dibayar {pays}, kurang daripada nilai di bawahnya. Memang begitu?",
        "E-kinerja from {first} pays {pays}, less than a lower one. Is that meant?",
    ),
    "ask_apel_inside": (
        "{name} termasuk batas sehari ({cap}). Benar?",
        "{name} is within a day's limit ({cap}). Right?",
    ),
    "ask_leave_beats": (
        "Cuti atau surat tugas sehari penuh mengalahkan presensi pada hari itu. Benar?",
        "Leave or duty of a whole day beats a punch on that day. Right?",
    ),
    "ask_letter_code": (
        "Kode {name} dipakai surat {document}, tetapi tidak ada di aturan ini: hari-harinya menunggu. "
        "Tambahkan [leave.{name}], atau ganti kode surat itu.",
        "Code {name} is used by letter {document} but is not in this rule set: its days will wait. Add "
        "[leave.{name}], or give the letter another code.",
    ),
    "ask_zone": (
        "Pegawai yang bertugas di zona waktu lain dihitung menurut zona kantornya. Benar?",
        "Staff on duty in another time zone are measured in their office's zone. Right?",
    ),
}
