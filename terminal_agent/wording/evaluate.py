"""What `face evaluate` says."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    # What went wrong, by the code of the error.
    "no_faces_folder": (
        "Folder {detail} tidak ada. Sebut folder yang berisi satu folder gambar per orang.",
        "There is no folder {detail}. Name one that holds a folder of images for each person.",
    ),
    "few_identities": (
        "Hanya satu orang, atau tidak ada, yang wajahnya ditemukan ({detail}). Perlu sekurangnya dua "
        "folder orang dengan gambar wajah (jpg, png, pgm).",
        "Faces of only one person, or of nobody, were found ({detail}). At least two people's folders "
        "with images of faces are needed (jpg, png, pgm).",
    ),
    "session_pattern": (
        "Pola sesi tidak dapat dipakai ({detail}). Tulis ekspresi reguler, "
        r"misalnya --session '_(\d+)_\d+\.jpg$'",
        "The session pattern cannot be used ({detail}). Write a regular expression, "
        r"such as --session '_(\d+)_\d+\.jpg$'",
    ),
    "session_unseen": (
        "Pola sesi {pattern} tidak cocok dengan nama berkas mana pun: semua dihitung sebagai satu sesi, "
        r"dan angkanya lebih ramah. Contoh pola: '_(\d+)_\d+\.jpg$'",
        "The session pattern {pattern} fits no file name: all count as one session, and the figures "
        r"are kinder. A pattern looks like '_(\d+)_\d+\.jpg$'",
    ),
    "nothing_to_try": (
        "Tidak ada gambar tersisa untuk diuji sesudah {detail} gambar didaftarkan. Kecilkan --enrol, "
        "atau periksa pola sesi.",
        "No images are left to be tried after enrolling {detail}. Lower --enrol, or check the "
        "session pattern.",
    ),
    # What came of it.
    "evaluate_progress": ("{count} gambar dibaca …", "{count} images read …"),
    "evaluate_damaged": (
        "{count} berkas gambar rusak, dilewati: {names}",
        "{count} image files are damaged, left out: {names}",
    ),
    "evaluate_faceless": (
        "{count} gambar tanpa wajah yang ditemukan: {names}",
        "{count} images in which no face was found: {names}",
    ),
    "evaluate_few": (
        "Kurang dari 8 orang terdaftar: kios sungguhan hanya membandingkan satu-lawan-satu.",
        "Fewer than 8 people enrolled: a real kiosk would compare one-to-one only.",
    ),
    "evaluate_table": (
        "{identities} orang, {images} gambar, wajah ditemukan {detection:.1%} [{detection_span}]\n"
        "1:1  EER {eer:.2%} [{eer_span}], terima benar pada FAR 1 %: {tar1}, pada 0,1 %: {tar01} "
        "({genuine} lawan {impostor} perbandingan)\n"
        "1:N  orang pertama yang benar {rank1:.2%}",
        "{identities} people, {images} images, faces found {detection:.1%} [{detection_span}]\n"
        "1:1  EER {eer:.2%} [{eer_span}], true accepts at FAR 1 %: {tar1}, at 0.1 %: {tar01} "
        "({genuine} against {impostor} comparisons)\n"
        "1:N  the right person is nearest {rank1:.2%}",
    ),
    "evaluate_strangers": (
        "1:N  orang luar diterima {accepted:.2%} [{accepted_span}], pegawai dikenali {true:.2%} "
        "[{true_span}], tertukar {mistaken:.2%} ({enrolled} terdaftar, sepertiga sebagai orang luar)\n"
        "     aturan: {rule}",
        "1:N  strangers accepted {accepted:.2%} [{accepted_span}], staff known {true:.2%} "
        "[{true_span}], mistaken {mistaken:.2%} ({enrolled} enrolled, a third held back)\n"
        "     rule: {rule}",
    ),
    "evaluate_ms": ("Milidetik (median): {ms}", "Milliseconds (median): {ms}"),
}
