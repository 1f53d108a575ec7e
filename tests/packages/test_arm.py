"""The packages for arm64, built on whatever machine this is; in a file of its own, so that another core
builds them meanwhile."""

import subprocess

import pytest

from shipping import deb, tree

pytestmark = [
    pytest.mark.all_only("needs a package index"),
    pytest.mark.timeout(1200),
]


@pytest.mark.parametrize("product", [tree.KIOSK, tree.SERVER], ids=lambda product: product.name)
def test_the_package_for_arm_holds_no_code_of_another_processor(product, tmp_path):
    package = deb.build(product, "0.1.0", "arm64", tmp_path, level=1)
    control = subprocess.run(
        ["dpkg-deb", "-f", package], capture_output=True, text=True, check=True
    )
    assert "Architecture: arm64" in control.stdout
    machines = {}
    for path in (tmp_path / "tree").rglob("*"):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                head = file.read(20)
            if head[:4] == b"\x7fELF":
                machines.setdefault(int.from_bytes(head[18:20], "little"), []).append(path.name)
    print({number: len(paths) for number, paths in machines.items()})  # noqa: T201
    assert set(machines) == {183}, f"183 is AArch64: {machines}"  # elf(5), e_machine
    assert not [path for path in (tmp_path / "tree").rglob("*x86_64*") if path.suffix == ".so"]
