"""What is said of one raw event, and to somebody who asks whether a code is in."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "point_in": ("masuk", "arrival"),
    "point_mid": ("tengah hari", "midday"),
    "point_out": ("pulang", "departure"),
    "event_title": ("Rekaman asli {event}", "Raw record {event}"),
    "event_about": (
        "Inilah ujung setiap penelusuran: rekaman seperti yang dikirim kios, tidak pernah diubah.",
        "This is where every trace ends: the record as the kiosk sent it, never changed.",
    ),
    "event_record": ("Rekaman", "Record"),
    "event_kind": ("Jenis", "Kind"),
    "event_kiosk": ("Kios", "Kiosk"),
    "event_device": ("Perangkat", "Device"),
    "event_received": ("Diterima pusat", "Received"),
    "event_pin": ("PIN di perangkat", "PIN on the device"),
    "event_digest": ("SHA-256 rekaman", "SHA-256 of the record"),
    "event_before": ("Kepala rantai sebelumnya", "Chain head before"),
    "event_head": ("Kepala rantai sesudahnya", "Chain head after"),
    "event_holds": (
        "Rantai cocok: kepala sesudahnya terhitung kembali dari kepala sebelumnya dan rekaman ini.",
        "The chain holds: the head after follows from the head before and this record.",
    ),
    "event_broken": (
        "Rantai TIDAK cocok. Jalankan: sync-server ledger verify --kid {kid}",
        "The chain does NOT hold. Run: sync-server ledger verify --kid {kid}",
    ),
    "event_time": ("Waktu terhitung", "Derived time"),
    "event_how": ("Cara menghitung", "How it was found"),
    "event_marks": ("Tanda jam di sekitarnya", "Clock marks around it"),
    "event_mark": (
        "nomor {seq}: jam kios {wall}, {trust}, galat {error} ms{offset}",
        "number {seq}: kiosk clock {wall}, {trust}, error {error} ms{offset}",
    ),
    "event_offset": (
        "; jam perangkat {seconds} detik di depannya",
        "; device's clock {seconds} seconds ahead of it",
    ),
    "event_repeats": (
        "Presensi yang sama sudah datang lewat jalan lain:",
        "The same punch had come another way:",
    ),
    "proof_title": ("Apakah presensi saya sudah masuk?", "Is my punch in?"),
    "proof_about": (
        "Ketik kode bukti yang tampil di layar kios. Halaman ini tidak menampilkan nama.",
        "Type the evidence code that the kiosk's screen showed. No name is shown here.",
    ),
    "proof_code": ("Kode bukti", "Evidence code"),
    "proof_hint": ("misalnya T07A-123-ABCD2345", "for example T07A-123-ABCD2345"),
    "proof_ask": ("Periksa", "Look"),
    "proof_in": ("Ya, sudah masuk.", "Yes, it is in."),
    "proof_not": (
        "Belum ada di pusat. Bila kios sedang luring, kode ini muncul setelah sambungannya kembali; "
        "simpan kodenya. Bila besok masih belum ada, tunjukkan kepada petugas kepegawaian kantor.",
        "It is not here yet. If the kiosk is off line the code appears once its link is back; keep it. "
        "If it is still not here tomorrow, show it to your office's personnel officer.",
    ),
    "proof_other": (
        "Nomor ini ada dengan kode lain: periksa ketikan. Bila kodenya benar, simpan dan tunjukkan "
        "kepada Inspektorat.",
        "This number is here with another code: check what you typed. If the code is right, keep it and "
        "show it to the inspectorate.",
    ),
    "code_contradicts": (
        "Kode {sought}: nomor ini ada di buku besar dengan kode lain. Periksa ketikan; bila benar, "
        "periksa dengan: sync-server ledger verify, dan sync-server forks",
        "Code {sought}: the ledger has this number with another code. Check what was typed; if it is "
        "right, look with: sync-server ledger verify, and sync-server forks",
    ),
    "proof_where": ("Tempat", "Place"),
    "proof_when": ("Diterima pusat", "Received"),
    "proof_event": ("Rekaman", "Record"),
    "proof_busy": (
        "Terlalu banyak pertanyaan dari alamat ini. Coba lagi satu menit lagi.",
        "Too many questions from this address. Try again in a minute.",
    ),
}
