"""What is said of applications that are told of months and corrections."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "webhook_host": (
        "alamat {url} tidak memuat nama host yang benar: periksa penulisannya",
        "the address {url} holds no proper host name: check how it is written",
    ),
    "webhook_not_https": (
        "alamat {url} tidak aman: tulis alamat yang dimulai dengan https:// (http hanya untuk "
        "127.0.0.1)",
        "the address {url} is not safe: write one that begins with https:// (http only for "
        "127.0.0.1)",
    ),
    "webhook_kind": (
        "tidak ada jenis {kind}: pilih dari {known}",
        "there is no kind {kind}: choose from {known}",
    ),
    "webhook_added": (
        "Penerima {no} akan diberi tahu: {kinds}. Rahasia tanda tangannya hanya ditampilkan "
        "sekali ini; simpan di aplikasi penerima:",
        "Receiver {no} will be told of: {kinds}. The secret that signs is shown this once only; "
        "keep it in the receiving application:",
    ),
    "webhook_line": (
        "{no:>3}  {state:<8} {url}  {kinds}  menunggu {waiting}, menyerah {given_up}",
        "{no:>3}  {state:<8} {url}  {kinds}  waiting {waiting}, given up {given_up}",
    ),
    "webhook_none": ("Belum ada penerima.", "There are no receivers yet."),
    "webhook_ended": ("Penerima {no} tidak diberi tahu lagi.", "Receiver {no} is told no more."),
    "webhook_unknown": (
        "Tidak ada penerima {no}. Lihat: sync-server webhook list",
        "There is no receiver {no}. See: sync-server webhook list",
    ),
    "webhook_replayed": (
        "{count} pemberitahuan akan dikirim lagi ke penerima {no}.",
        "{count} notices will be sent to receiver {no} again.",
    ),
}
