using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Diagnosis;

/// <content>What is reported, and with which frames.</content>
public sealed partial class CaptureDiagnosis
{
    /// <summary>How many networks that do not hear one another were told of a name, by its number.</summary>
    private readonly Dictionary<int, int> _apart = [];

    /// <param name="finding">What was found.</param>
    /// <param name="holder">At which of its addresses the host concerned holds the name; its first one unless given.</param>
    private void Report(Finding finding, Ipv4Address? holder = null)
    {
        // Requests are sent three times (RFC 1002 §6): a repeat within the window of the last finding of the same kind adds its frame, not a finding.
        for (int i = _findings.Count - 1; i >= 0 && i >= _findings.Count - 16; i--)
        {
            var earlier = _findings[i];
            if (earlier.Kind == finding.Kind && earlier.Name == finding.Name && earlier.Host == finding.Host && earlier.Other == finding.Other
                && finding.Time - earlier.Time <= UnicastWindow)
            {
                _findings[i] = earlier with { Frames = Join(earlier.Frames, finding.Frames) };
                return;
            }
        }

        finding = WithoutWhoLoggedItBefore(finding, holder ?? finding.Host);
        if (_findings.Count < MaxFindings)
            _findings.Add(finding);
        else
            NotKept(finding.Frames[^1]);
    }

    /// <summary>Frames in order, with others put in: mostly at the end.</summary>
    private static List<long> Join(IReadOnlyList<long> frames, IReadOnlyList<long> more)
    {
        var all = frames as List<long> ?? [.. frames.Order()];
        foreach (long frame in more)
        {
            if (all.Count >= Incident.MaxFrames)
                break;
            int at = frame > all[^1] ? ~all.Count : all.BinarySearch(frame);
            if (at < 0)
                all.Insert(~at, frame);
        }

        return all;
    }

    /// <summary>The frame by which the holder came to have the name, and the one at hand.</summary>
    private long[] Proof(Sighting at, NetBiosName name, Ipv4Address host, PendingClaim? claim = null) =>
        Proof(FindCurrent(name, host) is >= 0 and var index ? _holdings[index].SinceFrame : 0, claim, at.Frame);

    /// <summary>What showed the holder, what was claimed, and the frame at hand; each once.</summary>
    private static long[] Proof(long shown, PendingClaim? claim, long frame)
    {
        var frames = new SortedSet<long> { frame };
        if (shown > 0)
            frames.Add(shown);
        if (claim is not null)
            frames.UnionWith(claim.Frames);
        return [.. frames];
    }

    /// <summary>The frame that last showed that a host holds a name; 0 for none.</summary>
    private long LastShown(NetBiosName name, Ipv4Address host) => FindCurrent(name, host) is >= 0 and var index ? _holdings[index].LastSeenFrame : 0;

    /// <summary>The claim by broadcast that a host makes, or made a moment ago; <see langword="null"/> for none.</summary>
    private PendingClaim? BroadcastClaimOf(NetBiosName name, Ipv4Address host) =>
        _nameIndex.TryGetValue(name, out int index) && _openBroadcasts.TryGetValue(new CurrentKey(index, host), out var claim) ? claim : null;

    /// <summary>A packet that breaks the format; without a problem of its octets, one that lacks the record that it is about.</summary>
    private void Unreadable(Sighting at, NbnsParseError? problem) => Malformed(
        at, problem is null ? $"{at.Source} sent a request without the record that it is about" : $"{at.Source} sent a packet that cannot be read: {problem}");

    /// <summary>A name that is not in the first-level encoding of RFC 1001 §14.1: 32 letters from A to P.</summary>
    private void Misnamed(Sighting at) => Malformed(at, $"{at.Source} sent a packet whose name is no NetBIOS name (RFC 1001 §14.1)");

    private void Malformed(Sighting at, string text) =>
        Report(new Finding(FindingKind.Malformed, at.Time, default, _machines.FirstAddressOf(at.Source), at.Destination, [at.Frame], text));

    /// <summary>A name without anything that can be read, or padded with zeros where RFC 1001 §14.1 has blanks.</summary>
    private void NoteOddName(Sighting at, NetBiosName name)
    {
        bool isBlank = OddName.IsBlank(name);
        if (isBlank || (OddName.IsPaddedWithZeros(name) && !IsMarker(name)))
        {
            Report(new Finding(
                FindingKind.OddName, at.Time, name, at.Source, Ipv4Address.Any, [at.Frame],
                isBlank ? $"{at.Source} claims {name}" : $"{at.Source} claims {name}, which is padded with zeros and not with blanks"));
        }
    }
}
