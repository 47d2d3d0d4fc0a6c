namespace NbnsSim.Jobs;

/// <summary>A job cannot be begun or go on; the message says why and what can be done about it. What is committed stays, and the same job goes on from there.</summary>
public class JobException : Exception
{
    /// <summary>Creates one without a message of its own.</summary>
    public JobException()
    {
    }

    /// <summary>Creates one.</summary>
    /// <param name="message">Why, in a sentence.</param>
    public JobException(string message)
        : base(message)
    {
    }

    /// <summary>Creates one.</summary>
    /// <param name="message">Why, in a sentence.</param>
    /// <param name="innerException">What led to it.</param>
    public JobException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>The same in the words of an argument's mistake, without the name that the argument has in code and what comes behind it.</summary>
    internal static JobException Of(ArgumentException e)
    {
        int name = e.ParamName is null ? -1 : e.Message.LastIndexOf($" (Parameter '{e.ParamName}')", StringComparison.Ordinal);
        return new JobException(name < 0 ? e.Message : e.Message[..name], e);
    }
}
