using System.Net;
using System.Net.Sockets;
using System.Text;

namespace NbnsSim.Cli.Tests.Live;

/// <summary>What a command says while it runs, a line at a time; waiting for a line that never comes ends the test.</summary>
internal sealed class LineWatcher : TextWriter
{
    private readonly StringBuilder _text = new();

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value)
    {
        lock (_text)
        {
            _text.Append(value);
            Monitor.PulseAll(_text);
        }
    }

    public override string ToString()
    {
        lock (_text)
            return _text.ToString();
    }

    public void WaitFor(string words)
    {
        var deadline = TimeProvider.System.GetTimestamp() + (60 * TimeProvider.System.TimestampFrequency);
        lock (_text)
        {
            while (!_text.ToString().Contains(words, StringComparison.Ordinal))
            {
                if (TimeProvider.System.GetTimestamp() > deadline)
                    Assert.Fail($"'{words}' never came:\n{_text}");
                Monitor.Wait(_text, 1000);
            }
        }
    }
}

/// <summary>A command that runs until it is stopped, inside the test process.</summary>
internal sealed class LiveRun : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly MemoryStream _output = new();
    private readonly Terminal _terminal;
    private readonly Task<int> _running;

    public LiveRun(Func<Terminal, CancellationToken, int> command)
    {
        _terminal = new Terminal(() => Stream.Null, _output, Error, colour: false, width: 100, outputIsTerminal: false, errorIsTerminal: false);
        _running = Task.Run(() => command(_terminal, _stop.Token));
    }

    public LineWatcher Error { get; } = new() { NewLine = "\n" };

    public string Output => Encoding.UTF8.GetString(_output.ToArray());

    public static ushort FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Any, 0));
        return (ushort)((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <summary>As SIGTERM does.</summary>
    public int Stop()
    {
        _stop.Cancel();
        int code = _running.WaitAsync(TimeSpan.FromSeconds(60)).GetAwaiter().GetResult();
        _terminal.Output.Flush();
        return code;
    }

    public void Dispose()
    {
        _stop.Cancel();
        _terminal.Dispose();
        _stop.Dispose();
    }
}
