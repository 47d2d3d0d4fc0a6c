using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace NbnsSim.Jobs.Tests.Remote;

/// <summary>A web server on loopback that has objects, and the faults that servers have. A connection is a request.</summary>
internal sealed class ObjectServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Dictionary<string, byte[]> _objects = new(StringComparer.Ordinal);
    private readonly List<string> _requests = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;

    public ObjectServer()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>What the requests said: the target, and the header Range where there is one.</summary>
    public string[] Requests
    {
        get
        {
            lock (_requests)
                return [.. _requests];
        }
    }

    /// <summary>Whether it gives parts of objects.</summary>
    public bool HasRanges { get; set; } = true;

    /// <summary>Whether it tells versions.</summary>
    public bool HasTags { get; set; } = true;

    /// <summary>After how many octets of a content the connection breaks off; null for never.</summary>
    public Func<int?> BreaksAfter { get; set; } = () => null;

    /// <summary>What else it answers, headers and all, by the target and the value of Authorization; null for the usual.</summary>
    public Func<string, string?, string?> Answer { get; set; } = (_, _) => null;

    /// <summary>What happens before an answer is given.</summary>
    public Action<string> Asked { get; set; } = _ => { };

    /// <summary>Where an object is.</summary>
    public string Url(string name) => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/{name}");

    /// <summary>Puts an object there, or another in its place.</summary>
    public string Put(string name, byte[] octets)
    {
        lock (_objects)
            _objects["/" + name] = octets;
        return Url(name);
    }

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Stop();
        _accepting.GetAwaiter().GetResult();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            TcpClient client;
            try
            {
                client = await _listener.AcceptTcpClientAsync(_stop.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }

            _ = Task.Run(() => ServeAsync(client));
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                using var reader = new StreamReader(stream, Encoding.Latin1, leaveOpen: true);
                string target = (await reader.ReadLineAsync(_stop.Token) ?? "").Split(' ')[1];
                string? range = null, authorization = null;
                while (await reader.ReadLineAsync(_stop.Token) is { Length: > 0 } header)
                {
                    if (header.StartsWith("Range: bytes=", StringComparison.OrdinalIgnoreCase))
                        range = header["Range: bytes=".Length..];
                    if (header.StartsWith("Authorization: ", StringComparison.OrdinalIgnoreCase))
                        authorization = header["Authorization: ".Length..];
                }

                lock (_requests)
                    _requests.Add(range is null ? target : $"{target} {range}");
                Asked(target);
                if (Answer(target, authorization) is { } answer)
                    await stream.WriteAsync(Encoding.UTF8.GetBytes(answer), _stop.Token);
                else
                    await SendAsync(stream, target, range);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or SocketException)
            {
                // whoever asked is gone
            }
        }
    }

    private async Task SendAsync(NetworkStream stream, string target, string? range)
    {
        byte[]? octets;
        lock (_objects)
            _objects.TryGetValue(target.Split('?')[0], out octets);
        if (octets is null)
        {
            await stream.WriteAsync("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray(), _stop.Token);
            return;
        }

        var head = new StringBuilder();
        int from = 0, to = octets.Length - 1;
        if (!HasRanges || range is null)
        {
            head.Append("HTTP/1.1 200 OK\r\n");
        }
        else
        {
            string[] ends = range.Split('-');
            from = int.Parse(ends[0], CultureInfo.InvariantCulture);
            to = ends[1].Length == 0 ? to : Math.Min(to, int.Parse(ends[1], CultureInfo.InvariantCulture));
            if (from >= octets.Length)
            {
                await stream.WriteAsync(Encoding.Latin1.GetBytes($"HTTP/1.1 416 Range Not Satisfiable\r\nContent-Range: bytes */{octets.Length}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), _stop.Token);
                return;
            }

            head.Append(CultureInfo.InvariantCulture, $"HTTP/1.1 206 Partial Content\r\nContent-Range: bytes {from}-{to}/{octets.Length}\r\n");
        }

        if (HasTags)
            head.Append($"ETag: \"{Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(octets).AsSpan(0, 8))}\"\r\n");
        head.Append(CultureInfo.InvariantCulture, $"Content-Length: {to - from + 1}\r\nConnection: close\r\n\r\n");
        await stream.WriteAsync(Encoding.Latin1.GetBytes(head.ToString()), _stop.Token);
        int count = Math.Min(to - from + 1, BreaksAfter() ?? int.MaxValue);
        await stream.WriteAsync(octets.AsMemory(from, count), _stop.Token);
    }
}
