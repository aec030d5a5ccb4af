"""The families of routes that clients of other systems use."""

from engineering_api.features.ignition import family as ignition
from engineering_api.features.wincc.refusals import refuse_printed, refuse_rest
from engineering_api.features.wincc.spelling import spell
from engineering_api.web.forms.families import Family

FAMILIES = (
    Family("/api/v1/", refuse_printed),
    Family("/winccrestservice/", refuse_rest, spell),
    Family("/system/webdev/", ignition.refused),
)
