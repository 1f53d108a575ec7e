"""What is said of a breach, and the letter to those concerned."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "breach_one": (
        "Sebut salah satu: --kiosk KID, --account NAMA, atau --server",
        "Name one of: --kiosk KID, --account NAME, or --server",
    ),
    "breach_since": (
        "bukan tanggal: {text!r}; tulis 2026-11-20 atau 2026-11-20T08:30+07:00",
        "no date: {text!r}; write 2026-11-20 or 2026-11-20T08:30+07:00",
    ),
    "breach_order": ("--until lebih awal daripada --since", "--until is before --since"),
    "breach_head": (
        "{which}, {since} sampai {until}: {count} orang; kios: {kiosks}",
        "{which}, {since} to {until}: people: {count}; kiosks: {kiosks}",
    ),
    "breach_kind_kiosk": ("Kios {which}", "Kiosk {which}"),
    "breach_kind_account": ("Akun {which}", "Account {which}"),
    "breach_kind_server": ("Server pusat", "The central server"),
    "breach_person": (
        "  {opd}  {pin}  {nip}  {name}: {what}",
        "  {opd}  {pin}  {nip}  {name}: {what}",
    ),
    "breach_act": (
        "  {first} - {last}  {did} {opd}: {count} kali",
        "  {first} - {last}  {did} {opd}: {count} times",
    ),
    "breach_reach": (
        "Menurut perannya akun ini dapat membuka data {count} orang; yang di atas adalah yang tercatat dibuka.",
        "By its role this account could open {count} people's data; above is what the log says it opened.",
    ),
    "breach_clock": (
        "Beri tahu mereka dan lembaga paling lambat 3 x 24 jam sejak kebocoran diketahui.",
        "Tell them and the authority within 3 x 24 hours of learning of the breach.",
    ),
    "breach_nobody": ("Tidak ada data orang yang terkait.", "Nobody's data is concerned."),
    "exposed_pin": ("PIN", "PIN"),
    "exposed_name": ("nama", "name"),
    "exposed_nip_mark": (
        "tanda NIP (NIP dapat ditebak oleh pemegang kartu)",
        "mark of the NIP (who holds the card can guess it)",
    ),
    "exposed_template": ("pola wajah", "face pattern"),
    "exposed_number": ("tanda nomor rahasia", "mark of the secret number"),
    "exposed_nip": ("NIP", "NIP"),
    "exposed_pay": ("TPP dan potongannya", "TPP and its cuts"),
    "exposed_record": ("catatan hadir", "attendance record"),
    "exposed_account": ("akun dan sidik kata sandi", "account and password hash"),
    "breach_accounts": (
        "  akun tanpa NIP, bukan orang: {count} ({names})",
        "  accounts without a NIP, which are not people: {count} ({names})",
    ),
    "breach_do_kiosk": (
        'Kios ini belum diblokir; ketik: sync-server kiosk revoke {which} --reason "..."',
        'This kiosk is not shut out yet; type: sync-server kiosk revoke {which} --reason "..."',
    ),
    "breach_do_account": (
        "Akun ini masih aktif; ketik: sync-server accounts disable {which}",
        "This account is still active; type: sync-server accounts disable {which}",
    ),
    "breach_do_template": (
        "Wajah orang yang terungkap dihapus dengan: sync-server faces erase NIP",
        "Erase the face of whoever is concerned with: sync-server faces erase NIP",
    ),
    "breach_do_number": (
        'Nomor rahasia diganti dengan: sync-server person secret NIP --letter "..."',
        'Replace a secret number with: sync-server person secret NIP --letter "..."',
    ),
    # Beside boxes: nobody but a person knows whether it was done.
    "remedy_kiosk": ("kios {which} diblokir", "kiosk {which} shut out"),
    "remedy_keys": (
        "kata sandi mesin absensi dan kamera di kantor itu diganti",
        "passwords of terminals and cameras at that office changed",
    ),
    "remedy_account": (
        "akun {which} dinonaktifkan, semua login dan kuncinya diakhiri",
        "account {which} disabled, all its logins and keys ended",
    ),
    "remedy_server": (
        "server dipulihkan di mesin bersih; kunci, sertifikat, kata sandi, dan kunci program diganti",
        "server rebuilt on a clean machine; keys, certificates, passwords and program keys replaced",
    ),
    "remedy_template": (
        "pola wajah Saudara dihapus; pendaftaran ulang bersifat sukarela, dan tersedia cara lain",
        "your face pattern erased; to enrol again is voluntary, and there are other ways",
    ),
    "remedy_number": ("nomor rahasia Saudara diganti", "your secret number replaced"),
    "remedy_record": (
        "catatan hadir Saudara diperiksa dengan kode bukti; yang diubah dikoreksi",
        "your attendance checked by evidence codes; whatever was changed corrected",
    ),
    "letter": (
        """PEMERINTAH DAERAH ______________________
Nomor: ______________________
Hal: Pemberitahuan kegagalan pelindungan data pribadi (UU 27/2022 Pasal 46)

Yth. Saudara/i ______________________ (satu surat untuk satu orang)
Tembusan: lembaga pelindungan data pribadi

Kami memberitahukan bahwa data pribadi Saudara terungkap atau mungkin terungkap.

1. DATA APA (centang menurut daftar arsip):
{what}
   Sumber: {which}.
2. KAPAN DAN BAGAIMANA: antara {since} dan {until}.
   Diketahui pada: ______________________
   Kejadiannya: ________________________________________________________
   _____________________________________________________________________
3. UPAYA PENANGANAN DAN PEMULIHAN (centang hanya yang sudah dilakukan):
{remedies}
   Upaya lain: __________________________________________________________
4. YANG DAPAT SAUDARA LAKUKAN: waspada terhadap pihak yang menyebut NIP atau nama Saudara; ganti kata
   sandi yang sama di tempat lain; minta salinan atau penghapusan data Saudara.
5. KONTAK: ______________________ (nama, telepon, surel pejabat pelindungan data)

______________, ______________

(____________________________)
""",
        """REGIONAL GOVERNMENT OF ______________________
Number: ______________________
Subject: Notice of a failure to protect personal data (UU 27/2022, article 46)

To ______________________ (one letter to one person)
Copy: the authority for personal data protection

We inform you that personal data of yours was or may have been disclosed.

1. WHAT DATA (tick by the list for the file):
{what}
   Source: {which}.
2. WHEN AND HOW: between {since} and {until}.
   Learnt on: ______________________
   What happened: ______________________________________________________
   _____________________________________________________________________
3. WHAT WAS DONE ABOUT IT (tick only what was done):
{remedies}
   Also: ________________________________________________________________
4. WHAT YOU CAN DO: be wary of anybody who quotes your NIP or name; change the same password
   elsewhere; ask for a copy or the erasure of your data.
5. CONTACT: ______________________ (name, telephone, e-mail of the data protection officer)

______________, ______________

(____________________________)
""",
    ),
    "letter_archive": ("arsip", "archive"),  # in a file's name
    "letter_list": (
        "UNTUK ARSIP, JANGAN DIKIRIM kepada pemilik data\n"
        "Orang yang terkait: {which}, {since} sampai {until}, {count} orang\n",
        "FOR THE FILE, NOT TO BE SENT to the people concerned\n"
        "People concerned: {which}, {since} to {until}, {count} people\n",
    ),
}
