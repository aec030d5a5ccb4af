"""The enumerations of the PLCSIM Advanced API.

Facts: docs/facts/plcsim-advanced.md#operating-states; names and numbers after the API's function manual (V1 and V3).
The numbers of the operating modes are unverified: compare by name.
"""

from __future__ import annotations

from fake_dotnet.system import NetEnum, NetFlags


class EOperatingState(NetEnum):
    """The state of a virtual controller."""

    InvalidOperatingState = 0
    Off = 1
    Booting = 2
    Stop = 3
    Startup = 4
    Run = 5
    Freeze = 6
    ShuttingDown = 7


class EOperatingMode(NetEnum):
    """How time passes: freely, or from one synchronization point to the next.

    C is the cycle control point, P the update of a process image partition, T the overwritten minimal cycle time.
    """

    Default = 0
    SingleStep_C = 1
    SingleStep_CT = 2
    TimespanSynchronized_C = 3
    SingleStep_P = 4
    TimespanSynchronized_P = 5
    SingleStep_CP = 6
    SingleStep_CPT = 7
    TimespanSynchronized_CP = 8


class ECommunicationInterface(NetEnum):
    """How a virtual controller is reached."""

    None_ = 0
    Softbus = 1
    TCPIP = 2


class ENetworkMode(NetEnum):
    """How all virtual controllers are reached, from API version 6 on."""

    Softbus = 0
    TCPIPSingleAdapter = 1
    TCPIPMultipleAdapter = 2


class EPrimitiveDataType(NetEnum):
    """In which field of an SDataValue a value is."""

    Unspecific = 0
    Struct = 1
    Bool = 2
    Int8 = 3
    Int16 = 4
    Int32 = 5
    Int64 = 6
    UInt8 = 7
    UInt16 = 8
    UInt32 = 9
    UInt64 = 10
    Float = 11
    Double = 12
    Char = 13
    WChar = 14


class EDataType(NetEnum):
    """Data types of the CPU, as far as tags of a program have them."""

    Unknown = 0
    Bool = 1
    Byte = 2
    Char = 3
    Word = 4
    Int = 5
    DWord = 6
    DInt = 7
    Real = 8
    Date = 9
    TimeOfDay = 10
    Time = 11
    S5Time = 12
    DateAndTime = 14
    Struct = 17
    String = 19
    Counter = 28
    Timer = 29
    IEC_Counter = 30
    IEC_Timer = 31
    LReal = 48
    ULInt = 49
    LInt = 50
    LWord = 51
    USInt = 52
    UInt = 53
    UDInt = 54
    SInt = 55
    WChar = 61
    WString = 62
    LTime = 64
    LTimeOfDay = 65
    LDT = 66
    DTL = 67
    IEC_LTimer = 68
    IEC_SCounter = 69
    IEC_DCounter = 70
    IEC_LCounter = 71
    IEC_UCounter = 72
    IEC_USCounter = 73
    IEC_UDCounter = 74
    IEC_ULCounter = 75


class EArea(NetEnum):
    """The area of a tag."""

    InvalidArea = 0
    Input = 1
    Marker = 2
    Output = 3
    Counter = 4
    Timer = 5
    DataBlock = 6


class ETagListDetails(NetFlags):
    """Which areas a tag list has."""

    None_ = 0
    IO = 1
    M = 2
    IOM = 3
    CT = 4
    IOCT = 5
    MCT = 6
    IOMCT = 7
    DB = 8
    IODB = 9
    MDB = 10
    IOMDB = 11
    CTDB = 12
    IOCTDB = 13
    MCTDB = 14
    IOMCTDB = 15


class ELEDType(NetEnum):
    """The lamps of a CPU."""

    Stop = 0
    Run = 1
    Error = 2
    Maint = 3
    Redund = 4
    Force = 5
    Busf1 = 6
    Busf2 = 7
    Busf3 = 8
    Busf4 = 9


class ELEDMode(NetEnum):
    """The state of a lamp."""

    Off = 0
    On = 1
    FlashFast = 2
    FlashSlow = 3
    Invalid = 4


class EInstanceConfigChanged(NetEnum):
    """The change by a download or a setting."""

    HardwareSoftwareChanged = 0
    IPChanged = 1


class ECPUType(NetEnum):
    """The CPUs that can be simulated; the number is the CPU's product code."""

    CPU1500_Unspecified = 0x000005DC
    CPU1511 = 0x000005E7
    CPU1511v2 = 0x010005E7
    CPU1513 = 0x000005E9
    CPU1513v2 = 0x010005E9
    CPU1515 = 0x000005EB
    CPU1515v2 = 0x010005EB
    CPU1516 = 0x000005EC
    CPU1516v2 = 0x010005EC
    CPU1517 = 0x000005ED
    CPU1518 = 0x000005EE
    CPU1511C = 0x000405E7
    CPU1512C = 0x000405E8
    CPU1511F = 0x000105E7
    CPU1511Fv2 = 0x010105E7
    CPU1513F = 0x000105E9
    CPU1513Fv2 = 0x010105E9
    CPU1515F = 0x000105EB
    CPU1515Fv2 = 0x010105EB
    CPU1516F = 0x000105EC
    CPU1516Fv2 = 0x010105EC
    CPU1517F = 0x000105ED
    CPU1518F = 0x000105EE
    CPU1511T = 0x000805E7
    CPU1515T = 0x000805EB
    CPU1517T = 0x000805ED
    CPU1517TF = 0x000905ED
    CPU1518ODK = 0x001005EE
    CPU1518FODK = 0x001105EE
    ET200SP_Unspecified = 0x000205DC
    CPU1510SP = 0x000205E6
    CPU1510SPv2 = 0x010205E6
    CPU1512SP = 0x000205E8
    CPU1512SPv2 = 0x010205E8
    CPU1510SPF = 0x000305E6
    CPU1510SPFv2 = 0x010305E6
    CPU1512SPF = 0x000305E8
    CPU1512SPFv2 = 0x010305E8


class ERuntimeErrorCode(NetEnum):
    """The result of an operation: negative numbers are errors, positive ones warnings."""

    OK = 0
    InvalidErrorCode = -1
    NotImplemented = -2
    IndexOutOfRange = -3
    DoesNotExist = -4
    AlreadyExists = -5
    WrongArgument = -8
    ConnectionError = -10
    Timeout = -11
    WrongVersion = -13
    InstanceNotRunning = -14
    InterfaceRemoved = -15
    ApiNotInitialized = -17
    WarningAlreadyExists = 18
    NotSupported = -19
    WarningInvalidCall = 20
    ErrorLoadingDll = -21
    SignalNameDoesNotExist = -22
    SignalTypeMismatch = -23
    TypeMismatch = -29
    LicenseNotFound = -30
    WrongCommunicationInterface = -32
    LimitReached = -33
    StoragePathAlreadyInUse = -35
    ArchiveStorageNotCreated = -37
    RetrieveStorageFailure = -38
    InvalidOperatingState = -39
    InvalidArchivePath = -40
    CreateDirectoriesFailed = -42
    NotEnoughMemory = -43
    WarningTrialModeActive = 44
    NotRunning = -45
    NotEmpty = -46
    NotUpToDate = -47
    CommunicationInterfaceNotAvailable = -48
    WarningNotComplete = 49
    VirtualSwitchMisconfigured = -50
    RuntimeNotAvailable = -51
    IsEmpty = -52
