"""Figures that we claim, each measured beside a peer in the same run."""
