using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Diagnosis;

/// <content>What is reported, and with which frames.</content>
public sealed partial class CaptureDiagnosis
{
    /// <summary>How many of the last findings a repeat is looked for among.</summary>
    private const int Latest = 16;

    private readonly Told[] _latest = new Told[Latest]; // each in the place of its number, modulo their count
    private readonly long[] _proof = new long[Incident.MaxListed + 2];
    private Told _news;
    private long[] _newsFrames = [];

    /// <summary>
    /// Whether something is worth a finding, which <see cref="Tell"/> then makes. Requests are sent three times (RFC 1002 §6): a repeat within the window of the last finding of the
    /// same kind adds its frames, not a finding.
    /// </summary>
    private bool IsNews(FindingKind kind, Instant time, in NetBiosName name, Ipv4Address host, Ipv4Address other, params ReadOnlySpan<long> frames)
    {
        for (int i = _findings.Count - 1; i >= 0 && i >= _findings.Count - Latest; i--)
        {
            ref var earlier = ref _latest[i % Latest];
            if (earlier.Kind == kind && earlier.Host == host && earlier.Other == other && earlier.Name == name && time - earlier.Time <= UnicastWindow)
            {
                if (earlier.Frames is null)
                    _findings[i] = _findings[i] with { Frames = earlier.Frames = [.. _findings[i].Frames.Order()] };
                Join(earlier.Frames, frames);
                return false;
            }
        }

        if (_findings.Count >= MaxFindings)
        {
            NotKept(frames[^1]);
            return false;
        }

        _news = new Told { Kind = kind, Time = time, Name = name, Host = host, Other = other };
        _newsFrames = frames.ToArray();
        return true;
    }

    /// <summary>Makes a finding of what is news.</summary>
    /// <param name="text">One sentence that says it.</param>
    /// <param name="logged">The event that the host concerned logs.</param>
    /// <param name="facts">What else is known.</param>
    /// <param name="holder">At which of its addresses the host concerned holds the name; its first one unless given.</param>
    private void Tell(string text, FindingEvent? logged = null, FindingFacts? facts = null, Ipv4Address? holder = null)
    {
        var finding = new Finding(_news.Kind, _news.Time, _news.Name, _news.Host, _news.Other, _newsFrames, text, logged);
        if (facts is not null)
            finding = finding with { Facts = facts };
        _latest[_findings.Count % Latest] = _news;
        _findings.Add(WithoutWhoLoggedItBefore(finding, holder ?? finding.Host));
    }

    /// <summary>Puts frames into others that are in order: mostly at the end.</summary>
    private static void Join(List<long> all, ReadOnlySpan<long> more)
    {
        foreach (long frame in more)
        {
            if (all.Count >= Incident.MaxFrames)
                break;
            int at = frame > all[^1] ? ~all.Count : all.BinarySearch(frame);
            if (at < 0)
                all.Insert(~at, frame);
        }
    }

    /// <summary>The frame by which the holder came to have the name, or in which it claimed it, and the one at hand.</summary>
    private ReadOnlySpan<long> Proof(in Sighting at, Ipv4Address host, PendingClaim? claim = null) =>
        Proof(FindCurrent(at, host) is >= 0 and var index ? _holdings[index].SinceFrame : ClaimFrame(at.Name, host), claim, at.Frame);

    /// <summary>The frame in which a machine first claimed a name; 0 where it is not known to have.</summary>
    private long ClaimFrame(int name, Ipv4Address host)
    {
        if (name < 0)
            return 0;
        ref readonly var state = ref _names[name];
        return state.FirstClaimant == host ? state.FirstFrame : state.SecondClaimant == host ? state.SecondFrame : 0;
    }

    /// <summary>What showed the holder, what was claimed, and the frame at hand; each once, in order. Good until the next is asked for.</summary>
    private ReadOnlySpan<long> Proof(long shown, PendingClaim? claim, long frame)
    {
        int count = 0;
        if (shown > 0)
            _proof[count++] = shown;
        if (claim is not null)
        {
            claim.Frames.CopyTo(_proof, count);
            count += claim.Frames.Count;
        }

        _proof[count++] = frame;
        var all = _proof.AsSpan(0, count);
        all.Sort();
        int kept = 1;
        for (int i = 1; i < all.Length; i++)
        {
            if (all[i] != all[kept - 1])
                all[kept++] = all[i];
        }

        return all[..kept];
    }

    /// <summary>The frame that last showed that a host holds the name at hand; 0 for none.</summary>
    private long LastShown(in Sighting at, Ipv4Address host) => FindCurrent(at, host) is >= 0 and var index ? _holdings[index].LastSeenFrame : 0;

    /// <summary>The claim by broadcast that a host makes, or made a moment ago; <see langword="null"/> for none.</summary>
    private PendingClaim? BroadcastClaimOf(int name, Ipv4Address host) => name >= 0 && _openBroadcasts.TryGetValue(new CurrentKey(name, host), out var claim) ? claim : null;

    /// <summary>A packet that breaks the format; without a problem of its octets, one that lacks the record that it is about.</summary>
    private void Unreadable(in Sighting at, NbnsParseError? problem)
    {
        if (IsNewMalformed(at))
            Tell(problem is null ? $"{at.Source} sent a request without the record that it is about" : $"{at.Source} sent a packet that cannot be read: {problem}");
    }

    /// <summary>A name that is not in the first-level encoding of RFC 1001 §14.1: 32 letters from A to P.</summary>
    private void Misnamed(in Sighting at)
    {
        if (IsNewMalformed(at))
            Tell($"{at.Source} sent a packet whose name is no NetBIOS name (RFC 1001 §14.1)");
    }

    private bool IsNewMalformed(in Sighting at) => IsNews(FindingKind.Malformed, at.Time, default, _machines.FirstAddressOf(at.Sender), at.Destination, at.Frame);

    /// <summary>A name without anything that can be read, or padded with zeros where RFC 1001 §14.1 has blanks.</summary>
    private void NoteOddName(in Sighting at, in NetBiosName name)
    {
        bool isBlank = OddName.IsBlank(name);
        if ((isBlank || (OddName.IsPaddedWithZeros(name) && !IsMarker(name))) && IsNews(FindingKind.OddName, at.Time, name, at.Source, Ipv4Address.Any, at.Frame))
            Tell(isBlank ? $"{at.Source} claims {name}" : $"{at.Source} claims {name}, which is padded with zeros and not with blanks");
    }

    /// <summary>One of the last findings, or what is about to become one, as far as a repeat is told by it.</summary>
    private struct Told
    {
        public NetBiosName Name;
        public Instant Time;
        public List<long>? Frames; // once there was a repeat
        public Ipv4Address Host;
        public Ipv4Address Other;
        public FindingKind Kind;
    }
}
