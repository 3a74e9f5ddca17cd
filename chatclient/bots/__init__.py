"""Programs that take part in conversations: `from chatclient import connect`. What is public stands in `chatclient`."""
