"""What server and clients agree on: protocol, record format, rules and errors. No I/O."""
