using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Cli.Tests.Live;

/// <summary><c>serve --state</c> in a process of its own, which is killed.</summary>
public sealed class StateTests
{
    [Test]
    public void KilledAtAnyMoment_NothingAcknowledgedIsLost() => KillAndRestart(rounds: 2, acknowledgements: 400);

    [Test, Category("Slow")]
    public void KilledAtAnyMoment_NothingAcknowledgedIsLost_ManyTimes() => KillAndRestart(rounds: 12, acknowledgements: 400);

    private static void KillAndRestart(int rounds, int acknowledgements)
    {
        string folder = Directory.CreateTempSubdirectory("nbnssim-state-").FullName;
        var random = new RandomStream(1995);
        var held = new SortedDictionary<int, bool>(); // what was acknowledged last of each name: held or released
        var at = new Ipv4Endpoint(Ipv4Address.Loopback, LiveRun.FreePort());
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.ReceiveTimeout = 30_000;
        socket.Connect(new IPEndPoint(IPAddress.Loopback, at.Port));
        for (int round = 0; round <= rounds; round++)
        {
            using var server = Start(folder, at);
            try
            {
                foreach (var (number, isHeld) in held)
                    Assert.That(Ask(socket, number), Is.EqualTo(isHeld), $"name {number} in round {round}");
                if (round < rounds)
                    Change(socket, held, acknowledgements + (int)random.Next((uint)acknowledgements), ref random);
            }
            finally
            {
                server.Kill(); // SIGKILL: no handler runs, nothing is flushed
                server.WaitForExit();
            }
        }

        Assert.That(held, Has.Count.GreaterThan(acknowledgements / 2));
        Directory.Delete(folder, recursive: true);
    }

    private static Process Start(string folder, Ipv4Endpoint at)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        {
            UseShellExecute = false,
            RedirectStandardError = true,
        };
        foreach (string argument in new[]
        {
            typeof(Tool).Assembly.Location, "serve", "--name", "WINSRV", "--wins", "--dialect", "rfc1002", "--quota", "0", "--listen", at.ToString(), "--state", Path.Combine(folder, "wins.db"),
        })
            start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;
        var lines = new List<string>();
        while (process.StandardError.ReadLine() is { } line)
        {
            lines.Add(line);
            if (line.StartsWith("nbnssim: ready", StringComparison.Ordinal))
            {
                _ = process.StandardError.ReadToEndAsync(); // keeps the pipe empty
                return process;
            }
        }

        throw new AssertionException($"The server did not start:\n{string.Join('\n', lines)}");
    }

    /// <summary>Registers and releases with a few requests on their way at once, until so many are acknowledged; what is then on its way is nobody's promise.</summary>
    private static void Change(Socket socket, SortedDictionary<int, bool> held, int acknowledgements, ref RandomStream random)
    {
        const int window = 24;
        var waiting = new Dictionary<ushort, (int Number, bool Registers)>();
        var busy = new HashSet<int>();
        var buffer = new byte[576];
        ushort id = (ushort)random.NextUInt32();
        int done = 0;
        while (done < acknowledgements)
        {
            while (waiting.Count < window)
            {
                int number = (int)random.Next(100_000);
                if (!busy.Add(number))
                    continue;
                bool registers = !held.GetValueOrDefault(number);
                int length = NbnsEncoder.WriteRequest(
                    buffer, ++id, registers ? NbnsFlagWords.RegistrationRequest : NbnsFlagWords.Release, Name(number), 300_000, new NbEntry(default, Ipv4Address.Loopback));
                socket.Send(buffer.AsSpan(0, length));
                waiting.Add(id, (number, registers));
            }

            int received = socket.Receive(buffer);
            Assert.That(NbnsPacket.TryParse(buffer.AsSpan(0, received), out var answer), Is.True);
            if (!waiting.Remove(answer.TransactionId, out var request))
                continue;
            Assert.That(answer.Rcode, Is.EqualTo(NbnsRcode.Success));
            held[request.Number] = request.Registers;
            busy.Remove(request.Number);
            done++;
        }

        // These may have been done or not: ask no more about them.
        foreach (var (number, _) in waiting.Values)
            held.Remove(number);
    }

    private static bool Ask(Socket socket, int number)
    {
        var buffer = new byte[576];
        ushort id = (ushort)(number ^ 0x5555);
        socket.Send(buffer.AsSpan(0, NbnsEncoder.WriteQuery(buffer, id, NbnsFlagWords.QueryRequest, Name(number))));
        while (true)
        {
            int received = socket.Receive(buffer);
            Assert.That(NbnsPacket.TryParse(buffer.AsSpan(0, received), out var answer), Is.True);
            if (answer.TransactionId == id && answer.Opcode == NbnsOpcode.Query)
                return answer.Rcode == NbnsRcode.Success;
        }
    }

    private static NetBiosName Name(int number) => new("KEPT-" + number.ToString(CultureInfo.InvariantCulture), NameSuffix.Server);
}
