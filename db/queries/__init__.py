"""What the pages ask of the store: one function each, a frame of :mod:`db.frames` back.

All take a reader first, an engine or a snapshot, and read roll-ups: what they cost grows with days, platforms and
departments, never with posts. No query names an engine, and none is glued together from text.
"""

from db.operations.sources import SourceHealth, source_health
from db.queries.authors import speakers
from db.queries.backlog import oldest_unanswered, unanswered_weeks
from db.queries.comparison import DepartmentFunnel, department_funnel
from db.queries.copies import CopyCounts, copy_counts, copy_groups
from db.queries.coverage import coverage
from db.queries.departments import accounts, department_volume, receiving_volume
from db.queries.districts import district_volume
from db.queries.expectation import expected_by_issue, volume_expectation
from db.queries.extent import DataExtent, FilterOptions, Option, data_extent, filter_options, has_posts, load_id
from db.queries.hidden import hidden_reasons
from db.queries.incidents import (
    IncidentPosts,
    incident,
    incident_examples,
    incident_terms,
    incidents,
    posts_of_incident,
)
from db.queries.kept import frozen_figures, self_check
from db.queries.keywords import department_terms, distinctive_terms, term_groups, top_terms
from db.queries.percentiles import response_percentiles
from db.queries.platforms import platform_authors, platform_policies, platform_totals, platform_weeks
from db.queries.replies import replies_by_department, reply_kinds
from db.queries.response import (
    ResponseCoverage,
    answer_times,
    direct_replies,
    ever_answered,
    reply_curve,
    response_coverage,
    response_curve,
    response_histogram,
)
from db.queries.reviews import filter_rules, review_counts, reviews
from db.queries.runs import load_runs, reject_reasons
from db.queries.sources import account_gaps, source_states_of_all, source_usage_of_month
from db.queries.standing import IssueAnswers, issue_answers, standing_issues
from db.queries.stock import unanswered_ages
from db.queries.trends import term_trend
from db.queries.volume import class_reasons, classes, posts_by_day
from db.search import SearchCounts, SearchPage, answers_of, attachments_of, search, search_counts

__all__ = [
    "CopyCounts",
    "DataExtent",
    "DepartmentFunnel",
    "FilterOptions",
    "IncidentPosts",
    "IssueAnswers",
    "Option",
    "ResponseCoverage",
    "SearchCounts",
    "SearchPage",
    "SourceHealth",
    "account_gaps",
    "accounts",
    "answer_times",
    "answers_of",
    "attachments_of",
    "class_reasons",
    "classes",
    "copy_counts",
    "copy_groups",
    "coverage",
    "data_extent",
    "department_funnel",
    "department_terms",
    "department_volume",
    "direct_replies",
    "distinctive_terms",
    "district_volume",
    "ever_answered",
    "expected_by_issue",
    "filter_options",
    "filter_rules",
    "frozen_figures",
    "has_posts",
    "hidden_reasons",
    "incident",
    "incident_examples",
    "incident_terms",
    "incidents",
    "issue_answers",
    "load_id",
    "load_runs",
    "oldest_unanswered",
    "platform_authors",
    "platform_policies",
    "platform_totals",
    "platform_weeks",
    "posts_by_day",
    "posts_of_incident",
    "receiving_volume",
    "reject_reasons",
    "replies_by_department",
    "reply_curve",
    "reply_kinds",
    "response_coverage",
    "response_curve",
    "response_histogram",
    "response_percentiles",
    "review_counts",
    "reviews",
    "search",
    "search_counts",
    "self_check",
    "source_health",
    "source_states_of_all",
    "source_usage_of_month",
    "speakers",
    "standing_issues",
    "term_groups",
    "term_trend",
    "top_terms",
    "unanswered_ages",
    "unanswered_weeks",
    "volume_expectation",
]
