"""What the wizard of a new kiosk and its first-boot file say."""

from collections.abc import Mapping

_WIZARD: Mapping[str, tuple[str, str]] = {
    "init_hello": (
        "Menyiapkan kios ini. Enter menerima jawaban dalam kurung; Ctrl-C berhenti, dan sebelum langkah "
        "terakhir tidak ada yang berubah.",
        "Setting up this kiosk. Enter takes the answer in brackets; Ctrl-C stops, and before the last "
        "step nothing is changed.",
    ),
    "init_stopped": (
        "\nBerhenti; yang belum ditulis tidak berlaku. Mulai lagi dengan: sudo terminal-agent init",
        "\nStopped; what was not written is not in force. Begin again with: sudo terminal-agent init",
    ),
    "ask_plain": (" (Enter = {plain})", " (press Enter for {plain})"),
    "ask_yes": ("y", "yes"),
    "ask_no": ("t", "no"),
    "ask_yes_no": ("Jawab y (ya) atau t (tidak), bukan {typed}.", "Answer yes or no, not {typed}."),
    "ask_number": (
        "{typed} tidak bisa: tulis bilangan {least} sampai {most}, tanpa titik atau huruf.",
        "{typed} will not do: write a number from {least} to {most}, without points or letters.",
    ),
    "ask_among": (
        "{typed} tidak dikenal. Jawab salah satu: {names}.",
        "{typed} is not known. Answer one of: {names}.",
    ),
    "ask_name": (
        "{typed} tidak bisa: hanya huruf kecil, angka, - dan _, paling banyak 32, misalnya lobi.",
        "{typed} will not do: only small letters, digits, - and _, at most 32, such as lobi.",
    ),
    "ask_odd": (
        "Jawaban itu berisi tombol panah atau huruf yang rusak. Ketik sekali lagi.",
        "That answer holds arrow keys or broken letters. Type it once more.",
    ),
    "init_step": ("\nLangkah {number}: {title}", "\nStep {number}: {title}"),
    "init_look": (
        "Cari mesin absensi, y/t, atau sebut jaringannya seperti 192.168.1.0/24",
        "Look for terminals, y/n, or name their network such as 192.168.1.0/24",
    ),
    "init_looking": (
        "Mencari; paling lama setengah menit…",
        "Looking; half a minute at most…",
    ),
    "init_another": (
        "Tambah mesin: nomor dari daftar, atau alamatnya seperti 192.168.1.201; kosong = selesai",
        "Add a terminal: its number in the list, or its address such as 192.168.1.201; empty = done",
    ),
    "init_udp": ("Mesin lama, hanya UDP, y/t", "An old terminal, UDP only, y/n"),
    "init_no_such_number": (
        "Tidak ada nomor {typed} di daftar (ada {most}). Tulis alamat lengkap seperti 192.168.1.201.",
        "There is no {typed} in the list (of {most}). Write a whole address such as 192.168.1.201.",
    ),
    "init_no_address": (
        "{typed} bukan alamat. Tulis satu alamat seperti 192.168.1.201, tanpa spasi.",
        "{typed} is no address. Write one such as 192.168.1.201, without spaces.",
    ),
    "init_port": ("Pakai, y/t", "Use it, y/n"),
    "init_camera": ("Kamera, atau - untuk tanpa kamera", "Camera, or - for none"),
    "init_again": ("Coba lagi, y/t", "Try again, y/n"),
    "init_scan": ("Baca QR dengan kamera kios, y/t", "Read a QR with the kiosk's camera, y/n"),
    "init_scanning": (
        "Pegang QR 20-30 cm di depan kamera kios, paling lama satu menit…",
        "Hold the QR 20-30 cm in front of the kiosk's camera, for a minute at most…",
    ),
    "init_pass": (
        "Baris hadir: dari pusat (kosong = nanti dengan terminal-agent init)",
        "The line hadir: of the centre (empty = later by terminal-agent init)",
    ),
    "init_enrolled": (
        "Kios ini sudah terdaftar sebagai {kid}.",
        "This kiosk is enrolled already as {kid}.",
    ),
    "init_written": ("{file} ditulis.", "{file} is written."),
    "init_same": ("{file} tidak berubah.", "{file} did not change."),
    "init_ordered": (
        "Perhatikan: yang berlaku adalah konfigurasi dari pusat (perintah {counter}), bukan berkas ini. "
        "Ubah di pusat: sync-server kiosk send KID configure",
        "Note: in force is the centre's configuration (command {counter}), not this file. Change it at "
        "the centre: sync-server kiosk send KID configure",
    ),
    "init_ready": (
        "Selesai: kios {kid}. Lihat keadaannya: terminal-agent status",
        "Done: kiosk {kid}. See how it stands: terminal-agent status",
    ),
    "init_not_enrolled": (
        "Pengaturan disimpan, tetapi kios belum terdaftar. Minta token di pusat (sync-server kiosk "
        "invite KID --opd KODE --token), lalu: sudo terminal-agent init",
        "The settings are kept, but the kiosk is not enrolled. Ask the centre for a token (sync-server "
        "kiosk invite KID --opd CODE --token), then: sudo terminal-agent init",
    ),
    "init_unwritable": (
        "{detail} tidak dapat ditulis. Perintah ini butuh root: sudo terminal-agent init. Sudah root? "
        "Periksa ruang disk, dan apakah disk hanya dapat dibaca.",
        "{detail} cannot be written. This command needs root: sudo terminal-agent init. Are you root? "
        "Check the disk's space, and whether it is read only.",
    ),
    "init_not_merged": (
        "{detail} ditulis dengan cara yang tidak dapat diubah otomatis (bukan satu kunci satu baris). "
        "Ubah dengan tangan, atau pindahkan berkas itu dan mulai dari contoh paket.",
        "{detail} is written in a way that cannot be changed by program (not one key a line). Change it "
        "by hand, or move it away and begin with the package's sample.",
    ),
    "init_done_before": (
        "Kios ini sudah terdaftar sebagai {detail}; halaman /setup hanya untuk kios baru. Ubah dengan: "
        "sudo terminal-agent init",
        "This kiosk is enrolled already as {detail}; the /setup page is for new ones. Change it with: "
        "sudo terminal-agent init",
    ),
    "setup_served": (
        "Halaman penyiapan: {address}/setup, kodenya di layar kios (http://127.0.0.1:{port}/)",
        "Setup page: {address}/setup, its code on the kiosk's screen (http://127.0.0.1:{port}/)",
    ),
}

_CARD: Mapping[str, tuple[str, str]] = {
    "card_missing": (
        "Berkas penyiapan tidak ada: {detail}. Tulis satu di kartu (partisi boot), lihat "
        "docs/install-kiosk.md.",
        "There is no first-boot file: {detail}. Write one on the card (boot partition), see "
        "docs/install-kiosk.md.",
    ),
    "card_empty": (
        "{detail} kosong: tidak ada pengaturan atau [enrol] di dalamnya. Tulis isinya (lihat "
        "docs/install-kiosk.md) dan simpan sekali lagi; berkas itu dibiarkan.",
        "{detail} is empty: there are no settings and no [enrol] in it. Write them (see "
        "docs/install-kiosk.md) and save it again; the file is left as it is.",
    ),
    "card_no_invitation": (
        "Berkas undangan {detail} tidak ada di samping berkas penyiapan. Salin ke sana, atau betulkan "
        "namanya di [enrol] invitation.",
        "The invitation {detail} is not beside the first-boot file. Copy it there, or correct its name in "
        "[enrol] invitation.",
    ),
    "card_unreadable": (
        "Berkas penyiapan {detail} tidak terbaca. Tunjuk sebuah berkas, dan pakai sudo: sudo "
        "terminal-agent init --from BERKAS",
        "The first-boot file {detail} cannot be read. Name a file, and use sudo: sudo terminal-agent init "
        "--from FILE",
    ),
    "card_is_config": (
        "{detail} adalah konfigurasi kios ini sendiri dan dibiarkan. Ubah langsung di sana lalu sudo "
        "systemctl restart hadir-agent, atau sebut berkas penyiapan lain dengan --from.",
        "{detail} is this kiosk's own configuration and was left alone. Change it there and type sudo "
        "systemctl restart hadir-agent, or name another file with --from.",
    ),
    "card_enrolled": (
        "Kios {kid} terdaftar. Token dan kunci sudah dihapus dari kartu ini.",
        "Kiosk {kid} is enrolled. Token and keys were taken off this card's boot partition.",
    ),
    "card_kept": (
        "Pengaturan dipakai. Kios sudah terdaftar sebagai {kid}; token di berkas tidak dipakai, dan "
        "dihapus dari kartu ini.",
        "The settings are in use. The kiosk was enrolled already as {kid}; the file's token was not "
        "used, and was taken off the card.",
    ),
    "card_settings": (
        "Pengaturan dipakai. Kios belum terdaftar: pindai QR di layarnya, atau sudo terminal-agent init",
        "The settings are in use. The kiosk is not enrolled: scan the QR on its screen, or type sudo "
        "terminal-agent init",
    ),
    "card_again": (
        "Kios mencoba lagi sendiri; kartu tidak perlu dicabut.",
        "The kiosk tries again by itself; leave the card in.",
    ),
    "card_mend": (
        "Betulkan berkas penyiapan di kartu ini, lalu nyalakan lagi kios.",
        "Correct the first-boot file on this card, then start the kiosk again.",
    ),
    "card_unwritable": (
        "Kartu boot tidak dapat ditulis ({detail}), jadi rahasia di dalamnya masih ada. Hapus berkas itu "
        "di komputer lain.",
        "The boot partition cannot be written ({detail}), so its secrets are still there. Delete the "
        "file on another computer.",
    ),
}

# What of the configuration answers, one line each; what is not well is said as in setup_page.
_TRIED: Mapping[str, tuple[str, str]] = {
    "tried_well": ("[beres] {name}: {said}", "[well] {name}: {said}"),
    "tried_not_well": ("[BELUM] {name}: {said}", "[NOT WELL] {name}: {said}"),
    "tried_unseen": ("[belum terlihat] {name}: {said}", "[not seen yet] {name}: {said}"),
    "tried_terminal": (
        "mesin menjawab, nomor seri {serial}, {records} rekaman",
        "the terminal answers, serial number {serial}, {records} records",
    ),
    "tried_open": (
        "mesin menjawab, nomor seri {serial}, {records} rekaman; ia menerima siapa pun di jaringan: pasang "
        "kunci komunikasi di menu Comm-nya dan tulis di comm_key",
        "the terminal answers, serial number {serial}, {records} records; it lets in anybody on the "
        "network: set a communication key in its menu Comm and write it as comm_key",
    ),
    "tried_pushing": (
        "mesin {serial} mengirim sendiri (ADMS). Isi alamat kios ini di menu Comm > Cloud Server mesin, "
        "lalu lihat: terminal-agent status",
        "terminal {serial} pushes by itself (ADMS). Write this kiosk's address into its menu Comm > Cloud "
        "Server, then look: terminal-agent status",
    ),
    "tried_sensor": ("sensor sidik jari menjawab", "the fingerprint sensor answers"),
    "tried_gnss": ("penerima satelit terdengar", "the satellite receiver is heard"),
    "tried_camera_ok": (
        "kamera terbuka dan cahayanya cukup",
        "the camera opens and has light enough",
    ),
    "tried_camera_dark": (
        "kamera terbuka, tetapi terlalu gelap: tambah lampu di depan kios",
        "the camera opens, but it is too dark: put a lamp in front of the kiosk",
    ),
    "tried_camera_glare": (
        "kamera terbuka, tetapi silau: putar dari jendela atau lampu",
        "the camera opens, but light blinds it: turn it from windows and lamps",
    ),
    "tried_ready": (
        "Semua yang tertulis di konfigurasi menjawab: kios siap.",
        "All that the configuration names answers: the kiosk is ready.",
    ),
    "tried_mend": (
        "Pengaturan disimpan, tetapi yang bertanda [BELUM] belum beres. Betulkan di tempatnya; kios "
        "mencoba lagi sendiri. Bila pengaturannya yang salah: sudo terminal-agent init, atau tulis "
        "hadir.toml baru. Periksa lagi: terminal-agent doctor",
        "The settings are kept, but what is marked [NOT WELL] is not. Mend it where it is; the kiosk tries "
        "again by itself. If it is the setting that is wrong: sudo terminal-agent init, or write a new "
        "hadir.toml. Look again: terminal-agent doctor",
    ),
    "tried_nothing": (
        "Belum ada mesin, sensor atau kamera dalam konfigurasi: sudo terminal-agent init",
        "The configuration names no terminal, sensor or camera yet: sudo terminal-agent init",
    ),
}

WORDS: Mapping[str, tuple[str, str]] = {**_WIZARD, **_CARD, **_TRIED}
