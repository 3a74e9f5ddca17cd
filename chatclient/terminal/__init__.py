"""The terminal client: a full screen of text, or plain lines where there is no terminal."""
