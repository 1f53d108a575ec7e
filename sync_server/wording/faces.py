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
    "pin_without_office": (
        "tidak ada NIP ini di daftar pegawai; kalau ini PIN, sebut kantornya: --opd OPD",
        "no such NIP in the roster; if it is a PIN, name its office: --opd OPD",
    ),
    "pin_unknown": (
        "PIN ini tidak pernah ada di OPD {opd}: tidak di daftar pegawai, tidak di templat, tidak di rantai "
        "kios. Tidak ada yang dihapus; periksa PIN-nya dengan: sync-server faces list --opd {opd}",
        "nobody ever had this PIN in office {opd}: neither roster nor templates nor any kiosk's chain "
        "have it. Nothing was erased; check the PIN with: sync-server faces list --opd {opd}",
    ),
    "faces_elsewhere": (
        "TIDAK dihapus di kantor lain orang ini: {offices}. Untuk semua: sync-server faces erase {who}",
        "NOT erased in this person's other offices: {offices}. For all: sync-server faces erase {who}",
    ),
    "erase_first": (
        "kios ini belum diminta menghapus PIN {pin}; ketik dulu: sync-server faces erase",
        "this kiosk was not asked to erase PIN {pin}; type first: sync-server faces erase",
    ),
    "settle_letter": (
        'Sebut suratnya: --letter "BA 12/2026"',
        'Name the letter: --letter "BA 12/2026"',
    ),
    "settled": (
        "{kid}: penghapusan PIN {pin} diselesaikan dengan surat {letter}; tercatat di log akses.",
        "{kid}: the erasure of PIN {pin} is settled by letter {letter}; it is in the access log.",
    ),
    "proof_one_way": (
        "Sebut salah satu: NIP atau PIN, atau --open.",
        "Say one of: a NIP or PIN, or --open.",
    ),
    "proof_none_open": (
        "Semua penghapusan terbukti.",
        "Every erasure is proven.",
    ),
    "proof_open": (
        "OPD {opd} PIN {pin}: diminta {hours} jam yang lalu, belum terbukti semua",
        "office {opd} PIN {pin}: asked {hours} hours ago, not all proven yet",
    ),
    "proof_overdue": (
        "OPD {opd} PIN {pin}: TERLAMBAT, diminta {hours} jam yang lalu (paling lama 3 x 24 jam)",
        "office {opd} PIN {pin}: OVERDUE, asked {hours} hours ago (at most 3 x 24 hours)",
    ),
    "proof_retired": (
        "{kid}: BELUM TERBUKTI untuk PIN {pin}: kartu lama kios ini (epoch {epoch}) pernah menyimpannya, "
        "kartu yang menjawab tidak. Musnahkan atau kosongkan kartu lama, lalu ketik: sync-server faces "
        "settle {kid} {pin} --letter NOMOR",
        "{kid}: NOT PROVEN YET for PIN {pin}: an older card of this kiosk (epoch {epoch}) held it, the "
        "one that answers does not. Destroy or wipe the old card, then type: sync-server faces settle "
        "{kid} {pin} --letter NUMBER",
    ),
    "proof_settled": (
        "{kid}: PIN {pin} tidak terbukti oleh rantai, diselesaikan dengan surat {settled} ({said})",
        "{kid}: PIN {pin} is not proven by the chain, settled by letter {settled} ({said})",
    ),
    "challenge_line": (
        "{opd}  {pin}: {met} berhasil, {timeout} habis waktu, {wrong} salah, {other_face} wajah lain, "
        "{left} pergi ({refused:.1%} tidak berhasil)",
        "{opd}  {pin}: {met} met, {timeout} timed out, {wrong} wrong, {other_face} another face, {left} "
        "left ({refused:.1%} not met)",
    ),
    "challenge_nobody": (
        "{opd}  tidak dikenali sebagai siapa pun: {timeout} habis waktu, {wrong} salah, {other_face} "
        "wajah lain, {left} pergi",
        "{opd}  taken for nobody: {timeout} timed out, {wrong} wrong, {other_face} another face, {left} "
        "left",
    ),
    "no_challenges": (
        "Tidak ada tantangan dalam {days} hari.",
        "No challenge within {days} days.",
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
        "Tidak disimpan, karena orangnya dihapus dan kios itu belum menghapusnya: {pins}. Hapus lagi: "
        "sync-server faces erase PIN --opd OPD",
        "Not kept, because their people were erased and that kiosk has not done so: {pins}. Erase them "
        "again: sync-server faces erase PIN --opd OPD",
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
        "{kid}: BELUM TERBUKTI untuk PIN {pin}: {said}; jejak terakhir: {change} {evidence}. Kalau kios "
        "ini rusak atau hilang: sync-server faces settle {kid} {pin} --letter NOMOR",
        "{kid}: NOT PROVEN YET for PIN {pin}: {said}; last trace: {change} {evidence}. If this kiosk is "
        "broken or lost: sync-server faces settle {kid} {pin} --letter NUMBER",
    ),
    "proof_unasked": (
        "belum pernah diminta; ketik: sync-server faces erase",
        "never asked; type: sync-server faces erase",
    ),
    "code_held": (
        "Ada di buku besar: kios {kid}, epoch {epoch}, peristiwa {seq}, diterima {when} UTC: {record}",
        "In the ledger: kiosk {kid}, epoch {epoch}, event {seq}, received {when} UTC: {record}",
    ),
    "code_malformed": (
        "ini bukan kode bukti: {text!r}. Bentuknya T07A-1234-ABCD2345: nama kios, nomor, 8 huruf atau angka",
        "this is no evidence code: {text!r}. It looks like T07A-1234-ABCD2345: a kiosk's name, a number, "
        "8 letters or digits",
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
    "copresence_by_terminal": ("{when} menurut jam mesin", "{when} by the terminal's clock"),
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
    "faces_key": (
        "data wajah kios itu disegel dengan kunci lain; kembalikan faces.key atau kredensialnya",
        "that kiosk's faces are sealed with another key; put its faces.key or credential back",
    ),
    "faces_busy": (
        "data wajah kios itu tidak dapat dibuka atau ditulis sekarang",
        "that kiosk's face data cannot be opened or written now",
    ),
    "faces_damaged": (
        "berkas data wajah kios itu rusak; pindahkan, lalu kirim lagi: sync-server faces send",
        "that kiosk's file of faces is damaged; move it away and send again: sync-server faces send",
    ),
    "no_camera": (
        "kios ini tidak dikonfigurasi dengan kamera",
        "this kiosk is not configured with a camera",
    ),
}
