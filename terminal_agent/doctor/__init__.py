"""What is wrong with a kiosk and what to do about it, in one sentence each."""
