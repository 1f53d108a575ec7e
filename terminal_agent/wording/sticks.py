"""What the commands say in an office without a link: sticks, QR codes, receipts."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "type_where_to": (
        "tulis --to FOLDER untuk flashdisk, atau --qr untuk kode QR",
        "give --to FOLDER for a stick, or --qr for QR codes",
    ),
    "type_which_receipts": (
        "tulis FOLDER flashdisk, BERKAS tanda terima, atau --code KODE",
        "give the FOLDER of the stick, a receipt FILE, or --code CODE",
    ),
    "type_picture": (
        "berkas --qr harus berakhiran .svg atau .png",
        "--qr FILE must end in .svg or .png",
    ),
    "export_nothing": (
        "Tidak ada yang menunggu: semua {last} peristiwa sudah diterima pusat.",
        "Nothing waits: the centre has all {last} events.",
    ),
    "export_unsealed": (
        "Agen tidak menyegel jurnal dalam beberapa detik. Peristiwanya tetap ditulis; segelnya ikut "
        "pada ekspor berikutnya. Bila berulang: terminal-agent journal verify.",
        "The agent did not seal the journal within seconds. The events are written all the same; "
        "the seal goes with the next export. If it repeats: terminal-agent journal verify.",
    ),
    "export_written": (
        "Peristiwa {first}-{last} ditulis ke {file} ({bytes} byte, terkunci untuk pusat).",
        "Events {first}-{last} written to {file} ({bytes} bytes, sealed for the centre).",
    ),
    "export_next": (
        "Lepas stik dengan aman (umount {folder}), bawa ke pusat, di sana: sync-server import FOLDER. "
        "Bawa stik kembali, lalu di sini: terminal-agent import-receipts {folder}. Tidak ada yang "
        "dihapus dari kios sebelum tanda terima datang.",
        "Unmount the stick (umount {folder}), take it to the centre and type there: sync-server import "
        "FOLDER. Bring it back and type here: terminal-agent import-receipts {folder}. Nothing is "
        "forgotten on this kiosk before the receipt comes.",
    ),
    "not_a_stick": (
        "Perhatikan: {folder} ada di disk kios sendiri, bukan di stik. Kalau seharusnya stik, periksa "
        "apakah sudah terpasang (mount).",
        "Note: {folder} is on this kiosk's own disk, not on a stick. If it should be one, check that "
        "it is mounted.",
    ),
    "stick_full": (
        "Stik penuh ({detail}). Kosongkan stik atau pakai yang lain, lalu ulangi. Tidak ada yang "
        "hilang: semuanya masih di kios.",
        "The stick is full ({detail}). Make room or take another, then try again. Nothing is lost: "
        "everything is still on the kiosk.",
    ),
    "stick_read_only": (
        "Stik tidak dapat ditulis ({detail}). Buka kunci tulisnya, atau pasang ulang dengan izin tulis.",
        "The stick cannot be written ({detail}). Unlock it, or mount it with permission to write.",
    ),
    "stick_gone": (
        "Stik tidak ada atau sudah dicabut ({detail}). Pasang, periksa tempatnya dengan lsblk, lalu "
        "ulangi. Tidak ada yang hilang: semuanya masih di kios.",
        "The stick is not there or was pulled out ({detail}). Plug it in, find its place with lsblk, "
        "then try again. Nothing is lost: everything is still on the kiosk.",
    ),
    "no_folder": (
        "Folder itu tidak ada ({detail}). Pasang stik, lihat tempatnya dengan lsblk, lalu sebut "
        "foldernya.",
        "There is no such folder ({detail}). Plug the stick in, find its place with lsblk, then name "
        "its folder.",
    ),
    "no_receipt_file": (
        "{detail} tidak ada. Sebut folder stik, atau berkas tanda terima dari pusat (KID.receipt).",
        "{detail} is not there. Name the stick's folder, or the centre's receipt file (KID.receipt).",
    ),
    "qr_next": (
        "{count} kode QR, peristiwa {first}-{last}. Foto atau pindai semuanya dan kirim teksnya ke "
        "pusat, di sana: sync-server import --text BERKAS. Kode singkat dari pusat diketik di sini: "
        "terminal-agent import-receipts --code KODE",
        "{count} QR codes, events {first}-{last}. Scan them all and send the texts to the centre; "
        "there: sync-server import --text FILE. Type the short code that the centre gives here: "
        "terminal-agent import-receipts --code CODE",
    ),
    "qr_more": (
        "Masih ada {left} peristiwa sesudahnya: ulangi setelah kode dari pusat diketik, atau pakai "
        "stik: terminal-agent export --to FOLDER",
        "{left} more events follow: again after the centre's code is typed, or take a stick: "
        "terminal-agent export --to FOLDER",
    ),
    "no_receipt": (
        "Di stik tidak ada tanda terima untuk kios ini ({detail}). Di pusat, ketik: sync-server import "
        "FOLDER, lalu bawa stik kembali.",
        "No receipt for this kiosk is on the stick ({detail}). Type at the centre: sync-server import "
        "FOLDER, then bring the stick back.",
    ),
    "receipt_damaged": (
        "Tanda terima rusak atau terpotong ({detail}). Minta lagi di pusat: sync-server import FOLDER",
        "The receipt is damaged or cut short ({detail}). Ask for it again at the centre: sync-server "
        "import FOLDER",
    ),
    "receipt_foreign": (
        "Tanda terima ini untuk kios {detail}. Pakai yang untuk kios ini.",
        "This receipt is for kiosk {detail}. Use the one for this kiosk.",
    ),
    "carried_moved": (
        "Diterima pusat sampai peristiwa {acked}; {waiting} masih menunggu.",
        "The centre has everything up to event {acked}; {waiting} still wait.",
    ),
    "carried_back": (
        "Pusat hanya punya sampai peristiwa {acked}; {waiting} dikirim lagi. Buat stik baru: "
        "terminal-agent export --to FOLDER",
        "The centre has only up to event {acked}; {waiting} go again. Make a new stick: "
        "terminal-agent export --to FOLDER",
    ),
    "carried_known": (
        "Tidak ada yang baru: kios sudah tahu (diterima sampai {acked}, {waiting} menunggu).",
        "Nothing new: the kiosk knows it already (received up to {acked}, {waiting} wait).",
    ),
    "carried_old": (
        "Tanda terima lama: tidak mengubah apa pun (diterima sampai {acked}, {waiting} menunggu).",
        "An old receipt: it changes nothing (received up to {acked}, {waiting} wait).",
    ),
    "carried_other_epoch": (
        "Tanda terima untuk penomoran sebelumnya: tidak mengubah apa pun. Buat stik baru: "
        "terminal-agent export --to FOLDER",
        "A receipt for the numbering before this one: it changes nothing. Make a new stick: "
        "terminal-agent export --to FOLDER",
    ),
    "carried_refused": (
        "Pusat tidak dapat membaca sebagian. Ketik: terminal-agent export --to FOLDER --plain",
        "The centre could not read some of it. Type: terminal-agent export --to FOLDER --plain",
    ),
    "carried_new_epoch": (
        "Kartu ini pernah disalin atau dipulihkan: kios mulai penomoran baru, {waiting} peristiwa "
        "dikirim lagi. Buat stik baru: terminal-agent export --to FOLDER",
        "This card was copied or restored: the kiosk numbers anew and {waiting} events go again. "
        "Make a new stick: terminal-agent export --to FOLDER",
    ),
    "carried_forged": (
        "DITOLAK: tanda terima atau kode ini bukan dari pusat untuk kios ini. Tidak ada yang berubah. "
        "Periksa nama kiosnya, lalu minta lagi.",
        "REFUSED: this receipt or code is not the centre's for this kiosk. Nothing is changed. Check "
        "the kiosk's name, then ask again.",
    ),
    "carried_mistyped": (
        "Ada huruf atau angka yang salah ketik. Kode terdiri dari 12: XXXX-XXXX-XXXX. Ketik lagi.",
        "A character is mistyped. A code has 12: XXXX-XXXX-XXXX. Type it again.",
    ),
    "carried_nothing": (
        "Berkas itu tidak berisi tanda terima. Minta lagi di pusat: sync-server import FOLDER",
        "There is no receipt in it. Ask for it again at the centre: sync-server import FOLDER",
    ),
    "carried_later": (
        "Agen belum menjawab. Tanda terima sudah dititipkan dan akan dibacanya; lihat nanti: "
        "terminal-agent status",
        "The agent has not answered yet. The receipt is left for it to take; see later: "
        "terminal-agent status",
    ),
}
