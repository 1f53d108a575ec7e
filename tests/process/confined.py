"""What the agent and the camera need of the machine, tried from within their unit's confinement.

Run by test_units.py as the unit's first command: SIDE. Ends with an exception where it is denied.
"""

import os
import sys

sys.path.insert(0, "/opt/hadir/tree")
os.environ["PYTHONPATH"] = "/opt/hadir/tree"  # the models are converted by a process of their own
sys.dont_write_bytecode = True


def agent() -> None:
    """Numbers, keys, journal and a receiver's port: whatever the agent loads it may load."""
    import contextlib
    import sqlite3
    import ssl
    from pathlib import Path

    import serial  # noqa: F401
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from terminal_agent import kernel_clock

    Ed25519PrivateKey.generate().sign(b"x")
    ssl.create_default_context()
    sqlite3.connect(":memory:").execute("SELECT 1")
    assert not Path("/proc/sys/kernel/random/boot_id").exists(), "then --boot-id is not needed"
    with contextlib.suppress(PermissionError):
        kernel_clock.asked()
        raise AssertionError("the agent can ask the kernel itself: then hadir-clock is not needed")
    [_, error] = kernel_clock.TOLD.read_text().split()
    assert int(error) >= -1


def camera() -> None:
    """Every library that the recognisers stand on, at work under MemoryDenyWriteExecute."""
    import cv2
    import numpy as np

    from terminal_agent.faces import models, pictures

    image = cv2.imread("/opt/hadir/tree/simulators/portraits/" + sys.argv[2])
    assert float((np.ones((64, 64)) @ np.ones((64, 64))).sum()) == 64**3
    from pathlib import Path

    for recogniser in ("onnx", "dlib"):
        found = models.load(Path("/var/lib/hadir/agent/models"), recogniser)
        image, boxes = pictures.framed(found.detector, image)
        chip = found.embedder.align(image, found.mesh.landmarks(image, boxes[0]))
        assert found.embedder.embed([chip]).shape == (1, 128)


{"agent": agent, "camera": camera}[sys.argv[1]]()
