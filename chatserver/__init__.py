"""The server: one asyncio process that holds every connection and appends every event to one text file."""
