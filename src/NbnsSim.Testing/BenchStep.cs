using System.Collections.Immutable;
using NbnsSim.Messages;
using NbnsSim.Protocol;
using NbnsSim.Rules;
using NbnsSim.Wire;

namespace NbnsSim.Testing;

/// <summary>
/// What a name server did about one datagram, or while time passed: what it sent and what it decided. An assertion gives the first packet that fits, and throws where
/// there is none; a rule, where one is asked for, is the one by which the packet was sent.
/// </summary>
public sealed class BenchStep
{
    private readonly NameServerBench _bench;

    internal BenchStep(NameServerBench bench, ImmutableArray<BenchPacket> sent, ImmutableArray<Decision> decisions) => (_bench, Sent, Decisions) = (bench, sent, decisions);

    /// <summary>What it sent, in order.</summary>
    public ImmutableArray<BenchPacket> Sent { get; }

    /// <summary>What it decided, in order.</summary>
    public ImmutableArray<Decision> Decisions { get; }

    /// <summary>A claim or a refresh is answered POSITIVE.</summary>
    /// <param name="rule">By which rule, such as <c>S1.added</c>; null for any.</param>
    /// <param name="to">To which address; null for any.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="NetworkAssertionException">It is not.</exception>
    /// <exception cref="ArgumentException">There is no such rule.</exception>
    public PositiveNameRegistrationResponse ShouldGrant(string? rule = null, string? to = null) => Should<PositiveNameRegistrationResponse>("grant the name", rule, to);

    /// <summary>A claim or a refresh is answered NEGATIVE.</summary>
    /// <param name="rcode">The RCODE, such as <see cref="NbnsRcode.ActiveError"/>; null for any.</param>
    /// <param name="rule">By which rule, such as <c>S2.refused</c>; null for any.</param>
    /// <param name="to">To which address; null for any.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="NetworkAssertionException">It is not.</exception>
    /// <exception cref="ArgumentException">There is no such rule.</exception>
    public NegativeNameRegistrationResponse ShouldRefuse(NbnsRcode? rcode = null, string? rule = null, string? to = null) =>
        Should<NegativeNameRegistrationResponse>($"refuse the name{(rcode is { } code ? $" with {code}" : "")}", rule, to, answer => rcode is null || answer.Flags.Rcode == rcode);

    /// <summary>Whoever asked is asked to wait: WACK.</summary>
    /// <param name="rule">By which rule, such as <c>S18.wack</c>; null for any.</param>
    /// <param name="to">To which address; null for any.</param>
    /// <returns>The answer; its TTL says for how long.</returns>
    /// <exception cref="NetworkAssertionException">It is not.</exception>
    /// <exception cref="ArgumentException">There is no such rule.</exception>
    public WaitForAcknowledgementResponse ShouldAskToWait(string? rule = null, string? to = null) => Should<WaitForAcknowledgementResponse>("ask to wait", rule, to);

    /// <summary>An owner is asked whether it still has a name.</summary>
    /// <param name="owner">The owner's address.</param>
    /// <param name="rule">By which rule, such as <c>S2.ask</c>; null for any.</param>
    /// <returns>The query.</returns>
    /// <exception cref="NetworkAssertionException">It is not.</exception>
    /// <exception cref="ArgumentException">There is no such rule.</exception>
    public NameQueryRequest ShouldChallenge(string owner, string? rule = null) => Should<NameQueryRequest>("challenge the owner", rule, owner);

    /// <summary>A query is answered with these addresses, in any order.</summary>
    /// <param name="addresses">The addresses.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="NetworkAssertionException">It is not.</exception>
    public PositiveNameQueryResponse ShouldFind(params string[] addresses)
    {
        var wanted = addresses.Select(Ipv4Address.Parse).Order().ToList();
        return Should<PositiveNameQueryResponse>($"answer with {string.Join(", ", addresses)}", null, null, answer => answer.Entries.Select(entry => entry.Address).Order().SequenceEqual(wanted));
    }

    /// <summary>A query is answered NEGATIVE: there is no such name.</summary>
    /// <param name="rule">By which rule, such as <c>S5.not-found</c>; null for any.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="NetworkAssertionException">It is not.</exception>
    /// <exception cref="ArgumentException">There is no such rule.</exception>
    public NegativeNameQueryResponse ShouldNotFind(string? rule = null) => Should<NegativeNameQueryResponse>("answer that there is no such name", rule, null);

    /// <summary>A release is answered POSITIVE, whether or not anything changed: the rule tells.</summary>
    /// <param name="rule">By which rule, such as <c>W5.released</c>; null for any.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="NetworkAssertionException">It is not.</exception>
    /// <exception cref="ArgumentException">There is no such rule.</exception>
    public PositiveNameReleaseResponse ShouldRelease(string? rule = null) => Should<PositiveNameReleaseResponse>("answer the release", rule, null);

    /// <summary>A release is answered NEGATIVE.</summary>
    /// <param name="rule">By which rule, such as <c>S24.release-refused</c>; null for any.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="NetworkAssertionException">It is not.</exception>
    /// <exception cref="ArgumentException">There is no such rule.</exception>
    public NegativeNameReleaseResponse ShouldRefuseRelease(string? rule = null) => Should<NegativeNameReleaseResponse>("refuse the release", rule, null);

    /// <summary>Nothing is sent.</summary>
    /// <param name="rule">By which rule the datagram is left, such as <c>S18.repeat</c>; null for any.</param>
    /// <exception cref="NetworkAssertionException">Something is, or it is left by another rule.</exception>
    /// <exception cref="ArgumentException">There is no such rule.</exception>
    public void ShouldBeSilent(string? rule = null)
    {
        if (!Sent.IsEmpty)
            throw Failure("say nothing");
        if (rule is not null)
            ShouldDecide(rule);
    }

    /// <summary>The server decides something by a rule, whether or not it sends anything.</summary>
    /// <param name="rule">The rule's id, such as <c>W5.to-released</c>.</param>
    /// <returns>The decision; the first, if there are several.</returns>
    /// <exception cref="NetworkAssertionException">It does not.</exception>
    /// <exception cref="ArgumentException">There is no such rule.</exception>
    public Decision ShouldDecide(string rule)
    {
        var wanted = NetworkAssertions.RuleOf(rule);
        foreach (var decision in Decisions)
        {
            if (decision.Rule == wanted)
                return decision;
        }

        throw Failure($"decide by {rule}");
    }

    private T Should<T>(string what, string? rule, string? to, Func<T, bool>? fits = null)
        where T : NbnsMessage
    {
        Rule? wanted = rule is null ? null : NetworkAssertions.RuleOf(rule);
        Ipv4Address? receiver = to is null ? null : Ipv4Address.Parse(to);
        foreach (var packet in Sent)
        {
            if (packet.Message is T message && (receiver is null || packet.To.Address == receiver) && (wanted is null || packet.Rule == wanted) && fits?.Invoke(message) != false)
                return message;
        }

        throw Failure($"{what}{(rule is null ? "" : $" by {rule}")}{(to is null ? "" : $" to {to}")}");
    }

    private NetworkAssertionException Failure(string what) => _bench.Failure(
        $"The name server should {what}. It sends {string.Join("; ", Sent.Select(packet => packet.ToString()).DefaultIfEmpty("nothing"))}. "
        + $"It decides by {string.Join(", ", Decisions.Select(decision => decision.Rule.Id).DefaultIfEmpty("no rule"))}.");
}
