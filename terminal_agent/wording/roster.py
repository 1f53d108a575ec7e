"""What `people push` says: the office's people on all of its terminals."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "push_by_list": (
        "Acuan: daftar pegawai dari pusat, {count} orang.",
        "By the centre's list of {count} people.",
    ),
    "push_by_terminals": (
        "Kios ini belum punya daftar pegawai; acuannya semua orang di semua mesin. Daftarnya datang dari "
        "pusat (person, shift dan calendar import, lalu): sync-server roster send --kid {kid}",
        "This kiosk has no list of people yet; everybody of every terminal counts. The list comes from the "
        "centre (person, shift and calendar import, then): sync-server roster send --kid {kid}",
    ),
    "push_reading": ("Membaca {count} mesin ...", "Reading {count} terminals ..."),
    "push_device": ("Mesin {name} ({serial}):", "Terminal {name} ({serial}):"),
    "push_same": ("{name} ({serial}): tidak ada beda.", "{name} ({serial}): no difference."),
    # The table comes before anything is written, and says what will be.
    "push_add": ("akan ditambah", "to be added"),
    "push_remove": ("akan DIHAPUS", "to be DELETED"),
    "push_name": ("nama akan diganti", "name to be changed"),
    "push_card": ("kartu akan disalin", "card to be copied"),
    "push_fingers": (
        "{count} sidik jari akan disalin dari {source}",
        "{count} fingers to be copied from {source}",
    ),
    "push_left": ("dibiarkan: {why}", "left alone: {why}"),
    "push_dry_run": (
        "Uji coba: tidak ada yang ditulis. Tulis dengan: terminal-agent people push",
        "A dry run: nothing was written. Write it with: terminal-agent people push",
    ),
    "push_sure": (
        "{count} orang akan dihapus dari mesin beserta sidik jarinya. Lanjutkan? (y/t)",
        "{count} people will be deleted from terminals with their fingers. Go on? (y/n)",
    ),
    "push_yes_or_no": ("Jawab y (ya) atau t (tidak).", "Answer y (yes) or n (no)."),
    "push_not_agreed": (
        "Tidak ada yang ditulis dan tidak ada yang dihapus. Tanpa --remove hanya ada tambahan.",
        "Nothing was written and nobody deleted. Without --remove things are only added.",
    ),
    "push_done": (
        "{name}: {added} ditambah, {renamed} nama, {cards} kartu, {fingers} sidik jari, {removed} "
        "dihapus; sudah dibaca ulang. {left} tidak tertulis.",
        "{name}: {added} added, {renamed} names, {cards} cards, {fingers} fingers, {removed} deleted; "
        "read back. {left} not written.",
    ),
    "push_not_written": ("  PIN {pin} tidak tertulis: {why}", "  PIN {pin} not written: {why}"),
    "push_unnoted": (
        "{name}: tertulis di mesin. Siapa yang menulis belum masuk jurnal (agen tidak berjalan atau "
        "belum pernah membaca mesin ini); orang dan jarinya tercatat saat agen membacanya.",
        "{name}: written to the terminal. Who wrote it is not in the journal (the agent does not run "
        "or has never read this terminal); people and fingers are noted when the agent reads it.",
    ),
    "push_no_devices": (
        "Tidak ada mesin ZKTeco di konfigurasi. Tambahkan [[zkteco]] di agent.toml.",
        "The configuration has no ZKTeco terminal. Add [[zkteco]] to agent.toml.",
    ),
    "push_unknown_device": (
        'Tidak ada mesin bernama "{name}"; lihat name di [[zkteco]]: terminal-agent config',
        'There is no terminal "{name}"; see name in [[zkteco]]: terminal-agent config',
    ),
    "push_no_list": (
        "--remove memerlukan daftar pegawai dari pusat, dan kios ini belum menerimanya. Di pusat, sesudah "
        "person, shift dan calendar import: sync-server roster send --kid {kid}, lalu coba lagi.",
        "--remove needs the centre's list of people, which this kiosk does not have yet. At the centre, "
        "after person, shift and calendar import: sync-server roster send --kid {kid}, then try again.",
    ),
    "other_terminal": (
        "Di alamat {where} sekarang menjawab mesin lain ({detail}); tidak ada yang ditulis. Jalankan "
        "terminal-agent discover, lalu coba lagi.",
        "Another terminal answers at {where} now ({detail}); nothing was written. Run terminal-agent "
        "discover, then try again.",
    ),
    "busy": (
        "Mesin {where} masih dibaca agen. Coba lagi sebentar lagi.",
        "The agent is still reading terminal {where}. Try again in a moment.",
    ),
    # Why somebody, or something of theirs, is left as it is.
    "push_is_admin": (
        "administrator mesin; ubah di menu mesin itu sendiri",
        "an administrator of the terminal; change them in its own menu",
    ),
    "push_admin_not_listed": (
        "administrator mesin yang tidak ada di daftar pusat; periksa, lalu ubah di menu mesin",
        "an administrator of the terminal who is not on the centre's list; check, then use its menu",
    ),
    "push_not_listed": (
        "tidak ada di daftar pusat; hapus dengan --remove bila memang sudah pindah",
        "not on the centre's list; delete with --remove if they have really left",
    ),
    "push_pin_alike": (
        "mirip PIN di daftar yang tidak muat di mesin ini; samakan PIN-nya dengan tangan",
        "like a PIN of the list that this terminal cannot hold; make the PINs equal by hand",
    ),
    "push_pin_twice": (
        "PIN ini ada dua kali di mesin; hapus salah satunya di menu mesin",
        "this PIN is there twice; delete one of them in the terminal's menu",
    ),
    "push_pin_unfit": (
        "mesin ini tidak dapat menyimpan PIN itu (nol di depan, huruf, atau terlalu panjang); pakai "
        "PIN angka yang lebih pendek",
        "this terminal cannot hold that PIN (leading zero, letters, or too long); use a shorter one "
        "of digits",
    ),
    "push_no_room": (
        "memori pengguna mesin penuh; hapus yang sudah pindah dengan --remove",
        "the terminal's memory for users is full; delete who has left with --remove",
    ),
    "push_no_finger_room": (
        "memori sidik jari mesin penuh; hapus yang sudah pindah dengan --remove",
        "the terminal's memory for fingers is full; delete who has left with --remove",
    ),
    "push_names_differ": (
        "namanya berbeda di mesin-mesin; tetapkan namanya di pusat",
        "the terminals have different names; set the name at the centre",
    ),
    "push_cards_differ": (
        "nomor kartunya berbeda di mesin-mesin; hapus kartu lama di menu mesin",
        "the terminals have different cards; delete the old card in the terminal's menu",
    ),
    "push_card_of_two": (
        "kartu yang sama dipakai dua PIN; periksa milik siapa, hapus di menu mesin",
        "two PINs have the same card; find out whose it is, delete it in the terminal's menu",
    ),
    "push_other_format": (
        "sidik jarinya hanya ada dalam format mesin lain; daftarkan jarinya di mesin ini",
        "their finger is only there in another terminal's format; enrol it at this terminal",
    ),
    "push_duress_finger": (
        "jari tanda bahaya tidak disalin; daftarkan di mesin ini bila perlu",
        "a duress finger is not copied; enrol it at this terminal if it is needed",
    ),
    "push_finger_of_two": (
        "sidik jari yang sama ada di bawah dua PIN; periksa milik siapa, hapus yang salah",
        "the same fingerprint stands under two PINs; find out whose it is, delete the wrong one",
    ),
    "push_finger_unfit": (
        "nomor jarinya tidak dikenal; tidak disalin",
        "the number of the finger is not known; not copied",
    ),
    "push_changed_meanwhile": (
        "berubah di mesin saat ditulis; jalankan lagi",
        "changed on the terminal meanwhile; run it again",
    ),
    "push_terminal_refused": ("ditolak mesin; coba lagi", "the terminal refused it; try again"),
    "push_finger_refused": (
        "mesin menolak sidik jarinya; daftarkan jarinya di mesin ini",
        "the terminal refused the finger; enrol it at this terminal",
    ),
    "push_not_kept": (
        "mesin menjawab ya, tetapi tidak menyimpannya; coba lagi",
        "the terminal said yes and did not keep it; try again",
    ),
    "push_uid_unfit": (
        "nomor urutnya di mesin tidak dapat dihapus dari sini; hapus di menu mesin",
        "its number on the terminal cannot be deleted from here; use the terminal's menu",
    ),
}
