using System.Net.Http.Headers;
using System.Text;

namespace NbnsSim.Jobs.Remote;

/// <summary>
/// What lets this process read objects that not everybody may read. It comes from a file of its own on each machine, named by an environment variable, and goes nowhere but into requests: not into a job's
/// spec, its folder, results or messages.
/// </summary>
/// <remarks>
/// A line is a URL's beginning, blanks, and either the value of the header <c>Authorization</c> or, behind a <c>?</c>, a query that is added; of several that fit the longest counts. A line that begins with
/// <c>#</c> is a comment.
/// <code>
/// https://captures.example/          Basic dXNlcjpwYXNzd29yZA==
/// https://store.example/pcaps/       Bearer 0123456789
/// https://store.example/one.pcap     ?X-Amz-Algorithm=AWS4-HMAC-SHA256&amp;X-Amz-Signature=…
/// </code>
/// </remarks>
internal sealed class ObjectCredentials
{
    /// <summary>The environment variable that names the file.</summary>
    public const string Variable = "NBNSSIM_HTTP_CREDENTIALS";

    private readonly List<(string Prefix, string Value)> _all;

    private ObjectCredentials(List<(string Prefix, string Value)> all) => _all = all;

    /// <summary>Reads them, where the environment names a file.</summary>
    /// <exception cref="JobException">The file cannot be read, or is none. The message has no secret in it.</exception>
    public static ObjectCredentials FromEnvironment() => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } file ? Read(file) : new([]);

    /// <summary>Reads them from a file.</summary>
    public static ObjectCredentials Read(string file)
    {
        var all = new List<(string, string)>();
        try
        {
            int number = 0;
            foreach (string line in File.ReadLines(file, Encoding.UTF8))
            {
                number++;
                string text = line.Trim();
                if (text.Length == 0 || text[0] == '#')
                    continue;
                int blank = text.AsSpan().IndexOfAny(' ', '\t');
                string value = blank < 0 ? "" : text[blank..].Trim();
                if (!ObjectUrl.Is(text) || text.IndexOf('/', text.IndexOf("://", StringComparison.Ordinal) + 3) is var path && (path < 0 || path > blank) || (value[0] != '?' && !AuthenticationHeaderValue.TryParse(value, out _)))
                    throw new JobException($"'{VisibleText.Escape(file)}', line {number}: expected a URL's beginning with a '/' behind the host, and a value for Authorization or a query behind '?'.");
                all.Add((text[..blank], value));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JobException($"{Variable} names '{VisibleText.Escape(file)}', which cannot be read: {VisibleText.Escape(e.Message)}", e);
        }

        return new ObjectCredentials([.. all.OrderByDescending(one => one.Item1.Length)]);
    }

    /// <summary>Makes a request for an object, with what lets it be read.</summary>
    /// <param name="url">The object.</param>
    public HttpRequestMessage Request(string url)
    {
        string? value = _all.Find(one => url.StartsWith(one.Prefix, StringComparison.Ordinal)).Value;
        if (value is not { Length: > 0 })
            return new HttpRequestMessage(HttpMethod.Get, url);
        if (value[0] == '?')
            return new HttpRequestMessage(HttpMethod.Get, url.Contains('?', StringComparison.Ordinal) ? $"{url}&{value[1..]}" : url + value);
        var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Authorization = AuthenticationHeaderValue.Parse(value);
        return request;
    }
}
