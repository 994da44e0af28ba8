"""Would an existing engine move work between replicas better than ours? ``python -m benchmarks.queue_engines``."""
