"""What updates, the way back and safe mode say: each with the next step."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "type_which_release": (
        "tulis BERKAS rilis, atau --check",
        "give the release FILE, or --check",
    ),
    "release_gathered": (
        "Rilis {version} lengkap dan tanda tangannya benar. Dipasang sekarang; kios kembali sendiri "
        "bila rilis itu gagal dalam sepuluh menit.",
        "Release {version} is whole and truly signed. It is being installed; the kiosk goes back by "
        "itself if it fails within ten minutes.",
    ),
    "release_asking": (
        "Menunggu hadir-update.service…",
        "Waiting for hadir-update.service…",
    ),
    "release_goes_on": (
        "hadir-update.service masih bekerja setelah {detail}. Hasilnya: terminal-agent status",
        "hadir-update.service is still at work after {detail}. What comes of it: terminal-agent status",
    ),
    "release_fits": (
        "Rilis {version} (nomor {release}) dapat dipasang: {files} berkas, {objects} di antaranya baru "
        "({bytes} byte). Pasang: terminal-agent update BERKAS",
        "Release {version} (number {release}) can be installed: {files} files, {objects} of them new "
        "({bytes} bytes). Install it: terminal-agent update FILE",
    ),
    "release_installed": (
        "Rilis {version} terpasang dan terbukti berjalan.",
        "Release {version} is installed and has proven itself.",
    ),
    "release_back": (
        "Kios kembali ke rilis {version}.",
        "The kiosk went back to release {version}.",
    ),
    "release_rolled_back": (
        "Rilis {version} dibatalkan; kios berjalan lagi dengan rilis {came_from}.",
        "Release {version} was taken back; the kiosk runs release {came_from} again.",
    ),
    "release_refused": (
        "Tidak ada yang diganti; kios tetap seperti semula.",
        "Nothing was changed; the kiosk is as it was.",
    ),
    "release_on_trial": (
        "  rilis {version} sedang diuji, paling lama sepuluh menit",
        "  release {version} is on trial, for ten minutes at most",
    ),
    "release_last": ("  pembaruan terakhir, {when}:", "  the last update, {when}:"),
    "status_release": (
        "  rilis: {version} (nomor {release}); sebelumnya: {previous}",
        "  release: {version} (number {release}); before it: {previous}",
    ),
    # Why a release is not taken, or was taken back.
    "not_a_release": (
        "Program ini tidak berjalan dari paket Hadir. Pasang paketnya: apt install ./hadir-kiosk_….deb",
        "This program does not run from Hadir's package. Install it: apt install ./hadir-kiosk_….deb",
    ),
    "release_missing": (
        "Berkas rilis tidak ada ({detail}). Periksa nama dan foldernya.",
        "There is no such release file ({detail}). Check its name and folder.",
    ),
    "release_damaged": (
        "Berkas rilis rusak ({detail}). Salin atau unduh lagi.",
        "The release file is damaged ({detail}). Copy or download it again.",
    ),
    "release_incomplete": (
        "Rilis belum lengkap di kios ini ({detail}). Ketik lagi: terminal-agent update BERKAS",
        "The release is not whole on this kiosk ({detail}). Type again: terminal-agent update FILE",
    ),
    "release_no_key": (
        "Kunci rilis (release.pub) tidak ada di sini, jadi tidak ada yang dapat dipercaya. Pasang paket "
        "yang membawanya.",
        "There is no release key (release.pub) here, so nothing can be trusted. Install the package "
        "that brings it.",
    ),
    "release_unsigned": (
        "Rilis ini tidak ditandatangani kunci yang dikenal kios. Jangan dipasang; tanyakan pembuatnya.",
        "This release is not signed by a key that the kiosk knows. Do not install it; ask its maker.",
    ),
    "release_arch": (
        "Rilis ini untuk jenis mesin lain ({detail}). Ambil berkas yang sesuai.",
        "This release is for another kind of machine ({detail}). Take the file that fits.",
    ),
    "release_older": (
        "Rilis ini lebih tua dari yang sudah terbukti di kios ({detail}). Untuk mundur satu langkah: "
        "terminal-agent rollback",
        "This release is older than one that has proven itself here ({detail}). To go one step back: "
        "terminal-agent rollback",
    ),
    "release_same": (
        "Rilis {detail} sudah berjalan. Tidak ada yang perlu dilakukan.",
        "Release {detail} runs already. There is nothing to do.",
    ),
    "release_no_room": (
        "Ruang di kartu kios tidak cukup ({detail}). Kosongkan ruang, lalu ulangi.",
        "There is not enough room on the kiosk's card ({detail}). Make room, then type it again.",
    ),
    "release_disk": (
        "Kartu kios tidak dapat ditulis ({detail}). Periksa ruang dan kartunya.",
        "The kiosk's card cannot be written ({detail}). Check its room and the card.",
    ),
    "release_no_previous": (
        "Tidak ada rilis sebelumnya di kartu ini. Pasang berkas rilis: terminal-agent update BERKAS",
        "No release before this one is on this card. Install a release file: terminal-agent update FILE",
    ),
    "release_too_old": (
        "Rilis sebelumnya tidak boleh dipakai lagi ({detail}): yang sekarang menutup celahnya. Pasang "
        "rilis yang lebih baru.",
        "The release before may not be used any more ({detail}): this one closes a hole in it. Install "
        "a newer release.",
    ),
    "release_no_keeper": (
        "hadir-update.service tidak berjalan; tidak ada yang diganti. Nyalakan, lalu ketik lagi: sudo "
        "systemctl enable --now hadir-update.path",
        "hadir-update.service does not run; nothing was changed. Start it, then type this again: sudo "
        "systemctl enable --now hadir-update.path",
    ),
    "release_not_ready": (
        "  sebab: agen rilis itu tidak pernah siap dalam sepuluh menit. Kirim lognya kepada pembuatnya.",
        "  because: its agent was never ready within ten minutes. Send its log to its maker.",
    ),
    "release_died": (
        "  sebab: agen rilis itu berulang kali mati. Kirim lognya kepada pembuatnya.",
        "  because: its agent died again and again. Send its log to its maker.",
    ),
    "release_unit_died": (
        "  sebab: bagian kios berulang kali mati ({detail}). Kirim lognya kepada pembuatnya.",
        "  because: a part of the kiosk died again and again ({detail}). Send its log to its maker.",
    ),
    "release_overtaken": (
        "  sebab: sebuah paket dipasang selama rilis itu diuji. Kios berjalan dengan {detail}.",
        "  because: a package was installed while it was on trial. The kiosk runs {detail}.",
    ),
    "release_no_receipt": (
        "  sebab: rilis itu berjalan, tetapi tidak ada tanda terima dari pusat dalam sepuluh menit. "
        "Periksa sambungan; bila sambungan baik, kirim lognya kepada pembuatnya.",
        "  because: it ran, but no receipt of the centre came within ten minutes. Check the link; if "
        "that is good, send its log to its maker.",
    ),
    "release_boots": (
        "  sebab: mesin dinyalakan berulang kali sebelum rilis itu terbukti. Periksa daya, lalu ulangi.",
        "  because: the machine started again and again before it had proven itself. Check the power, "
        "then try again.",
    ),
    "release_asked_back": (
        "  sebab: seseorang memintanya kembali.",
        "  because: somebody asked to go back.",
    ),
    # Safe mode.
    "safe_mode": (
        "  mode aman: hanya jari, kamera dimatikan. Akhiri: terminal-agent safe-mode off",
        "  safe mode: fingers only, the camera is off. End it: terminal-agent safe-mode off",
    ),
    "safe_mode_on": (
        "Mode aman menyala: hanya jari. Kamera mati dalam beberapa detik dan tetap mati sampai "
        "terminal-agent safe-mode off",
        "Safe mode is on: fingers only. The camera goes off within seconds and stays off until "
        "terminal-agent safe-mode off",
    ),
    "safe_mode_off": (
        "Mode aman selesai; kamera kembali dalam setengah menit.",
        "Safe mode is over; the camera is back within half a minute.",
    ),
}
