"""Rule files: what is wrong in one, what a region has to decide, and what the commands say."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    # What is wrong
    "not_percent": (
        '{text!r} bukan persen; tulis dengan titik dan paling banyak dua desimal, misalnya "1.25"',
        '{text!r} is no percentage; write it with a point and at most two decimals, as "1.25"',
    ),
    "percent_over": (
        "{text} lebih dari {most}; tulis paling banyak {most}",
        "{text} is more than {most}; write {most} at most",
    ),
    "not_a_choice": (
        "{value!r} tidak dikenal; tulis salah satu dari {choices}",
        "{value!r} is not known; write one of {choices}",
    ),
    "rule_id_empty": (
        "kosong; beri nama pendek untuk aturan ini, misalnya kab-x-2026",
        "empty; give this rule set a short name, as kab-x-2026",
    ),
    "rule_decree_empty": (
        "kosong; tulis nomor keputusan yang menjadi dasar, karena setiap potongan menyebutnya",
        "empty; write the decree's number, because every cut names it",
    ),
    "rule_backwards": (
        "berakhir {last}, sebelum berlaku; perbaiki effective_from atau effective_to",
        "ends on {last}, before it begins; correct effective_from or effective_to",
    ),
    "weights_not_100": (
        "discipline {discipline} dan productivity {productivity} tidak berjumlah 100; ubah salah satunya",
        "discipline {discipline} and productivity {productivity} do not make 100; change one of them",
    ),
    "never_cut_on_silence": (
        "harus true: Hadir tidak memotong tanpa bukti bahwa semua perangkat sudah terbaca; hapus "
        "baris ini",
        "has to be true: Hadir cuts nothing without proof that every device was read; take this line "
        "out",
    ),
    "never_cut_without_clock": (
        "harus true: Hadir tidak memotong karena jam yang tidak diketahui; hapus baris ini",
        "has to be true: Hadir cuts nothing on a clock that nobody knows; take this line out",
    ),
    "approvers_none": (
        'kosong; tulis siapa yang menyetujui, misalnya ["atasan_langsung", "kepala_opd"]',
        'empty; write who approves, as ["atasan_langsung", "kepala_opd"]',
    ),
    "productivity_unused": (
        "tidak dipakai oleh kind = {kind}; hapus, atau ganti kind",
        "is not used by kind = {kind}; take it out, or change the kind",
    ),
    "productivity_without": (
        "tidak ada, padahal kind = {kind}; tambahkan {key}",
        "is missing, though kind = {kind}; add {key}",
    ),
    "steps_order": (
        "tidak urut; mulai dari from = 0, lalu naik",
        "not in order; begin at from = 0 and ascend",
    ),
    "credit_unknown": (
        "tidak ada [leave.{name}]; tambahkan, atau hapus {name} dari credit",
        "there is no [leave.{name}]; add it, or take {name} out of credit",
    ),
    "code_without_cut": (
        'tidak ada cut dan tidak ada tiers; tulis cut = "0" bila memang tidak dipotong',
        'neither cut nor tiers; write cut = "0" where nothing is to be cut',
    ),
    "cut_and_tiers": (
        "cut dan tiers ditulis bersama; hapus salah satu",
        "both cut and tiers; take one of them out",
    ),
    "tiers_order": (
        "tidak urut; mulai dari from = 1, lalu naik",
        "not in order; begin at from = 1 and ascend",
    ),
    "band_no_code": (
        'code kosong; tulis kode baris ini, misalnya "TL1"',
        'code is empty; write this line\'s code, as "TL1"',
    ),
    "escalation_twice": (
        "{name} selama {days} hari sudah ada di baris lain; hapus salah satu",
        "{name} for {days} days stands in another line already; take one of them out",
    ),
    "band_empty": (
        "dari {first} sampai {before} tidak ada satu menit pun; to harus lebih besar daripada from",
        "holds no minute from {first} to {before}; to must be greater than from",
    ),
    "bands_overlap": (
        "{name} mulai menit {first}, padahal menit sampai {begin} sudah punya kode; tulis from = {begin}",
        "{name} begins at minute {first}, but minutes up to {begin} have a code already; write from = "
        "{begin}",
    ),
    "bands_gap": (
        "{name} mulai menit {first}, jadi menit {begin} sampai {first} tidak punya kode; tulis from = "
        "{begin}, atau sisipkan satu baris",
        "{name} begins at minute {first}, so minutes from {begin} have no code; write from = {begin}, "
        "or put a line before it",
    ),
    "band_endless": (
        "{name} tidak punya to, jadi baris sesudahnya tidak pernah berlaku; tulis to",
        "{name} has no to, so the line after it never applies; write to",
    ),
    "bands_end": (
        "menit {before} ke atas tidak punya kode; hapus to dari {name}, atau tambahkan satu baris",
        "minutes from {before} on have no code; take to out of {name}, or add a line",
    ),
    "per_minute_only": (
        "per_minute hanya untuk method = per_minute, dan di sana wajib (di sini {method}); perbaiki "
        "salah satunya",
        "per_minute belongs to method = per_minute alone, and is needed there (here it is {method}); "
        "correct one of the two",
    ),
    "code_twice": (
        "{name} sudah punya potongan di tempat lain; satu kode satu potongan, hapus salah satu",
        "{name} has its cut elsewhere already; one code, one cut: take one of them out",
    ),
    "bands_needed": (
        "kosong, padahal method = {method}; tulis baris-baris menitnya",
        "empty, though method = {method}; write its lines of minutes",
    ),
    "bands_unused": (
        "tidak dipakai oleh method = {method}; hapus, atau ganti method",
        "is not used by method = {method}; take it out, or change the method",
    ),
    "checkpoints_needed": (
        "method fixed_per_checkpoint memerlukan in dan out; tulis kode keduanya",
        "method fixed_per_checkpoint needs in and out; write a code for both",
    ),
    "code_unpriced": (
        'kode {name} tidak punya potongan; tambahkan [deduct.codes.{name}] dengan cut = "…"',
        'the code {name} has no cut; add [deduct.codes.{name}] with cut = "…"',
    ),
    "absence_unpriced": (
        'kosong; tulis kode untuk hari tanpa keterangan, misalnya both = "TK"',
        'empty; write the code of a day of absence without a reason, as both = "TK"',
    ),
    "ruleset_twice": (
        "id {id} sudah dipakai oleh {other}; beri id lain",
        "the id {id} is taken by {other}; give it another",
    ),
    "two_in_force": (
        "{other} untuk wilayah yang sama juga berlaku mulai {day}; ubah tanggalnya, atau tulis status "
        '"revoked" pada yang lama',
        '{other} of the same region applies from {day} too; change the date, or write status "revoked" '
        "in the old one",
    ),
    "base_within_month": (
        "{other} memotong dari dasar yang lain (deduct.base), jadi pergantian pada {day} membelah satu "
        "bulan; berlakukan mulai tanggal 1",
        "{other} cuts from another base (deduct.base), so a change on {day} would split a month; let it "
        "begin on the 1st",
    ),
    "other_region": (
        "wilayah {region!r}, padahal {other} yang berlaku untuk wilayah {others!r}; samakan region, atau "
        "ketik: sync-server rules revoke {other}",
        "is for region {region!r}, but {other}, in force, is for {others!r}; give both one region, or "
        "type: sync-server rules revoke {other}",
    ),
    "rules_not_there": (
        "tidak ada aturan dengan id itu; lihat: sync-server rules list",
        "no rule set has that id; see: sync-server rules list",
    ),
    "rules_revoked": (
        "Aturan {id} dicabut.",
        "Rule set {id} is out of force.",
    ),
    "rules_unknown": (
        "bukan berkas dan bukan aturan bawaan; aturan bawaan: {names}",
        "neither a file nor a rule set that comes with Hadir; those are: {names}",
    ),
    "apel_outside": (
        "di luar open sampai split; apel harus di antara keduanya",
        "outside open and split; the roll call has to lie between the two",
    ),
    # Worked cases
    "case_bad": (
        "contoh {id}: {detail}; perbaiki seperti contoh dalam panduan",
        "case {id}: {detail}; correct it as the manual shows",
    ),
    "case_no_rules": (
        "contoh {id} memakai aturan {ruleset}, yang tidak disebut; tambahkan --rules BERKAS",
        "case {id} uses the rule set {ruleset}, which was not named; add --rules FILE",
    ),
    "case_good": ("{id}  sesuai    {title}: {got}", "{id}  agrees    {title}: {got}"),
    "case_not": (
        "{id}  BERBEDA   {title}: diharapkan {expected}, hasilnya {got}",
        "{id}  DIFFERS   {title}: expected {expected}, got {got}",
    ),
    "cases_told": (
        "{good} dari {all} contoh sesuai.",
        "{good} of {all} cases agree.",
    ),
    # Commands
    "rules_good": (
        "{file}: aturan {id} ({decree}), berlaku mulai {since}, cara {method}: tidak ada kesalahan.",
        "{file}: rule set {id} ({decree}), from {since}, method {method}: nothing is wrong.",
    ),
    "rules_ask": (
        "Pastikan kepada pembuat keputusan:",
        "Ask those who made the decree:",
    ),
    "rules_stored": (
        "Aturan {id} ({decree}) berlaku mulai {since}.",
        "Rule set {id} ({decree}) applies from {since}.",
    ),
    "rules_draft": (
        "Aturan {id} disimpan, tetapi status = {status}: belum dipakai untuk potongan.",
        "Rule set {id} is stored, but status = {status}: it cuts nothing yet.",
    ),
    "rules_shipped": ("Aturan bawaan:", "Rule sets that come with Hadir:"),
    "rules_in_force": ("Aturan yang diimpor:", "Rule sets that were imported:"),
    "rules_none": (
        "belum ada; ketik: sync-server rules import NAMA",
        "none yet; type: sync-server rules import NAME",
    ),
    "proposal_told": (
        "Usulan kalender {year} ({holidays} hari libur, {joint} cuti bersama): isi nomor keputusan "
        "pada decree, cocokkan setiap tanggal, lalu ketik: sync-server calendar import BERKAS",
        "A proposal for {year} ({holidays} holidays, {joint} days of joint leave): fill in the decree, "
        "compare every date, then type: sync-server calendar import FILE",
    ),
    "proposal_missing": (
        "perlu paket holidays untuk mengusulkan; pasang dengan: pip install holidays, atau tulis "
        "kalender sendiri",
        "proposing needs the package holidays; install it with: pip install holidays, or write the "
        "calendar yourself",
    ),
}
