"""The pictures of the replies, drawn with Pillow: each function returns the bytes of a JPEG."""
