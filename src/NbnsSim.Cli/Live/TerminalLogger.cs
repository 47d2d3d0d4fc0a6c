using Microsoft.Extensions.Logging;

namespace NbnsSim.Cli.Live;

/// <summary>The host's log on standard error, a line each.</summary>
internal sealed class TerminalLogger<T>(Terminal terminal, LogLevel least) : ILogger<T>
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <summary>What is critical ended the host: the command says it itself, once, as the last thing.</summary>
    public bool IsEnabled(LogLevel logLevel) => logLevel >= least && logLevel != LogLevel.Critical;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
            terminal.TryWriteLine(terminal.Error, $"nbnssim: {formatter(state, exception)}{(exception is null ? "" : $": {exception.Message}")}");
    }
}
