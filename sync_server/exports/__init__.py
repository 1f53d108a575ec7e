"""What leaves the centre as files: a month's workbook, its papers, and its data with a manifest."""
