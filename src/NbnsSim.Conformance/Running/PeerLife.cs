namespace NbnsSim.Conformance;

/// <summary>
/// Whether a peer is still there, for all who test it: after a case that it did not survive the next one asks it first, and where it is silent then, too, no further case is run. What did not end it is not
/// blamed for its end.
/// </summary>
internal sealed class PeerLife
{
    /// <summary>The case behind which it answered nothing; null where it answered last.</summary>
    public string? SilentSince { get; private set; }

    /// <summary>Whether it was asked once more since, and is taken for gone.</summary>
    public bool IsGone { get; private set; }

    /// <summary>Takes what became of a case.</summary>
    /// <param name="result">It.</param>
    public void Note(ConformanceResult result)
    {
        lock (this)
        {
            if (!result.HasEndedPeer)
                (SilentSince, IsGone) = (null, false);
            else if (SilentSince is null)
                SilentSince = result.Case.Id;
            else
                IsGone |= result.Verdict == ConformanceVerdict.NotApplicable;
        }
    }

    /// <summary>Why a case is not run.</summary>
    public string Words => $"the peer answers nothing since {SilentSince}";
}
