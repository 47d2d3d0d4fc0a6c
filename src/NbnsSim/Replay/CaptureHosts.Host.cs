using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Replay;

/// <content>One address and what came from it.</content>
public sealed partial class CaptureHosts
{
    private const int MaxNamesPerHost = 254; // NetBIOS' own limit
    private const int MaxNameServers = 12;
    private const int MaxBroadcastAddresses = 4;
    private const int MaxAliases = 15;

    private sealed class Host(Ipv4Address address)
    {
        private readonly HashSet<NetBiosName> _claimed = [];
        private readonly List<NameFromStart> _fromStart = []; // all of them also in _claimed
        private readonly List<Ipv4Address> _broadcasts = [];
        private NetBiosName? _computer;
        private OwnerNodeType? _nodeType;

        public Ipv4Address Address => address;

        public long Datagrams { get; set; }

        public bool ServesNames { get; set; }

        public List<Ipv4Address> NameServers { get; } = [];

        /// <summary>What it says its further addresses are, with the name that it says so of.</summary>
        public List<(Ipv4Address Address, NetBiosName Name)> Aliases { get; } = [];

        public bool Has(NetBiosName name) => _claimed.Contains(name);

        public bool HasAnyOf(HashSet<NetBiosName> names)
        {
            foreach (var name in _claimed)
            {
                if (names.Contains(name))
                    return true;
            }

            return false;
        }

        public void Claimed(NetBiosName name, NbFlags flags)
        {
            _nodeType = flags.OwnerNodeType;
            if (_claimed.Count < MaxNamesPerHost)
                _claimed.Add(name);
            Consider(name, flags.IsGroup);
        }

        public void Refreshed(NetBiosName name, NbFlags flags, long frame)
        {
            Holds(name, flags.IsGroup, frame);
            _nodeType = flags.OwnerNodeType;
        }

        /// <summary>The host shows that it holds a name: had it not claimed it before, it held it from the start.</summary>
        public void Holds(NetBiosName name, bool isGroup, long frame)
        {
            if (name.IsWildcard || _claimed.Count >= MaxNamesPerHost || !_claimed.Add(name))
                return;
            _fromStart.Add(new NameFromStart(name, isGroup, frame));
            Consider(name, isGroup);
        }

        public void IsAlso(Ipv4Address other, NetBiosName name)
        {
            if (other != address && other.IsUnicast && Aliases.Count < MaxAliases && !Aliases.Contains((other, name)))
                Aliases.Add((other, name));
        }

        public void BroadcastsTo(Ipv4Address broadcast)
        {
            if (broadcast != Ipv4Address.Broadcast && _broadcasts.Count < MaxBroadcastAddresses && !_broadcasts.Contains(broadcast))
                _broadcasts.Add(broadcast);
        }

        public void UsesNameServer(Ipv4Address server)
        {
            if (NameServers.Count < MaxNameServers && !NameServers.Contains(server))
                NameServers.Add(server);
        }

        /// <summary>The machine behind these addresses, the first one first.</summary>
        public static ReplayHost ToReplayHost(List<Host> machine)
        {
            var first = machine[0];
            var computer = machine.Select(host => host._computer).FirstOrDefault(name => name is not null);
            var fromStart = machine.SelectMany(host => host._fromStart)
                .Where(held => machine.TrueForAll(host => !host.Has(held.Name) || host._fromStart.Exists(other => other.Name == held.Name)))
                .DistinctBy(held => held.Name);
            return new ReplayHost(
                first.Address,
                computer is { } name ? PlainText(name) : "HOST",
                machine.Select(host => host._nodeType).FirstOrDefault(type => type is not null),
                [.. machine.SelectMany(host => host.NameServers).Distinct().Take(MaxNameServers)],
                machine.Count == 1 ? [.. first._fromStart] : [.. fromStart],
                computer?.Scope ?? NetBiosScope.Empty,
                machine.Sum(host => host.Datagrams))
            {
                OtherAddresses = [.. machine.Skip(1).Select(host => host.Address)],
                IsNameServer = machine.Exists(host => host.ServesNames),
                BroadcastAddresses = [.. machine.SelectMany(host => host._broadcasts).Distinct()],
            };
        }

        private void Consider(NetBiosName name, bool isGroup)
        {
            if (_computer is null && !isGroup && name.Suffix is NameSuffix.Workstation or NameSuffix.Server)
                _computer = name;
        }

        /// <summary>The fifteen octets as Latin-1 text, trailing spaces dropped: what an end node takes as its computer name.</summary>
        private static string PlainText(NetBiosName name)
        {
            Span<byte> octets = stackalloc byte[NetBiosName.Size];
            name.CopyTo(octets);
            return System.Text.Encoding.Latin1.GetString(octets[..NetBiosName.BaseSize].TrimEnd((byte)' '));
        }
    }
}
