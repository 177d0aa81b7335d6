"""One measured point of the layout: what the standard wants, what the file has."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measurement:
    """A point of the layout.

    Parameters
    ----------
    name
        What was measured, in Chinese.
    standard, measured
        As printed in the report, with units.
    ok
        Whether it is within the tolerance.
    tolerance
        As printed; empty where only equality will do.
    """

    name: str
    standard: str
    measured: str
    ok: bool
    tolerance: str = ""


def length(name: str, standard: float, measured: float, tolerance: float, unit: str) -> Measurement:
    """Return the measurement of a length."""
    ok = abs(measured - standard) <= tolerance
    found = f"{measured:.2f} {unit}"
    return Measurement(name, f"{standard:g} {unit}", found, ok, f"±{tolerance:g} {unit}")


def none_of(name: str, standard: str, faults: list[str]) -> Measurement:
    """Return a measurement that holds unless there are faults; the first few are shown."""
    shown = "；".join(faults[:3]) + ("……" if len(faults) > 3 else "")
    return Measurement(name, standard, shown or "无例外", not faults)
