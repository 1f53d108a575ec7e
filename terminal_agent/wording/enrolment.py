"""What enrolling says, and what a broker's refusal means: each with the next step."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "pass_wrong": (
        "Token atau alamat tidak utuh. Salin seluruh baris yang dimulai dengan hadir: dari pusat.",
        "The token or address is not whole. Copy the whole line that begins with hadir: "
        "from the centre.",
    ),
    "pass_ask": (
        "Token dipakai tanpa --ask; alamat tanpa token hanya dengan --ask. Di pusat: sync-server kiosk "
        "invite KID --opd KODE --token, atau sync-server kiosk approve.",
        "A token goes without --ask, an address without a token only with --ask. At the centre: "
        "sync-server kiosk invite KID --opd CODE --token, or sync-server kiosk approve.",
    ),
    "door_away": (
        "Pusat tidak terjangkau ({detail}). Periksa sambungan dan alamatnya, lalu ulangi; tokennya "
        "tetap berlaku.",
        "The centre is out of reach ({detail}). Check the link and the address, then type it again; "
        "the token still holds.",
    ),
    "door_stranger": (
        "Yang menjawab bukan pusat pada token ini ({detail}). Tidak ada yang dikirim. Periksa alamat "
        "dan jaringan; minta token baru bila CA pusat diganti.",
        "Whoever answers is not the centre of this token ({detail}). Nothing was sent. Check the "
        "address and the network; ask for a new token if the centre's authority was replaced.",
    ),
    "door_clock": (
        "Jam kios ini atau jam pusat salah ({detail}). Betulkan (timedatectl), lalu ulangi.",
        "The clock of this kiosk or of the centre is wrong ({detail}). Set it (timedatectl), then type "
        "it again.",
    ),
    "door_wrong": (
        "Jawaban itu bukan dari pusat Hadir ({detail}). Periksa port pada enrol.address.",
        "That is no answer of a Hadir centre ({detail}). Check the port in enrol.address.",
    ),
    "enrol_token_used": (
        "Token ini sudah dipakai kios lain. Minta yang baru: sync-server kiosk replace KID --token; "
        "bila bukan Anda yang memakainya, cabut kios itu: sync-server kiosk revoke KID --reason SEBAB.",
        "Another kiosk has used this token. Ask for a new one: sync-server kiosk replace KID --token; "
        "if it was not you who used it, revoke that kiosk: sync-server kiosk revoke KID --reason WHY.",
    ),
    "enrol_refused": (
        "Pusat menolak kios ini. Tanyakan alasannya kepada petugas pusat; setelah sepuluh menit boleh "
        "meminta lagi dengan perintah yang sama.",
        "The centre has refused this kiosk. Ask somebody there why; after ten minutes it may ask again "
        "with the same command.",
    ),
    "enrol_already": (
        "Pusat sudah mendaftarkan kios ini dengan token ini, tetapi jawabannya tidak ada di sini. Minta "
        "token baru: sync-server kiosk replace KID --token",
        "The centre has enrolled this kiosk by this token before, but its answer is not here. Ask for a "
        "new token: sync-server kiosk replace KID --token",
    ),
    "enrolled_already": (
        "Kios ini sudah terdaftar sebagai {kid}. Tidak ada yang perlu dilakukan.",
        "This kiosk is enrolled as {kid} already. There is nothing to do.",
    ),
    "enrol_token_expired": (
        "Token ini sudah lewat 24 jam atau diganti yang baru. Minta lagi: sync-server kiosk invite KID "
        "--opd KODE --token",
        "This token is older than 24 hours or gave way to a newer one. Ask again: sync-server kiosk "
        "invite KID --opd CODE --token",
    ),
    "enrol_token_unknown": (
        "Pusat tidak mengenal token ini. Salin lagi seluruhnya, atau minta yang baru.",
        "The centre does not know this token. Copy all of it again, or ask for a new one.",
    ),
    "enrol_bad_request": (
        "Pusat tidak dapat membaca permintaan kios ini. Samakan versi Hadir di kios dan di pusat.",
        "The centre cannot read what this kiosk asks. Bring kiosk and centre to one version of Hadir.",
    ),
    "enrol_too_large": (
        "Permintaan terlalu panjang bagi pusat. Samakan versi Hadir di kios dan di pusat.",
        "The request is too long for the centre. Bring kiosk and centre to one version of Hadir.",
    ),
    "enrol_too_many": (
        "Terlalu banyak permintaan dari alamat ini. Tunggu satu menit, lalu ulangi.",
        "Too many requests from this address. Wait a minute, then type it again.",
    ),
    "enrol_later": (
        "Buku besar pusat sedang tidak dapat ditulis. Ulangi beberapa menit lagi.",
        "The centre's ledger cannot be written now. Try again in some minutes.",
    ),
    "enrol_revoked": (
        "Kios ini sudah dicabut. Hubungi pusat; untuk kartu baru: sync-server kiosk replace KID --token",
        "This kiosk was revoked. Call the centre; for a new card: sync-server kiosk replace KID --token",
    ),
    "enrol_kid_unknown": (
        "Pusat tidak mengenal kios ini. Minta token: sync-server kiosk invite KID --opd KODE --token",
        "The centre does not know this kiosk. Ask for a token: sync-server kiosk invite KID --opd CODE "
        "--token",
    ),
    "enrol_asked_before": (
        "Kios ini pernah disetujui dan kemudian diganti. Minta token: sync-server kiosk replace KID "
        "--token",
        "This kiosk was approved once and replaced since. Ask for a token: sync-server kiosk replace "
        "KID --token",
    ),
    "enrol_bad_signature": (
        "Pusat mengenal kios ini dengan kunci lain. Kartu ini mungkin salinan; minta token: sync-server "
        "kiosk replace KID --token",
        "The centre knows this kiosk by another key. This card may be a copy; ask for a token: "
        "sync-server kiosk replace KID --token",
    ),
    "enrol_key_unknown": (
        "Pusat belum mengenal kunci kios ini. Minta token: sync-server kiosk replace KID --token",
        "The centre does not know this kiosk's key yet. Ask for a token: sync-server kiosk replace KID "
        "--token",
    ),
    "certificate_unusable": (
        "Sertifikat dari pusat tidak cocok dengan kunci kios ini ({detail}). Daftarkan lagi dengan "
        "token baru.",
        "The centre's certificate does not fit this kiosk's key ({detail}). Enrol again with a new "
        "token.",
    ),
    "state_unwritable": (
        "Folder kios tidak dapat ditulis ({detail}). Periksa izin dan ruang disk.",
        "The kiosk's folder cannot be written ({detail}). Check permissions and disk space.",
    ),
    "enrol_waits": (
        "Kode kios ini: {shown}. Sebutkan kepada petugas pusat, yang mengetik: sync-server kiosk approve "
        "{shown} KID --opd KODE. Kios ini menunggu.",
        "The code of this kiosk: {shown}. Tell it to somebody at the centre, who types: sync-server "
        "kiosk approve {shown} KID --opd CODE. This kiosk waits.",
    ),
    # What the broker says of the certificate, for `status` and the screen.
    "status_certificate": (
        "  sertifikat: berlaku sampai {day}",
        "  certificate: good until {day}",
    ),
    "certificate_expired": (
        "Sertifikat kios sudah habis masa berlakunya; kios memintanya lagi sendiri. Bila tidak berhasil "
        "dalam sehari: sync-server kiosk replace KID --token",
        "The kiosk's certificate has ended; the kiosk asks for another by itself. If that has not come "
        "within a day: sync-server kiosk replace KID --token",
    ),
    "certificate_revoked": (
        "Pusat mencabut kios ini atau mengganti kartunya; absensi tetap dicatat di sini tetapi tidak "
        "diterima. Jangan hapus kartu ini: hubungi pusat. Bila kartu ini yang dipakai, atau isinya "
        "belum terkirim: sync-server kiosk replace KID --token, lalu di sini terminal-agent "
        "enrol-kiosk TOKEN.",
        "The centre has revoked this kiosk or replaced its card; attendance is still recorded here "
        "and not taken. Do not wipe this card: call the centre. If this card is the one in use, or "
        "holds what was never sent: sync-server kiosk replace KID --token, then here terminal-agent "
        "enrol-kiosk TOKEN.",
    ),
    "card_replaced": (
        "Pusat menjawab kartu lain: kartu ini sudah diganti. Absensi tetap dicatat di sini tetapi "
        "tidak diterima. Jangan hapus kartu ini. Untuk mengirim yang masih ada di sini: di pusat "
        "sync-server kiosk replace KID --token, di sini terminal-agent enrol-kiosk TOKEN, tunggu "
        "status menyebut 0 menunggu. Lalu daftarkan kartu barunya dengan cara yang sama.",
        "The centre answers another card: this one was replaced. Attendance is still recorded here "
        "and not taken. Do not wipe this card. To send what is still here: at the centre sync-server "
        "kiosk replace KID --token, here terminal-agent enrol-kiosk TOKEN, wait until status says that "
        "0 wait. Then enrol the new card again in the same way.",
    ),
    "certificate_foreign": (
        "Broker tidak menerima sertifikat kios ini: CA lain, atau sertifikat lama. Daftarkan lagi dengan "
        "token baru.",
        "The broker does not take this kiosk's certificate: another authority, or an old one. Enrol "
        "again with a new token.",
    ),
    "broker_undated": (
        "Sertifikat broker tidak berlaku menurut jam kios. Periksa jam kios; bila benar, perbarui di "
        "pusat: sync-server certify",
        "By the kiosk's clock the broker's certificate is not good. Check the clock; if it is right, "
        "renew it at the centre: sync-server certify",
    ),
    "broker_foreign": (
        "Yang menjawab sebagai broker bukan milik pusat ini. Periksa alamat dan jaringan; tidak ada "
        "yang dikirim.",
        "Whoever answers as the broker is not this centre's. Check the address and the network; "
        "nothing was sent.",
    ),
}
