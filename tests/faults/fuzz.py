"""`python -m tests.faults.fuzz NAME SECONDS`: a decoder under atheris, whose inputs grow by what they
reach in its code; ends with a traceback and code 77 where something undeclared comes out.

atheris has wheels for x86-64 and Python before 3.13 only.
"""

import contextlib
import sys
import tempfile
from pathlib import Path

import atheris


def main(name: str, seconds: str) -> None:
    """Fuzz for so long; it leaves by itself."""
    with atheris.instrument_imports(include=["contract", "terminal_agent"]):
        from tests.faults.decoders import all_of_them
    [decoder] = [one for one in all_of_them() if one.name == name]

    def once(data: bytes) -> None:
        with contextlib.suppress(decoder.declared):
            decoder.read(data)

    with tempfile.TemporaryDirectory() as corpus:
        for number, data in enumerate(decoder.honest):
            Path(corpus, str(number)).write_bytes(data)
        limits = [f"-max_total_time={seconds}", "-rss_limit_mb=512", "-print_final_stats=1"]
        limits.append(f"-artifact_prefix={corpus}/")
        atheris.Setup([sys.argv[0], *limits, corpus], once)
        atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
