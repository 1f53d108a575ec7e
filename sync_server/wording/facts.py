"""What is said of daily facts: made, compared with the events, found otherwise."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "fact_differs": (
        "{opd} {workdate} {nip}: tercatat {was}; seharusnya {became}",
        "{opd} {workdate} {nip}: kept as {was}; it should be {became}",
    ),
    "fact_side": (
        "{status}, terlambat {late_min} menit, pulang cepat {early_min} menit",
        "{status}, {late_min} minutes late, {early_min} minutes early",
    ),
    "fact_side_none": ("tidak ada", "nothing"),
    "fact_side_no_fact": ("isi yang bukan fakta", "what is no fact"),
    "fact_differs_in": (" (berbeda di: {names})", " (they differ in: {names})"),
    "fact_rows_differ": (
        "{opd}: {rows} waktu presensi atau cakupan perangkat di buku lain dari peristiwanya",
        "{opd}: {rows} times of punches or coverages of devices in the book are not what the events say",
    ),
    "facts_checked": (
        "{offices} kantor dibandingkan dengan kejadian mentah; {count} perbedaan, tidak ada yang "
        "dibetulkan; {waiting} hari kantor belum dibandingkan (menunggu dihitung ulang)",
        "{offices} offices compared with the raw events; {count} differences, nothing was put right; "
        "{waiting} office-days not compared (they wait to be made anew)",
    ),
    "fact_damaged": (
        "buku besar rusak: isi fakta hari itu bukan fakta; ketik: sync-server facts rebuild",
        "the ledger is damaged: what stands for that day is no fact; type: sync-server facts rebuild",
    ),
    "facts_rebuilt": (
        "{offices} kantor dihitung ulang dari kejadian mentah; {count} perbedaan, sudah dibetulkan",
        "{offices} offices made again from the raw events; {count} differences, put right",
    ),
    "check_facts": (
        "Fakta harian dan waktu presensinya",
        "Daily facts and the times of their punches",
    ),
    "facts_not_compared": (
        "Fakta harian: tidak dibandingkan untuk satu kios; tanpa --kid semuanya dibandingkan",
        "Daily facts: not compared for one kiosk; without --kid they all are",
    ),
    "facts_waiting": (
        "Fakta harian: {count} hari kantor belum dibandingkan, karena menunggu dihitung ulang atau presensinya "
        "sendiri tidak cocok. Pusat yang berjalan menghitungnya; sesudah itu ketik lagi: sync-server ledger "
        "verify",
        "Daily facts: {count} office-days were not compared, because they wait to be made anew or their "
        "punches do not hold themselves. A centre that runs makes them; then type again: sync-server "
        "ledger verify",
    ),
    "verify_fails_do": (
        "Ada yang TIDAK COCOK. Simpan salinan basis data dan folder state ini seperti adanya; jangan "
        "perbaiki atau hapus apa pun. Lapor Inspektorat. Bandingkan dengan titik periksa yang disimpan di "
        "luar (sync-server ledger verify --against BERKAS) dan dengan cadangan di mesin lain (sync-server "
        "restore FOLDER). Yang hanya fakta harian dapat dihitung ulang dari kejadian (sync-server facts "
        "rebuild), sesudah salinan itu aman.",
        "Something does NOT hold. Keep a copy of this database and state folder as they are; repair and "
        "erase nothing. Tell the inspectorate. Compare with a checkpoint that was kept elsewhere "
        "(sync-server ledger verify --against FILE) and with a backup on another machine (sync-server "
        "restore FOLDER). Daily facts alone can be made again from the events (sync-server facts "
        "rebuild), once that copy is safe.",
    ),
    "why_event_missing": (
        "peristiwa bernomor ini tidak ada lagi",
        "there is no event of this number any more",
    ),
    "why_placed_differs": (
        "waktu, PIN atau kantor presensi di buku harian lain dari peristiwanya, atau barisnya dihapus",
        "the punch's time, PIN or office in the daybook is not what its event says, or its row was deleted",
    ),
    "why_placed_stray": (
        "ada di buku harian, tetapi bukan dari rantai mana pun",
        "it is in the daybook, and of no chain",
    ),
    "why_claims_differ": (
        "cakupan perangkat rantai ini di buku harian lain dari peristiwanya",
        "what the chain's devices are covered for in the daybook is not what its events say",
    ),
    "why_day_differs": (
        "fakta hari itu lain dari hasil hitung ulang; selisihnya: sync-server facts rebuild --check",
        "the fact of that day is not what it is made again as; the difference: sync-server facts rebuild "
        "--check",
    ),
}
