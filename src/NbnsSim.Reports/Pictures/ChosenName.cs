using NbnsSim.Names;
using NbnsSim.Narrative;

namespace NbnsSim.Reports.Pictures;

/// <summary>A name of a machine that is shown, and the first times it was held; of more than there is room for the rest is forgotten as it comes.</summary>
/// <param name="name">The name.</param>
/// <param name="isEvidence">Whether the picture is about it.</param>
/// <param name="first">When it came to be held first, and its place among all of the same time.</param>
/// <param name="record">What a name server had of it; null for a name that is held.</param>
internal sealed class ChosenName(NetBiosName name, bool isEvidence, (Instant Time, int Index) first, NameRow? record)
{
    private readonly List<(Instant Time, int Index, NameHolding Holding)> _holdings = [];

    public NetBiosName Name => name;

    public bool IsEvidence => isEvidence;

    public (Instant Time, int Index) First => first;

    public NameRow? Record => record;

    /// <summary>Takes a time that it was held.</summary>
    /// <param name="holding">Since when and until when.</param>
    /// <param name="index">Its place among all.</param>
    /// <param name="most">How many are wanted.</param>
    public void Add(NameHolding holding, int index, int most)
    {
        _holdings.Add((holding.Since.Time, index, holding));
        if (_holdings.Count >= 4 * most)
            Earliest(most);
    }

    /// <summary>The first of them, in the order of time.</summary>
    /// <param name="most">How many.</param>
    public IEnumerable<NameHolding> Earliest(int most)
    {
        _holdings.Sort(static (one, other) => (one.Time, one.Index).CompareTo((other.Time, other.Index)));
        if (_holdings.Count > most)
            _holdings.RemoveRange(most, _holdings.Count - most);
        return _holdings.Select(one => one.Holding);
    }
}
