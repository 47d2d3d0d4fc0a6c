namespace NbnsSim.Files;

/// <summary>What is printed or written to a file cannot be: the disk is full, say. The message is a sentence that names it.</summary>
public sealed class OutputFailedException : Exception
{
    /// <summary>Makes one.</summary>
    public OutputFailedException()
    {
    }

    /// <summary>Makes one.</summary>
    /// <param name="message">What cannot be written, and why.</param>
    public OutputFailedException(string message)
        : base(message)
    {
    }

    /// <summary>Makes one.</summary>
    /// <param name="message">What cannot be written, and why.</param>
    /// <param name="innerException">How the system says it.</param>
    public OutputFailedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Of something that cannot be written; the system's own words are in the innermost exception.</summary>
    internal static OutputFailedException Of(string title, Exception e) => new($"{title} cannot be written: {e.GetBaseException().Message.Replace($" : {title}", "", StringComparison.Ordinal)}", e);
}
