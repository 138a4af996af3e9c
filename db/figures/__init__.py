"""Figures that can be cited: frozen with an id of their own, taken along as one file, and told apart from what is now.

Nothing here writes: who may write keeps a figure by :mod:`db.writes.frozen`.
"""

from __future__ import annotations

from db.figures.bundles import AlteredBundle, address, bundle, citation, open_bundle
from db.figures.comparing import CHANGES, Change, changes, verdict
from db.figures.figure import Drawing, Figure, FigureQuery, UnknownFigure
from db.figures.record import Frozen, NoRecord, freeze
from db.figures.sums import Sums
from db.figures.table import FIGURES

__all__ = [
    "CHANGES",
    "FIGURES",
    "AlteredBundle",
    "Change",
    "Drawing",
    "Figure",
    "FigureQuery",
    "Frozen",
    "NoRecord",
    "Sums",
    "UnknownFigure",
    "address",
    "bundle",
    "changes",
    "citation",
    "freeze",
    "open_bundle",
    "verdict",
]
