"""How a kiosk takes a new release, proves it, and goes back."""
