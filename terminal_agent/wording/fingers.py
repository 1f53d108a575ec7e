"""What is said of finger sensors: what is wrong with one, and how enrolling a finger goes on."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    # What went wrong, by the code of the error.
    "sensor_unplugged": (
        "Sensor jari tidak terbaca ({detail}). Periksa kabelnya dan `port` pada [[sensor]]; begitu "
        "tercolok, ia dipakai lagi sendiri.",
        "The finger sensor cannot be read ({detail}). Check its cable and `port` in [[sensor]]; once "
        "it is plugged in, it is used again by itself.",
    ),
    "sensor_silent": (
        "Sensor jari tidak menjawab ({detail}). Periksa daya, kabel TX/RX, serta `speed` dan `address` "
        "pada [[sensor]].",
        "The finger sensor does not answer ({detail}). Check its power, the TX/RX wires, and `speed` "
        "and `address` in [[sensor]].",
    ),
    "sensor_garbled": (
        "Jawaban sensor jari tidak terbaca ({detail}). Periksa `speed` pada [[sensor]], massa (GND) dan "
        "panjang kabelnya.",
        "The finger sensor's answers cannot be read ({detail}). Check `speed` in [[sensor]], its ground "
        "wire and the length of its cable.",
    ),
    "sensor_refused": (
        "Sensor jari menolak perintah ({detail}). Cabut lalu colokkan lagi; bila berulang, ganti sensor.",
        "The finger sensor refuses an instruction ({detail}). Unplug it and plug it in again; if it "
        "repeats, replace the sensor.",
    ),
    "sensor_password": (
        "Sensor jari menolak kata sandinya ({detail}). Isi `password` pada [[sensor]] seperti yang "
        "dipasang di sensor.",
        "The finger sensor refuses its password ({detail}). Set `password` in [[sensor]] to the one "
        "that the sensor has.",
    ),
    "fingers_damaged": (
        "Daftar pemilik jari rusak ({detail}), jadi jari tidak dihitung. Pindahkan berkas itu, lalu "
        "daftarkan jari lagi: terminal-agent people finger enrol PIN",
        "The list of whose fingers there are is damaged ({detail}), so no finger counts. Move the file "
        "away and enrol fingers again: terminal-agent people finger enrol PIN",
    ),
    "finger_strange": (
        "Di sensor ada jari yang tidak didaftarkan di kios ini; ia tidak dihitung untuk siapa pun. "
        "Hapus: terminal-agent people finger remove --strange",
        "The sensor holds fingers that were not enrolled at this kiosk; they count for nobody. Remove "
        "them: terminal-agent people finger remove --strange",
    ),
    "finger_lost": (
        "Sensor kehilangan jari yang pernah didaftarkan (dikosongkan?). Lihat: terminal-agent people "
        "finger list; lalu remove PIN dan enrol PIN lagi.",
        "The sensor has lost fingers that were enrolled (was it emptied?). See: terminal-agent people "
        "finger list; then remove PIN and enrol PIN again.",
    ),
    "finger_changed": (
        "Jari di sensor bukan yang didaftarkan di kios ini, jadi tidak dihitung. Periksa siapa yang "
        "membuka kios; lalu terminal-agent people finger remove PIN dan enrol PIN lagi.",
        "A finger in the sensor is not the one that was enrolled at this kiosk, so it does not count. "
        "Find out who opened the kiosk; then terminal-agent people finger remove PIN and enrol PIN "
        "again.",
    ),
    # Before an errand begins.
    "no_sensor": (
        "Kios ini tidak punya sensor jari. Tulis [[sensor]] di agent.toml.",
        "This kiosk has no finger sensor. Write [[sensor]] in agent.toml.",
    ),
    "which_sensor": (
        "Ada beberapa sensor jari: {detail}. Pilih satu dengan --sensor NAMA.",
        "There are several finger sensors: {detail}. Choose one with --sensor NAME.",
    ),
    "no_such_sensor": (
        "Sensor {detail} tidak ada di konfigurasi agen. Lihat: terminal-agent config",
        "The agent's configuration has no sensor {detail}. See: terminal-agent config",
    ),
    "finger_busy": (
        "Sensor ini sedang dipakai perintah lain. Tunggu sampai selesai, lalu coba lagi.",
        "Another command is using this sensor. Wait until it is through, then try again.",
    ),
    "finger_remove_whom": (
        "Sebut PIN, atau --strange untuk jari yang bukan milik siapa pun; tidak keduanya.",
        "Name a PIN, or --strange for fingers that are nobody's; not both.",
    ),
    # While a finger is enrolled.
    "finger_place": ("Tempel jari ({look} dari 3)…", "Put the finger down ({look} of 3)…"),
    "finger_lift": ("Baik. Angkat jari.", "Good. Lift the finger."),
    "finger_bad": (
        "Kurang jelas. Angkat, lap jari dan sensor, lalu tempel lagi.",
        "Not clear enough. Lift it, wipe finger and sensor, and put it down again.",
    ),
    "finger_enrolled": (
        "Jari PIN {pin} terdaftar di {sensor}.",
        "The finger of PIN {pin} is enrolled in {sensor}.",
    ),
    "finger_removed": (
        "{count} jari PIN {pin} dihapus dari {sensor}.",
        "{count} fingers of PIN {pin} are removed from {sensor}.",
    ),
    "finger_strange_removed": (
        "{count} jari yang bukan milik siapa pun dihapus dari {sensor}.",
        "{count} fingers that were nobody's are removed from {sensor}.",
    ),
    # Why it came to nothing.
    "finger_known": (
        "Jari ini sudah terdaftar untuk PIN {other}. Pakai jari lain; kalau PIN-nya keliru: "
        "terminal-agent people finger remove {other}",
        "This finger is enrolled for PIN {other} already. Use another finger; if that PIN is a mistake: "
        "terminal-agent people finger remove {other}",
    ),
    "finger_twice": (
        "Jari ini sudah terdaftar untuk PIN {other}. Untuk cadangan, pakai jari lain.",
        "This finger is enrolled for PIN {other} already. As a spare, use another finger.",
    ),
    "finger_differs": (
        "Dua tempelan itu bukan jari yang sama. Ulangi dengan satu jari.",
        "The two looks were not of the same finger. Do it again with one finger.",
    ),
    "finger_unproven": (
        "Tempelan ketiga tidak cocok, jadi tidak disimpan. Ulangi; pakai jari yang lebih jelas.",
        "The third look did not fit, so nothing is kept. Do it again, with a clearer finger.",
    ),
    "finger_poor": (
        "Jari ini tidak terbaca jelas. Pakai jari lain, atau bersihkan sensor.",
        "This finger cannot be read clearly. Use another finger, or clean the sensor.",
    ),
    "finger_timeout": (
        "Tidak ada jari yang ditempel atau diangkat pada waktunya. Ulangi perintah ini.",
        "No finger was put down or lifted in time. Type the command again.",
    ),
    "finger_stopped": (
        "Agen dihentikan sebelum selesai; tidak ada yang disimpan. Ulangi perintah ini.",
        "The agent was stopped before it was through; nothing is kept. Type the command again.",
    ),
    "finger_full": (
        "Sensor penuh. Hapus jari orang yang sudah pindah: terminal-agent people finger remove PIN",
        "The sensor is full. Remove the fingers of people who have left: terminal-agent people finger "
        "remove PIN",
    ),
    "finger_none": (
        "Tidak ada jari seperti itu di sensor ini. Lihat: terminal-agent people finger list",
        "There is no such finger in this sensor. See: terminal-agent people finger list",
    ),
    # Lists.
    "finger_line": (
        "{serial} halaman {page}: PIN {pin}{name}, sejak {made}",
        "{serial} page {page}: PIN {pin}{name}, since {made}",
    ),
    "finger_line_condemned": (
        "{serial} halaman {page}: PIN {pin}{name}, sudah dihapus; hilang dari sensor begitu agen berjalan "
        "dan sensor ini tercolok",
        "{serial} page {page}: PIN {pin}{name}, erased; it leaves the sensor once the agent runs and this "
        "sensor is plugged in",
    ),
    "fingers_erased": (
        "{count} jari PIN {pin} tidak dihitung lagi. Agen menghapusnya dari sensor, juga nanti bila sensor "
        "sedang tercabut; lihat: terminal-agent people finger list",
        "{count} fingers of PIN {pin} count no more. The agent takes them out of the sensor, also later "
        "where it is unplugged; see: terminal-agent people finger list",
    ),
    "fingers_none": (
        "Belum ada jari terdaftar. Ketik: terminal-agent people finger enrol PIN",
        "No finger is enrolled. Type: terminal-agent people finger enrol PIN",
    ),
    "status_zfm": (
        "  sensor jari {serial}: menyala sampai {covered}",
        "  finger sensor {serial}: was up until {covered}",
    ),
    "status_zfm_never": (
        "  sensor jari {serial}: belum ada jam yang dicatat (tiap jam, dengan jam yang tepercaya)",
        "  finger sensor {serial}: no hour is noted yet (each hour, with a trusted clock)",
    ),
}
