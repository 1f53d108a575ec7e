"""What a kiosk and the centre say to each other. Pure and wire-versioned; the only package both import."""
