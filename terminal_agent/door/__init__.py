"""The agent's local socket: camera, screen and commands are its clients."""
