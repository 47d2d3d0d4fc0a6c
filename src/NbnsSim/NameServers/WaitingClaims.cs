using NbnsSim.Protocol;

namespace NbnsSim.NameServers;

/// <summary>
/// Requests that wait for the same verdict about a name, in the order in which they came: chains in one pool, each known by its head, which is
/// <see cref="NameSlot.None"/> where nobody waits. What each source has waiting goes on its account.
/// </summary>
internal sealed class WaitingClaims
{
    private readonly SourceTable? _sources;
    private Entry[] _entries = [];
    private int _free = NameSlot.None;

    /// <summary>Makes an empty pool.</summary>
    /// <param name="sources">Where it is counted what each source has waiting; <see langword="null"/> where nobody counts.</param>
    public WaitingClaims(SourceTable? sources) => _sources = sources;

    /// <summary>A copy that lives on by itself.</summary>
    /// <param name="other">The other one.</param>
    /// <param name="sources">The copy's accounts.</param>
    public WaitingClaims(WaitingClaims other, SourceTable? sources)
    {
        _sources = sources;
        _entries = (Entry[])other._entries.Clone();
        _free = other._free;
    }

    /// <summary>Puts a request behind those that wait already.</summary>
    /// <param name="head">The chain.</param>
    /// <param name="request">The request.</param>
    public void Add(ref int head, in ServerRequest request) => Add(ref head, new WaitingClaim(request));

    /// <summary>Has a repeated request take the place of what its sender sent before: the verdict goes to the id that it used last.</summary>
    /// <param name="head">The chain.</param>
    /// <param name="request">The request.</param>
    /// <returns>False where its sender waits for no such thing.</returns>
    public bool TryRenew(int head, in ServerRequest request)
    {
        for (int index = head; index != NameSlot.None; index = _entries[index].Next)
        {
            ref var claim = ref _entries[index].Claim;
            if (!claim.IsBy(request) || claim.IsRelease != request.IsRelease)
                continue;
            claim = new WaitingClaim(request);
            return true;
        }

        return false;
    }

    /// <summary>How many wait.</summary>
    /// <param name="head">The chain.</param>
    public int CountOf(int head)
    {
        int count = 0;
        for (int index = head; index != NameSlot.None; index = _entries[index].Next)
            count++;
        return count;
    }

    /// <summary>Takes off the claim of who gives up what it waits for.</summary>
    /// <param name="head">The chain.</param>
    /// <param name="release">Its release.</param>
    /// <returns>False where there is no such claim.</returns>
    public bool TryWithdraw(ref int head, in ServerRequest release)
    {
        ref int link = ref head;
        while (link != NameSlot.None && !(_entries[link].Claim.IsBy(release) && !_entries[link].Claim.IsRelease))
            link = ref _entries[link].Next;
        if (link == NameSlot.None)
            return false;
        int index = link;
        link = _entries[index].Next;
        Free(index);
        return true;
    }

    /// <summary>Who has waited longest; the chain must not be empty.</summary>
    /// <param name="head">The chain.</param>
    public WaitingClaim First(int head) => _entries[head].Claim;

    /// <summary>Takes off who has waited longest.</summary>
    /// <param name="head">The chain.</param>
    /// <param name="claim">What it asked for.</param>
    /// <returns>False where nobody is left.</returns>
    public bool TryTake(ref int head, out WaitingClaim claim)
    {
        if (head == NameSlot.None)
        {
            claim = default;
            return false;
        }

        int index = head;
        claim = _entries[index].Claim;
        head = _entries[index].Next;
        Free(index);
        return true;
    }

    /// <summary>Carries a chain.</summary>
    /// <param name="codec">Where to, or where from.</param>
    /// <param name="head">The chain; nobody waits in it where it is read.</param>
    public void Carry(StateCodec codec, ref int head)
    {
        int count = codec.CarryCount(CountOf(head));
        for (int index = head; count > 0; count--)
        {
            var claim = codec.IsReading ? default : _entries[index].Claim;
            WaitingClaim.Carry(codec, ref claim);
            if (codec.IsReading)
                Add(ref head, claim);
            else
                index = _entries[index].Next;
        }
    }

    /// <summary>Whether the same requests wait in two chains, in the same order.</summary>
    /// <param name="head">A chain of this pool's.</param>
    /// <param name="other">The other pool.</param>
    /// <param name="otherHead">A chain of its.</param>
    public bool HasSameStateAs(int head, WaitingClaims other, int otherHead)
    {
        for (; head != NameSlot.None && otherHead != NameSlot.None; (head, otherHead) = (_entries[head].Next, other._entries[otherHead].Next))
        {
            if (_entries[head].Claim != other._entries[otherHead].Claim)
                return false;
        }

        return head == otherHead;
    }

    private void Add(ref int head, in WaitingClaim claim)
    {
        if (_free == NameSlot.None)
            Grow();
        int index = _free;
        _free = _entries[index].Next;
        ushort source = _sources?.FindOrAdd(claim.Claimant.Address) ?? SourceTable.None;
        if (source != SourceTable.None)
            _sources!.AddClaim(source);
        _entries[index] = new Entry { Claim = claim, Source = source, Next = NameSlot.None };
        ref int link = ref head;
        while (link != NameSlot.None)
            link = ref _entries[link].Next;
        link = index;
    }

    private void Free(int index)
    {
        if (_entries[index].Source != SourceTable.None)
            _sources!.RemoveClaim(_entries[index].Source);
        _entries[index] = new Entry { Next = _free };
        _free = index;
    }

    private void Grow()
    {
        int count = _entries.Length;
        Array.Resize(ref _entries, Math.Max(8, 2 * count));
        for (int index = _entries.Length - 1; index >= count; index--)
        {
            _entries[index].Next = _free;
            _free = index;
        }
    }

    private struct Entry
    {
        public WaitingClaim Claim;

        /// <summary>Its sender's number in the <see cref="SourceTable"/>.</summary>
        [NotState("follows from the claimant")]
        public ushort Source;
        public int Next;
    }
}
