"""What one frame shows of one face: mesh, quality, the aligned chip and, where asked for, the lids."""

import msgspec
import numpy as np

from terminal_agent.faces import quality
from terminal_agent.faces.face import Box, Image, Landmarks
from terminal_agent.faces.gathering import Glance
from terminal_agent.faces.liveness import Pose
from terminal_agent.faces.models import Models

_OUTER_CORNERS = 33, 263  # of the eyes, among the mesh's points
_WHOLE = 0.5  # least presence of the mesh: below, half a face or none


class Moment(msgspec.Struct, frozen=True):
    """When a frame was taken: `now` on the monotonic clock, `up` in CLOCK_BOOTTIME seconds."""

    now: float
    up: int


def glance(models: Models, image: Image, box: Box, moment: Moment, *, eyes: bool) -> Glance | None:
    """The face in the box; None where it is too small, or not whole. `eyes`: also how open they are,
    which takes the time of two meshes."""
    if box.width < quality.PROBE.width:
        return None
    landmarks = models.mesh.landmarks(image, box)
    if landmarks.presence < _WHOLE:
        return None
    chip = models.embedder.align(image, landmarks)
    lids = models.eyes.openness(image, landmarks) if eyes else None
    measured = quality.measure(box, landmarks, chip, lids or (0.0, 0.0))
    return Glance(
        t=moment.up,
        x=across(box, image),
        pose=Pose(
            at=moment.now,
            yaw=landmarks.yaw,
            pitch=landmarks.pitch,
            span=_span(landmarks),
            openness=sum(lids) / 2 if lids else None,
        ),
        faults=quality.judge(measured, quality.PROBE),
        worth=quality.worth(measured),
        chip=chip,
    )


def _span(landmarks: Landmarks) -> float:
    one, other = landmarks.points[list(_OUTER_CORNERS), :2]
    return float(np.hypot(*(one - other)))


def across(box: Box, image: Image) -> int:
    """The middle of the box as the mirrored preview shows it: 0 its left edge, 100 its right."""
    share = box.middle[0] / image.shape[1]
    return round(100 * min(max(1.0 - float(share), 0.0), 1.0))
