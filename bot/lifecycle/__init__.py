"""Start, serve and end: above everything that it starts, below the command line."""
