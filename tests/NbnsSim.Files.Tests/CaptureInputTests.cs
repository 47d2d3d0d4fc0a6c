using NbnsSim.Captures;
using NbnsSim.Cli.Tests;

namespace NbnsSim.Files.Tests;

/// <summary>Capture files as somebody names them.</summary>
public sealed class CaptureInputTests
{
    private static readonly byte[] First = TestCapture.Of(("10.0.0.1", 137, "10.0.0.255", 137, [1]));
    private static readonly byte[] Second = TestCapture.Of(("10.0.0.2", 137, "10.0.0.255", 137, [2]), ("10.0.0.3", 137, "10.0.0.255", 137, [3]));

    private readonly List<Pipe> _opened = [];

    [SetUp]
    public void Forget() => _opened.Clear();

    [Test]
    public void OneFile_IsReadAsItIs()
    {
        using var input = new CaptureInput(["a.pcap"], path => new MemoryStream(First));
        using var capture = input.Open();
        Assert.That((input.Title, input.Length, capture.Sources.Count, Frames(capture)), Is.EqualTo(("a.pcap", First.Length, 0, 1)));
    }

    [Test]
    public void SeveralFiles_AreOneCapture()
    {
        using var input = new CaptureInput(["a.pcap", "-"], path => new MemoryStream(path == "-" ? Second : First));
        using var capture = input.Open();
        Assert.That((input.Title, input.Length, capture.Sources.Count, Frames(capture)), Is.EqualTo(("a.pcap and standard input", 0, 2, 3)));
    }

    [Test]
    public void OfMany_TheFirstIsNamed() => Assert.That(new CaptureInput(["a", "b", "c", "d"]).Title, Is.EqualTo("a and 3 more"));

    [Test]
    public void NoFile_IsRefused() => Assert.That(() => new CaptureInput([]), Throws.ArgumentException);

    [Test]
    public void APipe_CanBeReadAgain_AndIsOpenedOnce()
    {
        using (var input = new CaptureInput(["-"], path => Open(Second)) { IsRereadable = true })
        {
            for (int pass = 0; pass < 2; pass++)
            {
                using var capture = input.Open();
                Assert.That(Frames(capture), Is.EqualTo(2));
            }
        }

        Assert.That(_opened.Select(pipe => pipe.IsDisposed), Is.EqualTo(new[] { true }));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void WhatIsNoCapture_IsNamed_AndNothingStaysOpen(bool isRereadable)
    {
        using (var input = new CaptureInput(["a.pcap", "words.txt"], path => Open(path == "a.pcap" ? First : "words"u8.ToArray())) { IsRereadable = isRereadable })
            Assert.That(() => input.Open(), Throws.TypeOf<InvalidDataException>().With.Message.StartsWith("words.txt: This is no packet capture but "));
        Assert.That(_opened, Has.Count.EqualTo(2).And.All.Property(nameof(Pipe.IsDisposed)).True);
    }

    [Test]
    public void AFileThatIsFollowed_IsReadToItsEnd_WhenItIsStopped()
    {
        using var input = new CaptureInput(["a.pcap"], path => new MemoryStream(Second)) { IsFollowed = true, Stop = new CancellationToken(canceled: true), IsRereadable = true };
        for (int pass = 0; pass < 2; pass++)
        {
            using var capture = input.Open();
            Assert.That(Frames(capture), Is.EqualTo(2));
        }
    }

    private static int Frames(CaptureReader capture)
    {
        int frames = 0;
        while (capture.TryRead(out _))
            frames++;
        return frames;
    }

    private Pipe Open(byte[] octets)
    {
        _opened.Add(new Pipe(octets));
        return _opened[^1];
    }

    private sealed class Pipe(byte[] octets) : MemoryStream(octets)
    {
        public bool IsDisposed { get; private set; }

        public override bool CanSeek => false;

        protected override void Dispose(bool disposing)
        {
            IsDisposed = true;
            base.Dispose(disposing);
        }
    }
}
