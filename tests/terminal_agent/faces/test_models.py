"""The model files: found without their packages, known by their bytes, refused when they are others."""

import hashlib
import shutil
from pathlib import Path

import cv2
import numpy as np
import onnx
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper

from terminal_agent.cli import main
from terminal_agent.errors import SourceMisconfigured
from terminal_agent.faces import converted, manifest, network, weights
from terminal_agent.faces import models as face_models

ROOT = Path(__file__).parents[3]
FILES = manifest.files()
DAT = manifest.located(FILES[manifest.RECOGNISER])
SOURCE = FILES[manifest.RECOGNISER].sha256


@pytest.fixture(scope="module")
def chips(models, portraits):
    """Each portrait as the recogniser sees it."""
    return [chip(models, image) for image in portraits.values()]


def chip(models, image):
    landmarks = models.mesh.landmarks(image, models.detector.find(image)[0])
    return models.embedder.align(image, landmarks)


@pytest.fixture
def folder(models, tmp_path):
    """A kiosk's folder of models, prepared."""
    made = converted.where(ROOT / ".hadir" / "models", SOURCE)
    for file in (made, made.with_suffix(".json")):
        shutil.copy(file, tmp_path)
    assert converted.holds(tmp_path, SOURCE)
    return tmp_path


@pytest.fixture
def packed(tmp_path, monkeypatch):
    """A package with one model file, as pip leaves it: what the manifest says of it, and the file."""
    info = tmp_path / "faces_of_tests-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: faces-of-tests\nVersion: 1\n")
    (info / "RECORD").write_text("data/face.tflite,,\n")
    file = tmp_path / "data" / "face.tflite"
    file.parent.mkdir()
    file.write_bytes(b"a network")
    monkeypatch.syspath_prepend(str(tmp_path))
    digest = hashlib.sha256(b"a network").hexdigest()
    return manifest.ModelFile(file.name, "faces-of-tests", digest, 9, "MIT", "a test"), file


def beginning(length):
    with DAT.open("rb") as file:
        return file.read(length)


def refusal(call, *arguments):
    with pytest.raises(SourceMisconfigured) as refused:
        call(*arguments)
    return refused.value.code


@pytest.mark.parametrize("name", FILES)
def test_every_model_is_there_with_the_bytes_that_the_manifest_names(name):
    assert manifest.checked(FILES[name]).name == name


def test_a_damaged_truncated_or_missing_model_is_refused(packed):
    described, file = packed
    assert manifest.checked(described) == file
    for damaged in (b"another", b"a netwerk", b"a networ", b""):
        file.write_bytes(damaged)
        assert refusal(manifest.checked, described) == "model_damaged"
    file.unlink()
    assert refusal(manifest.checked, described) == "model_missing"


def test_a_package_that_is_not_installed_is_named():
    absent = manifest.ModelFile("face.tflite", "no-such-package", "", 0, "MIT", "a test")
    with pytest.raises(SourceMisconfigured, match=r"face\.tflite \(no-such-package\)"):
        manifest.checked(absent)


def test_the_converted_network_gives_what_dlib_gives(models, chips):
    reference = face_models.load(DAT.parent, "dlib").embedder
    ours = models.embedder.embed(chips)
    assert ours.shape == (5, models.embedder.size)
    assert np.abs(ours - reference.embed(chips)).max() < 1e-5
    assert reference.id == models.embedder.id, "their templates are of one kind"


def test_nobody_before_the_camera_gives_no_embedding(models):
    assert models.embedder.embed([]).shape == (0, models.embedder.size)


def test_two_pictures_of_one_person_are_nearer_than_two_people(models, portraits, chips):
    rows = dict(zip(portraits, models.embedder.embed(chips), strict=True))
    same = np.linalg.norm(rows["obama"] - rows["obama-speaking"])
    others = [np.linalg.norm(rows["obama"] - rows[name]) for name in ("biden", "collins", "hopper")]
    assert same < 0.5 < 0.7 < min(others)


def test_a_damaged_conversion_is_made_anew(folder):
    file = converted.where(folder, SOURCE)
    note = file.with_suffix(".json")
    whole, noted = file.read_bytes(), note.read_bytes()
    note.write_bytes(noted[:20])
    assert not converted.holds(folder, SOURCE)
    note.unlink()
    assert not converted.holds(folder, SOURCE)
    note.write_bytes(noted)
    assert converted.holds(folder, SOURCE)
    for damaged in (b"", whole[:-1], whole[:9_000_000] + b"\0" + whole[9_000_001:]):
        file.write_bytes(damaged)
        assert not converted.holds(folder, SOURCE)
    assert face_models.prepare(folder) == file
    assert file.read_bytes() == whole


def test_a_conversion_by_another_version_is_made_anew(folder, monkeypatch):
    monkeypatch.setattr(converted, "VERSION", converted.VERSION + 1)
    assert not converted.holds(folder, SOURCE)


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "models").write_text("a file where a folder should be")
    assert refusal(face_models.prepare, tmp_path / "models") == "model_folder"


def test_weights_of_the_site_have_an_id_of_their_own(tmp_path):
    """Templates of other weights are not comparable, and the id is how a gallery knows."""
    own = tmp_path / "taguchi.dat"
    data = bytearray(DAT.read_bytes())
    data[100_000] ^= 1
    own.write_bytes(data)
    loaded = face_models.load(tmp_path, own=str(own)).embedder
    assert loaded.id == f"taguchi-{hashlib.sha256(data).hexdigest()[:8]}"
    assert converted.where(tmp_path, hashlib.sha256(data).hexdigest()).exists()


def test_layers_as_newer_dlibs_write_them_are_read_too():
    """Newer releases add a flag to a layer; what stands in it is the same network."""
    data = DAT.read_bytes()
    one = b"\x01\x10\x81\x04"  # 1.0: the learning rates, which stand at the end of a layer
    rates = one * 3 + b"\x01\x00\x01\x0b"
    newer = data.replace(b"con_4", b"con_5").replace(b"fc_2", b"fc_3").replace(rates, rates + b"1")
    newer = newer.replace(b"\x01\x05relu_", b"\x01\x06relu_20")
    assert len(newer) > len(data) + 60
    assert network.to_onnx(weights.from_dat(newer)) == network.to_onnx(weights.from_dat(data))
    disabled = newer.replace(b"relu_20", b"relu_21", 1)
    with pytest.raises(ValueError, match="an unusual relu_2"):
        weights.from_dat(disabled)


@settings(max_examples=30)
@given(st.integers(0, DAT.stat().st_size - 1))
def test_weights_that_end_too_early_are_refused(length):
    with pytest.raises(ValueError, match="at byte"):
        weights.from_dat(beginning(length))


@settings(max_examples=60)
@given(st.integers(0, 340), st.integers(0, 255))
def test_weights_with_a_wrong_byte_at_their_beginning_are_refused_and_nothing_worse(at, byte):
    data = bytearray(beginning(30_000))
    data[at] = byte
    with pytest.raises(ValueError, match=r"at byte|beyond all measure"):
        weights.from_dat(bytes(data))


def test_another_network_of_dlib_is_refused(tmp_path):
    other = manifest.located(FILES[manifest.FIVE_POINTS])
    assert refusal(face_models.load, tmp_path, "onnx", str(other)) == "model_foreign"
    assert refusal(face_models.load, tmp_path, "dlib", str(other)) == "model_foreign"


def test_layers_in_another_order_are_refused():
    whole = weights.from_dat(DAT.read_bytes())
    fewer = weights.Weights(whole.grey, whole.side, whole.layers[:4] + whole.layers[11:])
    with pytest.raises(ValueError, match="another order"):
        network.to_onnx(fewer)


def test_a_model_of_the_site_that_is_not_there_is_named(tmp_path):
    assert refusal(face_models.load, tmp_path, "onnx", "/nowhere/own.dat") == "model_own"
    assert refusal(face_models.load, tmp_path, "onnx", "/nowhere/own.onnx") == "model_own"


def averaging(path, side):
    """An ONNX network that gives the mean of each colour of a square of this side."""
    ends = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
        for name, shape in (("data", ["n", 3, side, side]), ("out", ["n", 3, 1, 1]))
    ]
    nodes = [helper.make_node("GlobalAveragePool", ["data"], ["out"])]
    graph = helper.make_graph(nodes, "averaging", ends[:1], ends[1:])
    opset = [helper.make_opsetid("", 17)]
    onnx.save(helper.make_model(graph, opset_imports=opset, ir_version=8), path)


def test_an_onnx_file_of_the_site_gets_its_faces_as_its_kind_wants_them(
    models, portraits, tmp_path
):
    """Faces for SFace and its kin stand in 112 pixels, eyes at fixed places, in RGB."""
    averaging(tmp_path / "own.onnx", 112)
    own = face_models.load(tmp_path, own=str(tmp_path / "own.onnx")).embedder
    image = portraits["collins"]
    landmarks = models.mesh.landmarks(image, models.detector.find(image)[0])
    face = own.align(image, landmarks)
    assert face.shape == (112, 112, 3)
    assert own.size == 3
    assert face[60:, :, 0].mean() > face[60:, :, 2].mean() + 20, "skin is redder than blue: RGB"
    assert own.embed([face])[0] == pytest.approx(face.mean(axis=(0, 1)), abs=0.01)
    again = models.mesh.landmarks(
        np.ascontiguousarray(cv2.resize(face, (336, 336))[:, :, ::-1]),
        models.detector.find(np.ascontiguousarray(face[:, :, ::-1]))[0],
    )
    assert again.roll == pytest.approx(0, abs=6)


@pytest.mark.parametrize("content", [b"", b"no network at all", "another size"])
def test_an_onnx_file_that_is_no_face_network_is_refused(tmp_path, content):
    own = tmp_path / "own.onnx"
    if isinstance(content, bytes):
        own.write_bytes(content)
    else:
        averaging(own, 64)
    assert refusal(face_models.load, tmp_path, "onnx", str(own)) == "model_foreign"


def test_models_check_says_what_to_type_until_all_holds(models, tmp_path):
    config = tmp_path / "agent.toml"
    config.write_text(f'[kiosk]\nstate = "{tmp_path}/state"\n')

    def typed(*words):
        return CliRunner().invoke(main, ["--config", str(config), "--lang", "en", *words])

    before = typed("models", "check")
    assert before.exit_code == 1
    assert "iris_landmark.tflite: holds" in before.stdout
    assert "DOES NOT HOLD" in before.stdout.splitlines()[-1]
    assert "terminal-agent models prepare" in before.stdout.splitlines()[-1]
    assert typed("models", "prepare").exit_code == 0
    assert typed("models", "check").exit_code == 0
    file = converted.where(tmp_path / "state" / "models", SOURCE)
    shutil.copy(DAT, file)
    assert typed("models", "check").exit_code == 1
