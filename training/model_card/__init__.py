"""The card and the page that tell what is published."""
