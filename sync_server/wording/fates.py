"""What became of commands, and why: the words for a kiosk's answers."""

from collections.abc import Mapping

FATES: Mapping[str, tuple[str, str]] = {
    "waiting": ("menunggu kios tersambung", "waits for the kiosk to connect"),
    "sent": ("terkirim, belum dijawab", "sent, not answered yet"),
    "done": ("selesai", "done"),
    "failed": ("gagal", "failed"),
    "refused": ("ditolak kios", "refused by the kiosk"),
    "expired": ("kedaluwarsa, tidak dikerjakan", "expired, not done"),
}

# By the code at the beginning of an answer's detail.
REASONS: Mapping[str, tuple[str, str]] = {
    "no_trusted_clock": (
        "jam kios belum dapat dipercaya; dicoba lagi bila sudah",
        "the kiosk's clock cannot be trusted yet; it is tried again once it can",
    ),
    "config_wrong": (
        "konfigurasi salah; perbaiki kunci yang disebut, lalu kirim lagi",
        "the configuration is wrong; correct the key that is named and send it again",
    ),
    "older": (
        "konfigurasi yang lebih baru sudah dikirim",
        "a newer configuration has been sent",
    ),
    "config_fell_back": (
        "agen mati dua kali dengan konfigurasi itu; kios kembali ke yang sebelumnya",
        "the agent died twice with that configuration; the kiosk went back to the one before",
    ),
    "config_unusable": (
        "konfigurasi dari pusat tidak dikenal versi agen ini; berkas setempat yang dipakai",
        "this version of the agent does not know the centre's configuration; the local file is used",
    ),
    "forged_command": (
        "ada perintah yang tidak ditandatangani pusat ini: periksa siapa yang punya akses ke broker",
        "a command came that this centre did not sign: check who has access to the broker",
    ),
    "checkpoint_older": (
        "kios sudah mencatat titik periksa yang lebih baru",
        "the kiosk has noted a newer checkpoint",
    ),
    "unknown_device": (
        "tidak ada mesin bernama itu di kios; lihat [[zkteco]] name",
        "the kiosk has no terminal of that name; see [[zkteco]] name",
    ),
    "unknown_order": (
        "versi agen di kios belum mengenal perintah ini; perbarui agennya",
        "the kiosk's version of the agent does not know this command; update it",
    ),
    "disk": (
        "disk kios tidak dapat ditulis; periksa ruang dan kartunya",
        "the kiosk's disk cannot be written; check its room and the card",
    ),
    "too_long": ("paling lama satu hari", "a day at most"),
    "gone": (
        "kartu kios tidak memegang seluruh peristiwa itu; apa yang kurang di sini: sync-server gaps",
        "the kiosk's card does not hold all of those events; what is missing here: sync-server gaps",
    ),
    "fork": (
        "isi kartu berbeda dari buku besar; lihat: sync-server forks",
        "the card holds another history than the ledger; see: sync-server forks",
    ),
    "not_a_release": (
        "kios ini tidak dipasang dari paket Hadir: pasang paketnya di sana",
        "this kiosk was not installed by Hadir's package: install that there",
    ),
    "release_no_door": (
        "kios ini tidak mengenal pintu pusat: isi enrol.address, lalu daftarkan kios dengan token",
        "this kiosk knows no door of the centre: set enrol.address and enrol it by token",
    ),
    "release_superseded": ("rilis yang lebih baru sudah diminta", "a newer release was asked for"),
    "release_no_keeper": (
        "hadir-update.service di kios tidak menjawab; pasang lagi paketnya",
        "hadir-update.service on the kiosk does not answer; install its package again",
    ),
    "release_no_key": (
        "kios tidak memegang release.pub; pasang paket yang membawanya",
        "the kiosk holds no release.pub; install the package that brings it",
    ),
    "release_unsigned": (
        "kios tidak mengenal kunci yang menandatangani rilis ini",
        "the kiosk does not know the key that signed this release",
    ),
    "release_arch": (
        "tidak ada berkas untuk mesin kios itu; tambahkan: sync-server release add BERKAS",
        "there is no file for that kiosk's machine; add it: sync-server release add FILE",
    ),
    "release_older": (
        "kios sudah memakai rilis yang lebih baru",
        "the kiosk has proven a newer release already",
    ),
    "release_same": ("rilis itu sudah berjalan di kios", "that release runs there already"),
    "release_damaged": (
        "rilis yang sampai di kios rusak; kirim lagi",
        "what reached the kiosk is damaged; send it again",
    ),
    "release_incomplete": (
        "rilis belum lengkap di kios; kirim lagi",
        "the release is not whole there; send it again",
    ),
    "release_no_room": (
        "ruang di kartu kios tidak cukup",
        "there is not enough room on the kiosk's card",
    ),
    "release_disk": ("kartu kios tidak dapat ditulis", "the kiosk's card cannot be written"),
    "release_not_ready": (
        "dibatalkan: agennya tidak pernah siap dalam sepuluh menit",
        "taken back: its agent was never ready within ten minutes",
    ),
    "release_died": (
        "dibatalkan: agennya berulang kali mati",
        "taken back: its agent died again and again",
    ),
    "release_unit_died": (
        "dibatalkan: kamera, layar, atau jamnya berulang kali mati",
        "taken back: its camera, screen or clock died again and again",
    ),
    "release_overtaken": (
        "sebuah paket dipasang di kios selama rilis itu diuji",
        "a package was installed there while it was on trial",
    ),
    "release_window": (
        "jam sambungan kios lebih pendek dari seperempat jam, jadi rilis itu tidak dapat dibuktikan; "
        "pasang di tempat: terminal-agent update",
        "its link is on for less than a quarter of an hour, so nothing could prove the release; install "
        "it on the spot: terminal-agent update",
    ),
    "release_no_receipt": (
        "dibatalkan: tidak ada tanda terima dalam sepuluh menit",
        "taken back: no receipt within ten minutes",
    ),
    "release_boots": (
        "dibatalkan: mesin dinyalakan berulang kali sebelum rilis itu terbukti",
        "taken back: the machine started again and again before it had proven itself",
    ),
    "release_asked_back": (
        "dibatalkan: seseorang di kios memintanya kembali",
        "taken back: somebody at the kiosk asked to go back",
    ),
    "busy": (
        "mesin masih dibaca; kirim lagi nanti",
        "the terminal is being read; send it again later",
    ),
    "left_out": (
        "tidak semua orang tertulis; alasannya di belakang setiap PIN",
        "not everybody was written; the reason stands behind each PIN",
    ),
    "no_difference": (
        "semua mesin sudah sama dengan daftar kantor",
        "every terminal is as the office's list already",
    ),
    "dry_run": (
        "uji coba, tidak ada yang ditulis; tulis dengan --write",
        "a dry run, nothing was written; write it with --write",
    ),
    "no_staff_list": (
        "kios belum menerima daftar pegawai, jadi tidak ada yang dihapus; kirim: sync-server roster send",
        "the kiosk has no list of people yet, so nobody is deleted; send it: sync-server roster send",
    ),
    "no_pyzk": (
        "pyzk belum terpasang di kios: pip install pyzk==0.9",
        "pyzk is not installed on the kiosk: pip install pyzk==0.9",
    ),
    "admin_failed": (
        "program penulis berhenti; minta log kios: sync-server kiosk send KID logs",
        "the writing program broke off; ask for the kiosk's log: sync-server kiosk send KID logs",
    ),
}

# What the commands about commands say.
WORDS: Mapping[str, tuple[str, str]] = {
    "ordered": (
        "{count} perintah untuk kios {kid} dicatat; terkirim begitu kios tersambung. Lihat: "
        "sync-server kiosk sent {kid}",
        "{count} commands for kiosk {kid} noted; they go as soon as it is connected. See: "
        "sync-server kiosk sent {kid}",
    ),
    "people_sure": (
        "Kios {kid} akan menghapus dari mesinnya semua orang yang tidak ada di daftarnya, beserta "
        "sidik jarinya. Ketik ya untuk melanjutkan",
        "Kiosk {kid} will delete from its terminals everybody who is not on its list, with their "
        "fingers. Type yes to go on",
    ),
    "people_not_agreed": (
        "Tidak ada yang dikirim. Lihat dulu bedanya: tanpa --write.",
        "Nothing was sent. Look at the differences first: without --write.",
    ),
    "nothing_sent": ("Belum ada perintah.", "No command yet."),
    "no_bundle": (
        "Belum ada log dari kios {kid}. Minta: sync-server kiosk send {kid} logs --wait 60",
        "No log of kiosk {kid} yet. Ask for it: sync-server kiosk send {kid} logs --wait 60",
    ),
    "bundle_written": (
        "{lines} baris log ditulis ke {file}",
        "{lines} log lines written to {file}",
    ),
    "bundle_damaged": (
        "log yang diterima tidak utuh; minta lagi: sync-server kiosk send KID logs",
        "the log that came is not whole; ask again: sync-server kiosk send KID logs",
    ),
    "epoch_unknown": (
        "tidak ada epoch {epoch} dari kios ini; yang dikenal: {known}",
        "no epoch {epoch} of this kiosk; known are: {known}",
    ),
    "range_wrong": (
        "{first} sampai {last} bukan rentang; tulis 1 <= FIRST <= LAST <= {most}",
        "{first} to {last} is no range; write 1 <= FIRST <= LAST <= {most}",
    ),
    "order_too_large": (
        "perintah {bytes} byte terlalu besar (paling besar {most}); perkecil berkasnya",
        "the command is too large ({bytes} bytes of {most}); make the file smaller",
    ),
    "not_yes_no": (
        'kolom hapus berisi "{value}"; isi "ya" atau kosongkan',
        'the column hapus holds "{value}"; write "ya" or leave it empty',
    ),
    "pin_twice": (
        "PIN {pin} sudah ada di baris sebelumnya; hapus salah satunya",
        "PIN {pin} is in a line before, too; take one of them out",
    ),
}
