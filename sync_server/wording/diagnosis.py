"""What the doctor found: for each question the sentence when all is well and the one when not."""

from collections.abc import Mapping

# code: (good, bad), each in Indonesian and English; the bad one says what to do.
WORDS: Mapping[str, tuple[tuple[str, str], tuple[str, str]]] = {
    "broker_certificate": (
        (
            "sertifikat broker berlaku sampai {detail}",
            "the broker's own certificate is good until {detail}",
        ),
        (
            "sertifikat broker habis {detail}, lalu semua kios terputus: sync-server certify HOST --to "
            "FOLDER, kemudian systemctl restart mosquitto",
            "the broker's own certificate ends {detail}, and every kiosk is cut off then: sync-server "
            "certify HOST --to FOLDER, then systemctl restart mosquitto",
        ),
    ),
    "retain": (
        ("broker menyimpan pesan status", "the broker keeps status messages"),
        (
            "broker tidak menyimpan pesan status: hapus retain_available false",
            "the broker keeps no status messages: take retain_available false out",
        ),
    ),
    "packet_bound": (
        ("ukuran paket dibatasi {detail} bita", "packets are bounded at {detail} bytes"),
        (
            "ukuran paket tidak dibatasi, satu klien dapat memenuhi memori: tulis max_packet_size 65536",
            "packets have no bound, one client can fill the memory: write max_packet_size 65536",
        ),
    ),
    "packet_fits": (
        ("kiriman terbesar muat", "the largest batch fits"),
        (
            "kiriman 48 KiB tidak muat ({detail} bita): tulis max_packet_size 65536",
            "a batch of 48 KiB does not fit ({detail} bytes): write max_packet_size 65536",
        ),
    ),
    "only_local": (
        (
            "siapa pun di komputer ini boleh tersambung, tetapi tidak dari luar",
            "anybody on this machine may connect, and nobody from elsewhere",
        ),
        ("broker terbuka bagi jaringan", "the broker is open to the network"),
    ),
    "no_certificate": (
        ("tanpa sertifikat: ditolak", "without a certificate: refused"),
        (
            "siapa pun boleh tersambung: pakai require_certificate true dan allow_anonymous false",
            "anybody may connect: use require_certificate true and allow_anonymous false",
        ),
    ),
    "encrypted": (
        ("sambungan terenkripsi atau hanya lokal", "the wire is encrypted or local only"),
        (
            "sambungan tidak terenkripsi: sync-server certify HOST, lalu broker.mutual = true",
            "the wire is not encrypted: sync-server certify HOST, then broker.mutual = true",
        ),
    ),
    "foreign_certificate": (
        ("sertifikat CA lain: ditolak", "a certificate of another authority: refused"),
        (
            "sertifikat CA lain diterima: setel cafile ke CA Hadir saja",
            "a certificate of another authority is accepted: set cafile to Hadir's authority alone",
        ),
    ),
    "expired_certificate": (
        ("sertifikat kedaluwarsa: ditolak", "an expired certificate: refused"),
        (
            "sertifikat kedaluwarsa diterima: periksa jam broker",
            "an expired certificate is accepted: check the broker's clock",
        ),
    ),
    "revoked_certificate": (
        ("sertifikat yang dicabut: ditolak", "a revoked certificate: refused"),
        (
            "broker tidak memakai daftar pencabutan terbaru: tulis crlfile seperti dalam hadir.conf, salin "
            "crl.pem ke sana, lalu systemctl reload mosquitto",
            "the broker does not use the newest list of revoked certificates: write crlfile as in "
            "hadir.conf, copy crl.pem there, then systemctl reload mosquitto",
        ),
    ),
    "old_protocol": (
        ("MQTT 3.1.1: ditolak", "MQTT 3.1.1: refused"),
        (
            "MQTT 3.1.1 diterima; penolakan di sana tampak seperti berhasil. Kios Hadir selalu memakai "
            "5. Mosquitto 2.1: accept_protocol_versions 5",
            "MQTT 3.1.1 is accepted, where a refusal looks like success. Hadir's kiosks always speak "
            "5. Mosquitto 2.1: accept_protocol_versions 5",
        ),
    ),
    "plain_listener": (
        ("port 1883 tanpa TLS: tertutup", "port 1883 without TLS: closed"),
        (
            "port 1883 menerima siapa pun tanpa TLS: hapus listener itu",
            "port 1883 lets anybody in without TLS: remove that listener",
        ),
    ),
    "publish_as_itself": (
        ("kios dapat mengirim sebagai dirinya", "a kiosk can publish as itself"),
        (
            "kios tidak dapat mengirim: pasang hadir.acl dengan acl_file",
            "a kiosk cannot publish: install hadir.acl with acl_file",
        ),
    ),
    "reads_others": (
        ("kios tidak membaca topik kios lain", "a kiosk reads no other kiosk's topics"),
        (
            "kios membaca topik kios lain: pasang hadir.acl dengan acl_file",
            "a kiosk reads another kiosk's topics: install hadir.acl with acl_file",
        ),
    ),
    "publishes_as_others": (
        ("kios tidak mengirim atas nama kios lain", "a kiosk cannot publish as another"),
        (
            "kios dapat mengirim atas nama kios lain: pasang hadir.acl dengan acl_file",
            "a kiosk can publish as another: install hadir.acl with acl_file",
        ),
    ),
    "poses_as_centre": (
        ("kios tidak dapat menyamar sebagai pusat", "a kiosk cannot pose as the centre"),
        (
            "kios dapat menyamar sebagai pusat: pasang hadir.acl dengan acl_file",
            "a kiosk can pose as the centre: install hadir.acl with acl_file",
        ),
    ),
    "tries_answered": (
        ("broker menjawab setiap percobaan", "the broker answered every try"),
        (
            "broker tidak menjawab sebagian percobaan dalam 10 detik, jadi aturannya belum terbukti: "
            "jalankan sync-server doctor sekali lagi; kalau tetap begitu, periksa beban broker",
            "the broker left tries without an answer for 10 seconds, so its rules are not proven: run "
            "sync-server doctor once more; where it stays so, look at the broker's load",
        ),
    ),
    "takes_session": (
        ("kios tidak dapat memutus kios lain", "a kiosk cannot cut another one off"),
        (
            "kios dapat memutus kios lain dengan memakai namanya: tulis use_identity_as_username true "
            "dan use_username_as_clientid true pada listener itu",
            "a kiosk can cut another one off by using its name: write use_identity_as_username true "
            "and use_username_as_clientid true for that listener",
        ),
    ),
}
