using Microsoft.Extensions.Logging;

namespace NbnsSim.Cli.Live;

/// <summary>The host's log on standard error, a line each.</summary>
internal sealed class TerminalLogger<T>(Terminal terminal, LogLevel least) : ILogger<T>
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    private const int EventLogged = 3; // the host's: NetBT events are the command's output

    /// <summary>That it listens and has stopped the command says itself, so what is only informative is left out. What is critical ended the host: the command says it itself, once, as the last thing.</summary>
    public bool IsEnabled(LogLevel logLevel) => logLevel >= least && logLevel is not (LogLevel.Information or LogLevel.Critical);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel) && eventId.Id != EventLogged)
            terminal.TryWriteLine(terminal.Error, $"nbnssim: {formatter(state, exception)}{(exception is null ? "" : $": {exception.Message}")}");
    }
}
