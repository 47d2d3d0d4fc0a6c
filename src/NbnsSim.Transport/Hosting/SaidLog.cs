using Microsoft.Extensions.Logging;

namespace NbnsSim.Transport;

/// <summary>The log of the sockets' host where there is no other: lines among those that a served host says.</summary>
internal sealed class SaidLog(Action<string> say, LogLevel least) : ILogger<NbnsUdpHost>
{
    private const int EventLogged = 3; // HostLog's: whoever wants events has them told as such

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <summary>That it listens and has stopped the served host says itself, so what is only informative is left out. What is critical ended it: that is an exception.</summary>
    public bool IsEnabled(LogLevel logLevel) => logLevel >= least && logLevel is not (LogLevel.Information or LogLevel.Critical);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel) && eventId.Id != EventLogged)
            say($"{formatter(state, exception)}{(exception is null ? "" : $": {exception.Message}")}");
    }
}
