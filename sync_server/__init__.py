"""The central server: ingest, ledger, daily facts."""
