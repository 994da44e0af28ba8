"""How updates reach the handlers and answers reach people: polling, queues, patience, start and end."""
