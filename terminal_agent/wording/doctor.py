"""What `terminal-agent doctor` finds, with the next step: of the kiosk itself here, of what is
around it in `surroundings`; codes that other commands say as well stand with those."""

from collections.abc import Mapping

from terminal_agent.wording import surroundings

WORDS: Mapping[str, tuple[str, str]] = {
    "level_ok": ("BAIK", "GOOD"),
    "level_info": ("INFO", "NOTE"),
    "level_warn": ("PERHATIAN", "WARNING"),
    "level_fail": ("GAGAL", "FAILS"),
    "doctor_done": ("DIPERBAIKI", "MENDED"),
    # Parts of the kiosk itself.
    "of_agent": ("agen", "agent"),
    "of_backlog": ("antrean", "backlog"),
    "of_broker": ("broker pusat", "broker"),
    "of_camera": ("kamera", "camera"),
    "of_card": ("kartu", "card"),
    "of_certificate": ("sertifikat", "certificate"),
    "of_clock": ("jam", "clock"),
    "of_disk": ("ruang kartu", "room on the card"),
    "of_faces": ("wajah", "faces"),
    "of_heat": ("suhu", "heat"),
    "of_journal": ("jurnal", "journal"),
    "of_memory": ("memori", "memory"),
    "of_network": ("jaringan", "network"),
    "of_power": ("daya", "power"),
    "of_quota": ("kuota", "quota"),
    "of_screen": ("layar", "screen"),
    "of_sound": ("suara", "sound"),
    "part_unread": (
        "jawabannya tidak dapat dibaca ({detail}); bagian lain tetap diperiksa. Matikan dan nyalakan alat itu, lalu "
        "periksa lagi; bila tetap begini, kirim: sudo terminal-agent logs bundle",
        "what it answers cannot be read ({detail}); the other parts were examined all the same. Switch it "
        "off and on and examine again; where it stays so, send: sudo terminal-agent logs bundle",
    ),
    # The machine.
    "power_good": ("catu daya cukup", "the power supply holds"),
    "power_untold": (
        "komputer ini tidak melaporkan tegangannya (hanya Raspberry Pi)",
        "this machine does not tell its voltage (only a Raspberry Pi does)",
    ),
    "under_voltage": (
        "tegangan kurang sekarang: pakai catu daya asli 5 V 3 A (Pi 5: 5 A) dan kabel pendek; kartu dapat "
        "rusak",
        "the voltage is too low now: use an original 5 V 3 A supply (Pi 5: 5 A) and a short cable; the card "
        "may be damaged",
    ),
    "under_voltage_before": (
        "tegangan pernah kurang sejak dinyalakan: ganti catu daya atau kabelnya sebelum kartu rusak",
        "the voltage was too low since the start: change the supply or its cable before the card is damaged",
    ),
    "cool": ("suhu {degrees} derajat", "{degrees} degrees"),
    "heat_untold": (
        "komputer ini tidak melaporkan suhunya",
        "this machine does not tell its temperature",
    ),
    "hot": (
        "suhu {degrees} derajat dan kios melambat: beri ruang udara, jauhkan dari matahari, bersihkan debu",
        "{degrees} degrees, and the kiosk slows down: give it air, take it out of the sun, remove the dust",
    ),
    "too_hot": (
        "suhu {degrees} derajat, hampir mati sendiri: matikan, pindahkan ke tempat teduh, pasang pendingin",
        "{degrees} degrees, close to switching itself off: switch it off, put it in the shade, fit a cooler",
    ),
    "memory_free": ("memori bebas {free_mb} dari {whole_mb} MB", "{free_mb} of {whole_mb} MB free"),
    "memory_untold": ("memori tidak terlihat dari sini", "the memory cannot be seen from here"),
    "memory_short": (
        "memori tinggal {free_mb} dari {whole_mb} MB: hentikan program lain, atau pakai Pi dengan memori "
        "lebih besar",
        "{free_mb} of {whole_mb} MB of memory are left: stop other programs, or use a Pi with more memory",
    ),
    "disk_free": ("ruang kartu bebas {free_mb} MB", "{free_mb} MB free on the card"),
    "disk_low": (
        "ruang kartu tinggal {free_mb} MB: kosongkan (df -h, journalctl --disk-usage), atau coba "
        "terminal-agent doctor --fix",
        "{free_mb} MB are left on the card: make room (df -h, journalctl --disk-usage), or try "
        "terminal-agent doctor --fix",
    ),
    "disk_full": (
        "kartu penuh ({free_mb} MB): rekaman menunggu di mesin; kosongkan sekarang, mulai dengan "
        "terminal-agent doctor --fix",
        "the card is full ({free_mb} MB): records wait on the terminals; make room now, beginning with "
        "terminal-agent doctor --fix",
    ),
    "disk_read_only": (
        "kartu terkunci (hanya baca): biasanya kartunya rusak; pasang kartu baru, lalu di pusat "
        "sync-server kiosk replace KID",
        "the card is locked (read-only): it is usually broken; put in a new one, then at the centre "
        "sync-server kiosk replace KID",
    ),
    "card_fresh": ("kartu terpakai {percent} % umurnya", "{percent} % of the card's life is used"),
    "card_worn": (
        "kartu sudah terpakai {percent} % umurnya: siapkan penggantinya dan ganti saat kunjungan ini",
        "{percent} % of the card's life is used: have another ready and change it on this visit",
    ),
    "card_errors": (
        "sistem berkas kartu mencatat {errors} kesalahan: ganti kartunya; yang belum diterima pusat masih ada "
        "di mesin",
        "the card's file system counted {errors} errors: change the card; the terminals still hold what "
        "the centre has not received",
    ),
    "card_sd": (
        "kartu SD {name} (dibuat {made}) tidak menghitung keausannya: ganti tiap dua tahun",
        "the SD card {name} (made {made}) does not count its wear: change it every two years",
    ),
    "card_untold": (
        "keausan kartu atau disk ini tidak dapat dibaca",
        "the wear of this card or disk cannot be read",
    ),
    # Clocks.
    "system_clock_off": (
        "jam sistem berbeda {seconds} detik dari waktu yang benar: periksa NTP dengan timedatectl; kios "
        "tetap mencatat dengan waktu yang benar",
        "the system's clock is {seconds} s off: check NTP with timedatectl; the kiosk records the right "
        "time all the same",
    ),
    "no_battery_clock": (
        "tidak ada jam baterai (RTC): setelah listrik padam tanpa jaringan, waktu baru dipastikan saat "
        "tersambung",
        "there is no battery clock (RTC): after a power cut without a network the time is only certain once "
        "it is connected",
    ),
    "battery_clock_off": (
        "jam baterai (RTC) berbeda {seconds} detik: ganti baterainya, lalu hwclock --systohc",
        "the battery clock (RTC) is {seconds} s off: change its battery, then hwclock --systohc",
    ),
    # What the kiosk keeps.
    "agent_runs": ("agen berjalan", "the agent runs"),
    "agent_stopped": (
        "agen tidak berjalan, jadi tidak ada yang dibaca: sudo systemctl start hadir-agent, lalu lihat "
        "systemctl status hadir-agent",
        "the agent does not run, so nothing is read: sudo systemctl start hadir-agent, then look at "
        "systemctl status hadir-agent",
    ),
    "no_devices": (
        "tidak ada mesin, sensor atau kamera di agent.toml: cari dengan terminal-agent discover",
        "there is no terminal, sensor or camera in agent.toml: look for them with terminal-agent discover",
    ),
    "journal_sound": ("jurnal utuh ({megabytes} MB)", "the journal is whole ({megabytes} MB)"),
    "all_received": ("pusat sudah menerima semuanya", "the centre has received everything"),
    "backlog": (
        "{count} peristiwa menunggu sambungan, yang tertua {hours} jam: biasanya terkirim sendiri",
        "{count} events wait for the link, the oldest for {hours} h: they usually go by themselves",
    ),
    "backlog_old": (
        "{count} peristiwa menunggu, yang tertua {hours} jam: periksa internet kantor, atau bawa dengan "
        "stik: terminal-agent export --to /media/usb",
        "{count} events wait, the oldest for {hours} h: check the office's internet, or carry them on a "
        "stick: terminal-agent export --to /media/usb",
    ),
    "no_quota": (
        "tanpa batas kuota; {megabytes} MB bulan ini",
        "no quota; {megabytes} MB this month",
    ),
    "quota_left": ("sisa kuota {megabytes} MB", "{megabytes} MB of the quota left"),
    "quota_nearly_used": (
        'sisa kuota tinggal {megabytes} MB: tambah kuota, atau pakai link = "metered"',
        '{megabytes} MB of the quota are left: buy more, or use link = "metered"',
    ),
    "quota_used": (
        "kuota bulan ini habis: absensi tetap dikirim; tambah kuota agar modem tidak diputus",
        "this month's quota is used up: attendance still goes; buy more before the modem is cut off",
    ),
    "faces_key_apart": (
        "kunci templat wajah ada di luar kartu data (systemd-creds)",
        "the key of the face templates is apart from the data (systemd-creds)",
    ),
    "faces_key_on_card": (
        "kunci templat wajah ada di kartu yang sama: kartu yang dicuri membukanya; buat "
        "/etc/credstore/hadir-faces.key bila kios dapat diambil orang",
        "the key of the face templates lies on the same card: a stolen card opens them; make "
        "/etc/credstore/hadir-faces.key where somebody can take the kiosk away",
    ),
    # --fix
    "mended_clock": ("jam mesin disetel", "the terminal's clock was set"),
    "mended_model": ("model wajah disiapkan", "the face model was prepared"),
    "mended_disk": (
        "sisa berkas ({freed_kb} kB) dan log sistem yang lama dihapus; tidak ada rekaman yang disentuh",
        "left-over files ({freed_kb} kB) and old lines of the system's log are removed; no record was touched",
    ),
    "mend_failed": (
        "tidak berhasil diperbaiki ({code}: {detail}): ikuti kalimat di atas",
        "could not be put right ({code}: {detail}): follow the sentence above",
    ),
    # logs bundle
    "bundle_written": (
        "{where} ({size} kB): tanpa nama, NIP, PIN, wajah dan kunci; kirim ke yang membantu",
        "{where} ({size} kB): without names, NIPs, PINs, faces and keys; send it to whoever helps",
    ),
    "bundle_without_log": (
        "Log sistem tidak terbaca, jadi tidak ikut. Jalankan lagi dengan sudo.",
        "The system's log cannot be read, so it is left out. Run this again with sudo.",
    ),
    "bundle_unwritten": (
        "{where} tidak dapat ditulis ({detail}). Pilih tempat lain dengan --to.",
        "{where} cannot be written ({detail}). Choose another place with --to.",
    ),
    **surroundings.WORDS,
}
