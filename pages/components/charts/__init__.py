"""Figures from the store's frames: a DataFrame and a language in, a plotly figure out; no Streamlit here."""

from pages.components.charts.backlog import ever_answered, unanswered_weeks
from pages.components.charts.comparison import department_funnel
from pages.components.charts.course import kpi_weeks
from pages.components.charts.departments import (
    answered_share_intervals,
    department_bars,
    receiving_bars,
    unanswered_ages,
)
from pages.components.charts.districts import district_bars
from pages.components.charts.expectation import week_steps
from pages.components.charts.hidden import hidden_classes, hidden_reasons
from pages.components.charts.keywords import department_term_bars, distinctive_bars, keyword_bars, term_trend
from pages.components.charts.labels import UnknownLabel, label
from pages.components.charts.platforms import platform_share, platform_small, platform_totals
from pages.components.charts.replies import reply_curves, reply_kinds
from pages.components.charts.response import response_curve, response_histogram
from pages.components.charts.style import LOCALE_CONFIG, PALETTE, locale_config
from pages.components.charts.text import plain
from pages.components.charts.volume import class_split, volume

__all__ = [
    "LOCALE_CONFIG",
    "PALETTE",
    "UnknownLabel",
    "answered_share_intervals",
    "class_split",
    "department_bars",
    "department_funnel",
    "department_term_bars",
    "distinctive_bars",
    "district_bars",
    "ever_answered",
    "hidden_classes",
    "hidden_reasons",
    "keyword_bars",
    "kpi_weeks",
    "label",
    "locale_config",
    "plain",
    "platform_share",
    "platform_small",
    "platform_totals",
    "receiving_bars",
    "reply_curves",
    "reply_kinds",
    "response_curve",
    "response_histogram",
    "term_trend",
    "unanswered_ages",
    "unanswered_weeks",
    "volume",
    "week_steps",
]
