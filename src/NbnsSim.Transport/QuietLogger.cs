using Microsoft.Extensions.Logging;

namespace NbnsSim.Transport;

/// <summary>
/// A log that may fail without harm: what others ask of the host is more than what it has to say. Lines and faults go to it escaped
/// (<see cref="VisibleText"/>): they may quote what came from the network or out of a file.
/// </summary>
internal sealed class QuietLogger(ILogger inner) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel)
    {
        try
        {
            return inner.IsEnabled(logLevel);
        }
        catch (Exception)
        {
            return false;
        }
    }

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        try
        {
            if (!inner.IsEnabled(logLevel))
                return;
            inner.Log(logLevel, eventId, state, VisibleFault.Of(exception), (values, fault) => VisibleText.Escape(formatter(values, fault)));
        }
        catch (Exception)
        {
            // a full disk, a closed pipe, a sink's own fault: the line is lost
        }
    }
}
