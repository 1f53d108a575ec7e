"""A disk of its own, so that it can be full. Root only."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[None]:
    """A disk of that size at `folder`, which is made."""
    if os.geteuid():
        pytest.skip("only root can mount a small disk")
    folder.mkdir()
    size = f"size={megabytes}m"
    subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", folder], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


@contextmanager
def ext4_disk(folder: Path, image: Path, megabytes: int) -> Iterator[Path]:
    """An ext4 of its own at `folder`, kept in the file `image`, which is made unless it is there."""
    if os.geteuid() or not shutil.which("mkfs.ext4"):
        pytest.skip("only root can mount an image; apt-get install e2fsprogs")
    if not image.exists():
        with image.open("wb") as file:
            file.truncate(megabytes * 1_048_576)
        subprocess.run(["mkfs.ext4", "-q", "-F", "-m0", image], check=True)
    folder.mkdir(exist_ok=True)
    loop = ["losetup", "--find", "--show", image]
    device = subprocess.run(loop, stdout=subprocess.PIPE, check=True, text=True).stdout.strip()
    try:
        subprocess.run(["mount", device, folder], check=True)
        try:
            yield folder
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)
    finally:
        subprocess.run(["losetup", "--detach", device], check=True)
