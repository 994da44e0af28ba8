from tests.time_periods import modern_time_periods

__all__ = ["modern_time_periods"]
