using System.Globalization;
using System.Net;
using System.Xml;

namespace NbnsSim.Jobs.Remote;

/// <summary>
/// What a bucket says that it has under a prefix: ListObjectsV2 of Amazon S3 and of those who speak like it (MinIO, Ceph, Google's XML API), asked for by <c>https://HOST/BUCKET/?list-type=2&amp;prefix=PREFIX</c>.
/// </summary>
internal static class ObjectListing
{
    private const int MaxObjects = 1_000_000;
    private const int MaxPageOctets = 16 << 20; // of a thousand objects with the longest names

    /// <summary>Whether an input asks for a listing.</summary>
    public static bool Is(string input) => ObjectUrl.Is(input) && input.IndexOf('?', StringComparison.Ordinal) is >= 0 and int query && input[(query + 1)..].Split('&').Contains("list-type=2", StringComparer.Ordinal);

    /// <summary>Lists the objects, page by page.</summary>
    /// <param name="client">Asks for the pages.</param>
    /// <param name="url">The listing.</param>
    /// <param name="stop">Ends it.</param>
    /// <returns>URL, length and version of each; what stands for folders is left out.</returns>
    /// <exception cref="IOException">It cannot be had, or is none.</exception>
    public static List<(string Url, long Octets, ObjectVersion Version)> Read(ObjectClient client, string url, CancellationToken stop)
    {
        var all = new List<(string, long, ObjectVersion)>();
        string bucket = url[..url.IndexOf('?', StringComparison.Ordinal)].TrimEnd('/');
        for (string? page = url; page is not null;)
        {
            int before = all.Count;
            string? token = ReadPage(client, url, page, bucket, all, stop);
            if (all.Count > MaxObjects)
                throw ObjectClient.Failed(url, string.Create(CultureInfo.InvariantCulture, $"it lists more than {MaxObjects:N0} objects: name a longer prefix"));
            if (token is not null && all.Count == before)
                throw ObjectClient.Failed(url, "a page of it lists nothing and says that more follow");
            page = token is null ? null : $"{url}&continuation-token={Uri.EscapeDataString(token)}";
        }

        return all;
    }

    private static string? ReadPage(ObjectClient client, string url, string page, string bucket, List<(string, long, ObjectVersion)> all, CancellationToken stop)
    {
        using var response = client.Get(page, null, null, stop);
        if (response.StatusCode != HttpStatusCode.OK)
            throw ObjectClient.Failed(url, "the server gives only a part of the listing");
        using var octets = new MemoryStream();
        using (var content = ObjectClient.Patiently(token => response.Content.ReadAsStreamAsync(token), stop))
        {
            byte[] buffer = new byte[1 << 16];
            for (int read; (read = ReadSome(content, buffer, url, stop)) > 0; octets.Write(buffer.AsSpan(0, read)))
            {
                if (octets.Length + read > MaxPageOctets)
                    throw ObjectClient.Failed(url, "a page of the listing is too long");
            }
        }

        octets.Position = 0;
        try
        {
            return Parse(octets, bucket, all);
        }
        catch (Exception e) when (e is XmlException or FormatException or OverflowException)
        {
            throw ObjectClient.Failed(url, $"this is no listing of a bucket: {e.Message.TrimEnd('.')}");
        }
    }

    private static int ReadSome(Stream content, byte[] buffer, string url, CancellationToken stop)
    {
        try
        {
            return ObjectClient.Patiently(token => content.ReadAsync(buffer, token).AsTask(), stop);
        }
        catch (Exception e) when (e is IOException or HttpRequestException or TimeoutException)
        {
            throw ObjectClient.Failed(url, $"the listing breaks off: {e.Message.TrimEnd('.')}");
        }
    }

    /// <summary>Reads a page.</summary>
    /// <returns>What the next one is asked for with; null where this is the last.</returns>
    private static string? Parse(Stream page, string bucket, List<(string, long, ObjectVersion)> all)
    {
        using var xml = XmlReader.Create(page, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, IgnoreWhitespace = true });
        if (xml.MoveToContent() != XmlNodeType.Element || xml.LocalName != "ListBucketResult")
            throw new FormatException($"it begins with '{xml.LocalName}'");
        string? token = null, key = null, octets = null, tag = null;
        bool isTruncated = false, isEncoded = false;
        var keys = new List<(string Key, long Octets, string? Tag)>();
        xml.Read();
        while (!xml.EOF)
        {
            switch ((xml.NodeType, xml.LocalName, xml.Depth))
            {
                case (XmlNodeType.Element, "IsTruncated", 1):
                    isTruncated = xml.ReadElementContentAsString() == "true";
                    continue;
                case (XmlNodeType.Element, "EncodingType", 1):
                    isEncoded = xml.ReadElementContentAsString() == "url";
                    continue;
                case (XmlNodeType.Element, "NextContinuationToken", 1):
                    token = xml.ReadElementContentAsString();
                    continue;
                case (XmlNodeType.Element, "Key", 2):
                    key = xml.ReadElementContentAsString();
                    continue;
                case (XmlNodeType.Element, "Size", 2):
                    octets = xml.ReadElementContentAsString();
                    continue;
                case (XmlNodeType.Element, "ETag", 2):
                    tag = xml.ReadElementContentAsString();
                    continue;
                case (XmlNodeType.EndElement, "Contents", 1):
                    keys.Add((key ?? throw new FormatException("an object has no key"), long.Parse(octets ?? "", NumberStyles.None, CultureInfo.InvariantCulture), tag));
                    key = octets = tag = null;
                    break;
            }

            xml.Read();
        }

        foreach (var one in keys.Where(one => !one.Key.EndsWith('/')))
        {
            string path = isEncoded ? one.Key : string.Join('/', one.Key.Split('/').Select(Uri.EscapeDataString));
            all.Add(($"{bucket}/{path}", one.Octets, new ObjectVersion(one.Tag, HasRanges: true)));
        }

        return !isTruncated ? null : token ?? throw new FormatException("more follow, and it does not say how to ask for them");
    }
}
