namespace NbnsSim.Testing;

/// <summary>A network is not as a test expects it. Its message says what was expected, what is there, and what happened: the account of the network so far.</summary>
public sealed class NetworkAssertionException : Exception
{
    /// <summary>Makes one.</summary>
    /// <param name="message">What was expected, what is there, and what happened.</param>
    public NetworkAssertionException(string message)
        : base(message)
    {
    }

    /// <summary>Makes one without words.</summary>
    public NetworkAssertionException()
    {
    }

    /// <summary>Makes one because of another exception.</summary>
    /// <param name="message">What was expected, what is there, and what happened.</param>
    /// <param name="innerException">The other exception.</param>
    public NetworkAssertionException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
