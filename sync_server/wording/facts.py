"""What the commands for daily facts say."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "fact_differs": (
        "{opd} {nip} {workdate}: buku mencatat {was}; menurut kejadian mentah {became}",
        "{opd} {nip} {workdate}: the book had {was}; the raw events say {became}",
    ),
    "fact_damaged": (
        "buku besar rusak: isi fakta hari itu bukan fakta; ketik: sync-server facts rebuild",
        "the ledger is damaged: what stands for that day is no fact; type: sync-server facts rebuild",
    ),
    "facts_rebuilt": (
        "{offices} kantor dihitung ulang dari kejadian mentah; {count} perbedaan, sudah dibetulkan",
        "{offices} offices made again from the raw events; {count} differences, put right",
    ),
}
