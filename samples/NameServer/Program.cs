// A name server on a real socket of this machine alone, with a database that outlives it: a name is registered, the server is stopped and
// started again from its file, and the name is still there.
//
//   dotnet run --project samples/NameServer -- [PORT]
using System.Globalization;
using NbnsSim;
using NbnsSim.Names;
using NbnsSim.NameServers;
using NbnsSim.Transport;
using NbnsSim.Transport.Sqlite;

int port = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 13753;
var at = new Ipv4Endpoint(Ipv4Address.Loopback, (ushort)port);
var name = NetBiosName.Parse("FILESERVER<20>");
string file = Path.Combine(Path.GetTempPath(), $"nbnssim-sample-{Guid.NewGuid():N}.db");
try
{
    await ServeAsync("first run", async client =>
    {
        var granted = await client.RegisterAsync(name, at.Address);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name} is registered for {at.Address}: {granted.Outcome}, for {granted.TimeToLive} s"));
    });
    await ServeAsync("second run", async client => Console.WriteLine($"  {name} is at {(await client.QueryAsync(name)).Address}"));
    return 0;
}
finally
{
    foreach (string ending in new[] { "", "-wal", "-shm" })
        File.Delete(file + ending);
}

// What JournalsChanges collects is committed on a thread of the host's before the acknowledgement leaves.
async Task ServeAsync(string title, Func<NbnsClient, Task> use)
{
    var server = new NameServer(new NameServerOptions { Address = at.Address, JournalsChanges = true });
    using var store = NameServerStore.Open(file);
    await using var host = new NbnsUdpHost(server, new NbnsUdpHostOptions
    {
        Interfaces = [new NbnsHostInterface(at.Address, at.Port)],
        StartTime = store.LastServed,
        CollectChanges = now => store.Collect(now, server),
        CommitChanges = store.Commit,
    });
    Console.WriteLine($"{title}: {store.Load(host.Now, server)} name(s) in the file");
    host.Start();
    using var client = new NbnsClient(new NbnsClientOptions { NameServer = at, Port = at.Port });
    await use(client);
    await host.StopAsync();
}
