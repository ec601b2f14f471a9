"""Cells added to a workbook without touching anything else of it."""
