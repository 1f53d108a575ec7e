"""What is kept of people, how long, and what becomes of it: retention, erasure with proof, breach."""
