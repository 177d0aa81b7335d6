"""The fill-in workbook: one .xlsx per bureau and year, all that a bureau hands in."""
