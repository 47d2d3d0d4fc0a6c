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

    /// <summary>Does what writes files, and whose <see cref="IOException"/> names the one that cannot be written.</summary>
    /// <typeparam name="T">What it gives back.</typeparam>
    /// <param name="write">What is done.</param>
    /// <exception cref="OutputFailedException">It threw an <see cref="IOException"/>; the message is that one's.</exception>
    public static T Tell<T>(Func<T> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        try
        {
            return write();
        }
        catch (IOException e)
        {
            throw new OutputFailedException(e.Message, e);
        }
    }

    /// <summary>Of something that cannot be written; the system's own words are in the innermost exception.</summary>
    internal static OutputFailedException Of(string title, Exception e) => new($"{title} cannot be written: {e.GetBaseException().Message.Replace($" : {title}", "", StringComparison.Ordinal)}", e);
}
