"""Who reports, and on which year."""
