"""What `face attack` does and shows."""

import json
from pathlib import Path

import click
import msgspec

from terminal_agent.cli.evaluated import loaded_models
from terminal_agent.cli.setting import Setting
from terminal_agent.faces import attack, figures
from terminal_agent.faces.attack import Attacked
from terminal_agent.wording import say


def attacked(setting: Setting, real: Path, attacks: Path, *, as_json: bool) -> None:
    """Play both folders, print what came of it."""

    def beat(count: int) -> None:
        setting.tell("attack_progress", count=count)

    with setting.explaining():
        result = attack.attacked(loaded_models(setting), real, attacks, beat)
    if as_json:
        shown = {"apcer": result.apcer, "bpcer": result.bpcer}
        click.echo(json.dumps(msgspec.to_builtins(shown)))
    else:
        _table(setting, result)


def _table(setting: Setting, result: Attacked) -> None:
    apcer, bpcer = result.apcer, result.bpcer
    accepted = round((apcer.with_challenge or 0.0) * apcer.sequences)
    span = figures.wilson(accepted, apcer.sequences)
    values: dict[str, object] = {
        "sequences": apcer.sequences,
        "without": _share(apcer.without_challenge),
        "with_": _share(apcer.with_challenge),
        "span": f"{span.low:.1%}–{span.high:.1%}",
    } | {str(kind): count for kind, count in result.met.items()}
    click.echo(say(setting.lang, "attack_accepted", **values))
    values = {
        "sequences": bpcer.sequences,
        "without": _share(bpcer.without_challenge),
        "with_": _share(bpcer.with_challenge),
    }
    click.echo(say(setting.lang, "attack_refused", **values))
    click.echo(say(setting.lang, "attack_limits"))


def _share(rate: float | None) -> str:
    return "–" if rate is None else f"{rate:.1%}"
