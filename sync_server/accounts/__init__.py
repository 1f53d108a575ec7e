"""Who may log in: accounts, passwords, sessions, keys for programs, and the first administrator."""
