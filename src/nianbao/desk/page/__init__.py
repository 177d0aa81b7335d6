"""The report as it will be published, drawn anew while data and prose are edited.

session.py  what the page shows now        marks.py    findings beside their sentences
drawing.py  sessions in their own process  links.py    numbers that lead to their sources
watch.py    which files changed
"""
