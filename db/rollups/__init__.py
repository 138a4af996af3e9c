"""Sums over the rows, kept true by every change, and proved by recomputation.

:func:`changing` is how rows change; :func:`check` and :func:`rebuild` compute everything anew, 13 weeks at a time.
"""

from db.rollups.changes import changing
from db.rollups.facts import NewRows
from db.rollups.verification import Difference, Progress, Verification, check, rebuild

__all__ = ["Difference", "NewRows", "Progress", "Verification", "changing", "check", "rebuild"]
