using System.Globalization;
using System.Net;

namespace NbnsSim.Jobs.Remote;

/// <summary>An object's octets from any place on. Where the connection breaks off, the rest is asked for again; an object that is not the one any more that was listed is an error, so that octets of two are never mixed.</summary>
/// <param name="client">Asks for it.</param>
/// <param name="url">The object.</param>
/// <param name="octets">How long it was when it was listed.</param>
/// <param name="version">Which it was then.</param>
/// <param name="stop">Ends it.</param>
internal sealed class ObjectStream(ObjectClient client, string url, long octets, ObjectVersion version, CancellationToken stop) : Stream
{
    private const int MaxBreaks = 1_000; // of one reading, however far it comes each time
    private const int MaxBreaksOfAll = 10; // where each costs all that was read before

    private HttpResponseMessage? _response;
    private Stream? _content;
    private long _position;
    private long _at; // what _content gives next
    private int _breaks;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => octets;

    public override long Position
    {
        get => _position;
        set => _position = value;
    }

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty || _position >= octets)
            return 0;
        byte[] octetsRead = System.Buffers.ArrayPool<byte>.Shared.Rent(buffer.Length);
        try
        {
            int read = ReadSome(octetsRead.AsMemory(0, (int)Math.Min(buffer.Length, octets - _position)));
            octetsRead.AsSpan(0, read).CopyTo(buffer);
            return read;
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(octetsRead);
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => _position + offset,
        _ => octets + offset,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            BreakOff();
        base.Dispose(disposing);
    }

    private int ReadSome(Memory<byte> buffer)
    {
        for (int attempt = 1; ; attempt++)
        {
            string problem;
            try
            {
                if (_content is null || _at != _position)
                    Open();
                int read = ObjectClient.Patiently(token => _content!.ReadAsync(buffer, token).AsTask(), stop);
                if (read > 0)
                {
                    _position += read;
                    _at = _position;
                    return read;
                }

                problem = string.Create(CultureInfo.InvariantCulture, $"it ends at octet {_position} of {octets}");
            }
            catch (Exception e) when (e is HttpIOException or HttpRequestException or TimeoutException || e is IOException { InnerException: not null })
            {
                problem = e.Message.TrimEnd('.');
            }

            BreakOff();
            _breaks++;
            if (_breaks > (version.HasRanges ? MaxBreaks : MaxBreaksOfAll) || !ObjectClient.WaitForNext(attempt, stop))
                throw ObjectClient.Failed(url, string.Create(CultureInfo.InvariantCulture, $"{problem} ({_breaks} times)"));
        }
    }

    private void Open()
    {
        BreakOff();
        _response = client.Get(url, version.HasRanges ? _position : null, null, stop);
        bool isPart = _response.StatusCode == HttpStatusCode.PartialContent;
        long? length = isPart ? _response.Content.Headers.ContentRange?.Length : _response.Content.Headers.ContentLength;
        if (_response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable || (length is not null && length != octets))
            throw ObjectClient.Failed(url, string.Create(CultureInfo.InvariantCulture, $"it was listed with {octets} octets, and has {(length is null ? "fewer" : $"{length}")} now"));
        if (version.Tag is { } tag && ObjectClient.TagOf(_response) != tag)
            throw ObjectClient.Failed(url, "it was replaced since it was listed");
        if (version.HasRanges && (!isPart || _response.Content.Headers.ContentRange?.From != _position))
            throw ObjectClient.Failed(url, "the server gave a part of it when it was listed, and does not any more");
        _content = ObjectClient.Patiently(token => _response.Content.ReadAsStreamAsync(token), stop);
        _at = isPart ? _position : 0;
        Skip();
    }

    /// <summary>Reads what is before the position, where a server gives only all of an object.</summary>
    private void Skip()
    {
        byte[] passed = new byte[1 << 16];
        while (_at < _position)
        {
            int read = ObjectClient.Patiently(token => _content!.ReadAsync(passed.AsMemory(0, (int)Math.Min(passed.Length, _position - _at)), token).AsTask(), stop);
            if (read == 0)
                throw new TimeoutException(string.Create(CultureInfo.InvariantCulture, $"it ends at octet {_at} of {octets}"));
            _at += read;
        }
    }

    private void BreakOff()
    {
        _content?.Dispose();
        _response?.Dispose();
        _content = null;
        _response = null;
    }
}
