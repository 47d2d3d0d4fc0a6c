namespace NbnsSim.Cli;

/// <summary>What the process ends with; every <c>--help</c> prints them.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int No = 1;
    public const int Usage = 2;
    public const int BadInput = 3;
    public const int CannotTell = 4;
    public const int OutputFailed = 5;
    public const int Interrupted = 130;

    public const string Help =
        """
        Exit codes:
          0  done
          1  the answer is no: an expectation was not met, nobody has the name, the server refuses or is silent, a capture shows that something is wrong
          2  the command line is wrong
          3  the input is bad: a file that is missing, damaged or of an unknown format, or data that cannot be read
          4  the capture does not show enough to say what happened
          5  what was asked for cannot be written: the disk is full, or standard output is closed
          130  interrupted, by Ctrl+C say, before there was an answer
        """;
}

/// <summary>The input cannot be used; the message says which and why. Ends the process with <see cref="ExitCode.BadInput"/>.</summary>
internal sealed class BadInputException : Exception
{
    public BadInputException(string message)
        : base(message) => Lines = [message];

    public BadInputException(IEnumerable<string> lines)
        : base("the input is bad") => Lines = [.. lines];

    /// <summary>What to print, a line each.</summary>
    public IReadOnlyList<string> Lines { get; }
}
