"""Files of tables from outside: their bytes and text, a workbook within bounds, and the error of one that cannot be read."""
