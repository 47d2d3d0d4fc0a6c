using NbnsSim.Names;
using NbnsSim.Narrative;

namespace NbnsSim.Cli.Running;

/// <summary>What <c>why</c> has to tell.</summary>
/// <param name="History">What all machines decided.</param>
/// <param name="Host">The machine, as the history calls it.</param>
/// <param name="Until">Up to when; <see langword="null"/> for the end.</param>
/// <param name="Moment">How a time is printed.</param>
/// <param name="Hints">What else is worth a word about a name.</param>
/// <param name="IsDamaged">Whether the input could not be read to its end.</param>
internal sealed record WhyAccount(DecisionHistory History, string Host, Instant? Until, Func<Instant, string> Moment, Func<NetBiosName, IEnumerable<string>> Hints, bool IsDamaged);
