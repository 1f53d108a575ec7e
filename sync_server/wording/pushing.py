"""What the alerts of terminals that push mean, by the codes of the kiosk."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "push_port": (
        "kios tidak dapat mendengarkan mesin yang mengirim sendiri: pilih port lain di [adms]",
        "the kiosk cannot listen for terminals that push: choose another port in [adms]",
    ),
    "push_unknown": (
        "mesin dengan nomor seri dan alamat ini mencoba mengirim tanpa terdaftar: bila milik kantor, "
        "tambahkan [[adms.device]] di agent.toml",
        "a terminal with this serial number and address tried to send without being on the list: if "
        "it is the office's own, add an [[adms.device]] to agent.toml",
    ),
    "push_silent": (
        "mesin ini sepuluh menit tidak menghubungi kios: periksa daya, LAN dan menu Cloud Server-nya",
        "it has not called the kiosk for ten minutes: check power, LAN and its menu Cloud Server",
    ),
    "push_incomplete": (
        "mesin ini menghitung lebih banyak absensi daripada yang dikirimnya: baca lognya dengan "
        "[[zkteco]] atau USB; kios mencoba lagi tiap jam",
        "it counts more punches than it sent: read its log with [[zkteco]] or by USB; the kiosk tries "
        "again every hour",
    ),
    "push_unproven": (
        "mesin ini tidak dapat membuktikan semua absensinya sudah dikirim, jadi ketidakhadiran "
        "menunggu: baca juga lewat [[zkteco]], atau ubah tipenya ke T&A PUSH",
        "it cannot prove that all its punches were sent, so absence waits: have it polled too with "
        "[[zkteco]], or set its device type to T&A PUSH",
    ),
}
