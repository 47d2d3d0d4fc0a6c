// Puts a Windows machine of a given era into a capture, in the place of one of its hosts, and tells what it would have done: which
// events it would have logged and why, how its name table ends, and where the captured host answered otherwise.
//
//   dotnet run --project samples/CaptureReplay -- CAPTURE ADDRESS [DIALECT]
//   dotnet run --project samples/CaptureReplay          replays a capture of the duplicate user name that stands beside this file
using NbnsSim;
using NbnsSim.Captures;
using NbnsSim.Protocol;
using NbnsSim.Replay;
using NbnsSim.Reports;

string path = args.ElementAtOrDefault(0) ?? Path.Combine(AppContext.BaseDirectory, "duplicate-user-name.pcapng");
if (!Ipv4Address.TryParse(args.ElementAtOrDefault(1) ?? "10.0.0.1", out var address) || !NetBtDialect.TryFind(args.ElementAtOrDefault(2) ?? "nt3.5", out var dialect))
{
    Console.Error.WriteLine("Expected: CAPTURE ADDRESS [rfc1002 | nt3.5 | nt3.51 | nt4 | w2k]");
    return 2;
}

CaptureReplay replay;
try
{
    // The first pass learns what the host must have held before the capture began, the second replays.
    var hosts = CaptureFile.FindHosts(CaptureReader.Open(path));
    if (hosts.Find(address) is not { } host)
    {
        Console.Error.WriteLine($"{address} sends nothing in {path}. These do: {string.Join(", ", hosts.Hosts.Select(other => other.Address))}");
        return 3;
    }

    replay = CaptureFile.Replay(CaptureReader.Open(path), host, dialect);
}
catch (Exception e) when (e is IOException or InvalidDataException)
{
    Console.Error.WriteLine(e.Message);
    return 3;
}

Console.WriteLine($"{Path.GetFileName(path)} as {address}, {dialect.Title}: {replay.Commands} requests replayed, {replay.Delivered} datagrams delivered");
foreach (var entry in replay.Entries)
    Console.WriteLine($"frame {entry.Frame,4}  {entry.Kind,-11}  {entry.Text}");
Console.WriteLine($"\nAnswers: {replay.EqualAnswers} as captured, {replay.DifferentAnswers} different\n");
foreach (var logged in replay.Entries.Where(entry => entry.Event is not null))
    Console.WriteLine(EventViewerText.Format(logged.Event!));
Console.Write(NbtStat.FormatLocalNames(replay.Node.Address, replay.Node.Options.Scope, replay.Node.GetNameRows()));
return 0;
