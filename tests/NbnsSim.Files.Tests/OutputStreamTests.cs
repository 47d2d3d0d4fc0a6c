namespace NbnsSim.Files.Tests;

/// <summary>What cannot be written is told from an input that broke, and names what it is.</summary>
public sealed class OutputStreamTests
{
    private string _folder = null!;

    [OneTimeSetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("nbnssim-").FullName;

    [OneTimeTearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void AFileIsWrittenWhereOneIsAskedFor()
    {
        string path = Path.Combine(_folder, "a.txt");
        OutputStream.WriteText(path, writer => writer.WriteLine("text"));
        Assert.That(File.ReadAllText(path), Is.EqualTo("text\n"));
        OutputStream.WriteOctets(path, stream => stream.Write([1, 2, 3]));
        Assert.That(File.ReadAllBytes(path), Is.EqualTo(new byte[] { 1, 2, 3 }));
        OutputStream.WriteText(null, _ => Assert.Fail("nothing was asked for"));
        OutputStream.WriteOctets(null, _ => Assert.Fail("nothing was asked for"));
    }

    [Test]
    public void AFolderAndAMissingOne_AreNamed()
    {
        Assert.That(() => OutputStream.WriteOctets(_folder, _ => { }), Throws.TypeOf<OutputFailedException>().With.Message.EqualTo($"'{_folder}' is a folder, not a file."));
        string missing = Path.Combine(_folder, "none", "a");
        Assert.That(() => OutputStream.WriteOctets(missing, _ => { }), Throws.TypeOf<OutputFailedException>().With.Message.StartsWith($"'{missing}' cannot be written: "));
    }

    [Test]
    public void AFileIsCheckedBeforehand_AndLeftAsItWas()
    {
        string path = Path.Combine(_folder, "checked");
        OutputStream.Check(null, path);
        Assert.That(File.Exists(path), Is.False);
        File.WriteAllText(path, "kept");
        OutputStream.Check(path);
        Assert.That(File.ReadAllText(path), Is.EqualTo("kept"));
        Assert.That(() => OutputStream.Check(path, _folder), Throws.TypeOf<OutputFailedException>().With.Message.EqualTo($"'{_folder}' is a folder, not a file."));
        Assert.That(() => OutputStream.Check(Path.Combine(_folder, "none", "a")), Throws.TypeOf<OutputFailedException>());
    }

    [Test]
    public void AStreamThatIsClosed_AFullDisk_AndAReaderWhoLeft_AreThreeThings()
    {
        using var closed = new OutputStream(null, "Standard output");
        Assert.That(() => closed.Write([1]), Throws.TypeOf<OutputFailedException>().With.Message.EqualTo("Standard output is closed."));
        closed.Write([]);
        Assert.That(() => new OutputStream(new Broken(28), "Standard output", hasReader: true).Write([1]), Throws.TypeOf<OutputFailedException>());
        Assert.That(() => new OutputStream(new Broken(32), "Standard output", hasReader: true).Write([1]), Throws.TypeOf<OutputGoneException>());
        Assert.That(() => new OutputStream(new Broken(32), "'a file'").Write([1]), Throws.TypeOf<OutputFailedException>(), "nobody reads a file");
    }

    [Test]
    public void TwoPathsToOneFileAreTheSame()
    {
        string path = Path.Combine(_folder, "b");
        File.WriteAllText(path, "");
        File.CreateSymbolicLink(path + ".link", path);
        Assert.That(InputFiles.AreSame(path, path + ".link"), Is.True);
        Assert.That(InputFiles.AreSame(path, Path.Combine(_folder, "none", "..", "b")), Is.True);
        Assert.That(InputFiles.AreSame(path, path + "c"), Is.False);
        Assert.That(InputFiles.AreSame("-", "-"), Is.False, "standard input is no file");
    }

    private sealed class Broken(int errno) : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException("it broke", errno);
    }
}
