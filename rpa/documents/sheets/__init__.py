"""What the readers of tables share: opening a workbook, cells as they are shown, headings."""
