"""What `terminal-agent status` says of journal, link and terminals."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "status": (
        "Kios {kid}: {last} peristiwa tersimpan, {acked} diterima pusat, {waiting} menunggu",
        "Kiosk {kid}: {last} events stored, {acked} received by the centre, {waiting} waiting",
    ),
    "anew_lost_rows": (
        "  nomor urut mulai baru: pusat punya lebih banyak peristiwa daripada kartu ini, jadi kartu ini "
        "pernah mundur (dipulihkan dari salinan) atau tandanya diubah. Yang tanpa tanda terima dikirim "
        "lagi. Beri tahu pusat: sync-server forks",
        "  numbering began anew: the centre has more events than this card, so it once went back "
        "(restored from a copy), or its mark was changed. What has no receipt is sent again. Tell "
        "the centre: sync-server forks",
    ),
    "anew_fork": (
        "  nomor urut mulai baru: pusat menyimpan riwayat lain dengan nama kios ini, jadi kartunya pernah "
        "disalin atau dipulihkan. Yang tanpa tanda terima dikirim lagi. Beri tahu pusat: sync-server "
        "forks",
        "  numbering began anew: the centre holds another history of this kiosk, so its card was "
        "copied or restored. What has no receipt is sent again. Tell the centre: sync-server forks",
    ),
    "anew_salvage": (
        "  nomor urut mulai baru setelah journal salvage: yang terbukti dibawa serta, sisanya dibaca lagi "
        "dari mesin",
        "  numbering began anew after journal salvage: what was proven came along, the rest is read "
        "again from the terminals",
    ),
    "status_notes": (
        "Kios {kid}: {last} peristiwa tersimpan, {acked} diterima pusat, {waiting} menunggu, {own_notes} "
        "catatan kios sendiri ikut kiriman berikutnya",
        "Kiosk {kid}: {last} events stored, {acked} received by the centre, {waiting} waiting, "
        "{own_notes} notes of its own go with the next",
    ),
    "status_bytes": (
        "  sambungan: {bytes_today} byte hari ini, {bytes_month} byte bulan ini (per {bytes_day})",
        "  link: {bytes_today} bytes today, {bytes_month} bytes this month (as of {bytes_day})",
    ),
    "status_no_bytes": (
        "  sambungan: belum ada yang lewat",
        "  link: nothing has gone over it yet",
    ),
    "status_bytes_undated": (
        "  sambungan: {bytes_month} byte; tanggalnya belum diketahui",
        "  link: {bytes_month} bytes; their day is not known yet",
    ),
    "status_quota": (
        "  sambungan: {bytes_today} byte hari ini, {bytes_month} byte bulan ini (per {bytes_day}), "
        "sisa kuota {quota_left} byte",
        "  link: {bytes_today} bytes today, {bytes_month} bytes this month (as of {bytes_day}), "
        "{quota_left} bytes of the quota left",
    ),
    "status_device": (
        "  mesin {serial} ({family}): dibaca utuh sampai {covered}",
        "  terminal {serial} ({family}): read whole up to {covered}",
    ),
    "status_device_never": (
        "  mesin {serial} ({family}): belum pernah dibaca utuh dengan jam yang tepercaya",
        "  terminal {serial} ({family}): never read whole with a trusted clock yet",
    ),
}
