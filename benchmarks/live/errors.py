"""What ends a benchmark of the running bot early."""


class LiveError(Exception):
    """Nothing can be measured; ``str()`` says why in one line."""
