"""`python -m bench NAME…`: measure, then print."""

from importlib import import_module

import click

from bench import report

NAMES = (
    "zk",
    "journal",
    "ingest",
    "fleet",
    "wire",
    "drain",
    "chaos",
    "face",
    "gallery",
    "kiosk",
    "tukin",
    "web",
    "footprint",
)


@click.command()
@click.argument("names", nargs=-1, required=True, type=click.Choice(NAMES))
@click.option("--quick", is_flag=True, help="Smaller sizes, the same keys; figures are rougher.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per NAME, each on a line.")
def main(names: tuple[str, ...], quick: bool, as_json: bool) -> None:
    """Our figures beside a peer's, measured in the same run, round by round; medians.

    Other work on the machine makes seconds and speeds worse on both sides: trust ratios.

    Example: ./run bench zk --quick
    """
    for name in names:
        bench = import_module(f"bench.{name}")
        result = report.report(name, bench.measure(quick), bench.USED)
        click.echo(report.as_json(result) if as_json else report.as_table(result))


if __name__ == "__main__":
    main(prog_name="bench")
