"""How updates reach the handlers, by polling or webhook, and that none is lost."""
