namespace NbnsSim.Files;

/// <summary>A file that is read on as somebody writes it, until it is told to stop.</summary>
/// <param name="file">The file.</param>
/// <param name="waitForMore">Waits a little where the file has no more for the moment; false ends it. Gets how often in a row it was called.</param>
internal sealed class GrowingStream(Stream file, Func<int, bool> waitForMore) : ReadOnlyStream
{
    private bool _ended;

    public override int Read(Span<byte> buffer)
    {
        for (int quiet = 0; !_ended && !buffer.IsEmpty; quiet++)
        {
            int count = file.Read(buffer);
            if (count > 0)
                return count;
            _ended = !waitForMore(quiet);
        }

        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            file.Dispose();
        base.Dispose(disposing);
    }
}
