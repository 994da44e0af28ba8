"""What serving costs: processor time, memory and waits, beside what a user would run instead."""
