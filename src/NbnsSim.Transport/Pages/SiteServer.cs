using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace NbnsSim.Transport.Pages;

/// <summary>
/// Serves a site's files over HTTP/1.1 to browsers on this machine, and to nobody else: it listens on loopback, answers only requests for a host that is loopback (so that no page from
/// elsewhere reads it under a name of its own), only GET and HEAD, a request a connection.
/// </summary>
internal sealed class SiteServer : IDisposable
{
    private const int MaxHead = 16 * 1024;
    private const int MaxConnections = 64;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly string[] s_hosts = ["127.0.0.1", "localhost"];

    private readonly StaticSite _site;
    private readonly TcpListener _listener;
    private readonly SemaphoreSlim _places = new(MaxConnections);

    /// <summary>Takes the port.</summary>
    /// <param name="site">What to serve.</param>
    /// <param name="port">The port; 0 for a free one.</param>
    /// <exception cref="SocketException">The port is taken, or must not be used.</exception>
    public SiteServer(StaticSite site, int port)
    {
        _site = site;
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
        Address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");
    }

    /// <summary>Where it is.</summary>
    public string Address { get; }

    /// <summary>Serves until it is stopped.</summary>
    /// <param name="stop">Stops it.</param>
    public async Task Run(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await _places.WaitAsync(stop).ConfigureAwait(false);
                var client = await _listener.AcceptTcpClientAsync(stop).ConfigureAwait(false);
                _ = Answer(client, stop);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException)
            {
                _places.Release(); // whoever asked went away before it was answered
            }
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        _places.Dispose();
    }

    private async Task Answer(TcpClient client, CancellationToken stop)
    {
        try
        {
            using (client)
            {
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
                patience.CancelAfter(s_patience);
                var stream = client.GetStream();
                await using (stream.ConfigureAwait(false))
                {
                    if (await ReadHead(stream, patience.Token).ConfigureAwait(false) is { } head)
                        await Answer(stream, head, patience.Token).ConfigureAwait(false);
                }
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or UnauthorizedAccessException)
        {
            // the browser went away, or the file did: there is nobody to tell
        }
        finally
        {
            if (!stop.IsCancellationRequested)
                _places.Release();
        }
    }

    /// <summary>The lines of a request up to the empty one; null where it is none, or longer than a browser's.</summary>
    private static async Task<string[]?> ReadHead(NetworkStream stream, CancellationToken stop)
    {
        byte[] buffer = new byte[MaxHead];
        for (int length = 0; length < buffer.Length;)
        {
            int count = await stream.ReadAsync(buffer.AsMemory(length), stop).ConfigureAwait(false);
            if (count == 0)
                return null;
            length += count;
            int end = buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8);
            if (end >= 0)
                return Encoding.Latin1.GetString(buffer, 0, end).Split("\r\n");
        }

        return null;
    }

    private async Task Answer(NetworkStream stream, string[] head, CancellationToken stop)
    {
        string[] request = head[0].Split(' ');
        if (request is not [var method, ['/', ..] target, "HTTP/1.1" or "HTTP/1.0"] || !IsOurs(Field(head, "Host")))
        {
            await Write(stream, "400 Bad Request", "", 0, stop).ConfigureAwait(false);
            return;
        }

        if (method is not ("GET" or "HEAD"))
        {
            await Write(stream, "405 Method Not Allowed", "Allow: GET, HEAD\r\n", 0, stop).ConfigureAwait(false);
            return;
        }

        if (_site.Find(target) is not { } file)
        {
            await Write(stream, "404 Not Found", "", 0, stop).ConfigureAwait(false);
            return;
        }

        var content = new FileStream(file.Path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, useAsync: true);
        await using (content.ConfigureAwait(false))
        {
            await Write(stream, "200 OK", $"Content-Type: {file.Type}\r\nCache-Control: no-cache\r\nX-Content-Type-Options: nosniff\r\n", content.Length, stop).ConfigureAwait(false);
            if (method == "GET")
                await content.CopyToAsync(stream, stop).ConfigureAwait(false);
        }
    }

    private static async Task Write(NetworkStream stream, string status, string fields, long length, CancellationToken stop) => await stream.WriteAsync(
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {status}\r\n{fields}Content-Length: {length}\r\nConnection: close\r\n\r\n")), stop).ConfigureAwait(false);

    private static string Field(string[] head, string name)
    {
        foreach (string line in head.Skip(1))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0 && line.AsSpan(0, colon).Equals(name, StringComparison.OrdinalIgnoreCase))
                return line[(colon + 1)..].Trim();
        }

        return "";
    }

    private static bool IsOurs(string host) => s_hosts.Contains(host.Split(':')[0], StringComparer.OrdinalIgnoreCase);
}
