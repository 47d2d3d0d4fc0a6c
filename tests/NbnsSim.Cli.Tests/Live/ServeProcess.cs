using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Cli.Tests.Live;

/// <summary><c>serve</c> in a process of its own, with a client that asks it.</summary>
internal sealed class ServeProcess : IDisposable
{
    private readonly Process _process;
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 60_000 };
    private readonly LineWatcher _error = new() { NewLine = "\n" };
    private readonly byte[] _buffer = new byte[576];
    private readonly IPEndPoint _at;
    private ushort _id;

    /// <summary>Starts <c>serve --name WINSRV</c> with more arguments, and waits until it is ready.</summary>
    /// <param name="at">Where it listens.</param>
    /// <param name="shell">What a shell does first, ending with <c>exec "$@"</c>; null for no shell.</param>
    /// <param name="arguments">The arguments behind <c>--listen</c>.</param>
    public ServeProcess(Ipv4Endpoint at, string? shell, params string[] arguments)
    {
        string dotnet = Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet";
        string[] command = [dotnet, typeof(Tool).Assembly.Location, "serve", "--name", "WINSRV", "--listen", at.ToString(), .. arguments];
        if (OperatingSystem.IsLinux()) // whoever runs the tests in the background has SIGINT, SIGQUIT and SIGHUP ignored, and children inherit that
            command = ["env", "--default-signal=INT,QUIT,HUP", .. command];
        if (shell is not null)
            command = ["unshare", "-m", "sh", "-c", shell, "sh", .. command];
        var start = new ProcessStartInfo(command[0], command[1..]) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true };
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is { } text)
                _error.WriteLine(text);
        };
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        _at = new IPEndPoint(IPAddress.Parse(at.Address.ToString()), at.Port);
    }

    public int Id => _process.Id;

    public string Error => _error.ToString();

    public void WaitFor(string words) => _error.WaitFor(words);

    public NbnsRcode Register(string name) => Ask(NbnsEncoder.WriteRequest(_buffer, ++_id, NbnsFlagWords.RegistrationRequest, NetBiosName.Parse(name), 300_000, new NbEntry(default, Ipv4Address.Loopback)));

    public NbnsRcode Query(string name) => Ask(NbnsEncoder.WriteQuery(_buffer, ++_id, NbnsFlagWords.QueryRequest, NetBiosName.Parse(name)));

    public void Signal(string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public int WaitForExit()
    {
        Assert.That(_process.WaitForExit(TimeSpan.FromMinutes(2)), Is.True, $"it does not end:\n{Error}");
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _socket.Dispose();
    }

    private NbnsRcode Ask(int length)
    {
        _socket.SendTo(_buffer.AsSpan(0, length), _at);
        while (true)
        {
            int received = _socket.Receive(_buffer);
            Assert.That(NbnsPacket.TryParse(_buffer.AsSpan(0, received), out var answer), Is.True);
            if (answer.TransactionId == _id && answer.IsResponse && answer.Opcode != NbnsOpcode.Wack)
                return answer.Rcode;
        }
    }
}
