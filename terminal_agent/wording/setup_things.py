"""What is said of the terminals, ports and cameras that a technician tries: on the setup page, in the
wizard, and of what a first-boot file names."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    # Step 2
    "setup_devices_title": ("Mesin absensi", "Attendance terminals"),
    "setup_no_devices": (
        "Belum ada mesin. Kios dengan kamera saja boleh tanpa mesin.",
        "None yet. A kiosk with only a camera needs none.",
    ),
    "setup_network": (
        "Jaringan (kosong = jaringan kios ini)",
        "Network (empty = this kiosk's own)",
    ),
    "setup_look": ("Cari mesin (± 15 detik)", "Look for terminals (some 15 s)"),
    "setup_found": (
        "{count} mesin ditemukan. Pilih, lalu coba.",
        "{count} found. Pick one, then try it.",
    ),
    "setup_found_none": (
        "Tidak ada mesin ZKTeco yang menjawab. Periksa daya dan kabel LAN mesin, lihat alamatnya di menu "
        "Comm > Ethernet (bawaan pabrik 192.168.1.201). Bila di jaringan lain: beri mesin alamat di "
        "jaringan ini, atau sebut jaringannya. Alamat yang sudah diketahui dapat langsung diisi.",
        "No ZKTeco terminal answers. Check its power and LAN cable, and its address in the menu Comm > "
        "Ethernet (192.168.1.201 from the factory). If that is another network: give it an address on this "
        "one, or name that network. An address that is known can be filled in at once.",
    ),
    "setup_no_network": (
        "Kios ini tidak tersambung ke jaringan kantor mana pun. Periksa kabel LAN atau Wi-Fi-nya, atau "
        "sebut jaringan mesin seperti 192.168.1.0/24.",
        "This kiosk is on no office network. Check its LAN cable or Wi-Fi, or name the terminals' network "
        "such as 192.168.1.0/24.",
    ),
    "setup_bad_network": (
        "{detail} bukan jaringan. Tulis seperti 192.168.1.0/24, atau kosongkan untuk jaringan kios ini.",
        "{detail} is no network. Write it like 192.168.1.0/24, or leave it empty for this kiosk's own.",
    ),
    "setup_wide_network": (
        "{detail} terlalu luas untuk dicari. Sebut bagiannya saja, seperti 192.168.1.0/24 (paling luas /22).",
        "{detail} is too wide to search. Name only a part of it, such as 192.168.1.0/24 (/22 at most).",
    ),
    "setup_foreign_network": (
        "{detail} bukan jaringan kantor melainkan alamat internet orang lain; di sana tidak dicari. Sebut "
        "jaringan mesin, seperti 192.168.1.0/24.",
        "{detail} is no office network but other people's addresses on the internet; nothing is sought "
        "there. Name the terminals' network, such as 192.168.1.0/24.",
    ),
    "setup_host": ("Alamat mesin", "Address of the terminal"),
    "setup_key": ("Kunci komunikasi (0 = tanpa)", "Communication key (0 = none)"),
    "setup_name": ("Nama pendek, misalnya lobi", "Short name, such as lobi"),
    "setup_more": ("Lainnya", "More"),
    "setup_port": ("Port mesin", "Its port"),
    "setup_udp": ("Mesin lama, hanya UDP", "An old terminal, UDP only"),
    "setup_try_device": ("Coba dan tambahkan", "Try and add"),
    "setup_use": ("Pilih", "Pick"),
    "setup_remove": ("Batalkan", "Take back"),
    "setup_seen": (
        "{address}: nomor seri {serial} ({family})",
        "{address}: serial number {serial} ({family})",
    ),
    "setup_seen_key": (
        "{address}: minta kunci komunikasi (menu Comm > Kunci Komunikasi)",
        "{address}: asks for its communication key (menu Comm > Comm Key)",
    ),
    "setup_seen_push": (
        "{address}: mungkin hanya mengirim (ADMS); isi [adms] di agent.toml",
        "{address}: perhaps only pushes (ADMS); fill in [adms] in agent.toml",
    ),
    "setup_seen_strange": (
        "{address}: menjawab, tetapi bukan seperti mesin ZKTeco",
        "{address}: answers, but not as a ZKTeco terminal does",
    ),
    "setup_device": (
        "{name}: nomor seri {serial} terbaca, {users} orang, {records} dari {record_capacity} rekaman.",
        "{name}: serial number {serial}, {users} people, {records} of {record_capacity} records.",
    ),
    "setup_device_open": (
        "{name}: nomor seri {serial} terbaca, {users} orang, {records} dari {record_capacity} rekaman. "
        "Mesin ini menerima siapa pun di jaringan: pasang kunci komunikasi di menu Comm-nya, lalu coba "
        "lagi dengan nama yang sama.",
        "{name}: serial number {serial}, {users} people, {records} of {record_capacity} records. It lets "
        "in anybody on the network: set a communication key in its menu Comm, then try it again under "
        "the same name.",
    ),
    "setup_key_wanted": (
        "Mesin ini meminta kunci komunikasi. Lihat menu Comm > Kunci Komunikasi pada mesin, isi di sini, "
        "lalu coba lagi.",
        "This terminal asks for its communication key. Read it in its menu Comm > Comm Key, fill it in "
        "here and try again.",
    ),
    "setup_key_wrong": (
        "Kunci komunikasi ditolak mesin. Samakan dengan menu Comm > Kunci Komunikasi pada mesin, lalu "
        "coba lagi.",
        "The terminal refuses this communication key. Compare it with its menu Comm > Comm Key and try "
        "again.",
    ),
    "setup_unreachable": (
        "Tidak ada yang menjawab di {detail}. Periksa daya dan kabel LAN mesin, dan samakan alamatnya "
        "dengan menu Comm > Ethernet pada mesin.",
        "Nobody answers at {detail}. Check the terminal's power and LAN cable, and compare the address with "
        "its menu Comm > Ethernet.",
    ),
    "setup_no_such_host": (
        "{detail}: tidak ada perangkat dengan nama itu. Tulis alamat angkanya, seperti 192.168.1.201, dari "
        "menu Comm > Ethernet pada mesin.",
        "{detail}: nothing has that name. Write its address in figures, such as 192.168.1.201, from the "
        "terminal's menu Comm > Ethernet.",
    ),
    "setup_port_closed": (
        "Ada perangkat di {detail}, tetapi port itu tertutup. Samakan port dengan menu Comm > Ethernet "
        "pada mesin (biasanya 4370), periksa apakah ini mesin yang benar; mesin lama mungkin hanya UDP.",
        "Something is at {detail}, but that port is closed. Compare the port with the terminal's menu Comm "
        "> Ethernet (4370 as a rule), see whether it is the right one; an old one may speak UDP only.",
    ),
    "setup_occupied": (
        "{detail} menerima sambungan tetapi tidak melayani. Mesin kecil hanya melayani satu program: tutup "
        "aplikasi absensi atau kios lain yang sedang membacanya, tunggu satu menit, lalu coba lagi. Bila "
        "tidak ada, samakan port dengan menu Comm > Ethernet (biasanya 4370).",
        "{detail} takes the connection but does not serve it. A small terminal serves one program: close "
        "the attendance application or other kiosk that reads it, wait a minute and try again. If there is "
        "none, compare the port with its menu Comm > Ethernet (4370 as a rule).",
    ),
    "setup_held": (
        "{detail} sedang dibaca program lain di kios ini sendiri, dan mesin kecil hanya melayani satu. "
        "Hentikan dahulu: sudo systemctl stop hadir-agent, lalu coba lagi; nyalakan lagi sesudahnya dengan "
        "start.",
        "{detail} is being read by another program of this very kiosk, and a small terminal serves one. "
        "First stop it: sudo systemctl stop hadir-agent, then try again; afterwards start it.",
    ),
    "setup_strange": (
        "{detail} menjawab, tetapi bukan seperti mesin ZKTeco. Periksa alamatnya, dan samakan port dengan "
        "menu Comm > Ethernet pada mesin (biasanya 4370).",
        "{detail} answers, but not as a ZKTeco terminal does. Check the address, and compare the port with "
        "the terminal's menu Comm > Ethernet (4370 as a rule).",
    ),
    "setup_name_taken": (
        "Nama {detail} sudah dipakai perangkat lain. Beri nama lain, misalnya {detail}2.",
        "Another device has the name {detail}. Give it another one, such as {detail}2.",
    ),
    "setup_twin": (
        "Mesin itu sudah terdaftar sebagai {detail}; satu kali cukup. Untuk mengubahnya, pakai nama {detail}.",
        "That terminal is listed as {detail}; once is enough. To change it, use the name {detail}.",
    ),
    # What is plugged into the kiosk
    "setup_seen_gnss": (
        "Penerima satelit {title}, {speed} baud",
        "Satellite receiver {title}, {speed} baud",
    ),
    "setup_seen_finger": (
        "Sensor sidik jari {title}, {speed} baud",
        "Fingerprint sensor {title}, {speed} baud",
    ),
    "setup_taken_gnss": (
        "Penerima satelit {title} dicatat.",
        "The satellite receiver {title} is noted.",
    ),
    "setup_taken_finger": (
        "Sensor sidik jari {title} dicatat. Daftarkan jari sesudah kios terdaftar: terminal-agent people "
        "finger enrol PIN",
        "The fingerprint sensor {title} is noted. Enrol fingers once the kiosk is enrolled: terminal-agent "
        "people finger enrol PIN",
    ),
    "setup_port_gone": (
        "Tidak ada perangkat di {detail}. Periksa colokannya, lihat nama yang ada: ls /dev/serial/by-id",
        "Nothing is at {detail}. Check its plug, and see which names there are: ls /dev/serial/by-id",
    ),
    "setup_port_held": (
        "{detail} sedang dipakai program lain. Bila itu agen kios, tidak apa-apa; bila bukan, tutup program "
        "itu.",
        "Another program uses {detail}. If that is the kiosk's agent, all is well; if not, close it.",
    ),
    "setup_port_silent": (
        "{detail} tidak menjawab. Periksa daya dan kabel perangkatnya, cabut lalu colok lagi.",
        "{detail} does not answer. Check power and cable of what is there, unplug it and plug it in again.",
    ),
    "setup_port_denied": (
        "{detail} tidak boleh dibuka. Ulangi dengan sudo.",
        "{detail} may not be opened. Repeat with sudo.",
    ),
    "setup_port_other": (
        "Di {detail} ada perangkat lain. Tukar port [gnss] dan [[sensor]]; lihat: terminal-agent discover",
        "Something else is at {detail}. Swap the ports of [gnss] and [[sensor]]; see: terminal-agent discover",
    ),
    "setup_port_speed": (
        "Kecepatan port itu lain. Tulis {detail}",
        "That port has another speed. Write {detail}",
    ),
    "setup_forgotten": ("{name} dibatalkan.", "{name} was taken back."),
    "setup_kept_tried": ("nomor seri {serial} di {host}", "serial number {serial} at {host}"),
    "setup_kept_before": ("{host}, dari agent.toml", "{host}, of agent.toml"),
    # Step 3
    "setup_camera_title": ("Kamera", "Camera"),
    "setup_camera_source": ("Kamera (kosong = tanpa kamera)", "Camera (empty = none)"),
    "setup_camera_help": (
        "USB: pilih dari daftar. Jaringan: rtsp://… Pita Raspberry Pi: picamera2",
        "USB: pick it from the list. Network: rtsp://… Raspberry Pi ribbon: picamera2",
    ),
    "setup_try_camera": ("Buka dan lihat", "Open and look"),
    "setup_camera_gone": (
        "{detail} tidak memberi gambar. Periksa kabel USB, pilih nama dari daftar (ls /dev/v4l/by-id); "
        "bila program kamera kios sedang memakainya: sudo systemctl stop hadir-camera, lalu coba lagi.",
        "{detail} gives no picture. Check its USB cable, pick a name of the list (ls /dev/v4l/by-id); if "
        "the kiosk's camera program has it: sudo systemctl stop hadir-camera, then try again.",
    ),
    "setup_camera_silent": (
        "{detail} tidak memberi gambar. Periksa daya dan jaringan kamera, lalu alamat, nama pengguna dan "
        "sandi dalam rtsp://…",
        "{detail} gives no picture. Check the camera's power and network, then address, user and password "
        "in rtsp://…",
    ),
    "setup_camera_unknown": (
        "{detail} bukan kamera. Pilih kamera USB dari daftar (/dev/v4l/by-id/…), tulis rtsp://… untuk kamera "
        "jaringan, atau picamera2 untuk pita Raspberry Pi.",
        "{detail} is no camera. Pick a USB camera of the list (/dev/v4l/by-id/…), write rtsp://… for one on "
        "the network, or picamera2 for a Raspberry Pi ribbon.",
    ),
    "setup_picture": ("Gambar kamera kios", "What the kiosk's camera sees"),
    "setup_no_camera": ("Kios ini tanpa kamera.", "This kiosk has no camera."),
    "setup_light_ok": (
        "Kamera terbuka dan cahayanya cukup. Wajah orang yang berdiri di depan harus tampak.",
        "The camera opens and has light enough. A person's face in front of it should be seen.",
    ),
    "setup_light_dark": (
        "Kamera terbuka, tetapi terlalu gelap. Tambah lampu di depan kios; kamera tetap dicatat.",
        "The camera opens, but it is too dark. Put a lamp in front; the camera is noted all the same.",
    ),
    "setup_light_glare": (
        "Kamera terbuka, tetapi silau. Jangan hadapkan ke jendela atau lampu; kamera tetap dicatat.",
        "The camera opens, but light blinds it. Turn it from windows and lamps; it is noted all the same.",
    ),
}
