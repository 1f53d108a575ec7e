"""What `terminal-agent discover` says, and what is said of a terminal that changed its address."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "looking": (
        "Mencari di {networks}; paling lama sekitar {seconds} detik.",
        "Looking on {networks}; this takes some {seconds} seconds at most.",
    ),
    "looking_partly": (
        "{network} terlalu besar: hanya {part} yang dicari. Sebut bagian lain dengan --network.",
        "{network} is too large: only {part} is searched. Name another part with --network.",
    ),
    "no_network": (
        "Kios ini tidak tersambung ke jaringan kantor mana pun. Periksa kabel LAN atau Wi-Fi, atau sebut "
        "jaringannya: --network 192.168.1.0/24",
        "This kiosk is on no office network. Check its LAN cable or Wi-Fi, or name the network: "
        "--network 192.168.1.0/24",
    ),
    "bad_network": (
        "{detail} bukan jaringan IPv4. Tulis misalnya --network 192.168.1.0/24",
        "{detail} is no IPv4 network. Write for example --network 192.168.1.0/24",
    ),
    "foreign_network": (
        "{detail} bukan jaringan kantor tetapi alamat internet milik orang lain; di sana tidak dicari. Sebut "
        "jaringan mesin, misalnya --network 192.168.1.0/24, atau lihat satu alamat: terminal-agent device "
        "info ALAMAT",
        "{detail} is no office network but other people's addresses on the internet; nothing is sought "
        "there. Name the terminals' network, for example --network 192.168.1.0/24, or look at one address: "
        "terminal-agent device info ADDRESS",
    ),
    # Terminals
    "found_terminal": (
        "mesin {serial} di {address}:{port} lewat {way} ({family}, {firmware}): {users} orang, "
        "{records} dari {record_capacity} rekaman",
        "terminal {serial} at {address}:{port} by {way} ({family}, {firmware}): {users} people, "
        "{records} of {record_capacity} records",
    ),
    "found_needs_key": (
        "mesin di {address}:{port} lewat {way} meminta kunci komunikasi: lihat menu Comm > Kunci "
        "Komunikasi pada mesin, tulis sebagai comm_key di agent.toml, lalu ulangi (atau coba dulu: "
        "--password ANGKA)",
        "terminal at {address}:{port} by {way} asks for its communication key: read it in its menu Comm "
        "> Comm Key, write it as comm_key in agent.toml, then repeat (or try it first: --password "
        "NUMBER)",
    ),
    "found_held": (
        "mesin {serial} di {address}:{port} sedang dibaca kios ini, jadi tidak diganggu",
        "terminal {serial} at {address}:{port} is being read by this kiosk, so it was left alone",
    ),
    "found_held_unknown": (
        "mesin di {address}:{port} sedang dipakai program lain di kios ini, jadi tidak diganggu",
        "terminal at {address}:{port} is in use by another program of this kiosk, so it was left alone",
    ),
    "found_push": (
        "{address} punya kartu jaringan ZKTeco ({mac}) tetapi tidak menjawab di port {sought}: mungkin "
        "mesin yang hanya mengirim (ADMS), atau TCP COMM-nya dimatikan. Periksa menu Comm-nya; untuk ADMS "
        "isi [adms] di agent.toml",
        "{address} has a ZKTeco network card ({mac}) but does not answer at port {sought}: perhaps it "
        "only pushes (ADMS), or its TCP COMM is off. Look in its menu Comm; for ADMS fill in [adms] in "
        "agent.toml",
    ),
    "found_strange": (
        "{address}:{port} menjawab, tetapi tidak seperti mesin ZKTeco ({problem}): lewati, atau coba "
        "terminal-agent device info {address}",
        "{address}:{port} answers, but not as a ZKTeco terminal does ({problem}): ignore it, or try "
        "terminal-agent device info {address}",
    ),
    "found_named": (
        "  terdaftar di agent.toml sebagai {name}",
        "  in agent.toml as {name}",
    ),
    "found_moved": (
        '  terdaftar sebagai {name} dengan alamat lama {host}: tulis host = "{address}" di agent.toml, '
        "atau beri mesin alamat tetap",
        '  listed as {name} with its old address {host}: write host = "{address}" in agent.toml, or give '
        "the terminal a fixed address",
    ),
    "found_unlisted": (
        '  belum terdaftar. Tulis di agent.toml: [[zkteco]] name = "..." host = "{address}"',
        '  not listed yet. Write in agent.toml: [[zkteco]] name = "..." host = "{address}"',
    ),
    "found_likely": (
        "  tidak ada di agent.toml; mungkin ini {likely}, yang tidak ditemukan di alamatnya. Bila nomor "
        'serinya cocok dengan stiker mesin itu, tulis host = "{address}" di agent.toml; bila mesin baru: '
        '[[zkteco]] name = "..." host = "{address}"',
        "  not in agent.toml; perhaps it is {likely}, which was not found at its address. If the serial "
        'number is that of its sticker, write host = "{address}" in agent.toml; if it is a new one: '
        '[[zkteco]] name = "..." host = "{address}"',
    ),
    "found_missing": (
        "{name} ({host} di agent.toml) tidak ditemukan: periksa daya dan kabel LAN-nya, dan alamat di menu "
        "Comm > Ethernet",
        "{name} ({host} in agent.toml) was not found: check its power and LAN cable, and the address in its "
        "menu Comm > Ethernet",
    ),
    "found_twice": (
        "  nomor seri yang sama menjawab di {count} alamat lain (sampai {last}): sebuah router menjawab "
        "atas namanya, atau dua mesin memakai satu nomor seri. Dua mesin? Matikan satu, ulangi, dan "
        "betulkan nomor seri yang lain lewat penjualnya",
        "  the same serial number answers at {count} more addresses (up to {last}): a router answers for "
        "it, or two terminals have one number. Two of them? Switch one off, repeat, and have the vendor "
        "correct the other one's",
    ),
    "found_everywhere": (
        "  {count} alamat lain sampai {last} menjawab persis sama: sebuah router atau firewall menjawab atas "
        "nama semua alamat, jadi ini bukan daftar mesin. Colok kios ke jaringan mesin, atau coba satu "
        "alamat: terminal-agent device info ALAMAT",
        "  {count} more addresses up to {last} answer exactly so: a router or firewall answers for every "
        "address, so this is no list of terminals. Plug the kiosk into the terminals' network, or try one "
        "address: terminal-agent device info ADDRESS",
    ),
    "found_open": (
        "  menerima siapa pun di jaringan: pasang kunci komunikasi di menu Comm-nya",
        "  lets in anybody on its network: set a communication key in its menu Comm",
    ),
    "found_no_terminal": (
        "Tidak ada mesin ZKTeco yang menjawab. Periksa daya dan kabel LAN mesin, lihat alamat IP di menu "
        "Comm > Ethernet (bawaan pabrik 192.168.1.201): bila di jaringan lain, beri mesin alamat di "
        "jaringan ini, atau sebut jaringannya dengan --network.",
        "No ZKTeco terminal answers. Check its power and LAN cable, and its IP address in the menu Comm > "
        "Ethernet (192.168.1.201 from the factory): if that is on another network, give it an address "
        "on this one, or name that network with --network.",
    ),
    # Cameras, serial ports, kiosks
    "found_camera": (
        'kamera {title}: [camera] source = "{source}"',
        'camera {title}: [camera] source = "{source}"',
    ),
    "found_no_camera": (
        "Tidak ada kamera USB. Kamera jaringan (RTSP) tidak dicari: ketik alamatnya di [camera] source.",
        "No USB camera. Network cameras (RTSP) are not sought: type the address into [camera] source.",
    ),
    "found_gnss": (
        'penerima satelit {title} pada {speed} baud: [gnss] port = "{port}" speed = {speed}',
        'satellite receiver {title} at {speed} baud: [gnss] port = "{port}" speed = {speed}',
    ),
    "found_finger": (
        'sensor sidik jari {title} pada {speed} baud: [[sensor]] port = "{port}" speed = {speed}',
        'fingerprint sensor {title} at {speed} baud: [[sensor]] port = "{port}" speed = {speed}',
    ),
    "found_port_held": (
        "{port} sedang dipakai atau sudah terdaftar, jadi tidak diganggu",
        "{port} is in use or listed already, so it was left alone",
    ),
    "found_port_silent": (
        "{port}: tidak ada yang dikenal di sana. Periksa kabel dan daya perangkatnya.",
        "{port}: nothing known answers. Check the cable and power of what is there.",
    ),
    "found_port_denied": (
        "{port} tidak boleh dibuka. Ulangi dengan sudo.",
        "{port} may not be opened. Repeat with sudo.",
    ),
    "found_kiosk": (
        "kios {kid} di {address} (versi {version})",
        "kiosk {kid} at {address} (version {version})",
    ),
    "found_setup_kiosk": (
        "kios baru di {address} menunggu disiapkan: buka http://{address}:{port}/setup dengan kode di "
        "layarnya",
        "a new kiosk at {address} waits to be set up: open http://{address}:{port}/setup with the code on "
        "its screen",
    ),
    # A terminal that is not where it was
    "status_never_read": (
        "  mesin {name}: belum pernah dibaca dari kartu ini di {host}; bila tetap begitu: terminal-agent "
        "discover",
        "  terminal {name}: never read by this card at {host}; if that stays so: terminal-agent discover",
    ),
    "address_changed": (
        "Mesin {where} pindah alamat dan dibaca di alamat barunya. Tulis alamat itu di agent.toml, atau "
        "beri mesin alamat tetap.",
        "The terminal {where} has another address and is read there. Write that one in agent.toml, or "
        "give the terminal a fixed address.",
    ),
    "terminal_moved": (
        'mesin pindah dari {host} dan dibaca di {address}: tulis host = "{address}" di agent.toml, atau '
        "beri mesin alamat tetap",
        'the terminal moved from {host} and is read at {address}: write host = "{address}" in agent.toml, '
        "or give the terminal a fixed address",
    ),
    "device_exchanged": (
        "Mesin {where} diganti mesin lain, dan yang itu dibaca: bila bukan Anda yang mengganti, betulkan "
        "host di agent.toml. Bila benar: sudo systemctl restart hadir-agent.",
        "Another terminal has taken the place of {where} and is read: if that was not you, mend host in "
        "agent.toml. If it was meant: sudo systemctl restart hadir-agent.",
    ),
    "other_device": (
        "Mesin lain menjawab di alamat itu ({detail}). Periksa daya dan kabel mesin yang benar; bila "
        "memang diganti, ubah name entri itu di agent.toml.",
        "Another terminal answers at that address ({detail}). Check power and cable of the right one; if "
        "it was replaced, change the entry's name in agent.toml.",
    ),
}
