"""Events to the centre and receipts back where there is no link: sticks, QR codes, typed codes."""
