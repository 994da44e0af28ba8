"""What the parts of an answer cost the processor, in this process."""
