"""Tables of figures as sources."""
