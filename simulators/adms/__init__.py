"""Terminals that push (ADMS) to rehearse with: `python -m simulators.adms --help`."""
