"""The report of one quarter for those who pay for the line: tables, a chart and a glossary.

logs.py counts messages per day and channel, tables.py rounds them and names the rows, and
report_page.py writes and draws them. Every number is a whole ten, 0 to 9 are "<10".
"""
