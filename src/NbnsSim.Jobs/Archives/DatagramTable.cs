using NbnsSim.Captures;
using NbnsSim.Jobs.Tables;
using NbnsSim.Wire;

namespace NbnsSim.Jobs.Archives;

/// <summary>Writes the table of datagrams.</summary>
/// <param name="folder">Where it goes.</param>
internal sealed class DatagramTable(string folder) : IDisposable
{
    private readonly TableWriter<DatagramRow> _table = JobTables.Datagrams.CreateIn(folder);
    private readonly DatagramRows _rows = new();

    /// <summary>Adds datagrams.</summary>
    /// <param name="batch">The datagrams.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Add(DatagramBatch batch)
    {
        for (int i = 0; i < batch.Count; i++)
            _table.Add(RowOf(batch.CaptureOf(i) + 1, batch[i], batch.FactsOf(i)));
    }

    /// <summary>All are there.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Complete() => _table.Complete();

    public void Dispose() => _table.Dispose();

    private DatagramRow RowOf(int capture, in RunRecord record, in DatagramFacts facts)
    {
        bool saysBroadcast = !facts.HasLink && record.Has(RunFlags.Readable) && new NbnsFlags(record.PacketFlags).IsBroadcast; // CaptureFile.IsBroadcast
        var row = new DatagramRow { Number = facts.FrameNumber, Time = facts.Time, Captured = record.Time == facts.Time.Nanoseconds ? null : record.Time, Capture = capture, Frame = record.Frame, IsBroadcast = facts.IsBroadcast || saysBroadcast };
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
}
