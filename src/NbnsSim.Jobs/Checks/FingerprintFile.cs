using System.Buffers.Binary;

namespace NbnsSim.Jobs.Checks;

/// <summary>Fingerprints of states, 16 octets each, little-endian, ascending.</summary>
internal static class FingerprintFile
{
    private const int Size = 16;
    private const int BufferSize = 1 << 16;

    public static void Write(string path, IReadOnlyCollection<UInt128> states)
    {
        using var file = new BufferedStream(File.Create(path), BufferSize);
        Span<byte> octets = stackalloc byte[Size];
        foreach (var state in states)
        {
            BinaryPrimitives.WriteUInt128LittleEndian(octets, state);
            file.Write(octets);
        }
    }

    /// <summary>How many different ones several files have.</summary>
    public static long CountDistinct(IReadOnlyList<string> paths, CancellationToken stop)
    {
        var files = new List<Stream>();
        try
        {
            var next = new PriorityQueue<int, UInt128>();
            foreach (string path in paths)
            {
                files.Add(new BufferedStream(File.OpenRead(path), BufferSize));
                Push(files.Count - 1);
            }

            long count = 0;
            UInt128? last = null;
            while (next.TryDequeue(out int file, out var state))
            {
                if (state != last)
                {
                    last = state;
                    if ((++count & 0xFFFFF) == 0)
                        stop.ThrowIfCancellationRequested();
                }

                Push(file);
            }

            return count;

            void Push(int file)
            {
                Span<byte> octets = stackalloc byte[Size];
                if (files[file].ReadAtLeast(octets, Size, throwOnEndOfStream: false) == Size)
                    next.Enqueue(file, BinaryPrimitives.ReadUInt128LittleEndian(octets));
            }
        }
        finally
        {
            foreach (var file in files)
                file.Dispose();
        }
    }
}
