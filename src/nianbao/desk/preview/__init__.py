"""``nianbao preview``: the page in the browser, refreshed while data and prose are edited.

session.py  what the page shows now        marks.py   findings beside their sentences
watch.py    which files changed            server.py  the page over HTTP, on loopback only
"""
