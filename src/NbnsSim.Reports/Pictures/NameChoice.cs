using System.Runtime.InteropServices;
using NbnsSim.Names;
using NbnsSim.Narrative;

namespace NbnsSim.Reports.Pictures;

/// <summary>Which names of which machines are shown, where there may be a million and there is room for a few: a machine that has a name in it which the picture is about comes first.</summary>
internal sealed class NameChoice
{
    private const int MaxRows = 160;
    private const int MaxOthers = 40; // beside the machines that the picture is about, where there are more names than rows

    private readonly List<Machine> _shown = [];

    /// <summary>Chooses.</summary>
    /// <param name="holdings">Who held which name when.</param>
    /// <param name="records">What name servers had of names.</param>
    /// <param name="isEvidence">Whether the picture is about a name.</param>
    public NameChoice(IEnumerable<NameHolding> holdings, IEnumerable<NameRow> records, Func<NetBiosName, bool> isEvidence)
    {
        var first = new Dictionary<(Machine Machine, NetBiosName Name), (Instant Time, int Index)>(); // when each name came to be held
        var machines = new Dictionary<string, Machine>(StringComparer.Ordinal);
        int index = 0;
        foreach (var holding in holdings)
        {
            var machine = Of(holding.Host);
            (Instant, int) at = (holding.Since.Time, index++);
            ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(first, (machine, holding.Name), out bool isKnown);
            if (!isKnown)
                machine.Count(isEvidence(holding.Name));
            if (isKnown && known.CompareTo(at) <= 0)
                continue;
            known = at;
            machine.Note(at);
        }

        foreach (var record in records)
        {
            var machine = Of(record.Host);
            machine.Count(record.IsEvidence);
            machine.Note((Instant.MaxValue, index));
            machine.Choices.Add(new ChosenName(record.Name, record.IsEvidence, (Instant.MaxValue, index++), record));
        }

        Tables = machines.Count;
        Names = machines.Values.Sum(machine => machine.Names);
        int room = MaxRows, others = Names <= MaxRows ? MaxRows : MaxOthers;
        foreach (var machine in machines.Values.OrderByDescending(machine => machine.IsEvidence).ThenBy(machine => machine.First))
        {
            if (!machine.IsEvidence)
                others -= machine.Names;
            if (room == 0 || others < 0)
                break;
            machine.Room = Math.Min(room, machine.Names);
            room -= machine.Room;
            _shown.Add(machine);
        }

        foreach (var ((machine, name), at) in first)
        {
            if (machine.Room > 0)
                machine.Choices.Add(new ChosenName(name, isEvidence(name), at, null));
        }

        Machine Of(string host) => CollectionsMarshal.GetValueRefOrAddDefault(machines, host, out _) ??= new Machine(host);
    }

    /// <summary>How many machines have a table.</summary>
    public int Tables { get; }

    /// <summary>How many names there are in all tables.</summary>
    public int Names { get; }

    /// <summary>The machines that are shown, each with its names that are.</summary>
    public IEnumerable<(string Host, List<ChosenName> Names)> Shown =>
        _shown.Select(machine => (machine.Host, machine.Choices.OrderByDescending(name => name.IsEvidence).ThenBy(name => name.First).Take(machine.Room).ToList()));

    private sealed class Machine(string host)
    {
        public string Host => host;

        public int Names { get; private set; }

        public bool IsEvidence { get; private set; }

        public (Instant Time, int Index) First { get; private set; } = (Instant.MaxValue, int.MaxValue);

        /// <summary>How many of its names are shown.</summary>
        public int Room { get; set; }

        /// <summary>Its names, where some are shown.</summary>
        public List<ChosenName> Choices { get; } = [];

        public void Count(bool isEvidence) => (Names, IsEvidence) = (Names + 1, IsEvidence || isEvidence);

        public void Note((Instant Time, int Index) at) => First = at.CompareTo(First) < 0 ? at : First;
    }
}
