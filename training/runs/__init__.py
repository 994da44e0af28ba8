"""What is kept of a training: folders, reports, what was published."""
