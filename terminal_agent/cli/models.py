"""Commands about the networks that see and know faces."""

from pathlib import Path

import click

from terminal_agent.cli.setting import BROKEN, Setting, setting
from terminal_agent.wording import say


@click.group("models")
def models_group() -> None:
    """The networks that see and know faces."""


@models_group.command("prepare")
@setting
def prepare(setting: Setting) -> None:
    """Convert the recogniser's weights for onnxruntime and keep them in the state folder.

    Takes a second or two; what is there and whole is kept. The camera does it too when it starts.

    Example: terminal-agent models prepare
    """
    from terminal_agent.faces import models  # only here: the agent must not pay for OpenCV's memory

    with setting.explaining():
        kiosk = setting.load()
        path = models.prepare(Path(kiosk.kiosk.state) / "models", kiosk.camera.model)
    setting.tell("models_prepared", path=path)


@models_group.command("check")
@setting
def check(setting: Setting) -> None:
    """Whether every model file is there with the bytes that the manifest names.

    Exit code 1 if one is not.

    Example: terminal-agent models check
    """
    from terminal_agent.faces import models  # as above

    with setting.explaining():
        kiosk = setting.load()
    found = models.check(Path(kiosk.kiosk.state) / "models", kiosk.camera.model)
    for name, wrong in found:
        if wrong is None:
            click.echo(say(setting.lang, "model_holds", name=name))
        else:
            why = say(setting.lang, wrong.code, detail=str(wrong))
            click.echo(say(setting.lang, "model_fails", name=name, why=why))
    if any(wrong for _, wrong in found):
        raise click.exceptions.Exit(BROKEN)


COMMANDS = (models_group,)
