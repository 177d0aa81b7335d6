"""nianbao (年报): the annual report on government information disclosure, reproducibly.

Folders in the order of the flow, imports only to the left:
inputs -> statistics -> prose -> notebook -> documents -> runs -> cli.
"""

__version__ = "0.1.0"
