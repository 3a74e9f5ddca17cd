"""Subcommands for shells: each reads standard input or writes to standard output, and ends."""
