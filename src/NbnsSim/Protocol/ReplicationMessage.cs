namespace NbnsSim.Protocol;

/// <summary>
/// What one name server tells another over a connection, as a value that can be carried, delayed and kept. WINS uses TCP port 42 (MS-WINSRA §2.1); octets are not
/// made of it here. A driver carries each from <see cref="IReplicationEndpoint.TryPollReplication"/> of one server to <see cref="IReplicationEndpoint.HandleReplication"/>
/// of another, in the order in which it was sent, or not at all.
/// </summary>
public abstract record ReplicationMessage
{
    /// <summary>The server that sends it.</summary>
    public Ipv4Address Source { get; init; }

    /// <summary>The server that it is for.</summary>
    public Ipv4Address Destination { get; init; }

    /// <summary>
    /// The association that it belongs to (MS-WINSRA §3.1.5.1), by the number that whoever opened it gave it. It stands for both association handles and for the TCP
    /// connection.
    /// </summary>
    public long Association { get; init; }

    /// <summary>The number of the decision that sends it; 0 where nobody listens. It does not travel in reality, and two messages that differ only in it are equal.</summary>
    public long Decision { get; init; }

    /// <summary>What it is, for traces.</summary>
    public abstract string Description { get; }

    /// <inheritdoc/>
    public virtual bool Equals(ReplicationMessage? other) =>
        other is not null && EqualityContract == other.EqualityContract && Source == other.Source && Destination == other.Destination && Association == other.Association;

    /// <inheritdoc/>
    public override int GetHashCode() => (int)(Source.Value ^ Destination.Value) ^ (int)Association;

    /// <summary>From whom, to whom and what.</summary>
    public sealed override string ToString() => $"{Source} to {Destination}: {Description}";
}
