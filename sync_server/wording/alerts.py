"""What the alerts of a kiosk mean, by the codes of the kiosk's own errors."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "quota_nearly_used": (
        "80 % kuota data bulan ini terpakai: tambah kuota, atau hentikan mode langsung",
        "80 % of this month's data is used: buy more, or end live mode",
    ),
    "quota_used": (
        "kuota data bulan ini habis: absensi tetap dikirim, mode langsung dan bundel log berhenti; "
        "tambah kuota",
        "this month's data is used up: attendance still goes, live mode and log bundles stop; buy more",
    ),
    "gnss_unplugged": (
        "penerima satelit tidak terbaca: periksa kabel dan port-nya",
        "the satellite receiver cannot be read: check its cable and port",
    ),
    "gnss_no_fix": (
        "penerima satelit tidak mendapat waktu selama satu jam: pindahkan antena ke langit terbuka",
        "the satellite receiver has had no time for an hour: move its antenna under open sky",
    ),
    "gnss_disagrees": (
        "waktu satelit berbeda dengan jam lain: periksa penerima dan sekitarnya (mungkin dipalsukan)",
        "the satellites' time differs from the other clocks: check the receiver (spoofing?)",
    ),
    "kiosk_moved": (
        "kios berada lebih dari 200 m dari tempat pemasangannya: periksa di lokasi",
        "the kiosk is more than 200 m from where it was put up: go and look",
    ),
    "unreachable": (
        "mesin tidak terjangkau: periksa daya, kabel LAN dan alamat IP-nya",
        "the terminal is out of reach: check its power, LAN cable and IP address",
    ),
    "timeout": (
        "mesin tidak menjawab tepat waktu: bila berulang, periksa jaringan di kantor itu",
        "the terminal did not answer in time: if it repeats, check the LAN there",
    ),
    "connection_lost": (
        "sambungan ke mesin putus: bila berulang, periksa kabel dan dayanya",
        "the connection to the terminal broke: if it repeats, check its cable and power",
    ),
    "closed": (
        "sambungan ke mesin sudah ditutup: kios menyambung lagi sendiri",
        "the connection to the terminal was closed: the kiosk connects again by itself",
    ),
    "packet_loss": (
        "terlalu banyak paket UDP hilang: pakai TCP untuk mesin ini",
        "too many UDP packets are lost: use TCP for this terminal",
    ),
    "broken_frame": (
        "mesin mengirim data yang menyalahi protokol: bila berulang, kirim log ke pengembang",
        "the terminal sends what its protocol does not allow: if it repeats, send the log to the "
        "developers",
    ),
    "short_read": (
        "log mesin tidak terbaca utuh: kios mencoba lagi sendiri",
        "the terminal's log could not be read whole: the kiosk tries again by itself",
    ),
    "refused": (
        "mesin menolak perintah: nyalakan ulang mesin; bila berulang, kirim log ke pengembang",
        "the terminal refuses a command: restart it; if it repeats, send the log to the developers",
    ),
    "no_serial": (
        "mesin tidak menyebut nomor serinya: kios mencoba lagi sendiri",
        "the terminal does not tell its serial number: the kiosk tries again by itself",
    ),
    "comm_key": (
        "kunci komunikasi ditolak: samakan password di agent.toml dengan menu Comm mesin",
        "the communication key is refused: set password in agent.toml to the one in its menu Comm",
    ),
    "no_attlog_mode": (
        "mesin dalam mode kontrol akses dan tidak menyimpan log: ubah tipe perangkat ke Absensi",
        "the terminal is in access-control mode and keeps no log: set its device type to T&A",
    ),
    "dialect_unclear": (
        "bentuk rekaman mesin ini tidak dikenali, jadi tidak ditebak: kirim log ke pengembang",
        "the layout of its records is not known, so nothing is guessed: send the log to the "
        "developers",
    ),
    "users_unclear": (
        "daftar pengguna mesin ini tidak jelas, jadi PIN tidak dapat dipastikan",
        "its user list is unclear, so PINs cannot be made certain",
    ),
    "two_ways": (
        "mesin ini dibaca lewat dua cara sekaligus: hapus salah satunya dari agent.toml",
        "this terminal is read by two ways at once: take one out of agent.toml",
    ),
    "log_almost_full": (
        "log mesin terisi 80 % atau lebih: semuanya sudah disalin; kosongkan setelah diterima pusat",
        "its log is 80 % full or more: all is copied; empty it once the centre has received it",
    ),
}
