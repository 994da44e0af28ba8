"""What ends a soak early."""


class SoakError(Exception):
    """Nothing can be measured; ``str()`` says why in one line."""
