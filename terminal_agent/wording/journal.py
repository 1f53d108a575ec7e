"""What `journal verify` finds, and what comes next."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "event_missing": (
        "Epoch {epoch}: rantai PUTUS: peristiwa {wrong_at} TIDAK ADA lagi; nomornya terlompati",
        "Epoch {epoch}: the chain is BROKEN: event {wrong_at} is MISSING; its number is skipped",
    ),
    "mark_beyond": (
        "Epoch {epoch}: tanda terima tercatat sampai peristiwa {event}, padahal jurnal berakhir "
        "SEBELUM itu: peristiwa terbaru dihapus, atau tandanya diubah",
        "Epoch {epoch}: receipts are marked up to event {event}, but the journal ENDS BEFORE it: "
        "newest events were removed, or the mark was changed",
    ),
    "pin_differs": (
        "Epoch {epoch}: daftar PIN TIDAK COCOK dengan rantai, pada peristiwa {event}; rantailah yang "
        "benar",
        "Epoch {epoch}: the list of PINs DIFFERS from the chain, at event {event}; the chain is right",
    ),
    "device_differs": (
        "Epoch {epoch}: nomor seri mesin di daftar mesin TIDAK COCOK dengan peristiwa {event}; "
        "rantailah yang benar",
        "Epoch {epoch}: a terminal's serial number in the list of terminals DIFFERS from event "
        "{event}; the chain is right",
    ),
    "next_salvage": (
        "Langkah berikut: jangan hapus atau ubah apa pun di kartu ini. Hentikan agen, salin seluruh "
        "folder {state} ke tempat lain, dan beri tahu pusat (inspektorat). Sesudah itu ketik: "
        "terminal-agent journal salvage; berkas lama tetap disimpan. Lalu agen boleh mencatat lagi.",
        "Next: delete and change nothing on this card. Stop the agent, copy the whole folder {state} "
        "to another place, and tell the centre (inspectorate). Then type: terminal-agent journal "
        "salvage; the old file is kept. After that the agent may go on recording.",
    ),
    "next_keep": (
        "Langkah berikut: jangan hapus atau ubah apa pun di kartu ini. Salin seluruh folder {state} "
        "ke tempat lain, dan beri tahu pusat (inspektorat); di pusat ketik: sync-server ledger "
        "verify. Agen boleh terus mencatat.",
        "Next: delete and change nothing on this card. Copy the whole folder {state} to another "
        "place, and tell the centre (inspectorate); at the centre type: sync-server ledger verify. "
        "The agent may go on recording.",
    ),
    "journal_gone": (
        "Jurnal HILANG ({detail}), padahal kios ini pernah berjalan. Ini bukti: jangan hapus apa pun, "
        "salin seluruh foldernya ke tempat lain, dan beri tahu pusat (inspektorat). Bila ada salinan "
        "journal.db, kembalikan; bila tidak, ketik: terminal-agent run. Jurnal baru dimulai dan "
        "semua mesin dibaca utuh.",
        "The journal is GONE ({detail}), although this kiosk ran before. This is evidence: delete "
        "nothing, copy the whole folder to another place, and tell the centre (inspectorate). Where "
        "there is a copy of journal.db, put it back; otherwise type: terminal-agent run. A new "
        "journal begins and every terminal is read whole.",
    ),
}
