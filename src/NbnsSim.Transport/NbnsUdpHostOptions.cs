using System.Collections.Immutable;
using NbnsSim.Events;

namespace NbnsSim.Transport;

/// <summary>How a <see cref="NbnsUdpHost"/> is configured. The defaults are safe to run: loopback only, everything bounded.</summary>
public sealed record NbnsUdpHostOptions
{
    /// <summary>Where to listen: 127.0.0.1, port 137, unless told otherwise. The order is the endpoint's interface index.</summary>
    /// <exception cref="ArgumentException">There is none, or one twice.</exception>
    public ImmutableArray<NbnsHostInterface> Interfaces
    {
        get;
        init
        {
            if (value.IsDefaultOrEmpty)
                throw new ArgumentException("A host listens on one address at least.", nameof(value));
            if (value.Where(listen => listen.Port != 0).DistinctBy(listen => (listen.Address, listen.Port)).Count() != value.Count(listen => listen.Port != 0))
                throw new ArgumentException("An address and port is given twice.", nameof(value));
            field = value;
        }
    } = [new NbnsHostInterface(Ipv4Address.Loopback)];

    /// <summary>How datagrams are moved.</summary>
    public NbnsSocketPath SocketPath { get; init; }

    /// <summary>How many datagrams are read before the answers to them are sent: 64.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not within 1 to 1024.</exception>
    public int BatchSize { get; init => field = Within(value, 1, 1024); } = 64;

    /// <summary>The size asked for of each socket's buffers, in octets: 1 MiB. The system may give less.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not within 4 KiB to 64 MiB.</exception>
    public int SocketBufferSize { get; init => field = Within(value, 4096, 64 << 20); } = 1 << 20;

    /// <summary>How many commands of <see cref="NbnsUdpHost.InvokeAsync{T}"/> may wait: 1024.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not within 1 to 65,536.</exception>
    public int CommandCapacity { get; init => field = Within(value, 1, 65_536); } = 1024;

    /// <summary>
    /// How many datagrams a second are taken from one source address; what comes above that is dropped. 100,000, about half of what a core can
    /// answer, so that one source cannot have it all; 0 for no limit. It alone bounds the answers to name queries: that to a query of 50 octets for
    /// a group of 25 members has 206, and goes to whatever source the query claims. Where strangers can reach the host, set it lower.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative or over a million.</exception>
    public int RequestsPerSecondPerSource { get; init => field = Within(value, 0, 1_000_000); } = 100_000;

    /// <summary>
    /// How many node status requests a second are taken from one source address: 20; 0 for no limit. An answer may be eleven times as long as
    /// its request, and the source may be a victim's: this bounds what a forger can have us send there.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative or over a million.</exception>
    public int NodeStatusPerSecondPerSource { get; init => field = Within(value, 0, 1_000_000); } = 20;

    /// <summary>How many node status requests a second are taken from all sources together: 1,000; 0 for no limit.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative or over a million.</exception>
    public int NodeStatusPerSecond { get; init => field = Within(value, 0, 1_000_000); } = 1000;

    /// <summary>How many sources' rates are kept at once, in tables of a fixed size: 4096. Of more, the idlest are forgotten.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not within 4 to 1,048,576.</exception>
    public int TrackedSources { get; init => field = Within(value, 4, 1 << 20); } = 4096;

    /// <summary>Whether the rates hold for 127.0.0.0/8 too, whose datagrams this machine's own programs sent: no.</summary>
    public bool LimitsLoopback { get; init; }

    /// <summary>
    /// Called on the host's thread when datagrams are about to leave: what they acknowledge must be safe once it returns. One call stands for a
    /// batch. If it throws, nothing is sent and the host stops with the exception.
    /// </summary>
    public Action<Instant>? BeforeSend { get; init; }

    /// <summary>
    /// Called on the host's thread when the endpoint has done something: takes what has changed and must be saved, quickly, and says whether there is anything.
    /// Together with <see cref="CommitChanges"/>.
    /// </summary>
    public Func<Instant, bool>? CollectChanges { get; init; }

    /// <summary>
    /// Called on a thread of its own: makes what was collected safe, in one go, however much it is, or throws. Acknowledgements of what is not safe yet wait for it;
    /// queries are answered meanwhile. If it throws, the host goes on: until a later call succeeds (one a second is made), claims and releases are refused with
    /// SRV_ERR and refreshes are left without an answer; those whose acknowledgements waited are, too. Why is logged once.
    /// </summary>
    public Action? CommitChanges { get; init; }

    /// <summary>How many acknowledgements may wait for a commit: 8192. Claims beyond that are dropped, and sent again by whoever made them.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not within 1 to 65,536.</exception>
    public int MaxHeldAnswers { get; init => field = Within(value, 1, 65_536); } = 8192;

    /// <summary>
    /// The time that the endpoint is told first; null for the system's clock. Where state was kept, the time at which it was last served: names then do not age while nobody
    /// could refresh them, and a wrong clock does no harm.
    /// </summary>
    public Instant? StartTime { get; init; }

    /// <summary>Called on the host's thread for each event that the endpoint logs.</summary>
    public Action<NetBtEvent>? EventLogged { get; init; }

    /// <summary>Called on the host's thread after datagrams, timers or commands were handled: the place to poll the endpoint's results.</summary>
    public Action<Instant>? Stepped { get; init; }

    private static int Within(int value, int minimum, int maximum)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, minimum);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, maximum);
        return value;
    }
}
