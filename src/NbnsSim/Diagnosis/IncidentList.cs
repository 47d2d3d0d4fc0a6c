using System.Collections.Immutable;
using NbnsSim.Names;

namespace NbnsSim.Diagnosis;

/// <summary>
/// Puts incidents together: those of one cause that have a name's first fifteen octets, or all their machines, in common are one, whatever the number of names,
/// tries and hosts.
/// </summary>
internal sealed class IncidentList(MachineTable machines)
{
    private readonly List<Draft> _drafts = [];
    private readonly Dictionary<(Cause, NetBiosName), int> _byName = [];
    private readonly Dictionary<(Cause, Ipv4Address, Ipv4Address), int> _byParties = [];

    /// <summary>Adds an incident, to another where they are one.</summary>
    /// <param name="cause">What is behind it.</param>
    /// <param name="certainty">How sure that is.</param>
    /// <param name="name">The name; default where it is about none.</param>
    /// <param name="parties">The machines, the one that it comes from first.</param>
    /// <param name="joinsByName">Whether incidents with the same name are one; else only those with the same machines.</param>
    /// <param name="keyed">How many of the first machines must be the same.</param>
    public Draft Add(Cause cause, Certainty certainty, NetBiosName name, IReadOnlyList<Ipv4Address> parties, bool joinsByName, int keyed = 2)
    {
        var nameKey = (cause, name.WithSuffix(NameSuffix.Workstation));
        var partyKey = (cause, parties.Count > 0 ? parties[0] : default, parties.Count > 1 && keyed > 1 ? parties[1] : default);
        if (joinsByName && partyKey.Item2 > partyKey.Item3)
            partyKey = (cause, partyKey.Item3, partyKey.Item2);
        int index = joinsByName && name != default && _byName.TryGetValue(nameKey, out int byName) ? byName : _byParties.GetValueOrDefault(partyKey, -1);
        if (index < 0)
        {
            index = _drafts.Count;
            _drafts.Add(new Draft(cause));
        }

        if (joinsByName && name != default)
            _byName.TryAdd(nameKey, index);
        _byParties.TryAdd(partyKey, index);
        var draft = _drafts[index];
        draft.Add(certainty, name, parties);
        return draft;
    }

    /// <summary>All of them, the gravest and surest first.</summary>
    public ImmutableArray<Incident> Build() =>
    [
        .. _drafts.Select(draft => draft.Build(machines))
            .OrderByDescending(incident => (incident.Certainty == Certainty.Possible ? 0 : 1, incident.Cause.Harm, incident.Certainty))
            .ThenBy(incident => incident.Since).ThenBy(incident => incident.Frames.FirstOrDefault()),
    ];

    /// <summary>An incident that grows.</summary>
    internal sealed class Draft(Cause cause)
    {
        private readonly List<NetBiosName> _names = [];
        private readonly HashSet<NetBiosName> _seenNames = [];
        private readonly List<Ipv4Address> _parties = [];
        private readonly HashSet<Ipv4Address> _seenParties = [];
        private readonly HashSet<Ipv4Address> _contenders = [];
        private readonly SortedSet<long> _frames = [];
        private readonly List<string> _grounds = [];
        private readonly List<string> _unknown = [];
        private readonly List<RuledOutCause> _ruledOut = [];
        private readonly List<PredictedEvent> _events = [];
        private Certainty _certainty;
        private Instant _since = Instant.MaxValue;
        private Instant _until = Instant.MinValue;
        private int _count;

        public void Add(Certainty certainty, NetBiosName name, IReadOnlyList<Ipv4Address> parties)
        {
            if (_count++ == 0 || certainty > _certainty)
                _certainty = certainty;
            if (name != default && _names.Count < Incident.MaxListed && _seenNames.Add(name))
                _names.Add(name);
            foreach (var party in parties)
            {
                if (_seenParties.Add(party) && _parties.Count < Incident.MaxListed)
                    _parties.Add(party);
            }
        }

        public Draft Contended(IEnumerable<Ipv4Address> contenders)
        {
            foreach (var contender in contenders)
            {
                if (_contenders.Count < Incident.MaxListed)
                    _contenders.Add(contender);
            }

            return this;
        }

        public Draft Proof(Instant time, params IEnumerable<long> frames)
        {
            _since = time < _since ? time : _since;
            _until = time > _until ? time : _until;
            foreach (long frame in frames)
            {
                if (frame > 0 && _frames.Count < Incident.MaxFrames)
                    _frames.Add(frame);
            }

            return this;
        }

        public Draft Because(params IEnumerable<string> grounds) => AddTo(_grounds, grounds);

        public Draft NotKnown(params IEnumerable<string> unknown) => AddTo(_unknown, unknown);

        public Draft Not(IEnumerable<RuledOutCause> ruledOut)
        {
            if (_ruledOut.Count == 0)
                _ruledOut.AddRange(ruledOut);
            return this;
        }

        public Draft Logs(Finding finding)
        {
            if (finding.Event is not null && !finding.LoggedBy.IsEmpty && _events.Count < Incident.MaxListed)
                _events.Add(new PredictedEvent(finding.Host, finding.Name, finding));
            return this;
        }

        public Incident Build(MachineTable machines)
        {
            bool isClones = cause == Causes.DuplicateComputer && _contenders.Count > 2;
            return new Incident
            {
                Cause = isClones ? Causes.ClonedMachines : cause,
                Certainty = _certainty,
                Names = [.. _names],
                Parties = [.. _parties.Select(party => PartyOf(machines, party))],
                Frames = [.. _frames],
                Since = _since,
                Until = _until,
                Grounds = [.. _grounds],
                Unknown = _certainty == Certainty.Proven ? [] : [.. _unknown],
                RuledOut = [.. _ruledOut],
                Events = [.. _events],
                Count = _count,
            };
        }

        private static IncidentParty PartyOf(MachineTable machines, Ipv4Address address)
        {
            var facts = machines.FactsOf(address);
            return new IncidentParty(address, facts.Computer == default ? null : facts.Computer.BaseName, machines.MacOf(address));
        }

        private Draft AddTo(List<string> list, IEnumerable<string> more)
        {
            foreach (string one in more)
            {
                if (one.Length > 0 && list.Count < Incident.MaxListed && !list.Contains(one, StringComparer.Ordinal))
                    list.Add(one);
            }

            return this;
        }
    }
}
