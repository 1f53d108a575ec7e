"""The camera's process: it looks, and tells the agent what it sees."""
