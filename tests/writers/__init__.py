"""Random reports with what is expected of every cell: figures, layouts, misprints. Nothing here reads a report."""
