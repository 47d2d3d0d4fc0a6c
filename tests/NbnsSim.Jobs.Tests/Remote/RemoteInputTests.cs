using NbnsSim.Jobs.Archives;
using NbnsSim.Jobs.Remote;
using NbnsSim.Jobs.Runs;
using NbnsSim.Jobs.Tests.Archives;
using NbnsSim.Jobs.Tests.Runs;

namespace NbnsSim.Jobs.Tests.Remote;

/// <summary>Captures that a server has are the archive that they are as files; what the server does wrong is got over, or said.</summary>
public sealed class RemoteInputTests
{
    private readonly TimeSpan _delay = ObjectClient.FirstDelay;
    private readonly TimeSpan _patience = ObjectClient.Patience;
    private RunFolder _folder = null!;
    private ObjectServer _server = null!;

    [OneTimeSetUp]
    public void DoNotWait() => ObjectClient.FirstDelay = TimeSpan.Zero;

    [OneTimeTearDown]
    public void WaitAgain() => ObjectClient.FirstDelay = _delay;

    [SetUp]
    public void Begin() => (_folder, _server) = (new RunFolder(), new ObjectServer());

    [TearDown]
    public void End()
    {
        ObjectClient.Patience = _patience;
        _server.Dispose();
        _folder.Dispose();
    }

    private static readonly long?[] Sizes = [null, 1_000];

    /// <summary>The same captures as files, and as objects.</summary>
    private (string[] Paths, string[] Urls) PutAll()
    {
        _folder.PutAll();
        string[] paths = [.. Directory.GetFiles(_folder.Captures, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        return (paths, [.. paths.Select(path => _server.Put(Path.GetRelativePath(_folder.Captures, path), File.ReadAllBytes(path)))]);
    }

    [Test]
    public void TheyAreTheSameAsFiles([ValueSource(nameof(Sizes))] long? size, [Values] bool hasRanges, [Values] bool hasTags)
    {
        (_server.HasRanges, _server.HasTags) = (hasRanges, hasTags);
        using var runs = new ArchiveRuns();
        var (paths, urls) = PutAll();
        var files = runs.Do(new ArchiveSpec(paths) { ShardOctets = size });
        var objects = runs.Do(new ArchiveSpec(urls) { ShardOctets = size });
        Assert.That(WithoutPaths(objects), Is.EqualTo(WithoutPaths(files)));
        Assert.That(objects.Shards.Count > urls.Length, Is.EqualTo(files.Shards.Count > urls.Length && hasRanges), "what cannot be had in parts is one shard");
    }

    /// <summary>All but the table and the page that have the paths.</summary>
    private static string WithoutPaths(Outcome outcome) => string.Join('\n', outcome.Whole.Split('\n').Where(line => !line.StartsWith("captures.parquet", StringComparison.Ordinal) && !line.StartsWith("report.html", StringComparison.Ordinal)));

    [TestCaseSource(nameof(Sizes))]
    public void AConnectionThatBreaksOffIsMadeAgain(long? size)
    {
        using var runs = new ArchiveRuns();
        var (paths, urls) = PutAll();
        int broken = 0;
        _server.BreaksAfter = () => Interlocked.Increment(ref broken) % 3 == 0 ? null : 700;
        Assert.That(WithoutPaths(runs.Do(new ArchiveSpec(urls) { ShardOctets = size })), Is.EqualTo(WithoutPaths(runs.Do(new ArchiveSpec(paths) { ShardOctets = size }))));
        Assert.That(broken, Is.GreaterThan(urls.Length));
    }

    [Test]
    public async Task AServerThatBreaksOffAlwaysIsNotAskedForEver()
    {
        string url = _server.Put("a.pcap", ArchiveCaptures.All().First().Octets);
        _server.BreaksAfter = () => 0;
        var (_, failed) = await _folder.DoAsync(new ArchiveSpec([url]));
        Assert.That(failed, Does.StartWith($"f0: '{url}' cannot be read: ").And.EndsWith(" (5 times)."));
        Assert.That(_server.Requests, Has.Length.EqualTo(1 + (3 * 5)));
    }

    [TestCase(503, 5)]
    [TestCase(429, 5)]
    [TestCase(404, 1)]
    [TestCase(403, 1)]
    public void WhatAServerSaysIsSaid(int status, int asked)
    {
        _server.Answer = (_, _) => $"HTTP/1.1 {status} No\u001b[2J\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        using var runs = new ArchiveRuns();
        var outcome = runs.Do(new ArchiveSpec([_server.Url("a.pcap")]));
        Assert.That(outcome.Captures[0].WhyNotAll, Does.StartWith($"'{_server.Url("a.pcap")}' cannot be read: the server says {status} "));
        Assert.That(outcome.Captures[0].WhyNotAll!.Contains(ObjectCredentials.Variable, StringComparison.Ordinal), Is.EqualTo(status == 403));
        Assert.That(outcome.Captures[0].WhyNotAll, Does.Contain("No\\u001b[2J").And.Not.Contain("\u001b"));
        Assert.That(_server.Requests, Has.Length.EqualTo(asked));
    }

    [Test]
    public async Task AServerThatIsSilentIsNotWaitedForForEver()
    {
        ObjectClient.Patience = TimeSpan.FromMilliseconds(20);
        using var silent = new System.Threading.ManualResetEventSlim();
        _server.Asked = _ => silent.Wait();
        string url = _server.Put("a.pcap", [1]);
        using var runs = new ArchiveRuns();
        var outcome = await Task.Run(() => runs.Do(new ArchiveSpec([url])));
        silent.Set();
        Assert.That(outcome.Captures[0].WhyNotAll, Is.EqualTo($"'{url}' cannot be read: the server is silent (5 times)."));
    }

    [Test]
    public void AnObjectThatIsReplacedOrGrowsIsNotMixedWithAnother([ValueSource(nameof(Sizes))] long? size, [Values] bool hasTags, [Values] bool grows)
    {
        _server.HasTags = hasTags;
        byte[] octets = ArchiveCaptures.All().First().Octets;
        string url = _server.Put("a.pcap", octets);
        byte[] other = (byte[])octets.Clone();
        other[^1] ^= 1;
        using var runs = new ArchiveRuns();
        string? message = null;
        Assert.That(() => runs.Do(new ArchiveSpec([url]) { ShardOctets = size }, listed: () => _server.Put("a.pcap", grows ? [.. octets, .. octets[24..]] : other)),
            hasTags || grows ? Throws.InstanceOf<IOException>().With.Message.Matches<string>(text => (message = text) is not null) : Throws.Nothing);
        Assert.That(message, Is.EqualTo(
            grows ? $"'{url}' cannot be read: it was listed with {octets.Length} octets, and has {(2 * octets.Length) - 24} now." : hasTags ? $"'{url}' cannot be read: it was replaced since it was listed." : null));
    }

    [Test]
    public void ARedirectionIsFollowed_AndWhatAuthorizesStaysBehind()
    {
        byte[] octets = ArchiveCaptures.All().First().Octets;
        string path = _folder.Put("a.pcap", octets);
        using var elsewhere = new ObjectServer();
        string there = elsewhere.Put("b", octets);
        string? leaked = null;
        elsewhere.Answer = (_, authorization) =>
        {
            leaked ??= authorization;
            return null;
        };
        string url = _server.Url("a.pcap");
        string? seen = null;
        _server.Answer = (_, authorization) =>
        {
            seen = authorization;
            return $"HTTP/1.1 307 Temporary Redirect\r\nLocation: {there}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        };
        string file = _folder.In("credentials");
        File.WriteAllText(file, $"# mine\n{_server.Url("")}  Basic dXNlcjpwYXNz\n");
        using var client = new ObjectClient(ObjectCredentials.Read(file));
        var (length, version) = client.Look(url, CancellationToken.None);
        using var stream = new ObjectStream(client, url, length, version, CancellationToken.None);
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        Assert.That(copy.ToArray(), Is.EqualTo(File.ReadAllBytes(path)));
        Assert.That((seen, leaked), Is.EqualTo(("Basic dXNlcjpwYXNz", (string?)null)));

        _server.Answer = (_, _) => $"HTTP/1.1 307 Temporary Redirect\r\nLocation: {url}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        Assert.That(() => client.Look(url, CancellationToken.None), Throws.InstanceOf<IOException>().With.Message.Contains("the server says 307"), "round in a circle");
    }

    [Test]
    public void CredentialsGoIntoRequestsAlone()
    {
        string url = _server.Put("dir/a.pcap", [1, 2, 3]);
        string file = _folder.In("credentials");
        File.WriteAllText(file, $"{_server.Url("")} Bearer of-all\n{_server.Url("dir/")}\t?sig=s3cret&x=1\n");
        using var client = new ObjectClient(ObjectCredentials.Read(file));
        Assert.That(client.Look(url, CancellationToken.None).Octets, Is.EqualTo(3));
        Assert.That(_server.Requests, Is.EqualTo(new[] { "/dir/a.pcap?sig=s3cret&x=1 0-0" }));
        _server.Answer = (_, authorization) => $"HTTP/1.1 500 {authorization}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        Assert.That(() => client.Look(url, CancellationToken.None), Throws.InstanceOf<IOException>().With.Message.Not.Contains("s3cret"));

        foreach (string bad in (string[])["nonsense", "https://host", "https://host x", "https://host/ ", "ftp://host/ Basic x", "https://host x/ Basic y"])
        {
            File.WriteAllText(file, $"\n{bad}\n");
            Assert.That(() => ObjectCredentials.Read(file), Throws.InstanceOf<JobException>().With.Message.StartsWith($"'{file}', line 2: "), bad);
        }
    }

    [TestCase("https://user:s3cret@host/a.pcap", "'https://***@host/a.pcap' has a secret in it")]
    [TestCase("http://host/a.pcap?X-Amz-Signature=s3cret&id=5", "'http://host/a.pcap?X-Amz-Signature=***&id=5' has a secret in it")]
    [TestCase("https://host/a?s%69g=s3cret", "'https://host/a?s%69g=***' has a secret in it")]
    [TestCase("https://host/a?list-type=2&access_token=s3cret", "has a secret in it")]
    [TestCase("https://", "is no URL")]
    [TestCase("http://host:99999/s3cret@x", "is no URL")]
    [TestCase("https://host/a#b", "names a part of an object")]
    public void AUrlWithASecretIsRefused(string url, string message)
    {
        Assert.That(() => new ArchiveSpec([url]), Throws.InstanceOf<JobException>().With.Message.Contains(message));
        if (message.Contains("secret", StringComparison.Ordinal))
            Assert.That(() => new ArchiveSpec([url]), Throws.InstanceOf<JobException>().With.Message.Not.Contains("s3cret"));
    }

    [Test]
    public void ABucketIsListedPageByPage()
    {
        string path = _folder.Put("a b&c.pcap", ArchiveCaptures.All().First().Octets);
        byte[] octets = File.ReadAllBytes(path);
        string tag = $"&quot;{Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(octets).AsSpan(0, 8))}&quot;";
        _server.Put("bucket/day/a%20b%26c.pcap", octets);
        _server.Put("bucket/day/z.pcap", octets);
        _server.Answer = (target, _) => !target.StartsWith("/bucket/?", StringComparison.Ordinal) ? null : Page(target.Contains("continuation-token=to%2Fken%3D", StringComparison.Ordinal)
            ? $"<IsTruncated>false</IsTruncated><Contents><Key>day/z.pcap</Key><Size>{octets.Length}</Size><ETag>{tag}</ETag></Contents>"
            : $"<IsTruncated>true</IsTruncated><NextContinuationToken>to/ken=</NextContinuationToken><Contents><Key>day/</Key><Size>0</Size></Contents><Contents><Key>day/a b&amp;c.pcap</Key><Size>{octets.Length}</Size><ETag>{tag}</ETag><Owner><ID>x</ID></Owner></Contents>");
        string listing = _server.Url("bucket/?list-type=2&prefix=day/");
        using var runs = new ArchiveRuns();
        var outcome = runs.Do(new ArchiveSpec([listing]));
        Assert.That(outcome.Captures.Select(capture => capture.State.File.Path), Is.EqualTo(new[] { _server.Url("bucket/day/a%20b%26c.pcap"), _server.Url("bucket/day/z.pcap") }));
        Assert.That(outcome.Captures[1].SameAs, Is.SameAs(outcome.Captures[0]));
        Assert.That(outcome.Datagrams, Is.EqualTo(runs.Do(new ArchiveSpec([path])).Datagrams));

        foreach (var (content, why) in new[]
        {
            ("<html></html>", "this is no listing of a bucket: it begins with 'html'"), ("no XML", "this is no listing of a bucket: "), ("<ListBucketResult><Contents></Contents></ListBucketResult>", "an object has no key"),
            ("<!DOCTYPE x [<!ENTITY a \"b\">]><ListBucketResult/>", "this is no listing of a bucket: "), ("<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>", "it does not say how to ask for them"),
            ("<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>x</NextContinuationToken></ListBucketResult>", "lists nothing and says that more follow"),
        })
        {
            _server.Answer = (_, _) => $"HTTP/1.1 200 OK\r\nContent-Length: {content.Length}\r\nConnection: close\r\n\r\n{content}";
            Assert.That(runs.Do(new ArchiveSpec([listing])).Captures.Single().WhyNotAll, Does.StartWith($"'{listing}' cannot be read: ").And.Contain(why), content);
        }

        static string Page(string content)
        {
            content = $"<?xml version=\"1.0\"?>\n<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">{content}</ListBucketResult>";
            return $"HTTP/1.1 200 OK\r\nContent-Length: {content.Length}\r\nConnection: close\r\n\r\n{content}";
        }
    }

    [TestCaseSource(nameof(Sizes))]
    public async Task ObjectsHaveRunsThatFilesHave(long? size)
    {
        byte[] octets = ArchiveCaptures.All().First().Octets;
        string path = _folder.Put("a.pcap", octets);
        string url = _server.Put("a.pcap", octets);
        RunExtraction.Extract(new ArchiveSpec([path]) { Runs = _folder.Runs, ShardOctets = size });
        var again = RunExtraction.Extract(new ArchiveSpec([url]) { Runs = _folder.Runs, ShardOctets = size });
        Assert.That((again.Made, again.Problems), Is.EqualTo((0, System.Collections.Immutable.ImmutableArray<string>.Empty)));
        int asked = _server.Requests.Length;
        RunExtraction.Extract(new ArchiveSpec([url]) { Runs = _folder.Runs, ShardOctets = size });
        Assert.That(_server.Requests[asked..], Has.All.EndsWith(" 0-0").Or.EndsWith(" 0-"), "its version and its head are as they were: no more of it is read");
        Assert.That(await _folder.DoAsync(new MergeSpec([_folder.Runs]) { Inputs = [url] }), Is.EqualTo(await _folder.DoAsync(new ArchiveSpec([url]) { ShardOctets = size })));
    }
}
