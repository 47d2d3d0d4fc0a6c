namespace NbnsSim.Protocol;

/// <summary>Octets are no state that can be taken in, or a machine has none that can be written; the message says why.</summary>
public sealed class StateException : Exception
{
    /// <summary>Says why.</summary>
    /// <param name="message">Why, in a sentence.</param>
    public StateException(string message)
        : base(message)
    {
    }

    /// <summary>Says why, and what is behind it.</summary>
    /// <param name="message">Why, in a sentence.</param>
    /// <param name="innerException">What is behind it.</param>
    public StateException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Says nothing but that it is so.</summary>
    public StateException()
        : base("The state cannot be read.")
    {
    }
}
