"""What is said of terminals that push."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "push_port": (
        "Kios tidak dapat mendengarkan mesin yang mengirim sendiri ({detail}). Pilih port lain di "
        "bagian [adms] agent.toml, dan di menu mesin.",
        "The kiosk cannot listen for terminals that push ({detail}). Choose another port in the "
        "section [adms] of agent.toml, and in the terminal's menu.",
    ),
    "push_unknown": (
        "Mesin yang tidak terdaftar mencoba mengirim ({detail}). Bila benar milik kantor ini, "
        "tambahkan [[adms.device]] dengan nomor seri dan alamatnya di agent.toml.",
        "A terminal that is not on the list tried to send ({detail}). If it is the office's own, add "
        "an [[adms.device]] with its serial number and address to agent.toml.",
    ),
    "push_silent": (
        "Mesin ini sudah sepuluh menit tidak menghubungi kios. Periksa daya, kabel LAN, dan menu "
        "Comm > Cloud Server pada mesin.",
        "This terminal has not called for ten minutes. Check its power, LAN cable and its menu "
        "Comm > Cloud Server.",
    ),
    "push_incomplete": (
        "Mesin ini menghitung lebih banyak absensi daripada yang dikirimnya, juga setelah diminta "
        "mengirim ulang. Baca lognya dengan [[zkteco]] atau USB; kios mencoba lagi tiap jam.",
        "This terminal counts more punches than it sent, even after it was asked to send all again. "
        "Read its log with [[zkteco]] or by USB; the kiosk tries again every hour.",
    ),
    "push_unproven": (
        "Mesin ini tidak dapat membuktikan bahwa semua absensinya sudah dikirim, jadi ketidakhadiran "
        "menunggu. Baca juga lewat [[zkteco]], atau ubah tipe perangkat ke Absensi (T&A PUSH).",
        "This terminal cannot prove that all its punches were sent, so absence waits. Have it polled "
        "too with [[zkteco]], or set its device type to T&A PUSH.",
    ),
}
