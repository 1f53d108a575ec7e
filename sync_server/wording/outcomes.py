"""What the commands say when they did their work."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "invited_nowhere": (
        "PERHATIAN: kantor {opd} tidak ada di daftar kantor. Salah ketik? Undang lagi dengan kode yang "
        "benar; kantor baru: sync-server office import.",
        "NOTE: no list of offices has {opd}. Mistyped? Invite again with the right code; a new office: "
        "sync-server office import.",
    ),
    "invited": (
        "Undangan kios {kid} ditulis ke {file}. Salin ke kios, lalu di sana: "
        "terminal-agent enrol-kiosk {file}. Berkas ini memuat kunci kios: hapus setelah dipakai; "
        "lebih aman --token.",
        "Invitation of kiosk {kid} written to {file}. Copy it to the kiosk and type there: "
        "terminal-agent enrol-kiosk {file}. The file holds the kiosk's keys: delete it after use; --token is safer.",
    ),
    "certified": (
        "Sertifikat broker {host} ditulis ke {folder}. Salin systemd/mosquitto/hadir.acl ke sana dan "
        "hadir.conf ke /etc/mosquitto/conf.d, beri kunci itu kepada mosquitto "
        "(chown -R mosquitto {folder}), mulai ulang mosquitto, lalu tulis di server.toml: "
        "broker.mutual = true",
        "Certificate of the broker {host} written to {folder}. Copy systemd/mosquitto/hadir.acl there "
        "and hadir.conf to /etc/mosquitto/conf.d, give the key to mosquitto "
        "(chown -R mosquitto {folder}), restart mosquitto, then write in server.toml: "
        "broker.mutual = true",
    ),
    "broker_away": (
        "Broker di {host}:{port} tidak menjawab ({detail}). Periksa apakah ia berjalan dan sertifikatnya.",
        "The broker at {host}:{port} does not answer ({detail}). Check that it runs, and its "
        "certificate.",
    ),
    "people_stored": ("{count} orang diimpor.", "{count} people imported."),
    "turns_stored": ("{count} giliran kerja diimpor.", "{count} turns imported."),
    "ruling_stored": ("{file} berlaku mulai sekarang.", "{file} is in force from now on."),
    "ruling_good": ("{file} baik.", "{file} is good."),
    "nip_as_pin": (
        "Peringatan: {count} PIN adalah NIP ({pin}, ...). PIN ikut dalam setiap rekaman; pakailah "
        "nomor lain di mesin.",
        "Warning: {count} PINs are NIPs ({pin}, ...). A PIN travels in every record; use another "
        "number on the terminals.",
    ),
    "nip_unknown": (
        "Peringatan: {count} NIP belum pernah diimpor ({nip}, ...). Periksa angkanya, atau ketik: "
        "sync-server person import BERKAS",
        "Warning: {count} NIPs were never imported ({nip}, ...). Check their digits, or type: "
        "sync-server person import FILE",
    ),
    "kiosk_line": (
        "{kid}  OPD {opd}  {link}, {stored} peristiwa diterima, {waiting} menunggu di kios, "
        "tingkat jam {trust}",
        "{kid}  office {opd}  {link}, {stored} events received, {waiting} waiting on the kiosk, "
        "clock level {trust}",
    ),
    "kiosk_unheard": (
        "{kid}  OPD {opd}  belum pernah tersambung, {stored} peristiwa diterima; yang menunggu di kios "
        "dan tingkat jamnya tidak diketahui",
        "{kid}  office {opd}  never online, {stored} events received; what waits on the kiosk and its "
        "clock level are not known",
    ),
    "kiosk_bytes": (
        "    {bytes_month} byte bulan ini",
        "    {bytes_month} bytes this month",
    ),
    "kiosk_quota": (
        "    {bytes_month} byte bulan ini, sisa kuota {quota_left} byte",
        "    {bytes_month} bytes this month, {quota_left} bytes of its quota left",
    ),
    "online": ("tersambung", "online"),
    "offline": ("terputus", "offline"),
    "kiosk_forked": (
        "    CABANG: kartu ini pernah disalin atau dipulihkan; lihat sync-server forks",
        "    FORK: this card was copied or restored; see sync-server forks",
    ),
    "kiosk_back_again": (
        "    kartunya mundur {times} kali: bukan satu kecelakaan; cari siapa yang memulihkannya",
        "    its card went back {times} times: no single accident; find out who restores it",
    ),
    "kiosk_old_card": (
        "    KARTU LAMA menyala lagi: yang dikirimnya ditolak dan disimpan. Isinya diterima dengan: "
        "sync-server kiosk replace {kid} --token, di kartu lama terminal-agent enrol-kiosk TOKEN, tunggu 0 "
        "menunggu; lalu kartu barunya dengan cara yang sama",
        "    The OLD CARD runs again: what it sends is refused and kept. To take what it holds: "
        "sync-server kiosk replace {kid} --token, on the old card terminal-agent enrol-kiosk TOKEN, wait until "
        "0 wait; then the new card in the same way",
    ),
    "kiosk_refused": (
        "    {refused} kiriman ditolak dan disimpan",
        "    {refused} batches were refused and kept",
    ),
    "no_kiosk": (
        "Belum ada kios. Undang satu: sync-server kiosk invite T07A --opd 1.01",
        "No kiosk yet. Invite one: sync-server kiosk invite T07A --opd 1.01",
    ),
    "no_gap": ("Tidak ada celah.", "No gap."),
    "gap": (
        "{kid}: peristiwa {first}-{last} diumumkan tetapi belum diterima",
        "{kid}: events {first}-{last} were announced and are not here yet",
    ),
    "no_fork": ("Tidak ada cabang.", "No fork."),
    "fork": (
        "{kid} epoch {epoch}: dua versi setelah peristiwa {stored}; {branches} kiriman dikarantina. "
        "Setelah diperiksa: sync-server forks resolve {kid} --note ALASAN",
        "{kid} epoch {epoch}: two versions after event {stored}; {branches} batches in quarantine. "
        "Once looked at: sync-server forks resolve {kid} --note REASON",
    ),
    "forks_resolved": ("{count} cabang diselesaikan.", "{count} forks resolved."),
    "chain_holds": (
        "{kid} epoch {epoch}: utuh, {events} peristiwa",
        "{kid} epoch {epoch}: holds, {events} events",
    ),
    "chain_broken": (
        "{kid} epoch {epoch}: PUTUS pada peristiwa {broken_at}",
        "{kid} epoch {epoch}: BROKEN at event {broken_at}",
    ),
    "chain_missing": (
        "{kid} epoch {epoch}: PUTUS: peristiwa {broken_at} tidak ada",
        "{kid} epoch {epoch}: BROKEN: event {broken_at} is missing",
    ),
}
