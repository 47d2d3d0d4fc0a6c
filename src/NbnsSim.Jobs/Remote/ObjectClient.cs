using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace NbnsSim.Jobs.Remote;

/// <summary>Asks servers for objects. What fails and may be better in a moment is asked again, a few times; all else is an <see cref="IOException"/> that says it, without secrets.</summary>
internal sealed class ObjectClient : IDisposable
{
    private const int MaxAttempts = 5;
    private const int MaxRedirects = 5;

    private static readonly Lazy<ObjectClient> One = new(() => new ObjectClient(ObjectCredentials.FromEnvironment()));
    private readonly HttpClient _http;
    private readonly ObjectCredentials _credentials;

    public ObjectClient(ObjectCredentials credentials)
    {
        _credentials = credentials;
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = true, // what authorizes goes to nobody else
            MaxAutomaticRedirections = MaxRedirects,
            AutomaticDecompression = DecompressionMethods.None, // an object is its octets
            ConnectTimeout = TimeSpan.FromSeconds(20),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            UseCookies = false,
        })
        { Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("nbnssim", null));
        _http.DefaultRequestHeaders.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
    }

    /// <summary>The one of this process.</summary>
    public static ObjectClient Shared => One.Value;

    /// <summary>How long a server may be silent.</summary>
    public static TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long is waited before something is asked again for the first time; twice as long each further time.</summary>
    public static TimeSpan FirstDelay { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Has what authorizes read, so that what is wrong with it is said before anything is begun.</summary>
    /// <exception cref="JobException">It cannot be.</exception>
    public static void Prepare() => _ = Shared;

    /// <summary>Waits before the next attempt.</summary>
    /// <param name="attempt">How many there were since something was read.</param>
    /// <param name="stop">Ends it.</param>
    /// <returns>False where there were enough.</returns>
    public static bool WaitForNext(int attempt, CancellationToken stop)
    {
        if (attempt >= MaxAttempts)
            return false;
        stop.WaitHandle.WaitOne(FirstDelay * (1 << (attempt - 1)));
        stop.ThrowIfCancellationRequested();
        return true;
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Asks for an object's length and version.</summary>
    /// <param name="url">The object.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="IOException">It cannot be had, or the server does not say how long it is.</exception>
    public (long Octets, ObjectVersion Version) Look(string url, CancellationToken stop)
    {
        using var response = Get(url, 0, 0, stop);
        string? tag = TagOf(response);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable) // of an empty object no octet can be had
            return (response.Content.Headers.ContentRange?.Length is 0 or null ? 0 : throw Failed(url, "the server gives no part of it"), new ObjectVersion(tag, HasRanges: true));
        bool isPart = response.StatusCode == HttpStatusCode.PartialContent;
        long? octets = isPart ? response.Content.Headers.ContentRange?.Length : response.Content.Headers.ContentLength;
        return (octets ?? throw Failed(url, "the server does not say how long it is"), new ObjectVersion(tag, isPart));
    }

    /// <summary>Asks for an object from some octet on, or for a part of it.</summary>
    /// <param name="url">The object.</param>
    /// <param name="from">The first octet.</param>
    /// <param name="to">The last one; null for the end.</param>
    /// <param name="stop">Ends it.</param>
    /// <returns>What the server answers, its content not yet read: 200, 206 or 416.</returns>
    public HttpResponseMessage Get(string url, long? from, long? to, CancellationToken stop)
    {
        for (int attempt = 1; ; attempt++)
        {
            string problem;
            try
            {
                using var request = _credentials.Request(url);
                request.Headers.Range = from is null ? null : new RangeHeaderValue(from, to);
                var response = Patiently(token => _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token), stop);
                if (response.StatusCode is HttpStatusCode.OK or HttpStatusCode.PartialContent or HttpStatusCode.RequestedRangeNotSatisfiable)
                    return response;
                problem = string.Create(CultureInfo.InvariantCulture, $"the server says {(int)response.StatusCode} {response.ReasonPhrase}");
                response.Dispose();
                if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
                    throw Failed(url, $"{problem}; who may read it is told by the file that {ObjectCredentials.Variable} names");
                if (response.StatusCode is not (HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError))
                    throw Failed(url, problem);
            }
            catch (HttpRequestException e)
            {
                problem = e.InnerException?.Message ?? e.Message;
            }
            catch (TimeoutException e)
            {
                problem = e.Message;
            }

            if (!WaitForNext(attempt, stop))
                throw Failed(url, string.Create(CultureInfo.InvariantCulture, $"{problem} ({attempt} times)"));
        }
    }

    /// <summary>Waits for a server, not for ever.</summary>
    /// <exception cref="TimeoutException">It was silent for too long.</exception>
    public static T Patiently<T>(Func<CancellationToken, Task<T>> ask, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(Patience);
        try
        {
            return ask(patience.Token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException e) when (!stop.IsCancellationRequested)
        {
            throw new TimeoutException("the server is silent", e);
        }
    }

    /// <summary>What version a server gives.</summary>
    public static string? TagOf(HttpResponseMessage response) =>
        response.Headers.ETag is { IsWeak: false } tag ? tag.Tag : response.Content.Headers.LastModified?.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>Something that cannot be had.</summary>
    public static IOException Failed(string url, string why) => new($"'{ObjectUrl.Mask(url)}' cannot be read: {VisibleText.Escape(why)}.");
}
