"""The course, done by oneself: what a student trains in the chat."""
