"""What went wrong and what to do about it, and what the commands show."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    # What went wrong, by the code of the error.
    "unreachable": (
        "Mesin di {where} tidak terjangkau. Periksa daya dan kabel LAN-nya; pindah alamat? Jalankan "
        "terminal-agent discover.",
        "The terminal at {where} is out of reach. Check its power and LAN cable; has it another "
        "address? Run terminal-agent discover.",
    ),
    "timeout": (
        "Mesin di {where} tersambung tetapi berhenti menjawab ({detail}). Coba lagi; bila berulang, "
        "periksa jaringan.",
        "The terminal at {where} connected but stopped answering ({detail}). Try again; if it "
        "repeats, check the LAN.",
    ),
    "broken_frame": (
        "Mesin di {where} mengirim data yang menyalahi protokol ({detail}). Coba lagi, atau pakai "
        "--udp.",
        "The terminal at {where} sent what the protocol does not allow ({detail}). Try again, or use "
        "--udp.",
    ),
    "connection_lost": (
        "Sambungan ke mesin di {where} terputus ({detail}). Periksa kabel, lalu coba lagi.",
        "The connection to the terminal at {where} broke ({detail}). Check the cable, then try again.",
    ),
    "refused": (
        "Mesin di {where} menolak perintah ({detail}).",
        "The terminal at {where} refused a command ({detail}).",
    ),
    "short_read": (
        "Mesin di {where} mengirim lebih sedikit daripada yang dijanjikannya ({detail}). Coba lagi.",
        "The terminal at {where} sent less than it announced ({detail}). Try again.",
    ),
    "packet_loss": (
        "Terlalu banyak paket UDP hilang ke {where}. Pakai TCP (tanpa --udp) bila mesin mendukung.",
        "Too many UDP packets to {where} are lost. Use TCP (no --udp) if the terminal can.",
    ),
    "no_serial": (
        "Mesin di {where} tidak menyebut nomor serinya, padahal itu identitasnya.",
        "The terminal at {where} does not tell its serial number, which is its identity.",
    ),
    "comm_key": (
        "Kunci komunikasi ditolak. Lihat menu Comm > Kunci Komunikasi pada mesin, lalu tulis angkanya "
        "sebagai comm_key di agent.toml (pada terminal-agent device: --password ANGKA).",
        "The communication key is refused. Read it in the terminal's menu Comm > Comm Key, then write "
        "it as comm_key in agent.toml (with terminal-agent device: --password NUMBER).",
    ),
    "no_attlog_mode": (
        "Mesin ini dalam mode kontrol akses dan tidak menyimpan log absensi. Ubah tipe perangkat "
        "menjadi Absensi (T&A) pada menunya, atau pakai ADMS.",
        "This terminal is in access-control mode and keeps no attendance log. Set its device type "
        "to T&A in its menu, or use ADMS.",
    ),
    "dialect_unclear": (
        "Bentuk rekaman mesin ini tidak dikenali, jadi tidak ditebak. Kirim log bundel ke pengembang.",
        "The layout of this terminal's records is not known, so nothing is guessed. Send the "
        "developers a log bundle.",
    ),
    "users_unclear": (
        "Bentuk daftar pengguna mesin ini tidak jelas, jadi PIN tidak dapat dipastikan.",
        "The layout of this terminal's user list is unclear, so PINs cannot be made certain.",
    ),
    "privileged_users": (
        "Lebih dari dua orang berhak mengubah pengguna dan pengaturan di mesin ini. Lihat daftarnya "
        "dengan terminal-agent device users, lalu turunkan hak yang tidak perlu di menunya.",
        "More than two people may change this terminal's users and settings. See the list with "
        "terminal-agent device users, and lower the rights that nobody needs in its menu.",
    ),
    "default_key": (
        "Mesin ini menerima siapa pun di jaringannya. Pasang kunci komunikasi di menunya "
        "(Comm. > PC connection), lalu comm_key di agent.toml.",
        "This terminal lets in anybody on its network. Set a communication key in its menu "
        "(Comm. > PC connection), then comm_key in agent.toml.",
    ),
    "log_almost_full": (
        "Log mesin sudah terisi 80 % atau lebih. Semua rekaman sudah disalin; mintalah teknisi "
        "mengosongkannya setelah pusat menerima semuanya.",
        "The terminal's log is 80 % full or more. All records are copied; have a technician empty "
        "it once the centre has received everything.",
    ),
    "two_ways": (
        "Mesin ini dibaca lewat dua cara sekaligus. Hapus salah satu entri di agent.toml.",
        "This terminal is read by two ways at once. Take one entry out of agent.toml.",
    ),
    "not_enrolled": (
        "Kios ini belum terdaftar. Ketik: terminal-agent enrol-kiosk BERKAS",
        "This kiosk is not enrolled. Type: terminal-agent enrol-kiosk FILE",
    ),
    "invitation": (
        "Berkas undangan tidak dapat dipakai ({detail}). Minta yang baru: sync-server kiosk invite",
        "The invitation cannot be used ({detail}). Ask for a new one: sync-server kiosk invite",
    ),
    "already_running": (
        "Agen lain sudah berjalan di folder ini ({detail}). Lihat: systemctl status hadir-agent",
        "An agent is already running in this folder ({detail}). See: systemctl status hadir-agent",
    ),
    "other_kiosk": (
        "Folder ini milik kios lain ({detail}).",
        "This folder belongs to another kiosk ({detail}).",
    ),
    "config_missing": (
        "Berkas konfigurasi tidak terbaca: {detail}. Tunjuk yang lain dengan --config.",
        "The configuration cannot be read: {detail}. Name another with --config.",
    ),
    "config_wrong": ("Konfigurasi salah: {detail}", "The configuration is wrong: {detail}"),
    "journal": (
        "Jurnal tidak dapat ditulis ({detail}). Tidak ada yang hilang: mesin menyimpannya. Periksa "
        "ruang disk, lalu jalankan lagi.",
        "The journal cannot be written ({detail}). Nothing is lost: the terminals keep it. Check "
        "the disk space, then start again.",
    ),
    "storage_full": (
        "Penyimpanan penuh ({detail}). Tidak ada yang hilang: mesin menyimpan rekamannya. Kosongkan "
        "ruang di kartu (paling sedikit 2 MiB; lihat df -h dan journalctl --disk-usage).",
        "The storage is full ({detail}). Nothing is lost: the terminals keep their records. Make "
        "room on the card (2 MiB at least; see df -h and journalctl --disk-usage).",
    ),
    "journal_damaged": (
        "Jurnal rusak ({detail}). Jangan hapus. Hentikan agen, salin seluruh foldernya, beri tahu "
        "pusat, lalu: terminal-agent journal salvage; berkas yang rusak tetap disimpan. Bila kartunya "
        "sendiri rusak, pasang kartu baru (di pusat: sync-server kiosk replace KID). Mesin masih "
        "menyimpan rekamannya.",
        "The journal is damaged ({detail}). Do not delete it. Stop the agent, copy the whole folder, "
        "tell the centre, then: terminal-agent journal salvage; the damaged file is kept. Where the "
        "card itself is failing, put in a new one (at the centre: sync-server kiosk replace KID). The "
        "terminals still hold their records.",
    ),
    "other_journal": (
        "Jurnal di folder ini milik kios lain ({detail}). Tulis folder kosong sebagai kiosk.state, "
        "lalu daftarkan kios ini di sana.",
        "The journal in this folder is another kiosk's ({detail}). Write an empty folder as "
        "kiosk.state, then enrol this kiosk there.",
    ),
    "no_journal": (
        "Belum ada jurnal: kios ini belum pernah dijalankan. Ketik: terminal-agent run",
        "There is no journal: this kiosk never ran. Type: terminal-agent run",
    ),
    "journal_unreadable": (
        "Jurnal tidak dapat dibaca ({detail}). Kalau rusak: simpan salinannya dan kirim ke "
        "pengembang; mesin masih menyimpan rekamannya.",
        "The journal cannot be read ({detail}). If it is damaged: keep a copy and send it to the "
        "developers; the terminals still hold their records.",
    ),
    "admin_failed": (
        "Program penulis pengguna berhenti ({detail}). Coba lagi; bila berulang, kirim log.",
        "The program that writes users broke off ({detail}). Try again; if it repeats, send the log.",
    ),
    "no_pyzk": (
        "pyzk belum terpasang di kios ini. Ketik: pip install pyzk==0.9",
        "pyzk is not installed on this kiosk. Type: pip install pyzk==0.9",
    ),
    "config_unusable": (
        "Konfigurasi dari pusat tidak dikenal versi agen ini ({detail}).",
        "This version of the agent does not know the centre's configuration ({detail}).",
    ),
    # What the commands say when all is well.
    "config_ordered": (
        "Berlaku: konfigurasi dari pusat, perintah {counter}; hanya `state` dari berkas setempat.",
        "In force: the centre's configuration, command {counter}; only `state` is the local file's.",
    ),
    "config_local": (
        "Berlaku: berkas setempat.",
        "In force: the local file.",
    ),
    "enrolled": (
        "Kios {kid} terdaftar. Sekarang: terminal-agent run (bila agen sudah berjalan: sudo systemctl "
        "restart hadir-agent)",
        "Kiosk {kid} is enrolled. Now: terminal-agent run (where the agent runs already: sudo systemctl "
        "restart hadir-agent)",
    ),
    "read_summary": (
        "{serial}: {on_device} rekaman di mesin, {read} dibaca, {bytes} byte, bentuk {dialect}, "
        "jam mesin {clock_offset_s} detik di depan UTC (WIB yang benar: 25200)",
        "{serial}: {on_device} records on the device, {read} read, {bytes} bytes, layout {dialect}, "
        "device clock {clock_offset_s} s ahead of UTC (a correct one in WIB: 25200)",
    ),
    "count_differs": (
        "Perhatikan: penghitung mesin menyebut {counted} rekaman, log yang dikirimnya berisi "
        "{on_device}.",
        "Note: the terminal's counter says {counted} records, the log that it sent holds {on_device}.",
    ),
    "log_shifted": (
        "LOG_SHIFTED: mesin membuang {dropped} rekaman tertua",
        "LOG_SHIFTED: the terminal dropped its {dropped} oldest records",
    ),
    "log_replaced": (
        "LOG_REPLACED: log bukan yang dibaca sebelumnya; dibaca ulang seluruhnya",
        "LOG_REPLACED: the log is not the one read before; read whole again",
    ),
    "gnss_unplugged": (
        "Penerima satelit di {where} tidak terbaca ({detail}). Periksa kabel dan gnss.port.",
        "The satellite receiver at {where} cannot be read ({detail}). Check its cable and gnss.port.",
    ),
    "gnss_no_fix": (
        "Penerima satelit tidak mendapat waktu selama satu jam. Pindahkan antena ke langit terbuka.",
        "The satellite receiver has had no time for an hour. Move its antenna under open sky.",
    ),
    "gnss_disagrees": (
        "Waktu satelit berbeda dengan jam lain. Periksa penerima dan sekitarnya: mungkin dipalsukan.",
        "The satellites' time differs from the other clocks. Check the receiver: it may be spoofed.",
    ),
    "kiosk_moved": (
        "Kios berada lebih dari 200 m dari tempat pemasangannya. Laporkan ke pusat.",
        "The kiosk is more than 200 m from where it was put up. Tell the centre.",
    ),
    "clock_4": ("jam: satelit, galat paling banyak {error}", "clock: satellites, within {error}"),
    "clock_3": ("jam: NTP, galat paling banyak {error}", "clock: NTP, within {error}"),
    "clock_2": (
        "jam: waktu server yang diteruskan, galat paling banyak {error}",
        "clock: the server's time carried on, within {error}",
    ),
    "clock_1": (
        "jam: jam baterai atau jam induk, hanya dipercaya bila tidak dibantah; galat paling banyak "
        "{error}",
        "clock: battery or host clock, believed only where nothing contradicts it; within {error}",
    ),
    "clock_0": (
        "jam: belum diketahui; scan tetap tersimpan dan waktunya dipastikan setelah jam diketahui",
        "clock: not known yet; scans are kept and get their time once it is known",
    ),
    "chain_holds": (
        "Epoch {epoch}: rantai utuh, {last} peristiwa, kepala {head:.16}; {seals} segel dan "
        "{receipts} tanda terima terbukti",
        "Epoch {epoch}: the chain holds, {last} events, head {head:.16}; {seals} seals and "
        "{receipts} receipts are proven",
    ),
    "chain_broken": (
        "Epoch {epoch}: rantai PUTUS pada peristiwa {wrong_at}; isinya bukan yang dijurnal",
        "Epoch {epoch}: the chain is BROKEN at event {wrong_at}; it is not what was journalled",
    ),
    "seal_false": (
        "Epoch {epoch}: segel pada peristiwa {wrong_at} TIDAK SAH; apa yang disegelnya bukan yang "
        "dijurnal di sini",
        "Epoch {epoch}: the seal at event {wrong_at} does NOT HOLD; what it sealed is not what was "
        "journalled here",
    ),
    "seal_stranger": (
        "Epoch {epoch}: segel pada peristiwa {wrong_at} dibuat dengan kunci LAIN; siapa yang memegang "
        "kartu ini?",
        "Epoch {epoch}: the seal at event {wrong_at} was made with ANOTHER key; who has had this card?",
    ),
    "receipt_false": (
        "Epoch {epoch}: tanda terima pada peristiwa {wrong_at} TIDAK SAH; pusat ini tidak "
        "menandatanganinya untuk rantai ini",
        "Epoch {epoch}: the receipt at event {wrong_at} does NOT HOLD; this centre did not sign it "
        "for this chain",
    ),
    "verified_without_keys": (
        "Kios ini belum didaftarkan, jadi hanya rantai dan segel yang diperiksa.",
        "This kiosk is not enrolled, so only chains and seals were checked.",
    ),
    "journal_whole": (
        "Jurnal utuh; tidak ada yang perlu diselamatkan.",
        "The journal is whole; there is nothing to salvage.",
    ),
    "salvaged": (
        "{proven} peristiwa terbukti; {again} di antaranya tanpa tanda terima yang terbukti dan "
        "dikirim lagi sebagai epoch {epoch}. Berkas yang rusak: {kept}. Jalankan agen lagi; semua "
        "mesin dibaca utuh dari awal.",
        "{proven} events are proven; {again} of them have no proven receipt and go again as epoch "
        "{epoch}. The damaged file: {kept}. Start the agent again; every terminal is read whole.",
    ),
    "salvage_lost": (
        "{lost} peristiwa tanpa tanda terima tidak dapat dibuktikan lagi. Yang dari mesin datang lagi "
        "saat mesin dibaca; untuk kamera dan layar, simpan berkas yang rusak dan pakai koreksi.",
        "{lost} events without a receipt can no longer be proven. Those of terminals come again when "
        "they are read; for camera and screen keep the damaged file and use corrections.",
    ),
}
