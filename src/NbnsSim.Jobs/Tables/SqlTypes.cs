namespace NbnsSim.Jobs.Tables;

/// <summary>What DuckDB calls the types of columns.</summary>
internal static class SqlTypes
{
    public static string Of<T>() => Type.GetTypeCode(typeof(T)) switch
    {
        TypeCode.Boolean => "BOOLEAN",
        TypeCode.Byte => "UTINYINT",
        TypeCode.UInt16 => "USMALLINT",
        TypeCode.Int32 => "INTEGER",
        TypeCode.UInt32 => "UINTEGER",
        TypeCode.Int64 => "BIGINT",
        TypeCode.UInt64 => "UBIGINT",
        var other => throw new NotSupportedException($"A table has no column of {other}."),
    };
}
