"""Reads of the store, each cached by (filter, load id). The only ``st.cache_*`` calls of the project.

All reads of one page run come from one snapshot of the store, whose load id is in every key: what is cached under a
load id was read from exactly that state, and the next state makes it unreachable.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from db import metrics, queries
from db.metrics import METRICS as METRICS
from db.queries import DataExtent, FilterOptions, IssueAnswers, ResponseCoverage, SearchCounts, SearchPage
from db.records import MetricValue, PostFilter, SearchRequest
from db.search import highlights as highlights
from pages.components import charts, cloud, readings
from pages.components.cached.backlog import ever_answered as ever_answered
from pages.components.cached.backlog import oldest_unanswered as oldest_unanswered
from pages.components.cached.backlog import unanswered_weeks as unanswered_weeks
from pages.components.cached.comparison import DepartmentFunnel as DepartmentFunnel
from pages.components.cached.comparison import department_funnel as department_funnel
from pages.components.cached.comparison import department_funnel_figure as department_funnel_figure
from pages.components.cached.course import BY_WEEK as BY_WEEK
from pages.components.cached.course import metric_weeks as metric_weeks
from pages.components.cached.course import metric_weeks_figure as metric_weeks_figure
from pages.components.cached.coverage import coverage as coverage
from pages.components.cached.coverage import expected_by_issue as expected_by_issue
from pages.components.cached.coverage import platform_authors as platform_authors
from pages.components.cached.coverage import volume_expectation as volume_expectation
from pages.components.cached.hidden import copy_counts as copy_counts
from pages.components.cached.hidden import copy_groups as copy_groups
from pages.components.cached.hidden import filter_rules as filter_rules
from pages.components.cached.hidden import hidden_reasons as hidden_reasons
from pages.components.cached.hidden import review_counts as review_counts
from pages.components.cached.hidden import reviews as reviews
from pages.components.cached.kept import CITABLE as CITABLE
from pages.components.cached.kept import Change as Change
from pages.components.cached.kept import Frozen as Frozen
from pages.components.cached.kept import changes_of as changes_of
from pages.components.cached.kept import figure_bundle as figure_bundle
from pages.components.cached.kept import figure_citation as figure_citation
from pages.components.cached.kept import frozen as frozen
from pages.components.cached.kept import kept_figure as kept_figure
from pages.components.cached.kept import self_check as self_check
from pages.components.cached.replies import replies_by_department as replies_by_department
from pages.components.cached.replies import reply_curve as reply_curve
from pages.components.cached.replies import reply_kinds as reply_kinds
from pages.components.cached.sources import SourceHealth as SourceHealth
from pages.components.cached.sources import account_gaps as account_gaps
from pages.components.cached.sources import source_health as source_health
from pages.components.cached.store import MAX_ENTRIES, TTL
from pages.components.cached.store import StoreSlow as StoreSlow
from pages.components.cached.store import StoreUnavailable as StoreUnavailable
from pages.components.cached.store import current_load_id as current_load_id
from pages.components.cached.store import engine as engine
from pages.components.cached.store import reader as _reader
from pages.components.cached.store import snapshot as snapshot
from pages.components.cached.store import translated as _translated

if TYPE_CHECKING:
    from plotly.graph_objects import Figure


@st.cache_data(ttl=TTL, max_entries=8, show_spinner=False)
@_translated
def data_extent(synthetic: bool, load_id: int) -> DataExtent:
    """Return the first and last day of data, the cut-off and the number of posts."""
    return queries.data_extent(_reader(), synthetic)


@st.cache_data(ttl=TTL, max_entries=8, show_spinner=False)
@_translated
def filter_options(synthetic: bool, load_id: int) -> FilterOptions:
    """Return the departments and platforms one may filter by."""
    return queries.filter_options(_reader(), synthetic)


@st.cache_data(ttl=TTL, max_entries=MAX_ENTRIES, show_spinner=False)
@_translated
def posts_by_day(where: PostFilter, load_id: int) -> pd.DataFrame:
    """Return POSTS_BY_DAY."""
    return queries.posts_by_day(_reader(), where)


@st.cache_data(ttl=TTL, max_entries=MAX_ENTRIES, show_spinner=False)
@_translated
def classes(where: PostFilter, load_id: int) -> pd.DataFrame:
    """Return CLASSES."""
    return queries.classes(_reader(), where)


@st.cache_data(ttl=TTL, max_entries=MAX_ENTRIES, show_spinner=False)
@_translated
def class_reasons(where: PostFilter, load_id: int) -> pd.DataFrame:
    """Return CLASS_REASONS."""
    return queries.class_reasons(_reader(), where)


@st.cache_data(ttl=TTL, max_entries=MAX_ENTRIES, show_spinner=False)
@_translated
def department_volume(where: PostFilter, load_id: int) -> pd.DataFrame:
    """Return DEPARTMENT_VOLUME."""
    return queries.department_volume(_reader(), where)


@st.cache_data(ttl=TTL, max_entries=MAX_ENTRIES, show_spinner=False)
@_translated
def receiving_volume(where: PostFilter, load_id: int) -> pd.DataFrame:
    """Return RECEIVING_VOLUME."""
    return queries.receiving_volume(_reader(), where)


@st.cache_data(ttl=TTL, max_entries=MAX_ENTRIES, show_spinner=False)
@_translated
def district_volume(where: PostFilter, load_id: int) -> pd.DataFrame:
    """Return DISTRICT_VOLUME."""
    return queries.district_volume(_reader(), where)


@st.cache_data(ttl=TTL, max_entries=MAX_ENTRIES, show_spinner=False)
@_translated
def platform_weeks(where: PostFilter, load_id: int, same_accounts: bool = False) -> pd.DataFrame:
    """Return PLATFORM_WEEKS, of posts to the same accounts alone if asked."""
    return queries.platform_weeks(_reader(), where, same_accounts=same_accounts)


@st.cache_data(ttl=TTL, max_entries=MAX_ENTRIES, show_spinner=False)
@_translated
def platform_totals(where: PostFilter, load_id: int, same_accounts: bool = False) -> pd.DataFrame:
    """Return PLATFORM_TOTALS, of posts to the same accounts alone if asked."""
    return queries.platform_totals(_reader(), where, same_accounts=same_accounts)


@st.cache_data(ttl=TTL, max_entries=8, show_spinner=False)
@_translated
def platform_policies(load_id: int) -> pd.DataFrame:
    """Return PLATFORM_POLICIES."""
    return queries.platform_policies(_reader())


@st.cache_data(ttl=TTL, max_entries=8, show_spinner=False)
@_translated
def accounts(synthetic: bool, load_id: int) -> pd.DataFrame:
    """Return ACCOUNTS."""
    return queries.accounts(_reader(), synthetic)


@st.cache_data(ttl=TTL, max_entries=MAX_ENTRIES, show_spinner=False)
@_translated
def top_terms(where: PostFilter, load_id: int, limit: int = 30) -> pd.DataFrame:
    """Return TERMS, most frequent first."""
    return queries.top_terms(_reader(), where, limit)


@st.cache_data(ttl=TTL, max_entries=MAX_ENTRIES, show_spinner=False)
@_translated
def distinctive_terms(where: PostFilter, load_id: int, limit: int = 60) -> pd.DataFrame:
    """Return DISTINCTIVE_TERMS, most distinctive first."""
    return queries.distinctive_terms(_reader(), where, limit)


@st.cache_data(ttl=TTL, max_entries=MAX_ENTRIES, show_spinner=False)
@_translated
def department_terms(where: PostFilter, load_id: int, limit: int = 15) -> pd.DataFrame:
    """Return DEPARTMENT_TERMS, most distinctive first."""
    return queries.department_terms(_reader(), where, limit)


@st.cache_data(ttl=TTL, max_entries=MAX_ENTRIES, show_spinner=False)
@_translated
def term_trend(where: PostFilter, load_id: int, terms: tuple[str, ...]) -> pd.DataFrame:
    """Return TERM_TREND of ``terms``."""
    return queries.term_trend(_reader(), where, terms)


@st.cache_data(ttl=TTL, max_entries=MAX_ENTRIES, show_spinner=False)
@_translated
def speakers(where: PostFilter, load_id: int, terms: tuple[str, ...]) -> pd.DataFrame:
    """Return SPEAKERS of ``terms``; it reads questions one by one, so only for who asks for it."""
    return queries.speakers(_reader(), where, terms)


@st.cache_data(ttl=TTL, max_entries=MAX_ENTRIES, show_spinner=False)
@_translated
def incidents(where: PostFilter, load_id: int, words: tuple[str, ...] = ()) -> pd.DataFrame:
    """Return INCIDENTS of the period, the latest first; with ``words`` those that concern one of them."""
    return queries.incidents(_reader(), where, words)


@st.cache_data(ttl=TTL, max_entries=MAX_ENTRIES, show_spinner=False)
@_translated
def incident(incident_id: int, load_id: int) -> pd.DataFrame:
    """Return one row of INCIDENTS, or none."""
    return queries.incident(_reader(), incident_id)


@st.cache_data(ttl=TTL, max_entries=MAX_ENTRIES, show_spinner=False)
@_translated
def incident_terms(incident_id: int, load_id: int) -> pd.DataFrame:
    """Return INCIDENT_WORDS, the most surprising first."""
    return queries.incident_terms(_reader(), incident_id)


@st.cache_data(ttl=TTL, max_entries=MAX_ENTRIES, show_spinner=False)
@_translated
def incident_examples(incident_id: int, load_id: int) -> pd.DataFrame:
    """Return SEARCH_RESULTS of the posts that hold most of an incident's words."""
    return queries.incident_examples(_reader(), incident_id)


@st.cache_data(ttl=TTL, max_entries=8, show_spinner=False)
@_translated
def term_groups(load_id: int) -> pd.DataFrame:
    """Return TERM_GROUPS."""
    return queries.term_groups(_reader())


@st.cache_data(ttl=TTL, max_entries=MAX_ENTRIES, show_spinner=False)
@_translated
def standing_issues(where: PostFilter, load_id: int) -> pd.DataFrame:
    """Return STANDING_ISSUES, compared with the period before."""
    return queries.standing_issues(_reader(), where)


@st.cache_data(ttl=TTL, max_entries=MAX_ENTRIES, show_spinner=False)
@_translated
def issue_answers(where: PostFilter, load_id: int, issue: str) -> IssueAnswers:
    """Return how many of the newest questions on a standing issue were answered."""
    return queries.issue_answers(_reader(), where, issue)


@st.cache_data(ttl=TTL, max_entries=MAX_ENTRIES, show_spinner=False)
@_translated
def response_histogram(where: PostFilter, load_id: int) -> pd.DataFrame:
    """Return RESPONSE_HISTOGRAM."""
    return queries.response_histogram(_reader(), where)


@st.cache_data(ttl=TTL, max_entries=MAX_ENTRIES, show_spinner=False)
@_translated
def response_curve(where: PostFilter, load_id: int) -> pd.DataFrame:
    """Return RESPONSE_CURVE."""
    return queries.response_curve(_reader(), where)


@st.cache_data(ttl=TTL, max_entries=MAX_ENTRIES, show_spinner=False)
@_translated
def response_coverage(where: PostFilter, load_id: int) -> ResponseCoverage:
    """Return how many questions the response times speak of, and how many they cannot."""
    return queries.response_coverage(_reader(), where)


@st.cache_data(ttl=TTL, max_entries=MAX_ENTRIES, show_spinner=False)
@_translated
def unanswered_ages(where: PostFilter, load_id: int) -> pd.DataFrame:
    """Return UNANSWERED_AGES."""
    return queries.unanswered_ages(_reader(), where)


@st.cache_data(ttl=TTL, max_entries=MAX_ENTRIES, show_spinner=False)
@_translated
def search(request: SearchRequest, load_id: int) -> SearchPage:
    """Return one page of search results."""
    return queries.search(_reader(), request)


@st.cache_data(ttl=TTL, max_entries=MAX_ENTRIES, show_spinner=False)
@_translated
def search_counts(request: SearchRequest, load_id: int) -> SearchCounts:
    """Return how many posts match, and how they divide."""
    return queries.search_counts(_reader(), request)


@st.cache_data(ttl=TTL, max_entries=MAX_ENTRIES, show_spinner=False)
@_translated
def answers_of(post_ids: tuple[int, ...], load_id: int) -> pd.DataFrame:
    """Return ANSWERS of these questions."""
    return queries.answers_of(_reader(), post_ids)


@st.cache_data(ttl=TTL, max_entries=MAX_ENTRIES, show_spinner=False)
@_translated
def attachments_of(post_ids: tuple[int, ...], load_id: int) -> pd.DataFrame:
    """Return ATTACHMENTS of these posts."""
    return queries.attachments_of(_reader(), post_ids)


@st.cache_data(ttl=TTL, max_entries=8, show_spinner=False)
@_translated
def load_runs(load_id: int) -> pd.DataFrame:
    """Return LOAD_RUNS, newest first."""
    return queries.load_runs(_reader())


@st.cache_data(ttl=TTL, max_entries=8, show_spinner=False)
@_translated
def reject_reasons(load_id: int) -> pd.DataFrame:
    """Return REJECT_REASONS."""
    return queries.reject_reasons(_reader())


@st.cache_data(ttl=TTL, max_entries=MAX_ENTRIES, show_spinner=False)
@_translated
def metric(name: str, where: PostFilter, load_id: int) -> MetricValue:
    """Return one KPI by its id in METRICS."""
    return metrics.metric(_reader(), name, where)


# A chart by name: what is read, and the function that draws it.
FIGURES: dict[str, Callable[[PostFilter, int, str], Figure]] = {
    "volume": lambda where, load_id, lang: charts.volume(
        readings.known_days(posts_by_day(where, load_id), coverage(where, load_id)),
        lang,
        volume_expectation(where, load_id),
        coverage(where, load_id),
    ),
    "week_steps": lambda where, load_id, lang: charts.week_steps(expected_by_issue(where, load_id), lang),
    "class_split": lambda where, load_id, lang: charts.class_split(classes(where, load_id), lang),
    "hidden_classes": lambda where, load_id, lang: charts.hidden_classes(hidden_reasons(where, load_id), lang),
    "hidden_reasons": lambda where, load_id, lang: charts.hidden_reasons(hidden_reasons(where, load_id), lang),
    "keywords": lambda where, load_id, lang: charts.keyword_bars(top_terms(where, load_id, 10), lang),
    "distinctive": lambda where, load_id, lang: charts.distinctive_bars(distinctive_terms(where, load_id, 10), lang),
    "distinctive_long": lambda where, load_id, lang: charts.distinctive_bars(
        distinctive_terms(where, load_id, 15), lang
    ),
    "department_terms": lambda where, load_id, lang: charts.department_term_bars(
        department_terms(where, load_id), lang
    ),
    "departments": lambda where, load_id, lang: charts.department_bars(department_volume(where, load_id), lang),
    "answered_share": lambda where, load_id, lang: charts.answered_share_intervals(
        department_volume(where, load_id), lang
    ),
    "receiving": lambda where, load_id, lang: charts.receiving_bars(receiving_volume(where, load_id), lang),
    "districts": lambda where, load_id, lang: charts.district_bars(district_volume(where, load_id), lang),
    "response_histogram": lambda where, load_id, lang: charts.response_histogram(
        response_histogram(where, load_id), lang
    ),
    "response_curve": lambda where, load_id, lang: charts.response_curve(response_curve(where, load_id), lang),
    "reply_kinds": lambda where, load_id, lang: charts.reply_kinds(reply_kinds(where, load_id), lang),
    "reply_curves": lambda where, load_id, lang: charts.reply_curves(
        response_curve(where, load_id), reply_curve(where, load_id), lang
    ),
    "unanswered_weeks": lambda where, load_id, lang: charts.unanswered_weeks(unanswered_weeks(where, load_id), lang),
    "ever_answered": lambda where, load_id, lang: charts.ever_answered(ever_answered(where, load_id), lang),
    "unanswered_ages": lambda where, load_id, lang: charts.unanswered_ages(unanswered_ages(where, load_id), lang),
}


@st.cache_resource(ttl=TTL, max_entries=MAX_ENTRIES, show_spinner=False)
def figure(name: str, where: PostFilter, load_id: int, lang: str) -> Figure:
    """Return a chart of FIGURES. Shared by all visitors: nobody may change it."""
    return FIGURES[name](where, load_id, lang)


@st.cache_resource(ttl=TTL, max_entries=MAX_ENTRIES, show_spinner=False)
def platform_figure(name: str, where: PostFilter, load_id: int, lang: str, same_accounts: bool) -> Figure:
    """Return ``share``, ``small`` or ``totals`` by platform, of posts to the same accounts alone if asked."""
    totals = platform_totals(where, load_id, same_accounts)
    if name == "totals":
        return charts.platform_totals(totals, lang)
    known = coverage(where, load_id)
    weeks = readings.known_weeks(platform_weeks(where, load_id, same_accounts), known)
    if name == "small":
        return charts.platform_small(weeks, totals, lang)
    return charts.platform_share(weeks, totals, lang, known)


@st.cache_resource(ttl=TTL, max_entries=MAX_ENTRIES, show_spinner=False)
def term_trend_figure(where: PostFilter, load_id: int, terms: tuple[str, ...], lang: str) -> Figure:
    """Return the trend lines of ``terms``."""
    return charts.term_trend(term_trend(where, load_id, terms), lang)


@st.cache_data(ttl=TTL, max_entries=64, show_spinner=False)
def word_cloud(where: PostFilter, load_id: int, lang: str) -> bytes:
    """Return the word cloud of the distinctive terms as PNG."""
    return cloud.word_cloud(distinctive_terms(where, load_id), lang, cloud.FONT)
