using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using NbnsSim.Captures;
using NbnsSim.Jobs.Tables;
using NbnsSim.Wire;

namespace NbnsSim.Jobs.Archives;

/// <summary>Writes the table of datagrams on a thread of its own, since a row takes as long as the diagnosis of its datagram: it is given them in batches, of which a few wait at most.</summary>
internal sealed class DatagramTable : IDisposable
{
    private const int InBatch = 4_096;
    private const int Waiting = 4;

    private readonly TableWriter<DatagramRow> _table;
    private readonly DatagramRows _rows = new();
    private readonly BlockingCollection<Batch> _batches = new(Waiting);
    private readonly ConcurrentBag<Batch> _spare = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _thread;
    private Batch _batch = new();
    private Exception? _failure;

    /// <summary>Begins it.</summary>
    /// <param name="folder">Where it goes.</param>
    public DatagramTable(string folder)
    {
        _table = JobTables.Datagrams.CreateIn(folder);
        _thread = new Thread(WriteAll) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>Adds a datagram.</summary>
    /// <param name="capture">The number of its capture.</param>
    /// <param name="record">The datagram.</param>
    /// <param name="facts">Its number and its payload.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Add(int capture, in RunRecord record, in DatagramFacts facts)
    {
        _batch.Add(capture, record, facts);
        if (_batch.Count == InBatch)
            HandOver();
    }

    /// <summary>All are there.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Complete()
    {
        HandOver();
        _batches.CompleteAdding();
        _thread.Join();
        ThrowFailure();
    }

    public void Dispose()
    {
        _stop.Cancel();
        _thread.Join();
        _table.Dispose();
        _batches.Dispose();
        _stop.Dispose();
    }

    private void HandOver()
    {
        try
        {
            _batches.Add(_batch, _stop.Token);
        }
        catch (OperationCanceledException)
        {
            ThrowFailure();
            throw;
        }

        _batch = _spare.TryTake(out var spare) ? spare : new Batch();
    }

    private void ThrowFailure()
    {
        if (_failure is not null)
            ExceptionDispatchInfo.Throw(_failure);
    }

    private void WriteAll()
    {
        try
        {
            foreach (var batch in _batches.GetConsumingEnumerable(_stop.Token))
            {
                for (int i = 0; i < batch.Count; i++)
                    _table.Add(RowOf(batch.Captures[i], batch.Records[i], batch.Records[i].ToFacts(batch.FirstNumber + i, batch.PayloadOf(i))));
                batch.Clear();
                _spare.Add(batch);
            }

            _table.Complete();
        }
        catch (OperationCanceledException)
        {
            // nobody wants it any more
        }
        catch (Exception e)
        {
            _failure = e;
            _stop.Cancel();
        }
    }

    private DatagramRow RowOf(int capture, in RunRecord record, in DatagramFacts facts)
    {
        bool saysBroadcast = !facts.HasLink && record.Has(RunFlags.Readable) && new NbnsFlags(record.PacketFlags).IsBroadcast; // CaptureFile.IsBroadcast
        var row = new DatagramRow { Number = facts.FrameNumber, Time = facts.Time, Capture = capture, Frame = record.Frame, IsBroadcast = facts.IsBroadcast || saysBroadcast };
        return facts.IsIpv6
            ? _rows.Read(
                row with
                {
                    Source = new Ipv6Address(record.Source).ToString(),
                    SourcePort = record.SourcePort,
                    Destination = new Ipv6Address(record.Destination).ToString(),
                    DestinationPort = record.DestinationPort,
                    SourceMac = facts.SourceMac?.ToString(),
                },
                facts.Payload)
            : _rows.Read(row, facts.Source, facts.Destination, facts.SourceMac, facts.Payload);
    }

    /// <summary>Datagrams with numbers that follow each other.</summary>
    private sealed class Batch
    {
        private readonly int[] _ends = new int[InBatch];
        private byte[] _payloads = new byte[InBatch * 64];

        public int Count { get; private set; }

        public long FirstNumber { get; private set; }

        public int[] Captures { get; } = new int[InBatch];

        public RunRecord[] Records { get; } = new RunRecord[InBatch];

        public ReadOnlySpan<byte> PayloadOf(int index) => _payloads.AsSpan(EndOf(index - 1).._ends[index]);

        public void Add(int capture, in RunRecord record, in DatagramFacts facts)
        {
            if (Count == 0)
                FirstNumber = facts.FrameNumber;
            int end = EndOf(Count - 1) + facts.Payload.Length;
            if (end > _payloads.Length)
                Array.Resize(ref _payloads, Math.Max(end, 2 * _payloads.Length));
            facts.Payload.CopyTo(_payloads.AsSpan(EndOf(Count - 1)));
            (_ends[Count], Captures[Count], Records[Count]) = (end, capture, record);
            Count++;
        }

        public void Clear() => Count = 0;

        private int EndOf(int index) => index < 0 ? 0 : _ends[index];
    }
}
