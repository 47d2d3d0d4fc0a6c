using NbnsSim.Names;

namespace NbnsSim.Conformance;

/// <summary>What one step came to.</summary>
internal sealed record StepOutcome(ConformanceVerdict Verdict, string Words, string? Source, string? Profile, string Expected);

/// <summary>Holds what was seen in a step against its alternatives.</summary>
internal sealed class StepJudge(ConformanceCase test, ConformanceOptions options, CaseMatcher matcher)
{
    /// <summary>Judges a step.</summary>
    /// <param name="step">The step.</param>
    /// <param name="seen">What the peer sent while it was watched.</param>
    /// <param name="began">When the step began.</param>
    /// <param name="station">The station that sent; -1 for none.</param>
    /// <param name="ids">The ids of what it sent.</param>
    /// <param name="names">The names that the case is about.</param>
    public StepOutcome Judge(StepData step, List<SeenDatagram> seen, Instant began, int station, IReadOnlyCollection<ushort> ids, HashSet<NetBiosName> names)
    {
        string expected = string.Join("; or ", step.Expect!.Where(alternative => alternative.Pass is not null).Select(alternative => alternative.Pass));
        foreach (var alternative in step.Expect!)
        {
            if (Fits(alternative, seen, began, station, ids, names))
                return Outcome(alternative, expected);
        }

        string words = step.Otherwise ?? "did none of what the case knows";
        return test.Level == ConformanceLevel.Must || options.Strict
            ? new(ConformanceVerdict.Fail, words, null, null, expected)
            : new(ConformanceVerdict.Dialect, words, $"{test.Citation} does not demand it", null, expected);
    }

    private StepOutcome Outcome(AlternativeData alternative, string expected)
    {
        if (alternative.Pass is { } pass)
            return new(ConformanceVerdict.Pass, pass, null, null, expected);
        if (alternative.Fail is { } fail)
            return new(ConformanceVerdict.Fail, fail, null, null, expected);
        var verdict = IsOf(options.Profile, alternative.Profile) ? ConformanceVerdict.Pass : options.Strict ? ConformanceVerdict.Fail : ConformanceVerdict.Dialect;
        return new(verdict, alternative.Dialect!, alternative.Source, alternative.Profile, expected);
    }

    private static bool IsOf(ConformanceProfile profile, string? profiles) =>
        profile != ConformanceProfile.Rfc && (profiles ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Any(one => one.Equals(profile.ToString(), StringComparison.OrdinalIgnoreCase));

    private bool Fits(AlternativeData alternative, List<SeenDatagram> seen, Instant began, int station, IReadOnlyCollection<ushort> ids, HashSet<NetBiosName> names)
    {
        if (alternative.Silence && seen.Exists(datagram => ids.Contains(datagram.TransactionId) || (datagram.Name is { } name && names.Contains(name))))
            return false;
        int place = -1;
        foreach (var wanted in alternative.Replies ?? [])
        {
            var found = seen.FindAll(datagram => matcher.Fits(wanted, datagram, station, ids));
            if (!(wanted.Count ?? new Bounds(1, int.MaxValue)).Contain(found.Count) || !AreInTime(wanted, found, began))
                return false;
            if (!alternative.InOrder || found.Count == 0)
                continue;
            int first = seen.IndexOf(found[0]);
            if (first <= place)
                return false;
            place = first;
        }

        return !Array.Exists(alternative.No ?? [], unwanted => seen.Exists(datagram => matcher.Fits(unwanted, datagram, station, ids)));
    }

    private static bool AreInTime(MatcherData wanted, List<SeenDatagram> found, Instant began)
    {
        if (wanted.After is { } after && found.Count > 0 && !after.Contain((found[0].Datagram.Time - began).TotalSeconds))
            return false;
        for (int i = 1; i < found.Count && wanted.Apart is { } apart; i++)
        {
            if (!apart.Contain((found[i].Datagram.Time - found[i - 1].Datagram.Time).TotalSeconds))
                return false;
        }

        return true;
    }
}
