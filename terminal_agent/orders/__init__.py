"""What the centre asks of this kiosk: judged, done, answered."""
