"""Make input and output harmless: bodies, names, uploads, cells of a spreadsheet."""
