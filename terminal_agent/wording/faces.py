"""What the commands about people's faces say: enrolling, listing, erasing."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    # What went wrong, by the code of the error.
    "faces_key": (
        "Kunci data wajah tidak dapat dipakai ({detail}). Kalau unit memakai kredensial "
        "hadir-faces.key, jalankan perintah ini dengan kredensial yang sama: sudo systemd-run --pipe "
        "--wait -p LoadCredential=hadir-faces.key:BERKAS terminal-agent …. Kalau tidak, kembalikan "
        "berkas kunci yang asli; kalau hilang, pindahkan faces.key dan faces.db dari folder state, lalu "
        "daftarkan orang lagi.",
        "The key of the face data cannot be used ({detail}). If the unit has the credential "
        "hadir-faces.key, run this command with the same one: sudo systemd-run --pipe --wait -p "
        "LoadCredential=hadir-faces.key:FILE terminal-agent …. Otherwise put the original file back; if "
        "it is lost, move faces.key and faces.db out of the state folder and enrol people again.",
    ),
    "faces_foreign": (
        "Data wajah kios ini disegel dengan kunci lain: tidak terbaca dari sini. Jalankan perintah ini "
        "dengan kredensial unit: sudo systemd-run --pipe --wait -p "
        "LoadCredential=hadir-faces.key:BERKAS terminal-agent …",
        "The face data of this kiosk is sealed with another key and cannot be read from here. Run this "
        "command with the unit's credential: sudo systemd-run --pipe --wait -p "
        "LoadCredential=hadir-faces.key:FILE terminal-agent …",
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
    "camera_not_given": (
        "Kamera tidak memberi gambar ({detail}). Program kamera kios mungkin sedang memakainya: "
        "hentikan dulu unit yang menjalankan terminal-agent camera (systemctl stop …), daftarkan, lalu "
        "jalankan lagi.",
        "The camera gives no picture ({detail}). The kiosk's camera program may have it: stop the unit "
        "that runs terminal-agent camera (systemctl stop …), enrol, then start it again.",
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
    "no_images": (
        "Tidak ada gambar (jpg, png, …) di {detail}. Sebut folder dengan 3 gambar wajah atau lebih.",
        "There are no images (jpg, png, …) in {detail}. Name a folder with 3 images of the face or "
        "more.",
    ),
    "not_a_folder": (
        "{detail} adalah berkas. Sebut folder yang memuatnya, bersama gambar lain dari orang itu.",
        "{detail} is a file. Name the folder that it is in, with the person's other images.",
    ),
    # Enrolling people.
    "people_one_way": (
        "Sebut salah satu: --images FOLDER, atau --camera.",
        "Say one of: --images FOLDER, or --camera.",
    ),
    "people_camera_pin": (
        "Sebut PIN orang yang berdiri di depan kamera: terminal-agent people enrol PIN --camera",
        "Name the PIN of who stands before the camera: terminal-agent people enrol PIN --camera",
    ),
    "people_nip": (
        "{pin} tampaknya NIP. PIN ikut dalam setiap absensi, jadi bukan NIP: pakai PIN orang itu di mesin "
        "dan daftar pegawai.",
        "{pin} looks like a NIP. The PIN is in every scan and is never a NIP: use the PIN that the person "
        "has on the terminals and in the roster.",
    ),
    "people_pin": (
        "Ini bukan PIN: {detail!r}. Tulis seperti di mesin: 1 sampai 24 huruf, angka, '-' atau '_'.",
        "This is no PIN: {detail!r}. Write it as on the terminals: 1 to 24 letters, digits, '-' or '_'.",
    ),
    "people_not_on_list": (
        "PIN {pin} tidak ada di daftar pegawai kios ini. Salah ketik? Pegawai baru: sync-server roster "
        "send --opd OPD",
        "PIN {pin} is not on this kiosk's list of staff. Mistyped? Somebody new: sync-server roster send "
        "--opd OPD",
    ),
    "people_by_whom": (
        "--as-new atau --replace hanya bersama --by NAMA: siapa yang memutuskannya ikut dicatat.",
        "--as-new or --replace go together with --by NAME: who decided so is noted.",
    ),
    "people_enrolled_of": (
        "{count} dari {people} orang terdaftar.",
        "{count} of {people} people are enrolled.",
    ),
    "no_people_folders": (
        "Di {detail} tidak ada folder orang. Tanpa PIN, sebut folder yang berisi satu folder gambar per "
        "orang, bernama PIN-nya.",
        "There are no people's folders in {detail}. Without PIN, name a folder that holds a folder of "
        "images for each person, named by PIN.",
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
    "people_not_told": (
        "PIN {pin}: tidak tercatat siapa yang memberitahukan soal data wajah (teks {version}); sebut dengan "
        "--told NAMA",
        "PIN {pin}: nobody is on record as having told the notice on faces (text {version}); name them "
        "with --told NAME",
    ),
    "too_few_looks": (
        "PIN {asked} belum terdaftar: hanya {count} gambar yang dapat dipakai dan berbeda, perlu {least}. Cahaya "
        "rata dari depan, wajah lurus dan dekat, satu orang saja; lalu ulangi.",
        "PIN {asked} is not enrolled: only {count} looks can be used and differ, {least} are needed. Even light from "
        "the front, a straight face nearby, one person alone; then try again.",
    ),
    "not_one_person": (
        "PIN {asked} belum terdaftar: gambar-gambar ini bukan satu orang yang sama. Periksa: {names}",
        "PIN {asked} is not enrolled: these images are not of one person. Check: {names}",
    ),
    "resembles": (
        "PIN {asked} belum terdaftar: wajah ini sangat mirip PIN {pin} (jarak {distance:.2f}). Orang yang "
        "sama? Pakai PIN itu saja. Orang lain (misalnya kembar)? Ulangi dengan --as-new --by NAMA; "
        "keputusan itu dicatat.",
        "PIN {asked} is not enrolled: this face is very much like PIN {pin}'s (distance {distance:.2f}). "
        "The same person? Use that PIN. Another one (a twin)? Repeat with --as-new --by NAME; that "
        "decision is noted.",
    ),
    "another_face": (
        "PIN {asked} belum diganti: wajah ini jauh dari wajah yang terdaftar dengan PIN itu (jarak "
        "{distance:.2f}). Salah ketik PIN? Memang orang itu? Ulangi dengan --replace --by NAMA; keputusan "
        "itu dicatat.",
        "PIN {asked} is not replaced: this face is far from the one enrolled with that PIN (distance "
        "{distance:.2f}). A mistyped PIN? It is that person? Repeat with --replace --by NAME; that "
        "decision is noted.",
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
    "people_other_key": (
        "{pin:12} disegel dengan kunci lain",
        "{pin:12} is sealed with another key",
    ),
    "hint_low": (" · skor terlalu dekat batas: daftarkan ulang", " · scores too low: enrol again"),
    "hint_falling": (" · skor menurun: daftarkan ulang", " · scores are falling: enrol again"),
    "version_none": (
        "Versi galeri {no} tidak ada di kios ini.",
        "Gallery version {no} is not on this kiosk.",
    ),
    "version_line": (
        "Versi {no}, sejak {made}: {people} orang, model {model}, aturan {rule}, batas {threshold}, "
        "dengan NIP {claimed}, titik tengah {centre}. Sidik: {digest}",
        "Version {no}, since {made}: {people} people, model {model}, rule {rule}, threshold {threshold}, "
        "with a NIP {claimed}, centre {centre}. Digest: {digest}",
    ),
    "version_holds": (
        "Utuh: sidik versi {no} dihitung ulang dan sama.",
        "It holds: the digest of version {no}, recomputed, is the same.",
    ),
    "version_broken": (
        "TIDAK UTUH: sidik versi {no} yang dihitung ulang berbeda dari yang disimpan.",
        "DOES NOT HOLD: the digest of version {no}, recomputed, is not the one that is kept.",
    ),
    "version_in_chain": (
        "Rantai kios menyebut sidik yang sama untuk versi {no}.",
        "The kiosk's chain names the same digest for version {no}.",
    ),
    "version_not_as_chain": (
        "RANTAI KIOS MENYEBUT SIDIK LAIN untuk versi {no}.",
        "THE KIOSK'S CHAIN NAMES ANOTHER DIGEST for version {no}.",
    ),
    "version_unsaid": (
        "Epoch rantai yang sekarang tidak menyebut versi {no}; pusat menyimpan yang sebelumnya.",
        "The chain's present epoch does not speak of version {no}; the centre has the ones before.",
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
}
