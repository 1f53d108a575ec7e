"""From a card to a kiosk: what a technician answers once, each answer tried before it is kept."""
