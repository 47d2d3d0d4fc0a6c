using System.Collections.Immutable;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;

namespace NbnsSim.Web.Playing;

/// <summary>Where a network's hosts, segments and routers are drawn, in pixels: each segment is a bar with its hosts above it.</summary>
internal sealed class NetworkLayout
{
    /// <summary>How high a host's box is.</summary>
    public const int BoxHeight = 46;

    private const int Most = 8; // hosts of a segment
    private const int WidestSlot = 160;
    private const int Widest = 640;
    private const int RowHeight = 140;
    private const int RouterRoom = 70;
    private const int Left = 8;
    private const int BarTop = 112;

    private NetworkLayout(int width, ImmutableArray<SegmentPlace> segments, ImmutableArray<HostPlace> hosts, ImmutableArray<RouterPlace> routers) =>
        (Width, Segments, Hosts, Routers) = (width, segments, hosts, routers);

    /// <summary>How wide the drawing is.</summary>
    public int Width { get; }

    /// <summary>The segments, from above.</summary>
    public ImmutableArray<SegmentPlace> Segments { get; }

    /// <summary>The hosts that there is room for, on each segment that they stand on.</summary>
    public ImmutableArray<HostPlace> Hosts { get; }

    /// <summary>The routers.</summary>
    public ImmutableArray<RouterPlace> Routers { get; }

    /// <summary>How high the drawing is.</summary>
    public int Height => (Segments.Length * RowHeight) + 8;

    /// <summary>Lays a scenario's network out.</summary>
    public static NetworkLayout Of(Scenario scenario, Simulator simulator)
    {
        var segments = ImmutableArray.CreateBuilder<SegmentPlace>();
        var hosts = ImmutableArray.CreateBuilder<HostPlace>();
        int beside = (scenario.Routers.IsEmpty ? 0 : RouterRoom) + (2 * Left);
        int most = scenario.Segments.Max(segment => Math.Min(Most, scenario.Hosts.Count(host => host.Interfaces.Any(place => place.Segment == segment.Name))));
        int width = Math.Min(Widest, (Math.Max(2, most) * WidestSlot) + beside);
        int room = width - beside;
        for (int i = 0; i < scenario.Segments.Length; i++)
        {
            var segment = scenario.Segments[i];
            ScenarioHost[] members = [.. scenario.Hosts.Where(host => host.Interfaces.Any(place => place.Segment == segment.Name))];
            int shown = Math.Min(members.Length, Most);
            int slot = room / Math.Max(shown, 2);
            segments.Add(new SegmentPlace(segment.Name, segment.Subnet.ToString(), (i * RowHeight) + BarTop, room + (2 * Left), members.Length - shown));
            for (int at = 0; at < shown; at++)
            {
                hosts.Add(new HostPlace(members[at].Name, members[at].Interfaces.First(place => place.Segment == segment.Name).Address.ToString(), members[at].Roles, simulator.FindHost(members[at].Name)!.Value, segment.Name)
                {
                    X = Left + (slot * at) + (slot / 2),
                    Y = (i * RowHeight) + 22,
                    Width = Math.Min(slot - 8, 132),
                });
            }
        }

        return new NetworkLayout(width, segments.ToImmutable(), hosts.ToImmutable(), [.. scenario.Routers.Select((router, index) => new RouterPlace(
            router.Name, width - RouterRoom + 24 + (index * 14), [.. router.Segments.Select(name => segments.First(segment => segment.Name == name).Y)]))]);
    }

    /// <summary>A segment: its bar.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Subnet">Its addresses.</param>
    /// <param name="Y">Where the bar is.</param>
    /// <param name="Width">How long the bar is.</param>
    /// <param name="LeftOut">How many of its hosts there is no room for.</param>
    internal sealed record SegmentPlace(string Name, string Subnet, int Y, int Width, int LeftOut);

    /// <summary>A host: its box.</summary>
    internal sealed record HostPlace(string Name, string Address, HostRoles Roles, HostId Id, string Segment)
    {
        /// <summary>The box's middle.</summary>
        public required int X { get; init; }

        /// <summary>The box's upper edge.</summary>
        public required int Y { get; init; }

        /// <summary>How wide the box is.</summary>
        public required int Width { get; init; }
    }

    /// <summary>A router: its line.</summary>
    internal sealed record RouterPlace(string Name, int X, ImmutableArray<int> Bars);
}
