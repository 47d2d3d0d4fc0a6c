namespace NbnsSim.Query;

/// <summary>How rows are written.</summary>
public enum QueryFormat
{
    /// <summary>Text in columns, for people.</summary>
    Text,

    /// <summary>A line of JSON for each row.</summary>
    NdJson,

    /// <summary>Comma-separated values (RFC 4180) with heads; NULL is empty, and an empty text is <c>""</c>.</summary>
    Csv,
}
