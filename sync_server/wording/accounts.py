"""What the pages of accounts, keys, logins and the office's log say."""

WORDS = {
    "me": ("Akun saya", "My account"),
    "key_unknown": (
        "Kunci ini tidak dikenal, sudah berakhir, atau dicabut. Kirim: Authorization: Bearer KUNCI.",
        "This key is unknown, ended or revoked. Send: Authorization: Bearer KEY.",
    ),
    "login_wrong": (
        "Nama akun atau kata sandi salah, atau akun dinonaktifkan.",
        "The account name or the password is wrong, or the account is disabled.",
    ),
    "account_taken": (
        "nama akun ini sudah dipakai; pilih nama lain",
        "this account name is taken; choose another",
    ),
    "account_name": (
        "nama akun hanya huruf kecil, angka, titik, garis bawah dan tanda hubung",
        "account names have small letters, digits, dots, underscores and hyphens only",
    ),
    "account_role": (
        "peran tidak dikenal; pilih salah satu: {roles}",
        "no such role; one of: {roles}",
    ),
    "account_nip": (
        "peran ini perlu NIP, supaya dua persetujuan pasti dari dua orang: isi NIP pemilik akun",
        "this role needs a NIP, so that two approvals are by two people: fill in whose account it is",
    ),
    "account_nip_digits": (
        "NIP adalah 18 angka; periksa lagi",
        "a NIP has 18 digits; look at it again",
    ),
    "decision_unnamed": (
        "akun {name} belum punya NIP 18 angka, jadi belum dapat meminta atau memutuskan; minta administrator "
        "mengisinya di halaman Akun",
        "account {name} has no NIP of 18 digits, so it can neither ask nor decide; ask an administrator to "
        "fill it in on the page Accounts",
    ),
    "account_nip_hint": (
        "18 angka. Wajib bagi pegawai, atasan, kepala, admin perangkat daerah, dan BKPSDM.",
        "18 digits. Needed for staff, superiors, heads, office administrators and BKPSDM.",
    ),
    "account_opd": (
        "peran ini perlu perangkat daerah: isi kode perangkat daerahnya",
        "this role needs an office: give the office's code",
    ),
    "account_unknown": (
        "tidak ada akun bernama itu; lihat: sync-server accounts list",
        "there is no account of that name; see: sync-server accounts list",
    ),
    "account_made": (
        "Kata sandi untuk satu kali masuk sebagai {name}; setelah itu ia harus memilih yang baru:",
        "The password for one login as {name}, who then has to choose another:",
    ),
    "account_changed": (
        "Akun {name} diubah; sesi masuknya berakhir.",
        "{name} is changed; his logins ended.",
    ),
    "web_port_taken": (
        "Port halaman web {port} sudah dipakai: hentikan program itu, atau ganti web.port.",
        "The pages' port {port} is taken: stop that program, or change web.port.",
    ),
    "web_needs_postgres": (
        "dengan SQLite, halaman web berjalan di dalam: sync-server run; proses tersendiri perlu "
        "ledger.url untuk PostgreSQL",
        "with SQLite the pages run inside: sync-server run; a process of their own needs ledger.url "
        "for PostgreSQL",
    ),
    "login_wait": (
        "Terlalu banyak percobaan. Tunggu {seconds} detik, lalu coba lagi.",
        "Too many tries. Wait {seconds} seconds, then try again.",
    ),
    "password_short": (
        "Kata sandi paling sedikit {least} karakter; beberapa kata yang mudah diingat sudah cukup.",
        "A password has at least {least} characters; a few words that you remember are enough.",
    ),
    "password_long": (
        "Kata sandi paling banyak 256 karakter.",
        "A password has at most 256 characters.",
    ),
    "password_same": (
        "Kata sandi ini mengulang beberapa huruf saja; pakai lebih banyak.",
        "This password repeats a few letters only; use more.",
    ),
    "password_own": (
        "Kata sandi tidak boleh memuat nama akun atau NIP.",
        "A password may not hold the account's name or NIP.",
    ),
    "password_common": (
        "Kata sandi ini termasuk yang pertama kali dicoba orang; pilih yang lain.",
        "This password is among the first that people try; choose another.",
    ),
    "password_twice": ("Kedua isian kata sandi tidak sama.", "The two passwords differ."),
    "password_old_wrong": ("Kata sandi lama salah.", "The old password is wrong."),
    "password_as_before": (
        "Kata sandi baru sama dengan yang lama.",
        "The new password is the old one.",
    ),
    "password_old": ("Kata sandi lama", "Old password"),
    "password_new": ("Kata sandi baru", "New password"),
    "password_again": ("Kata sandi baru, sekali lagi", "New password again"),
    "password_hint": (
        "Paling sedikit 12 karakter, misalnya tiga kata yang tidak berhubungan.",
        "At least 12 characters: three words that have nothing to do with each other, for instance.",
    ),
    "password_change": ("Ganti kata sandi", "Change password"),
    "password_must": (
        "Kata sandi ini hanya untuk satu kali masuk. Pilih kata sandi Anda sendiri.",
        "This password was for one login. Choose one of your own.",
    ),
    "password_changed": (
        "Kata sandi diganti; sesi masuk lain sudah berakhir.",
        "The password is changed; all other logins ended.",
    ),
    "role": ("Peran", "Role"),
    "nip": ("NIP", "NIP"),
    "role_pegawai": ("Pegawai", "Staff"),
    "role_atasan": ("Atasan langsung", "Superior"),
    "role_kepala": ("Kepala perangkat daerah", "Head of office"),
    "role_admin_opd": ("Admin perangkat daerah", "Office administrator"),
    "role_bkpsdm": ("BKPSDM", "BKPSDM (personnel)"),
    "role_bpkad": ("BPKAD", "BPKAD (treasury)"),
    "role_inspektorat": ("Inspektorat", "Inspectorate"),
    "role_teknisi": ("Teknisi", "Technician"),
    "role_admin": ("Administrator", "Administrator"),
    "keys": ("Kunci untuk program", "Keys for programs"),
    "keys_lead": (
        "Program memakai kunci ini sebagai Authorization: Bearer KUNCI, dengan hak akun Anda.",
        "A program sends this key as Authorization: Bearer KEY and may do what your account may.",
    ),
    "keys_none": ("Belum ada kunci.", "There is no key yet."),
    "key_label": ("Untuk apa", "What for"),
    "key_days": ("Berlaku (hari)", "Good for (days)"),
    "key_make": ("Buat kunci", "Make a key"),
    "key_made": (
        "Salin sekarang: kunci ini tidak dapat ditampilkan lagi.",
        "Copy it now: this key cannot be shown again.",
    ),
    "key_expires": ("Berakhir", "Ends"),
    "key_revoke": ("Cabut", "Revoke"),
    "key_state_good": ("Berlaku", "In use"),
    "key_state_ended": ("Berakhir", "Ended"),
    "key_state_revoked": ("Dicabut", "Revoked"),
    "key_days_wrong": ("Isi 1 sampai 366 hari.", "Write 1 to 366 days."),
    "made_at": ("Dibuat", "Made"),
    "state": ("Keadaan", "State"),
    "acts": ("Tindakan", "Acts"),
    "accounts": ("Akun", "Accounts"),
    "account_new": ("Akun baru", "New account"),
    "account_add": ("Buat akun", "Make the account"),
    "account_subject": ("Tautan akun daerah (OIDC)", "Link to the region's account (OIDC)"),
    "account_name_hint": (
        "Huruf kecil, angka, titik, garis bawah dan tanda hubung; misalnya sari.dewi",
        "Small letters, digits, dots, underscores and hyphens; such as sari.dewi",
    ),
    "account_subject_hint": (
        "Isi hanya bila daerah memakai penyedia identitas.",
        "Only where the region has an identity provider.",
    ),
    "account_save": ("Simpan", "Save"),
    "account_reset_do": ("Kata sandi baru", "New password"),
    "account_disable_do": ("Nonaktifkan", "Disable"),
    "account_enable_do": ("Aktifkan", "Enable"),
    "account_state_good": ("Aktif", "In use"),
    "account_state_disabled": ("Nonaktif", "Disabled"),
    "account_state_first": ("Belum masuk", "Not yet logged in"),
    "account_one_time": (
        "Kata sandi untuk satu kali masuk sebagai {name}. Berikan langsung kepadanya; tidak "
        "ditampilkan lagi.",
        "The password for one login as {name}. Give it to him in person; it is not shown again.",
    ),
    "account_not_self": (
        "Akun sendiri tidak dapat diubah di sini; minta administrator lain.",
        "Your own account cannot be changed here; ask another administrator.",
    ),
    "account_all": ("Semua akun", "All accounts"),
    "account_edit": ("Ubah akun {name}", "Change account {name}"),
    "account_edit_do": ("Ubah", "Change"),
    "first": ("Administrator pertama", "First administrator"),
    "first_lead": (
        "Kode sekali pakai tercetak di log server saat dijalankan (accounts.none) dan berlaku 24 jam. "
        "Jalankan ulang server untuk kode baru.",
        "The one-time code is in the server's log since its start (accounts.none) and good for 24 "
        "hours. Start the server again for a new one.",
    ),
    "first_code": ("Kode sekali pakai", "One-time code"),
    "first_do": ("Buat administrator", "Make the administrator"),
    "first_wrong": (
        "Kode ini salah atau sudah kedaluwarsa. Lihat log server; jalankan ulang untuk kode baru.",
        "This code is wrong or out of date. Look at the server's log; start it again for a new one.",
    ),
    "audit": ("Jejak", "Audit log"),
    "audit_lead": (
        "Setiap perubahan dan setiap pembacaan catatan orang lain. Hanya dapat ditambah.",
        "Every change, and every time somebody read another person's record. It is only added to.",
    ),
    "audit_who": ("Siapa", "Who"),
    "audit_did": ("Perbuatan", "Act"),
    "audit_whom": ("Tentang", "About"),
    "audit_detail": ("Keterangan", "Detail"),
    "audit_at": ("Waktu (WIB)", "Time (WIB)"),
    "audit_since": ("Sejak", "From"),
    "audit_until": ("Sampai", "To"),
    "audit_all": ("Semua", "All"),
    "audit_found": ("{count} baris", "{count} lines"),
    "audit_none": ("Tidak ada baris seperti itu.", "There is no such line."),
    "audit_mine": ("Siapa membaca catatan saya", "Who read my record"),
    "show": ("Tampilkan", "Show"),
    "older": ("Lebih lama", "Older"),
    "newest": ("Terbaru", "Newest"),
    "oidc_refused": (
        "Masuk dengan akun daerah gagal. Mulai lagi; bila tetap gagal, hubungi pengelola.",
        "Logging in with the region's account failed. Start again; if it stays so, tell your "
        "administrator.",
    ),
    "oidc_stranger": (
        "Akun daerah ini tidak ditautkan ke akun di sini. Minta administrator menautkannya: {subject}",
        "This account of the region is linked to none here. Ask an administrator to link it: {subject}",
    ),
    "oidc_away": (
        "Penyedia identitas tidak dapat dihubungi. Coba lagi nanti, atau masuk dengan kata sandi.",
        "The identity provider is out of reach. Try later, or log in with a password.",
    ),
    "subject_taken": (
        "tautan akun daerah ini sudah dipakai akun lain",
        "this link to the region's account belongs to another account",
    ),
    "did_login": ("masuk", "logged in"),
    "did_login_failed": ("gagal masuk", "failed to log in"),
    "did_login_slowed": ("mencoba masuk terlalu sering", "tried to log in too often"),
    "did_logout": ("keluar", "logged out"),
    "did_password_changed": ("mengganti kata sandi", "changed the password"),
    "did_key_made": ("membuat kunci program", "made a key for a program"),
    "did_key_revoked": ("mencabut kunci program", "revoked a key for a program"),
    "did_webhook_add": ("menambah penerima webhook", "added a webhook's receiver"),
    "did_webhook_end": ("mengakhiri penerima webhook", "ended a webhook's receiver"),
    "did_webhook_replay": ("mengirim ulang webhook", "sent a webhook again"),
    "did_api_live": ("melihat papan kehadiran (program)", "watched the live board (program)"),
    "did_api_facts": ("membaca fakta harian (program)", "read daily facts (program)"),
    "did_api_month": ("membaca lembar bulan (program)", "read a month's sheet (program)"),
    "did_api_explain": ("membaca penjelasan hari (program)", "read a day's explanation (program)"),
    "did_account_added": ("membuat akun", "made an account"),
    "did_account_role": ("mengubah peran akun", "changed an account's role"),
    "did_account_reset": ("menyetel ulang kata sandi", "reset a password"),
    "did_account_disabled": ("menonaktifkan akun", "disabled an account"),
    "did_account_enabled": ("mengaktifkan akun", "enabled an account"),
    "web_plain": (
        "kata sandi akan lewat jaringan tanpa sandi; dengarkan di 127.0.0.1 di belakang proksi yang "
        "mengakhiri TLS, dan setel web.secure = true",
        "passwords would cross the network in the clear; listen on 127.0.0.1 behind a proxy that ends "
        "TLS, and set web.secure = true",
    ),
    "oidc_half": (
        "dengan issuer, isi juga client_id dan address (alamat pusat ini seperti terdaftar di sana)",
        "with issuer, give client_id and address (this centre's, as registered there) too",
    ),
    "oidc_plain": (
        "harus mulai dengan https://; kata rahasia lewat sana",
        "must begin with https://; secrets travel there",
    ),
}
