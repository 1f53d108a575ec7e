"""What the doctor finds around the kiosk, with the next step: network and centre, terminals, what hangs
on it; and what the agent tells by itself."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    # Network and centre.
    "network_up": ("jaringan kantor: {addresses}", "the office's network: {addresses}"),
    "network_down": (
        "tidak ada jaringan kantor: periksa kabel LAN (lampunya menyala?) atau Wi-Fi, lalu ip addr",
        "no office network: check the LAN cable (is its light on?) or the Wi-Fi, then ip addr",
    ),
    "no_gateway": (
        "tidak ada jalan keluar (gateway): periksa router, modem atau DHCP; absensi tetap tersimpan",
        "there is no way out (gateway): check router, modem or DHCP; attendance is kept all the same",
    ),
    "link_off_now": (
        "sambungan dimatikan pada jam ini menurut [kiosk] windows; menyala {minutes} menit lagi",
        "the link is off at this hour by [kiosk] windows; it comes on in {minutes} minutes",
    ),
    "name_unknown": (
        "nama broker {host} tidak dikenal ({detail}): periksa DNS dengan resolvectl, atau internet kantor",
        "the broker's name {host} is not known ({detail}): check DNS with resolvectl, or the office's internet",
    ),
    "broker_unreachable": (
        "broker {host}:{port} tidak menjawab ({detail}): periksa internet kantor dan apakah firewall "
        "mengizinkan port {port}",
        "the broker {host}:{port} does not answer ({detail}): check the office's internet, and whether the "
        "firewall lets port {port} out",
    ),
    "broker_tls": (
        "sambungan aman ke {host}:{port} gagal: mungkin proxy atau yang lain menjawab; minta jaringan tanpa "
        "pemeriksaan TLS",
        "the secure connection to {host}:{port} failed: perhaps a proxy answers; ask for a network without "
        "TLS inspection",
    ),
    "broker_hung_up": (
        "broker {host}:{port} memutus sambungan: lihat log mosquitto di pusat",
        "the broker {host}:{port} hung up: look at mosquitto's log at the centre",
    ),
    "broker_strange": (
        "yang menjawab di {host}:{port} bukan broker MQTT: periksa alamat dan port di undangan",
        "what answers at {host}:{port} is no MQTT broker: check address and port in the invitation",
    ),
    "broker_denies": (
        "broker {host}:{port} menolak kios ini: di pusat, jalankan sync-server kiosk list dan periksa ACL "
        "mosquitto",
        "the broker {host}:{port} refuses this kiosk: at the centre, type sync-server kiosk list and check "
        "mosquitto's ACL",
    ),
    "broker_good": (
        "broker {host}:{port} menjawab dengan aman ({ms} ms)",
        "the broker {host}:{port} answers, secured ({ms} ms)",
    ),
    "broker_plain": (
        "broker {host}:{port} menjawab, tanpa enkripsi ({ms} ms)",
        "the broker {host}:{port} answers, without encryption ({ms} ms)",
    ),
    "no_certificate": (
        "kios ini tidak memakai sertifikat; hanya layak bila broker tidak terbuka bagi jaringan",
        "this kiosk has no certificate; fit only where the broker is not open to the network",
    ),
    "certificate_good": (
        "sertifikat berlaku sampai {day} ({days} hari lagi)",
        "the certificate is good until {day} ({days} days)",
    ),
    "certificate_ends": (
        "sertifikat habis {day} ({days} hari lagi) dan belum diperbarui: di pusat, sync-server kiosk send "
        "KID renew; bila sudah lewat, sync-server kiosk replace KID --token",
        "the certificate ends {day} ({days} days) and was not renewed: at the centre, sync-server kiosk send "
        "KID renew; if it is over, sync-server kiosk replace KID --token",
    ),
    # Terminals.
    "terminal_answers": (
        "{serial} menjawab di {where}: {users} pengguna, {records} rekaman, bentuk {layout}",
        "{serial} answers at {where}: {users} users, {records} records, layout {layout}",
    ),
    "terminal_clock_right": (
        "jam mesin berbeda {seconds} detik",
        "the terminal's clock is {seconds} s off",
    ),
    "terminal_clock_untold": (
        "jam mesin berbeda {seconds} detik dari jam kios, yang sendiri belum tepercaya: sambungkan kios dulu",
        "the terminal's clock differs {seconds} s from the kiosk's, which is not trusted itself: connect the "
        "kiosk first",
    ),
    "terminal_clock_off": (
        "jam mesin salah {seconds} detik: setel di menunya, atau terminal-agent doctor --fix; waktu rekaman "
        "tetap dihitung benar",
        "the terminal's clock is {seconds} s wrong: set it in its menu, or terminal-agent doctor --fix; the "
        "times of records are reckoned right all the same",
    ),
    "terminal_clock_impossible": (
        "jam mesin menunjukkan tanggal yang mustahil: setel di menunya, lalu periksa baterainya",
        "the terminal's clock shows a date that cannot be: set it in its menu, then check its battery",
    ),
    "closed": (
        "sambungan ke mesin sudah ditutup; kios menyambung lagi sendiri",
        "the connection to the terminal was closed; the kiosk connects again by itself",
    ),
    # Camera, screen, sound, ports.
    "models_whole": ("{count} berkas model wajah utuh", "{count} face model files are whole"),
    "camera_light": (
        "kamera memberi gambar {width}x{height}, cahaya cukup",
        "the camera gives {width}x{height}, the light is good",
    ),
    "camera_dark": (
        "gambar kamera terlalu gelap: nyalakan lampu di depan orang, lepas penutup lensa",
        "the camera's picture is too dark: light the people from the front, take the lens cap off",
    ),
    "camera_glare": (
        "cahaya langsung masuk kamera: putar kamera dari jendela atau lampu",
        "light falls straight into the camera: turn it away from the window or lamp",
    ),
    "camera_sharp": (
        "gambar kamera tajam ({sharpness})",
        "the camera's picture is sharp ({sharpness})",
    ),
    "camera_blurred": (
        "gambar kamera kabur ({sharpness}), atau di depannya kosong: bersihkan dan putar fokus lensa, lalu "
        "periksa lagi dengan orang di depannya",
        "the camera's picture is blurred ({sharpness}), or nothing is before it: clean and focus the lens, "
        "then look again with somebody there",
    ),
    "screen_up": ("layar menjawab di {where}", "the screen answers at {where}"),
    "screen_away": (
        "layar tidak menjawab di {where}: sudo systemctl start hadir-kiosk",
        "the screen does not answer at {where}: sudo systemctl start hadir-kiosk",
    ),
    "screen_broken": (
        "layar menjawab dengan kesalahan di {where}: lihat journalctl -u hadir-kiosk",
        "the screen answers with an error at {where}: see journalctl -u hadir-kiosk",
    ),
    "sound_there": ("ada kartu suara", "there is a sound card"),
    "no_player": (
        "aplay tidak ada, jadi kios bisu: sudo apt install alsa-utils, atau [screen] sound = false",
        "there is no aplay, so the kiosk is mute: sudo apt install alsa-utils, or [screen] sound = false",
    ),
    "no_sound_card": (
        "tidak ada kartu suara: periksa pengeras suara USB atau HDMI, atau [screen] sound = false",
        "there is no sound card: check the USB or HDMI loudspeaker, or [screen] sound = false",
    ),
    "port_in_use": ("{where} terpasang dan dipakai", "{where} is plugged in and in use"),
    "port_unread": (
        "{where} terpasang tetapi tidak dibaca siapa pun: periksa agen, atau jalankan ini sebagai root",
        "{where} is plugged in and nobody reads it: check the agent, or run this as root",
    ),
    # What the agent tells by itself.
    "receipt_contradicts": (
        "tanda terima pusat bertentangan dengan jurnal ini: jalankan terminal-agent journal verify dan hubungi "
        "pusat; kios tetap mencatat",
        "a receipt of the centre contradicts this journal: type terminal-agent journal verify and call the "
        "centre; the kiosk goes on recording",
    ),
    "receipt_badly_signed": (
        "tanda terima tidak ditandatangani pusat ini: hubungi pusat, dan minta undangan baru bila kuncinya "
        "diganti",
        "a receipt was not signed by this centre: call the centre, and ask for a new invitation if its key was "
        "changed",
    ),
    "checkpoint_contradicts": (
        "titik periksa pusat bertentangan dengan jurnal ini: jalankan terminal-agent journal verify dan "
        "hubungi pusat",
        "the centre's checkpoint contradicts this journal: type terminal-agent journal verify and call the "
        "centre",
    ),
    "no_event_key": (
        "kunci kejadian hilang atau rusak, jadi rekaman tidak disegel: hapus event-key.pem yang rusak lalu "
        "daftarkan lagi",
        "the event key is gone or damaged, so records are not sealed: remove the damaged event-key.pem and "
        "enrol again",
    ),
}
