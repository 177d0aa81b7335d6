"""nianbao (年报): the annual report on government information disclosure, reproducibly.

What stands in ``__all__`` is the public API (docs/api.md): it does not change without a line in
CHANGELOG.md. Each name is loaded when it is first asked for, so that ``import nianbao`` costs
nothing.
"""

# Nothing is imported here: under ``python -m nianbao`` this runs before the current folder is off
# the path (see __main__).
TYPE_CHECKING = False
if TYPE_CHECKING:
    from nianbao.errors import (
        ExecutionError,
        ExportError,
        FindingsError,
        InputError,
        NarrativeError,
        NianbaoError,
        UsageError,
    )
    from nianbao.notebook.report import Report
    from nianbao.publishing.public import build_report, check, open_report
    from nianbao.statistics.model import Finding, Table
    from nianbao.statistics.statute import count_requests, sum_decisions, sum_reviews

__version__ = "0.1.0"

__all__ = [
    "ExecutionError",
    "ExportError",
    "Finding",
    "FindingsError",
    "InputError",
    "NarrativeError",
    "NianbaoError",
    "Report",
    "Table",
    "UsageError",
    "build_report",
    "check",
    "count_requests",
    "open_report",
    "sum_decisions",
    "sum_reviews",
]

_HOMES = {
    "nianbao.notebook.report": ("Report",),
    "nianbao.publishing.public": ("build_report", "check", "open_report"),
    "nianbao.statistics.model": ("Finding", "Table"),
    "nianbao.statistics.statute": ("count_requests", "sum_decisions", "sum_reviews"),
}
"""Where a name lives; the errors all live together."""


def __getattr__(name: str) -> object:
    """Load a public name (PEP 562)."""
    from importlib import import_module

    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    homes = (module for module, names in _HOMES.items() if name in names)
    return getattr(import_module(next(homes, "nianbao.errors")), name)


def __dir__() -> list[str]:
    """List the public names, for autocomplete."""
    return [*__all__, "__version__"]
