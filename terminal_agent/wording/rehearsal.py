"""What `terminal-agent simulate` says."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "rehearsal_up": ("tersambung ke pusat lewat kabel latihan", "connected through the cable"),
    "rehearsal_cut": (
        "kabel DIPUTUS selama {seconds} detik. Pindai jari atau wajah sekarang.",
        "the cable is CUT for {seconds} seconds. Scan a finger or a face now.",
    ),
    "rehearsal_waiting": (
        "selama putus {stored} peristiwa tersimpan di jurnal ({scans} pindaian); {waiting} menunggu",
        "while it was cut {stored} events were stored in the journal ({scans} scans); {waiting} wait",
    ),
    "rehearsal_restored": ("kabel tersambung lagi", "the cable is whole again"),
    "rehearsal_held": (
        "LULUS: {receipted} dari {waiting} yang menunggu diterima pusat dalam {took:.1f} detik",
        "HELD: {receipted} of {waiting} that waited have the centre's receipt after {took:.1f} s",
    ),
    "rehearsal_failed": (
        "GAGAL: hanya {receipted} dari {waiting} yang menunggu diterima pusat. Tidak ada yang hilang: "
        "sisanya tetap di jurnal. Lihat: journalctl -u hadir-ingest di server",
        "FAILED: only {receipted} of {waiting} that waited have the centre's receipt. Nothing is "
        "lost: the rest is in the journal. See: journalctl -u hadir-ingest on the server",
    ),
    "rehearsal_empty": (
        "TIDAK TERBUKTI: tidak ada yang dipindai selama kabel putus. Ulangi dan pindai sesuatu.",
        "NOT PROVEN: nobody scanned while the cable was cut. Repeat, and scan something.",
    ),
    "no_cable": (
        "Kabel latihan tidak dapat dibuat ({detail}). Pasang ulang paket hadir, lalu coba lagi.",
        "The rehearsal's cable could not be made ({detail}). Install the hadir package again, then "
        "try once more.",
    ),
    "rehearsal_never_up": (
        "Pusat tidak terjangkau dari awal, jadi tidak ada yang dapat dilatih. Ketik: terminal-agent "
        "status",
        "The centre was never in reach, so nothing can be rehearsed. Type: terminal-agent status",
    ),
}
