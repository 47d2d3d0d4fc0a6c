namespace NbnsSim.Query;

/// <summary>A query cannot be done; the message says why in one line.</summary>
public sealed class QueryException : Exception
{
    /// <summary>Creates it.</summary>
    public QueryException()
    {
    }

    /// <summary>Creates it.</summary>
    /// <param name="message">Why.</param>
    public QueryException(string message)
        : base(message)
    {
    }

    /// <summary>Creates it.</summary>
    /// <param name="message">Why.</param>
    /// <param name="innerException">What DuckDB says.</param>
    public QueryException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
