"""What the commands about faces and kiosks' people say."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "roster_sent": (
        "{kid}: {people} orang, jam kerja sampai {until}, {parts} perintah, {bytes} byte",
        "{kid}: {people} people, hours up to {until}, {parts} commands, {bytes} bytes",
    ),
    "secret_made": (
        "Nomor rahasia untuk NIP {nip}: sampaikan langsung kepada orangnya, tidak ditampilkan lagi. "
        "Kios mengenalnya setelah: sync-server roster send",
        "Secret number for NIP {nip}: tell the person, it is not shown again. Kiosks know it after: "
        "sync-server roster send",
    ),
    "secret_withdrawn": (
        "Nomor rahasia NIP {nip} dicabut. Kios melupakannya setelah: sync-server roster send",
        "The secret number of NIP {nip} is withdrawn. Kiosks forget it after: sync-server roster send",
    ),
    "secret_none": (
        "NIP {nip} tidak punya nomor rahasia.",
        "NIP {nip} has no secret number.",
    ),
    "nip_not_imported": (
        "NIP ini belum diimpor; ketik: sync-server person import BERKAS",
        "this NIP was never imported; type: sync-server person import FILE",
    ),
    "one_of_both": (
        "sebut salah satu: kantor (--opd) atau kios (--kid)",
        "name one of them: an office (--opd) or a kiosk (--kid)",
    ),
    "no_kiosk_there": (
        "tidak ada kios di OPD {opd}; periksa kodenya dengan: sync-server kiosk list",
        "there is no kiosk in office {opd}; check its code with: sync-server kiosk list",
    ),
    "nobody_there": (
        "tidak ada orang dengan NIP ini di OPD {opd}; sebut PIN-nya bila ia sudah tidak di daftar",
        "nobody in office {opd} has this NIP; name the PIN of somebody who left the roster",
    ),
    "faces_taken": (
        "{kid}: templat {newer} orang diambil, {same} orang sudah sama di pusat. Bagikan: "
        "sync-server faces send --opd OPD",
        "{kid}: templates of {newer} people taken, those of {same} were here already. Share them: "
        "sync-server faces send --opd OPD",
    ),
    "faces_of_strangers": (
        "Tidak disimpan, karena PIN-nya tidak ada di daftar pegawai kantor itu: {pins}",
        "Not kept, because their PINs are not in that office's roster: {pins}",
    ),
    "faces_of_erased": (
        "Tidak disimpan, karena dibuat sebelum orangnya dihapus: {pins}. Hapus lagi di kios itu: "
        "sync-server faces erase PIN --opd OPD",
        "Not kept, because they were made before their people were erased: {pins}. Erase them at that "
        "kiosk again: sync-server faces erase PIN --opd OPD",
    ),
    "faces_sent": (
        "{kid}: templat {people} orang, {parts} perintah, {bytes} byte",
        "{kid}: templates of {people} people, {parts} commands, {bytes} bytes",
    ),
    "face_line": (
        "{pin}  {name}  {looks} tampilan, model {model}, dibuat oleh {by} {note}",
        "{pin}  {name}  {looks} looks, model {model}, made by {by} {note}",
    ),
    "face_unlisted": (
        "{pin}  TIDAK ADA DI DAFTAR PEGAWAI; hapus dengan: sync-server faces erase {pin} --opd OPD",
        "{pin}  NOT IN THE ROSTER; erase with: sync-server faces erase {pin} --opd OPD",
    ),
    "no_faces": (
        "Belum ada templat wajah untuk OPD {opd}. Ambil dari kios: sync-server faces collect KID",
        "No face template for office {opd} yet. Take them from a kiosk: sync-server faces collect KID",
    ),
    "faces_erased": (
        "Templat PIN {pins} dihapus di pusat; {count} kios diminta menghapusnya. Buktinya: "
        "sync-server faces proof {who} --opd {opd}",
        "Templates of PIN {pins} erased at the centre; {count} kiosks were asked to erase them. The "
        "proof: sync-server faces proof {who} --opd {opd}",
    ),
    "template_unopened": (
        "templat ini disegel dengan kunci lain; pulihkan seal.key dari cadangan folder state",
        "this template was sealed with another key; restore seal.key from the state folder's backup",
    ),
    "templates_damaged": (
        "templat yang dikirim kios tidak utuh atau bukan miliknya; ambil lagi: sync-server faces collect",
        "the templates that the kiosk sent are damaged or not its own; type again: sync-server faces "
        "collect",
    ),
    "proof_here": (
        "pusat: tidak ada templat PIN {pins}",
        "centre: no template of PIN {pins}",
    ),
    "proof_not_here": (
        "pusat: MASIH ADA templat PIN {pins}; hapus dengan: sync-server faces erase",
        "centre: STILL HOLDS templates of PIN {pins}; erase with: sync-server faces erase",
    ),
    "proof_erased": (
        "{kid}: PIN {pin} terhapus ({said}), peristiwa {seq} epoch {epoch}, templat {digest}, kode "
        "bukti {evidence}",
        "{kid}: PIN {pin} erased ({said}), event {seq} of epoch {epoch}, template {digest}, evidence "
        "code {evidence}",
    ),
    "proof_never_there": (
        "{kid}: PIN {pin} tidak pernah ada di sana ({said})",
        "{kid}: PIN {pin} was never there ({said})",
    ),
    "proof_missing": (
        "{kid}: BELUM TERBUKTI untuk PIN {pin}: {said}; jejak terakhir: {change} {evidence}",
        "{kid}: NOT PROVEN YET for PIN {pin}: {said}; last trace: {change} {evidence}",
    ),
    "proof_unasked": (
        "belum pernah diminta; ketik: sync-server faces erase",
        "never asked; type: sync-server faces erase",
    ),
    "code_held": (
        "Ada di buku besar: kios {kid}, epoch {epoch}, peristiwa {seq}, diterima {when} UTC: {record}",
        "In the ledger: kiosk {kid}, epoch {epoch}, event {seq}, received {when} UTC: {record}",
    ),
    "code_unknown": (
        "Kode {sought} tidak ada di buku besar. Mungkin belum terkirim, atau salah ketik.",
        "Code {sought} is not in the ledger. It may not have been sent yet, or is mistyped.",
    ),
    "copresence_line": (
        "OPD {opd}: {match} cocok, {mismatch} tidak cocok, {no_face} tanpa wajah, {no_template} tanpa "
        "templat",
        "office {opd}: {match} match, {mismatch} do not, {no_face} without a face, {no_template} without "
        "a template",
    ),
    "copresence_apart": (
        "    {kid} peristiwa {seq}: PIN {pin} {when}, wajah lain di depan kamera; tanyakan dulu",
        "    {kid} event {seq}: PIN {pin} {when}, another face before the camera; ask first",
    ),
    "copresence_gone": (
        "    {kid} peristiwa {seq}: wajah lain di depan kamera, absensinya belum diterima",
        "    {kid} event {seq}: another face before the camera, the punch is not here yet",
    ),
    "no_copresence": (
        "Tidak ada perbandingan dalam {days} hari.",
        "No comparison within {days} days.",
    ),
}

# By the code at the beginning of an answer's detail.
REASONS: Mapping[str, tuple[str, str]] = {
    "withdrawn": ("ditarik pusat", "withdrawn by the centre"),
    "waits_for_parts": (
        "bagian lain daftar ini ditunggu",
        "the other parts of this list are awaited",
    ),
    "staff_older": (
        "kios sudah punya daftar yang lebih baru",
        "the kiosk has a newer list already",
    ),
    "not_here": ("tidak ada templat untuk PIN itu", "there is no template of those PINs"),
    "other_model": (
        "disimpan, tetapi dibuat dengan model lain dan belum terpakai: daftarkan lagi wajahnya, atau "
        "samakan modelnya",
        "kept, but made with another model and not used: enrol them again, or use the same model",
    ),
    "erased_before": (
        "dilewati, karena dihapus setelah perintah ini dibuat",
        "left out, because they were erased after this was ordered",
    ),
    "templates_damaged": (
        "templat tidak utuh atau disegel untuk kios lain; kirim lagi: sync-server faces send",
        "the templates are damaged or sealed for another kiosk; send again: sync-server faces send",
    ),
    "no_camera": (
        "kios ini tidak dikonfigurasi dengan kamera",
        "this kiosk is not configured with a camera",
    ),
}
