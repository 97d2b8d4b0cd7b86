"""The calendar of duties outside the quiet rooms: facts from the store, feed, workbook."""
