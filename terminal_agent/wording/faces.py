"""What the commands about faces say: enrolling people, evaluating the recogniser."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    # What went wrong, by the code of the error.
    "faces_key": (
        "Kunci data wajah tidak dapat dipakai ({detail}). Kembalikan berkas kunci yang asli; kalau "
        "hilang, pindahkan faces.key dan faces.db dari folder state, lalu daftarkan orang lagi.",
        "The key of the face data cannot be used ({detail}). Put the original file back; if it is "
        "lost, move faces.key and faces.db out of the state folder and enrol people again.",
    ),
    "faces_busy": (
        "Data wajah tidak dapat dibuka atau ditulis sekarang ({detail}). Periksa ruang disk dan izin "
        "folder state, lalu coba lagi.",
        "The face data cannot be opened or written now ({detail}). Check disk space and the "
        "permissions of the state folder, then try again.",
    ),
    "faces_damaged": (
        "Berkas data wajah rusak ({detail}). Pindahkan berkas itu; pusat mengirim ulang wajah kantor "
        "ini, atau daftarkan orang lagi: terminal-agent people enrol PIN --camera",
        "The file of face data is damaged ({detail}). Move it away; the centre sends this office's "
        "faces again, or enrol people again: terminal-agent people enrol PIN --camera",
    ),
    "camera_gone": (
        "Kamera tidak memberi gambar ({detail}). Periksa kabelnya; kios mencoba lagi sendiri.",
        "The camera gives no picture ({detail}). Check its cable; the kiosk tries again by itself.",
    ),
    "no_camera_source": (
        'Kios ini tanpa kamera. Tulis [camera] source = "/dev/v4l/by-id/…" di agent.toml; lihat: ls '
        "/dev/v4l/by-id",
        'This kiosk has no camera. Write [camera] source = "/dev/v4l/by-id/…" in agent.toml; see: ls '
        "/dev/v4l/by-id",
    ),
    "camera_unknown": (
        "Kamera ini tidak dikenal ({detail}). [camera] source: /dev/v4l/by-id/…, rtsp://…, picamera2, "
        "atau nama lengkap klip atau folder gambar.",
        "This camera is not known ({detail}). [camera] source: /dev/v4l/by-id/…, rtsp://…, picamera2, "
        "or the full path of a clip or a folder of images.",
    ),
    "no_picamera2": (
        "Kamera pita memerlukan Picamera2 ({detail}). Ketik: sudo apt install python3-picamera2, dan "
        "pakai venv dengan --system-site-packages.",
        "A ribbon camera needs Picamera2 ({detail}). Type: sudo apt install python3-picamera2, and use "
        "a venv made with --system-site-packages.",
    ),
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
        "Pola sesi tidak dapat dipakai ({detail}). Tulis ekspresi reguler dengan satu kelompok, "
        r"misalnya --session '_(\d+)_\d+\.jpg$'",
        "The session pattern cannot be used ({detail}). Write a regular expression with one group, "
        r"such as --session '_(\d+)_\d+\.jpg$'",
    ),
    "nothing_to_try": (
        "Tidak ada gambar tersisa untuk diuji sesudah {detail} gambar didaftarkan. Kecilkan --enrol, "
        "atau periksa pola sesi.",
        "No images are left to be tried after enrolling {detail}. Lower --enrol, or check the "
        "session pattern.",
    ),
    "no_images": (
        "Tidak ada gambar (jpg, png, …) di {detail}. Sebut folder dengan 3 gambar wajah atau lebih.",
        "There are no images (jpg, png, …) in {detail}. Name a folder with 3 images of the face or "
        "more.",
    ),
    # Enrolling people.
    "people_one_way": (
        "Sebut salah satu: --images FOLDER, atau --camera.",
        "Say one of: --images FOLDER, or --camera.",
    ),
    "people_look": (
        "Lihat ke kamera: lurus, lalu sedikit ke kiri dan ke kanan. {seconds} detik …",
        "Look at the camera: straight, then slightly left and right. {seconds} seconds …",
    ),
    "people_refused": ("{name} tidak dipakai: {faults}", "{name} is not used: {faults}"),
    "people_damaged": (
        "{name}: berkas gambar rusak, dilewati",
        "{name}: the image file is damaged, left out",
    ),
    "people_enrolled": (
        "PIN {pin} terdaftar dengan {looks} gambar ({names}). Sidik: {digest}",
        "PIN {pin} is enrolled with {looks} looks ({names}). Digest: {digest}",
    ),
    "too_few_looks": (
        "Belum terdaftar: hanya {count} gambar yang dapat dipakai dan berbeda, perlu {least}. Cahaya "
        "rata dari depan, wajah lurus dan dekat, satu orang saja; lalu ulangi.",
        "Not enrolled: only {count} looks can be used and differ, {least} are needed. Even light from "
        "the front, a straight face nearby, one person alone; then try again.",
    ),
    "not_one_person": (
        "Belum terdaftar: gambar-gambar ini bukan satu orang yang sama. Periksa: {names}",
        "Not enrolled: these images are not of one person. Check: {names}",
    ),
    "resembles": (
        "Belum terdaftar: wajah ini sangat mirip PIN {pin} (jarak {distance:.2f}). Orang yang sama? "
        "Pakai PIN itu saja. Orang lain (misalnya kembar)? Ulangi dengan --as-new; keputusan itu "
        "dicatat.",
        "Not enrolled: this face is very much like PIN {pin}'s (distance {distance:.2f}). The same "
        "person? Use that PIN. Another one (a twin)? Repeat with --as-new; that decision is noted.",
    ),
    "people_unknown": (
        "PIN {pin} tidak punya data wajah di kios ini. Lihat: terminal-agent people list",
        "PIN {pin} has no face data on this kiosk. See: terminal-agent people list",
    ),
    "people_removed": (
        "Data wajah PIN {pin} dikeluarkan dari kios ini (sidik {digest}). Kalau pusat masih "
        "memilikinya, pusat dapat mengirimnya lagi.",
        "The face data of PIN {pin} is gone from this kiosk (digest {digest}). If the centre still has "
        "it, the centre may send it again.",
    ),
    "people_erased": (
        "Data wajah PIN {pin} dihapus dan ditimpa di kios ini. Bukti: sidik {digest}. Titik tengah "
        "semua versi galeri yang memuat PIN ini ikut dihapus.",
        "The face data of PIN {pin} is erased and overwritten on this kiosk. Proof: digest {digest}. "
        "The centre of every gallery version that held this PIN is erased too.",
    ),
    "people_told": (
        "Tercatat di rantai kios ({count} perubahan).",
        "Recorded in the kiosk's chain ({count} changes).",
    ),
    "people_untold": (
        "Agen tidak berjalan: {count} perubahan menunggu dicatat di rantai kios. Jalankan agen, lalu "
        "ketik: terminal-agent people list",
        "The agent is not running: {count} changes wait to be recorded in the kiosk's chain. Start the "
        "agent, then type: terminal-agent people list",
    ),
    "people_none": (
        "Belum ada wajah terdaftar. Ketik: terminal-agent people enrol PIN --camera",
        "Nobody's face is enrolled yet. Type: terminal-agent people enrol PIN --camera",
    ),
    "people_line": (
        "{pin:12} {looks} gambar, mutu {quality:3}, oleh {by} {made}{note}{hint}",
        "{pin:12} {looks} looks, quality {quality:3}, by {by} {made}{note}{hint}",
    ),
    "people_unreadable": (
        "{pin:12} TIDAK TERBACA: kuncinya lain atau rusak. Daftarkan lagi: terminal-agent people enrol "
        "{pin} --camera",
        "{pin:12} UNREADABLE: another key, or damaged. Enrol again: terminal-agent people enrol {pin} "
        "--camera",
    ),
    "hint_low": (" · skor terlalu dekat batas: daftarkan ulang", " · scores too low: enrol again"),
    "hint_falling": (" · skor menurun: daftarkan ulang", " · scores are falling: enrol again"),
    "version_none": (
        "Versi galeri {no} tidak ada di kios ini.",
        "Gallery version {no} is not on this kiosk.",
    ),
    "version_line": (
        "Versi {no}, sejak {made}: {people} orang, model {model}, batas {threshold}, z {z}, titik "
        "tengah {centre}. Sidik: {digest}",
        "Version {no}, since {made}: {people} people, model {model}, threshold {threshold}, z {z}, "
        "centre {centre}. Digest: {digest}",
    ),
    "centre_held": ("ada", "held"),
    "centre_struck": ("dihapus bersama seseorang", "erased with somebody"),
    "alone": ("satu-lawan-satu", "one-to-one"),
    # What is wrong with an image of a face.
    "fault_none": ("tidak ada wajah", "no face"),
    "fault_several": ("lebih dari satu wajah", "more than one face"),
    "fault_unsure": ("wajah tidak jelas", "hardly a face"),
    "fault_too_small": ("wajah terlalu kecil: mendekat", "the face is too small: come nearer"),
    "fault_too_blurred": (
        "kabur: diam sebentar, bersihkan lensa",
        "blurred: hold still, clean the lens",
    ),
    "fault_too_dark": ("terlalu gelap", "too dark"),
    "fault_too_bright": ("terlalu terang", "too bright"),
    "fault_turned": ("menoleh: lihat lurus", "turned: look straight"),
    "fault_tilted": ("miring: tegakkan kepala", "tilted: hold the head upright"),
    "fault_eyes_closed": ("mata tertutup", "eyes closed"),
    # Evaluating.
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
