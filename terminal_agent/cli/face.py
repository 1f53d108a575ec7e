"""Commands that say how well faces are recognised."""

from pathlib import Path

import click

from terminal_agent.cli.setting import Setting, setting


@click.group("face")
def face_group() -> None:
    """How well faces are recognised, and photographs of faces refused."""


@face_group.command("evaluate")
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option(
    "--enrol",
    type=click.IntRange(1, 8),
    default=3,
    show_default=True,
    help="Images enrolled for each person.",
)
@click.option(
    "--frames",
    type=click.IntRange(1, 3),
    default=3,
    show_default=True,
    help="Images that one try is made of.",
)
@click.option(
    "--session",
    default="",
    metavar="REGEX",
    help="Its first group names the session in a file name; the first one is enrolled.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@setting
def evaluate(  # noqa: PLR0913 - one for each option
    setting: Setting, folder: Path, enrol: int, frames: int, session: str, as_json: bool
) -> None:
    """Recognition figures of a folder that holds one folder of images for each person.

    Enrols some images of everybody, tries the others, and takes a third of the people as strangers;
    images may be whole frames or tight crops. The same folder gives the same figures.

    Example: terminal-agent face evaluate faces --session '_(\\d+)_\\d+[.]jpg$'
    """
    # Only this command pays for numpy and OpenCV: the agent, which is started from here too, must not.
    from terminal_agent.cli import evaluated
    from terminal_agent.faces.trials import Plan

    evaluated.evaluate(setting, folder, Plan(enrol, frames), session, as_json=as_json)


@face_group.command("attack")
@click.argument("real", type=click.Path(path_type=Path), metavar="DIR_REAL")
@click.argument("attacks", type=click.Path(path_type=Path), metavar="DIR_ATTACK")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@setting
def attack(setting: Setting, real: Path, attacks: Path, as_json: bool) -> None:
    """How often attacks (photographs held before a camera) are accepted, and people refused.

    Both folders hold one folder for each person; images whose names differ only in their last number
    are one sequence, ten a second. Everybody is enrolled from three images of their first sequence in
    DIR_REAL. An attack counts as accepted if it would meet any of the challenges. A sequence in
    DIR_REAL whose name holds turn_left, turn_right or blink is a person's answer to that.

    Example: terminal-agent face attack living prints --json
    """
    from terminal_agent.cli import attacked  # numpy and OpenCV, as above

    attacked.attacked(setting, real, attacks, as_json=as_json)


COMMANDS = (face_group,)
