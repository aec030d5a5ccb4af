"""The schema of the interface in GraphQL's own language: the names and types that clients of WinCC Unified use.

Facts: docs/facts/wincc.md#unified.
"""

from __future__ import annotations

from textwrap import indent

ALARM = """\
name: String
instanceID: Int
alarmGroupID: Int
raiseTime: Timestamp
acknowledgmentTime: Timestamp
clearTime: Timestamp
resetTime: Timestamp
modificationTime: Timestamp
state: AlarmState
textColor: Color
backColor: Color
languages: [String]
alarmClassName: String
alarmClassSymbol: [String]
alarmClassID: Int
stateMachine: AlarmStateMachine
priority: Int
alarmParameterValues: [Variant]
alarmType: [String]
eventText: [String]
infoText: [String]
alarmText1: [String]
alarmText2: [String]
alarmText3: [String]
alarmText4: [String]
alarmText5: [String]
alarmText6: [String]
alarmText7: [String]
alarmText8: [String]
alarmText9: [String]
stateText: [String]
origin: String
area: String
changeReason: [AlarmChangeReason]
valueLimit: Variant
sourceType: AlarmSourceType
suppressionState: AlarmSuppressionState
hostName: String
userName: String
value: Variant
valueQuality: Quality
quality: Quality
invalidFlags: AlarmInvalidFlags
producer: AlarmProducer
duration: Timespan
durationIso: TimespanIso
"""
"""The fields of an alarm wherever there is one."""
ACTIVE = """\
flashing: Boolean
connectionName: String
deadBand: Variant
sourceID: String
systemSeverity: Int
loopInAlarm: String
loopInAlarmParameterValues: Variant
path: String
userResponse: AlarmUserResponse
"""
"""The further fields of an alarm that is not Normal."""

_FILTER = """\
systemNames: [String] = [], filterString: String = "", filterLanguage: String = "en-US", languages: [String] = ["en-US"]\
"""
_NEVER = '"1970-01-01T00:00:00.000Z"'


def _type(name: str, *fields: str) -> str:
    return f"type {name} {{\n{indent(''.join(fields), '  ')}}}\n"


def _enum(name: str, values: str) -> str:
    return f"enum {name} {{ {values} }}\n"


_ROOTS = f"""\
scalar Variant
scalar Timestamp
scalar Timespan
scalar TimespanIso
scalar Color

type Query {{
  session(allSessions: Boolean): [Session]
  nonce: Nonce
  identityProviderURL: String
  tagValues(names: [String!]!, directRead: Boolean = false): [TagValueResult]
  browse(
    nameFilters: [String] = [], objectTypeFilters: [ObjectTypesEnum] = [], baseTypeFilters: [String] = [],
    language: String = "en-US"
  ): [BrowseTagsResult]
  loggedTagValues(
    names: [String]!, startTime: Timestamp = {_NEVER}, endTime: Timestamp = {_NEVER}, maxNumberOfValues: Int = 0,
    sortingMode: LoggedTagValuesSortingModeEnum = TIME_ASC,
    boundingValuesMode: LoggedTagValuesBoundingModeEnum = NO_BOUNDING_VALUES
  ): [LoggedTagValuesResult]
  activeAlarms({_FILTER}): [ActiveAlarm]
  loggedAlarms(
    {_FILTER}, startTime: Timestamp = {_NEVER}, endTime: Timestamp = {_NEVER}, maxNumberOfResults: Int = 0
  ): [LoggedAlarm]
}}

type Mutation {{
  login(username: String!, password: String!): Session
  loginSWAC(claim: String!, signedClaim: String!): Session
  extendSession: Session
  logout(allSessions: Boolean): Boolean
  writeTagValues(input: [TagValueInput]!, timestamp: Timestamp, quality: QualityInput): [WriteTagValuesResult]
  acknowledgeAlarms(input: [AlarmIdentifierInput]!): [ActiveAlarmMutationResult]
  resetAlarms(input: [AlarmIdentifierInput]!): [ActiveAlarmMutationResult]
  disableAlarms(names: [String]!): [AlarmMutationResult]
  enableAlarms(names: [String]!): [AlarmMutationResult]
  shelveAlarms(names: [String]!, shelveTimeout: Timespan = 0): [AlarmMutationResult]
  unshelveAlarms(names: [String]!): [AlarmMutationResult]
}}

type Subscription {{
  tagValues(names: [String!]!): TagValueNotification
  activeAlarms({_FILTER}): ActiveAlarmNotification
  reduState: ReduStateNotification
}}

input QualityInput {{ quality: MainQuality! subStatus: QualitySubStatus }}
input TagValueInput {{ name: String! value: Variant! timestamp: Timestamp quality: QualityInput }}
input AlarmIdentifierInput {{ name: String! instanceID: Int = 0 }}
"""
_TYPES = {
    "Error": "code: String\ndescription: String\n",
    "Quality": "quality: MainQuality\nsubStatus: QualitySubStatus\nlimit: QualityLimit\n"
    "extendedSubStatus: QualityExtendedSubStatus\nsourceQuality: Boolean\nsourceTime: Boolean\ntimeCorrected: Boolean\n",
    "Session": "user: User\ntoken: String\nexpires: Timestamp\nerror: Error\n",
    "User": "id: ID\nname: String\ngroups: [UserGroup]\nfullName: String\nlanguage: String\nautoLogoffSec: Int\n",
    "UserGroup": "id: ID\nname: String\n",
    "Nonce": "value: String\nvalidFor: Int\n",
    "Value": "value: Variant\ntimestamp: Timestamp\nquality: Quality\n",
    "TagValueResult": "name: String\nvalue: Value\nerror: Error\n",
    "WriteTagValuesResult": "name: String\nerror: Error\n",
    "TagValueNotification": "name: String\nvalue: Value\nerror: Error\nnotificationReason: String\n",
    "BrowseTagsResult": "name: String\ndisplayName: String\nobjectType: String\ndataType: String\n",
    "LoggedTagValuesResult": "loggingTagName: String\nerror: Error\nvalues: [LoggedValue]\n",
    "LoggedValue": "value: Value\nflags: [LoggedTagValueFlagsEnum]\n",
    "AlarmMutationResult": "alarmName: String\nerror: Error\n",
    "ActiveAlarmMutationResult": "alarmName: String\nalarmInstanceID: Int\nerror: Error\n",
    "LoggedAlarm": f"{ALARM}deadband: Variant\nhasComments: Boolean\n",
    "ActiveAlarm": ALARM + ACTIVE,
    "ActiveAlarmNotification": f"{ALARM}{ACTIVE}notificationReason: String\n",
    "AlarmInvalidFlags": "invalidConfiguration: Boolean\ninvalidTimestamp: Boolean\ninvalidAlarmParameter: Boolean\n"
    "invalidEventText: Boolean\n",
    "ReduStateNotification": "value: ReduStateValue\nnotificationReason: String\n",
    "ReduStateValue": "value: ReduState\ntimestamp: Timestamp\n",
}
_ENUMS = {
    "MainQuality": "BAD UNCERTAIN GOOD_NON_CASCADE GOOD_CASCADE",
    "QualitySubStatus": "NON_SPECIFIC CONFIGURATION_ERROR NOT_CONNECTED SENSOR_FAILURE DEVICE_FAILURE"
    " NO_COMMUNICATION_WITH_LAST_USABLE_VALUE NO_COMMUNICATION_NO_USABLE_VALUE OUT_OF_SERVICE LAST_USABLE_VALUE"
    " SUBSTITUTE_VALUE INITIAL_VALUE SENSOR_CONVERSION RANGE_VIOLATION SUB_NORMAL CONFIG_ERROR SIMULATED_VALUE"
    " SENSOR_CALIBRATION UPDATE_EVENT ADVISORY_ALARM CRITICAL_ALARM UNACK_UPDATE_EVENT UNACK_ADVISORY_ALARM"
    " UNACK_CRITICAL_ALARM INIT_FAILSAFE MAINTENANCE_REQUIRED INIT_ACKED INITREQ NOT_INVITED DO_NOT_SELECT LOCAL_OVERRIDE",
    "QualityLimit": "OK LOW_LIMIT_VIOLATION HIGH_LIMIT_VIOLATION CONSTANT",
    "QualityExtendedSubStatus": "NON_SPECIFIC AGGREGATED_VALUE UNUSABLE_VALUE DISABLED MANUAL_INPUT CORRECTED_VALUE"
    " LAST_USABLE_VALUE INITIAL_VALUE",
    "ObjectTypesEnum": "TAG SIMPLETAG STRUCTURETAG TAGTYPE STRUCTURETAGTYPE SIMPLETAGTYPE ALARM ALARMCLASS LOGGINGTAG",
    "LoggedTagValuesSortingModeEnum": "TIME_ASC TIME_DESC",
    "LoggedTagValuesBoundingModeEnum": "NO_BOUNDING_VALUES LEFT_BOUNDING_VALUES RIGHT_BOUNDING_VALUES"
    " LEFTRIGHT_BOUNDING_VALUES",
    "LoggedTagValueFlagsEnum": "EXTRA CALCULATED PARTIAL BOUNDING NO_DATA FIRST_STORED LAST_STORED HAS_REF_TIMESTAMP"
    " IS_MULTIVALUE LAST_AGGREGATED_VALUE_BEFORE_VERY_LAST_CYCLE",
    "AlarmState": "NORMAL RAISED RAISED_CLEARED RAISED_ACKNOWLEDGED RAISED_ACKNOWLEDGED_CLEARED"
    " RAISED_CLEARED_ACKNOWLEDGED REMOVED",
    "AlarmStateMachine": "RAISE RAISE_CLEAR RAISE_REQUIRES_ACKNOWLEDGMENT RAISE_CLEAR_OPTIONAL_ACKNOWLEDGMENT"
    " RAISE_CLEAR_REQUIRES_ACKNOWLEDGMENT RAISE_CLEAR_REQUIRES_ACKNOWLEDGMENT_AND_RESET",
    "AlarmChangeReason": "ALARM_STATE_CHANGED_RAISE_EVENT ALARM_STATE_CHANGED_CLEAR_EVENT"
    " ALARM_STATE_CHANGED_ACKNOWLEDGE_EVENT ALARM_STATE_CHANGED_RESET_EVENT ALARM_STATE_CHANGED_REMOVE_EVENT"
    " ALARM_QUALITY_CHANGED ALARM_PARAMETER_VALUES_CHANGED ALARM_PRIORITY_CHANGED ALARM_SUPPRESSION_STATE_CHANGED"
    " ALARM_ESCALATION_REASON_CHANGED ALARM_ENABLE_STATE_CHANGED ALARM_CONFIGURATION_CHANGED ALARM_EXTERNAL_UPDATE",
    "AlarmSourceType": "TAG CONTROLLER SYSTEM SUMMARY_ALARM",
    "AlarmSuppressionState": "UNSUPPRESSED SUPPRESSED SHELVED SUPPRESSED_AND_SHELVED",
    "AlarmProducer": "IEPCL_OR_USER_ALARM RSE WR_USMSG SIMOTION_CLASSIC SYS_DIAG SMC SECURITY SINUMERIC GRAPH PRO_DIAG"
    " WINCC",
    "AlarmUserResponse": "NONE ACKNOWLEDGEMENT RESET SINGLE_ACKNOWLEDGEMENT SINGLE_RESET",
    "ReduState": "ACTIVE PASSIVE",
}
SCHEMA = "\n".join(
    [
        _ROOTS,
        *(_type(name, fields) for name, fields in _TYPES.items()),
        *(_enum(name, values) for name, values in _ENUMS.items()),
    ]
)
