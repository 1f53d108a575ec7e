"""What can still be proven of a damaged journal, and a new journal that goes on from it."""
