"""The kiosk's screen: a page for a browser on the kiosk itself, fed by the agent's socket."""
