"""What leaves this repository for machines: trees of a release, Debian packages, release files."""
