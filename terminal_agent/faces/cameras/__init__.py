"""Cameras of every kind, and what stands in for one: all give frames, newest first."""
