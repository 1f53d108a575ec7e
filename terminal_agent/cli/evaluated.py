"""What `face evaluate` does and shows."""

import json
from pathlib import Path

import click
import msgspec

from terminal_agent import config
from terminal_agent.cli.setting import Setting
from terminal_agent.clock import Clock
from terminal_agent.errors import SourceMisconfigured
from terminal_agent.faces import evaluate as evaluation
from terminal_agent.faces import figures, models
from terminal_agent.faces.evaluate import Gathered, Result
from terminal_agent.faces.figures import Span
from terminal_agent.faces.trials import Plan
from terminal_agent.wording import say

_EVERY = 100  # images between two lines of progress
_SHOWN = 10  # file names in one line


def evaluate(setting: Setting, folder: Path, plan: Plan, session: str, *, as_json: bool) -> None:
    """Embed the folder, play the office, print what came of it."""
    seconds = Clock().monotonic

    def beat(count: int) -> None:
        if count and count % _EVERY == 0:
            setting.tell("evaluate_progress", count=count)

    with setting.explaining():
        loaded = loaded_models(setting)
        gathered = evaluation.gather(loaded, folder, session, seconds, beat)
        result = evaluation.result(gathered, plan, seconds)
    _complain(setting, gathered)
    if session and evaluation.without_sessions(gathered.people):
        setting.tell("session_unseen", pattern=session)
    if as_json:
        click.echo(json.dumps(_report(result, loaded.embedder.id)))
    else:
        _table(setting, result)


def loaded_models(setting: Setting) -> models.Models:
    """The kiosk's models; on a machine that is no kiosk, the packages' own, converted into the cache
    folder of whoever asks. Raises SourceMisconfigured."""
    try:
        kiosk = setting.load()
        folder = Path(kiosk.kiosk.state) / "models"
    except SourceMisconfigured as problem:
        if problem.code != "config_missing" or setting.path != config.DEFAULT_PATH:
            raise
        kiosk, folder = config.Config(), Path.home() / ".cache" / "hadir" / "models"
    return models.load(folder, kiosk.camera.recogniser, kiosk.camera.model)


def _report(result: Result, recogniser: str) -> dict[str, object]:
    told = result.strangers
    return {
        "models": {
            "detector": "blazeface-short-range",
            "landmarks": "face-mesh-468",
            "recogniser": recogniser,
        },
        "identities": result.identities,
        "images": result.images,
        "detection_rate": result.detection_rate,
        "rank1": result.rank1,
        "equal_error_rate": result.equal_error_rate,
        "tar_at_far": result.tar_at_far,
        "strangers": {
            "accepted": told.accepted if told else None,
            "true_accepts": told.true_accepts if told else None,
            "threshold_rule": evaluation.rule(told.enrolled if told else result.identities),
        },
        "ms": result.ms,
    }


def _table(setting: Setting, result: Result) -> None:
    found = round(result.detection_rate * result.images)
    values = msgspec.structs.asdict(result) | {
        "detection": result.detection_rate,
        "detection_span": _span(figures.wilson(found, result.images)),
        "eer": result.equal_error_rate,
        "eer_span": _span(result.equal_error_span),
        "tar1": _share(result.tar_at_far["0.01"]),
        "tar01": _share(result.tar_at_far["0.001"]),
    }
    click.echo(say(setting.lang, "evaluate_table", **values))
    if told := result.strangers:
        click.echo(
            say(
                setting.lang,
                "evaluate_strangers",
                **msgspec.structs.asdict(told),
                accepted_span=_span(
                    figures.wilson(round(told.accepted * told.probes), told.probes)
                ),
                true=told.true_accepts,
                true_span=_span(
                    figures.wilson(round(told.true_accepts * told.own_probes), told.own_probes)
                ),
                rule=evaluation.rule(told.enrolled),
            )
        )
    ms = ", ".join(f"{stage} {took:.2f}" for stage, took in result.ms.items())
    click.echo(say(setting.lang, "evaluate_ms", ms=ms))


def _complain(setting: Setting, gathered: Gathered) -> None:
    for code, names in (
        ("evaluate_damaged", gathered.damaged),
        ("evaluate_faceless", gathered.faceless),
    ):
        if names:
            more = " …" if len(names) > _SHOWN else ""
            setting.tell(code, count=len(names), names=", ".join(names[:_SHOWN]) + more)


def _span(span: Span) -> str:
    return f"{span.low:.2%}–{span.high:.2%}"


def _share(rate: float | None) -> str:
    return "–" if rate is None else f"{rate:.2%}"
