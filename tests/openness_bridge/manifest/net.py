"""Types and members of .NET that the bridge uses next to Openness."""

from __future__ import annotations

NET_TYPES = {
    "AppDomain",
    "Array",
    "CultureInfo",
    "DateTime",
    "DirectoryInfo",
    "Enum",
    "FileInfo",
    "Int32",
    "List",
    "SecureString",
    "Version",
}
NET_MEMBERS = {
    # of System.Object, Enum, Type, Assembly, AppDomain, FileInfo, SecureString, DateTime
    "ToString", "GetType", "Equals", "GetHashCode", "GetNames", "GetValues", "HasFlag", "BaseType", "FullName", "GetInterfaces", "IsEnum",
    "IsInterface", "IsValueType", "GetName", "GetExportedTypes", "CurrentDomain", "GetAssemblies", "AppendChar", "Ticks", "ToUniversalTime",
}  # fmt: skip
