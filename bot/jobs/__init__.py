"""What runs beside the handlers: photos in their queue, tasks, threads, and limits on both."""
