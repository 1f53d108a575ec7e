"""Devices, links and offices that obey the public protocols. Imports contract only."""
