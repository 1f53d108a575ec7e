"""What the agent answers at its door: to technicians about the door, to people about their scan."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    # To technicians.
    "no_agent": (
        "Agen tidak menjawab ({detail}). Lihat: systemctl status hadir-agent",
        "The agent does not answer ({detail}). See: systemctl status hadir-agent",
    ),
    "no_door": (
        "Soket untuk kamera dan layar tidak dapat dibuka ({detail}). Mesin absensi tetap dibaca. "
        "Periksa kiosk.socket.",
        "The socket for camera and screen cannot be opened ({detail}). Terminals are read all the "
        "same. Check kiosk.socket.",
    ),
    "camera_away": (
        "Program kamera tidak berjalan. Lihat: systemctl status hadir-camera",
        "The camera's program is not running. See: systemctl status hadir-camera",
    ),
    "status_camera": (
        "  kamera {serial}: menyala, tercatat sampai {covered}",
        "  camera {serial}: up, noted until {covered}",
    ),
    "status_camera_never": (
        "  kamera {serial}: waktunya menyala belum tercatat (sekali sejam)",
        "  camera {serial}: the time that it was up is not noted yet (once an hour)",
    ),
    "status_screen": (
        "  layar {serial}: dipakai untuk NIP atau saksi",
        "  screen {serial}: used for NIP or witness",
    ),
    "status_faces": (
        "Wajah: {people_enrolled} orang terdaftar, galeri {gallery}",
        "Faces: {people_enrolled} people enrolled, gallery {gallery}",
    ),
    # To people at the screen.
    "malformed": (
        "Layar dan agen tidak saling mengerti. Panggil teknisi.",
        "Screen and agent do not understand each other. Call the technician.",
    ),
    "unknown_nip": (
        "NIP ini tidak dikenal di kantor ini. Periksa angkanya.",
        "This NIP is not known in this office. Check the digits.",
    ),
    "unknown_person": (
        "NIP atau PIN ini tidak dikenal di kantor ini. Periksa angkanya.",
        "This NIP or PIN is not known in this office. Check the digits.",
    ),
    "unknown_witness": (
        "NIP saksi tidak dikenal di kantor ini. Periksa angkanya.",
        "The witness's NIP is not known in this office. Check the digits.",
    ),
    "self_witness": (
        "Kesaksian harus dari orang lain.",
        "Somebody else has to vouch.",
    ),
    "no_letter": (
        "Belum ada surat yang mengizinkan nomor rahasia. Pakai wajah, jari, atau rekan sebagai saksi.",
        "No letter allows a secret number. Use face, finger, or a colleague as witness.",
    ),
    "wrong_secret": (
        "Nomor rahasia salah. Coba lagi.",
        "The secret number is wrong. Try again.",
    ),
    "wait": (
        "Nomor rahasia terlalu sering salah. Tunggu sebentar, atau pakai jari.",
        "The secret number was wrong too often. Wait a while, or use your finger.",
    ),
    "not_recognised": (
        "Lihat ke kamera dulu sampai dikenali, lalu coba lagi.",
        "Look into the camera first until you are recognised, then try again.",
    ),
    "storage_full": (
        "Penyimpanan kios penuh: tidak dicatat. Pakai jari, dan panggil teknisi.",
        "The kiosk's storage is full: not recorded. Use your finger, and call the technician.",
    ),
    "no_camera": (
        "Kamera sedang tidak ada. Pakai jari, atau NIP dan nomor rahasia.",
        "There is no camera now. Use your finger, or NIP and secret number.",
    ),
}
