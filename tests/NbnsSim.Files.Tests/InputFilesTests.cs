using NbnsSim.Cli.Tests;

namespace NbnsSim.Files.Tests;

/// <summary>Files as somebody names them on a command line.</summary>
public sealed class InputFilesTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("nbnssim-files-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void AFile_IsOpened_WhileAnotherWritesIt()
    {
        string path = Path.Combine(_folder, "a");
        using var writer = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read);
        writer.Write([1, 2, 3]);
        writer.Flush();
        using var file = InputFiles.Open(path);
        Assert.That(file.Length, Is.EqualTo(3));
    }

    [Test]
    public void WhatCannotBeRead_IsSaidInASentence()
    {
        string none = Path.Combine(_folder, "none"), deeper = Path.Combine(none, "deeper");
        Assert.Multiple(() =>
        {
            Assert.That(() => InputFiles.Open(none), Throws.TypeOf<FileNotFoundException>().With.Message.EqualTo($"There is no file '{none}'."));
            Assert.That(() => InputFiles.Open(deeper), Throws.TypeOf<FileNotFoundException>().With.Message.EqualTo($"There is no file '{deeper}'."));
            Assert.That(() => InputFiles.Open(_folder), Throws.TypeOf<IOException>().With.Message.EqualTo($"'{_folder}' is a folder, not a file."));
            Assert.That(() => InputFiles.Open(""), Throws.TypeOf<IOException>().With.Message.StartsWith("'' cannot be read: "));
        });
    }

    [Test]
    public void StandardInput_HasAName() => Assert.That((InputFiles.TitleOf("-"), InputFiles.TitleOf("a.pcap")), Is.EqualTo(("standard input", "a.pcap")));

    /// <summary>What the runtime opened for itself is closed on exec: it did not come from whoever started the process.</summary>
    [Test, Platform("Linux")]
    public void ADescriptor_IsOpen_WhereItCameFromOutside()
    {
        using var own = File.Create(Path.Combine(_folder, "own"));
        int ofOwn = (int)own.SafeFileHandle.DangerousGetHandle();
        Assert.That((StandardDescriptor.IsOpen(ofOwn), StandardDescriptor.IsOpen(int.MaxValue)), Is.EqualTo((false, false)));
        Assert.That((StandardDescriptor.IsOpen(1), StandardDescriptor.IsOpen(2)), Is.EqualTo((true, true)), "the test's own");
    }

    [Test]
    public void ACapture_IsToldFromOtherFiles()
    {
        using var capture = new MemoryStream(TestCapture.Of(("10.0.0.1", 137, "10.0.0.255", 137, [1])));
        using var words = new MemoryStream("words"u8.ToArray());
        capture.Position = words.Position = 2;
        Assert.That((CaptureStreams.IsCapture(capture, out string? none), none, capture.Position), Is.EqualTo((true, (string?)null, 0)));
        Assert.That((CaptureStreams.IsCapture(words, out string? problem), problem?.Split(" but ")[0], words.Position), Is.EqualTo((false, "This is no packet capture", 0)));
    }
}
