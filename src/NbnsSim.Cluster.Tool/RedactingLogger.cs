using Microsoft.Extensions.Logging;

namespace NbnsSim.Cluster.Tool;

/// <summary>Log lines to a writer: one line each, nothing hidden in them, and no secret.</summary>
internal sealed class RedactingLogger(TextWriter writer) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new Logger(writer, categoryName[(categoryName.LastIndexOf('.') + 1)..]);

    public void Dispose()
    {
        // the writer is not ours
    }

    private sealed class Logger(TextWriter writer, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            string text = $"{formatter(state, exception)}{(exception == null ? "" : $": {exception.GetType().Name}: {exception.Message}")}";
            string line = $"{TimeProvider.System.GetUtcNow():yyyy-MM-dd'T'HH:mm:ss'Z'} {logLevel} {name}: {VisibleText.Escape(Secrets.Redact(text))}";
            lock (writer)
                writer.WriteLine(line);
        }
    }
}
