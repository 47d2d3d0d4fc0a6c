namespace NbnsSim.Files;

/// <summary>Whoever read standard output has gone (<c>… | head</c>): there is nothing left to do, and nothing went wrong.</summary>
public sealed class OutputGoneException : Exception
{
    /// <summary>Makes one.</summary>
    public OutputGoneException()
    {
    }

    /// <summary>Makes one.</summary>
    /// <param name="message">What happened.</param>
    public OutputGoneException(string message)
        : base(message)
    {
    }

    /// <summary>Makes one.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="innerException">How the system says it.</param>
    public OutputGoneException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
