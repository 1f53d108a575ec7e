"""What `sync-server backup` and `restore` say."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "did_ledger_restored": (
        "memulihkan buku besar dari cadangan",
        "restored the ledger from a backup",
    ),
    "backup_made": (
        "Cadangan {to} selesai: {files} berkas, kunci rahasia termasuk. Simpan di tempat terkunci di "
        "gedung lain; siapa yang memegangnya dapat menyamar sebagai pusat.",
        "Backup {to} is made: {files} files, secret keys included. Keep it locked in another "
        "building; whoever holds it can pose as the centre.",
    ),
    "backup_pg_dump": (
        "Buku besar ada di PostgreSQL dan TIDAK ada di dalamnya. Ketik: "
        "pg_dump --format=custom --file={dump} {url}",
        "The ledger is in PostgreSQL and NOT in it. Type: "
        "pg_dump --format=custom --file={dump} {url}",
    ),
    "backup_there": (
        "sudah ada; sebut folder baru, cadangan lama tidak pernah ditimpa",
        "is there already; name a new folder, no older backup is ever overwritten",
    ),
    "backup_none": (
        "bukan cadangan: backup.json tidak ada di situ; sebut folder yang ditulis sync-server backup",
        "is no backup: there is no backup.json; name the folder that sync-server backup wrote",
    ),
    "backup_damaged": (
        "rusak, hilang atau bukan dari cadangan ini; pakai salinan cadangan yang lain",
        "is damaged, missing or not of this backup; use another copy of the backup",
    ),
    "backup_unusable": (
        "tidak dapat dipakai ({detail}); periksa izin, tempat dan ruang disk",
        "cannot be used ({detail}); check permissions, place and disk space",
    ),
    "backup_of_postgres": (
        "hanya kunci, buku besarnya dari PostgreSQL; tulis [ledger] url di server.toml, pulihkan dump "
        "dengan pg_restore, lalu ulangi",
        "holds keys only, its ledger is of PostgreSQL; write [ledger] url in server.toml, bring the "
        "dump back with pg_restore, then repeat this",
    ),
    "restore_dump_first": (
        "belum ada buku besar di situ. Pulihkan dulu dumpnya: "
        "pg_restore --exit-on-error --no-owner --dbname={url} {dump} - lalu ulangi",
        "there is no ledger there yet. Bring its dump back first: "
        "pg_restore --exit-on-error --no-owner --dbname={url} {dump} - then repeat this",
    ),
    "restore_ledger_there": (
        "sudah ada buku besar di sini dan tidak akan ditimpa; pindahkan folder ini dulu, atau sebut "
        "folder kosong sebagai state",
        "there is a ledger here and it will not be overwritten; move this folder away first, or name "
        "an empty one as state",
    ),
    "restore_other_key": (
        "kunci lain sudah ada di sini dan tidak akan ditimpa; sebut folder kosong sebagai state",
        "another key is here and will not be overwritten; name an empty folder as state",
    ),
    "restore_broken": (
        "TIDAK cocok: {kind}, {failed} kali; yang pertama {why} {where}",
        "does NOT hold: {kind}, {failed} times; the first one {why} {where}",
    ),
    "restore_refused": (
        "Tidak dipulihkan. Coba cadangan yang lebih tua; atau pulihkan apa adanya dengan --as-it-is dan "
        "laporkan kepada inspektorat.",
        "Not restored. Try an older backup; or restore it with --as-it-is and report it to the "
        "inspectorate.",
    ),
    "restored": (
        "Dipulihkan ke keadaan {made}; {looked} hal diperiksa. Presensi sesudahnya dikirim ulang oleh "
        "kios sendiri; yang dari kartu atau epos yang sudah berakhir diminta: sync-server gaps, lalu "
        "sync-server kiosk send KID resend. Ketik ulang surat, koreksi dan persetujuan sesudah itu; cabut lagi akun "
        "dan kunci API yang dicabut sesudah itu. Semua orang masuk lagi.",
        "Restored as of {made}; {looked} things were looked at. Kiosks send again by themselves what "
        "was punched since; what an epoch holds that ended since is asked for: sync-server gaps, then "
        "sync-server kiosk send KID resend. Enter anew the letters, corrections and approvals made since; revoke again "
        "the accounts and API keys revoked since. Everybody logs in again.",
    ),
    "restored_kiosks": (
        "TIDAK diketahui di sini: kios mana yang dicabut, diganti kartunya atau diundang sesudah {made}. Kartu lama "
        "dan yang dicabut DITERIMA lagi, kartu baru ditolak. Sebelum pusat dijalankan, ketik dari catatan "
        "kantor, untuk tiap kios: sync-server kiosk revoke KID --reason ... (dicabut), sync-server kiosk "
        "replace KID (diganti), sync-server kiosk invite KID --opd ... (baru). Yang ditolak: sync-server status.",
        "NOT known here: which kiosks were revoked, given a new card, or invited since {made}. Old and revoked "
        "cards are TAKEN again, new ones refused. Before the centre runs, type from the office's papers, for each kiosk: "
        "sync-server kiosk revoke KID --reason ... (revoked), sync-server kiosk replace KID (new card), "
        "sync-server kiosk invite KID --opd ... (new). Who is refused: sync-server status.",
    ),
}
