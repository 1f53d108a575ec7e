"""Releases for kiosks: what is kept here, who was asked to install it, and what became of it."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "release_added": (
        "Rilis {version} ({arch}) disimpan: {files} berkas, {bytes} byte. Bagikan mulai dari sedikit: "
        "sync-server release roll-out {version} --percent 5",
        "Release {version} ({arch}) is kept: {files} files, {bytes} bytes. Begin with a few: sync-server "
        "release roll-out {version} --percent 5",
    ),
    "release_rolled_out": (
        "{count} kios diminta memasang rilis {version}. Lihat: sync-server release list",
        "{count} kiosks were asked to install release {version}. See: sync-server release list",
    ),
    "release_nobody": (
        "Tidak ada kios yang diminta memasang rilis {version}: di bagian ini tidak ada kios, atau "
        "semuanya sudah diminta. Lihat: sync-server release list, lalu ketik lagi dengan bagian yang "
        "lebih besar, misalnya --percent 50",
        "No kiosk was asked to install release {version}: this portion holds none, or all of it was "
        "asked before. See: sync-server release list, then type it again with a larger portion, such "
        "as --percent 50",
    ),
    "release_kid_revoked": (
        "Kios {kid} sudah dicabut; ketik lagi tanpa kios itu",
        "Kiosk {kid} was revoked; type it again without that one",
    ),
    "release_line": (
        "{version} ({arch}, nomor {release}): {bytes} byte",
        "{version} ({arch}, number {release}): {bytes} bytes",
    ),
    "release_kiosk": (
        "  {kid}: {fate}; berjalan {runs}",
        "  {kid}: {fate}; runs {runs}",
    ),
    "release_none": (
        "Belum ada rilis. Tambahkan: sync-server release add BERKAS --key release.pub",
        "No release yet. Add one: sync-server release add FILE --key release.pub",
    ),
    "release_taken_back": (
        "Rilis {version} dibatalkan oleh kios {kids}; tidak dibagikan lagi. Lihat sebabnya: sync-server "
        "release list. Bila tetap ingin: --anyway",
        "Release {version} was taken back by {kids}; it goes to nobody else. See why: sync-server release "
        "list. To go on all the same: --anyway",
    ),
    "release_no_key": (
        "Tidak ada kunci rilis di pusat ini; sebutkan: --key release.pub",
        "This centre has no release key; name it: --key release.pub",
    ),
    "release_key_wrong": (
        "Ini bukan kunci rilis. Sebutkan release.pub yang dibuat bersama kunci penandatangan: satu kunci "
        "sebaris, 44 huruf",
        "This is no release key. Name the release.pub that was made along with the key that signs: one "
        "key a line, 44 letters",
    ),
    "release_unsigned": (
        "Rilis ini tidak ditandatangani kunci di {key}; jangan dibagikan. Bila kuncinya memang diganti, "
        "sebutkan yang baru: --key release.pub",
        "This release is not signed by a key of {key}; do not hand it out. Where the key did change, "
        "name the new one: --key release.pub",
    ),
    "release_damaged": (
        "Ini bukan berkas rilis yang utuh ({detail}); salin lagi",
        "This is no whole release file ({detail}); copy it again",
    ),
    "release_twice": (
        "Versi {version} ({arch}) sudah disimpan dengan isi lain, dan satu versi hanya satu rilis. Buat "
        "lagi dengan nomor versi baru",
        "Version {version} ({arch}) is kept already with other content, and one version is one release. "
        "Make it again under a new version",
    ),
    "release_kept_damaged": (
        "{file} rusak: tidak dibagikan. Tambahkan lagi: sync-server release add BERKAS",
        "{file} is damaged and goes to nobody. Add it again: sync-server release add FILE",
    ),
    "release_unknown": (
        "Tidak ada rilis itu di sini; yang ada: {known}",
        "There is no such release here; there are: {known}",
    ),
    "release_shard": ("Tulis K/N, misalnya 1/10", "Write K/N, such as 1/10"),
    "did_release_added": ("menyimpan rilis untuk kios", "kept a release for kiosks"),
    "did_release_rolled_out": ("meminta kios memasang rilis", "asked kiosks to install a release"),
}
