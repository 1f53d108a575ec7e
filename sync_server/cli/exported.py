"""The command that writes a month's files."""

from pathlib import Path

import click

from sync_server import office_log, server
from sync_server.cli.setting import Setting, setting
from sync_server.errors import BadFile
from sync_server.exports import issue, manifest
from sync_server.exports.paper import Paper

_KINDS = ("xlsx", "pdf", "data")


@click.command("export")
@click.argument("month")
@click.argument("opd")
@click.option("--to", type=click.Path(path_type=Path, file_okay=False), default=Path())
@click.option("--kind", "kinds", multiple=True, type=click.Choice(_KINDS), help="Otherwise all.")
@setting
def export(setting: Setting, month: str, opd: str, to: Path, kinds: tuple[str, ...]) -> None:
    """Write a month's workbook, papers and data; what is not frozen is marked as not final.

    Example: sync-server month export 2026-01 1.01 --to /srv/tpp
    """
    settings = setting.load()
    with setting.ledger() as database:
        with database.reading() as tx:
            paper = issue.paper(tx, opd, month, settings.web.title)
        for name, data in _files(paper, kinds or _KINDS, setting.lang).items():
            _write(to / name, data)
            setting.tell("export_written", file=to / name)
        with database.writing() as tx:
            detail = f"{month} rev {paper.rev} {paper.digest}"
            who = office_log.system_user()
            office_log.note(tx, server.wall(), who, "export", opd, detail=detail)


def _files(paper: Paper, kinds: tuple[str, ...], lang: str) -> dict[str, bytes]:
    # Imported where they are needed: every command would wait for Excel and PDF otherwise.
    from sync_server.exports import pages, workbook

    name = f"hadir-{paper.sheet.opd}-{paper.sheet.month}-rev{paper.rev}"
    found: dict[str, bytes] = {}
    if "xlsx" in kinds:
        found[f"{name}.xlsx"] = workbook.made(paper, lang)
    if "pdf" in kinds:
        found[f"{name}.pdf"] = pages.made(paper, lang)
    if "data" in kinds:
        found |= {f"{name}/{part}": data for part, data in manifest.files(paper).items()}
    return found


def _write(path: Path, data: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except OSError as problem:
        raise BadFile(str(path), "", "file_unwritable", detail=problem.strerror) from problem
