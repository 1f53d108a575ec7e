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
        "{which}, {since} sampai {until}: {count} orang, {kiosks} kios",
        "{which}, {since} to {until}: {count} people, {kiosks} kiosks",
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
    "remedy_kiosk": (
        "Kios {which} diblokir dan kuncinya diganti; kata sandi mesin absensi dan kamera di kantor itu "
        "diganti.",
        "Kiosk {which} is shut out and its key replaced; passwords of terminals and cameras at that "
        "office are changed.",
    ),
    "remedy_account": (
        "Akun {which} dinonaktifkan, semua login dan kuncinya diakhiri.",
        "Account {which} is disabled, all its logins and keys ended.",
    ),
    "remedy_server": (
        "Server dipulihkan di mesin bersih; kunci, sertifikat, kata sandi, dan kunci program diganti.",
        "The server is rebuilt on a clean machine; keys, certificates, passwords and program keys are "
        "replaced.",
    ),
    "remedy_template": (
        "Pola wajah dihapus dari semua kios dan tidak dipakai lagi; pendaftaran ulang bersifat sukarela, "
        "dan tersedia cara lain.",
        "Face patterns are erased from all kiosks and used no more; to enrol again is voluntary, and "
        "there are other ways.",
    ),
    "remedy_number": (
        "Nomor rahasia dicabut dan diganti.",
        "Secret numbers are withdrawn and replaced.",
    ),
    "remedy_record": (
        "Catatan hadir dapat diperiksa dengan kode bukti; yang diubah akan terlihat dan dikoreksi.",
        "Attendance can be checked by evidence codes; whatever was changed shows and is corrected.",
    ),
    "letter": (
        """PEMERINTAH DAERAH ______________________
Nomor: ______________________
Hal: Pemberitahuan kegagalan pelindungan data pribadi (UU 27/2022 Pasal 46)

Yth. Saudara/i pemilik data (daftar terlampir)
Tembusan: lembaga pelindungan data pribadi

Kami memberitahukan bahwa data pribadi Saudara terungkap atau mungkin terungkap.

1. DATA APA: {what}.
   Sumber: {which}. Jumlah orang: {count}.
2. KAPAN DAN BAGAIMANA: antara {since} dan {until}.
   Diketahui pada: ______________________
   Kejadiannya: ________________________________________________________
   _____________________________________________________________________
3. UPAYA PENANGANAN DAN PEMULIHAN:
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

To the people concerned (list enclosed)
Copy: the authority for personal data protection

We inform you that personal data of yours was or may have been disclosed.

1. WHAT DATA: {what}.
   Source: {which}. People concerned: {count}.
2. WHEN AND HOW: between {since} and {until}.
   Learnt on: ______________________
   What happened: ______________________________________________________
   _____________________________________________________________________
3. WHAT IS DONE ABOUT IT:
{remedies}
   Also: ________________________________________________________________
4. WHAT YOU CAN DO: be wary of anybody who quotes your NIP or name; change the same password
   elsewhere; ask for a copy or the erasure of your data.
5. CONTACT: ______________________ (name, telephone, e-mail of the data protection officer)

______________, ______________

(____________________________)
""",
    ),
    "letter_list": ("LAMPIRAN: orang yang terkait", "ENCLOSED: people concerned"),
}
