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
}

/// <summary>The input cannot be used; the message says which and why. Ends the process with <see cref="ExitCode.BadInput"/>.</summary>
internal sealed class BadInputException(params IEnumerable<string> lines) : Exception
{
    /// <summary>What to print, a line each.</summary>
    public IReadOnlyList<string> Lines { get; } = [.. lines];
}
