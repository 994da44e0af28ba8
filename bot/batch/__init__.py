"""What ``python -m bot predict`` is made of: files in, one outcome each, lines and pictures out."""
