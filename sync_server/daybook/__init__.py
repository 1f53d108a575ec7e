"""The book of daily facts: read on from the chains, made anew where something changed, provable."""
