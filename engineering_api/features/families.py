"""The families of routes that clients of other systems use."""

from engineering_api.web.forms.families import Family
from runtime_data.ignition import family as ignition
from runtime_data.wincc.refusals import refuse_printed, refuse_rest
from runtime_data.wincc.spelling import spell

FAMILIES = (
    Family("/api/v1/", refuse_printed),
    Family("/winccrestservice/", refuse_rest, spell),
    Family("/system/webdev/", ignition.refused),
)
