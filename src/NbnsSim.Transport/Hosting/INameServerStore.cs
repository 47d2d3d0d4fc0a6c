using NbnsSim.NameServers;

namespace NbnsSim.Transport;

/// <summary>Where a name server's database is kept: what <see cref="NbnsServedHost"/> needs of it. NbnsSim.Transport.Sqlite has one that is an SQLite file.</summary>
public interface INameServerStore
{
    /// <summary>What the store is called in messages: its file.</summary>
    string Title { get; }

    /// <summary>Until when a server has served from it, in the time that it was given; null where the store does not say. The host's time goes on from there.</summary>
    Instant? LastServed { get; }

    /// <summary>The records that the last <see cref="Load"/> could not read, in words.</summary>
    IReadOnlyList<string> Damaged { get; }

    /// <summary>Puts the kept names into a server.</summary>
    /// <param name="now">The current time.</param>
    /// <param name="server">The server, an empty one that journals its changes; of no use if this throws.</param>
    /// <param name="damaged">What to do where records cannot be read.</param>
    /// <returns>How many names there were.</returns>
    /// <exception cref="InvalidDataException">A record cannot be read and is not to be skipped, or the server is full.</exception>
    /// <exception cref="IOException">The store cannot be read.</exception>
    int Load(Instant now, NameServer server, DamagedRecords damaged = DamagedRecords.Refuse);

    /// <summary>Takes what has changed in the server since the last call, quickly: nothing is written here (<see cref="NbnsUdpHostOptions.CollectChanges"/>).</summary>
    /// <param name="now">The server's time.</param>
    /// <param name="server">The server.</param>
    /// <returns>Whether there is anything to commit.</returns>
    bool Collect(Instant now, NameServer server);

    /// <summary>Makes what was collected safe; it is when this returns (<see cref="NbnsUdpHostOptions.CommitChanges"/>). Called on a thread of its own, also while something is collected.</summary>
    /// <exception cref="IOException">It could not be written. Nothing of it is safe; the next call tries again.</exception>
    void Commit();
}
