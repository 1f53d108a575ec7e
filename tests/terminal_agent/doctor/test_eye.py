"""The doctor's look through the camera: is there a picture, is there light, is it sharp."""

import cv2
import numpy as np
import pytest

from terminal_agent.camera.outlook import light
from terminal_agent.camera.preview import Preview
from terminal_agent.clock import Clock
from terminal_agent.config import Camera, Config, Kiosk
from terminal_agent.doctor import eye


def scene(level=128, noise=60):
    grey = np.random.default_rng(7).normal(level, noise, (240, 320))
    return cv2.cvtColor(np.clip(grey, 0, 255).astype(np.uint8), cv2.COLOR_GRAY2BGR)


@pytest.fixture
def looked(tmp_path):
    """The codes for a camera that shows this picture; none: there is no camera."""

    def look(image, running=False):
        folder, run = tmp_path / "pictures", tmp_path / "run"
        for one in (folder, run):
            one.mkdir(exist_ok=True)
        if running:
            Preview(run).show(image, 0.0, moving=True)
        elif image is not None:
            for number in range(3):
                cv2.imwrite(str(folder / f"{number}.png"), image)
        source = str(folder) if image is not None and not running else "/dev/v4l/by-id/none"
        config = Config(Kiosk(socket=str(run / "agent.sock")), camera=Camera(source=source))
        return [one.code for one in eye.camera(config, Clock(), light)]

    return look


def test_a_good_picture_is_lit_and_sharp(looked):
    assert looked(scene()) == ["camera_light", "camera_sharp"]


def test_a_covered_lens_is_dark(looked):
    assert looked(scene(5, 2))[0] == "camera_dark"


def test_a_window_in_the_lens_is_glare(looked):
    bright = scene()
    bright[:, :160] = 255
    assert looked(bright)[0] == "camera_glare"


def test_a_lens_out_of_focus_is_blurred(looked):
    assert looked(cv2.GaussianBlur(scene(), (0, 0), 9)) == ["camera_light", "camera_blurred"]


def test_a_camera_that_is_not_there_is_named(looked):
    assert looked(None) == ["camera_gone"]


def test_beside_the_camera_s_program_its_own_picture_is_judged_and_nothing_is_opened(looked):
    assert looked(scene(), running=True) == ["camera_light", "camera_sharp"]
