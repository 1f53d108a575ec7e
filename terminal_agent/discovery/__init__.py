"""What is within a kiosk's reach: terminals, cameras, serial ports, other kiosks."""
