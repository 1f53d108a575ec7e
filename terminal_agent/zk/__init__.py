"""The ZKTeco pull protocol: frames, records, what to read next (all pure) and the socket."""
