using System.Collections.Immutable;
using System.CommandLine;
using NbnsSim.Jobs.Archives;

namespace NbnsSim.Cli.Commands;

/// <summary>How captures of an archive are put together, on a command line.</summary>
internal sealed class ArchiveReading
{
    private readonly Option<ArchiveClocks> _clocks = Choices.Option(
        "--clocks", "CLOCKS", "aligned: clocks of captures that saw the same datagrams are put right by them; as-captured: times are taken as they are.", ArchiveSpec.ParseClocks, ArchiveClocks.Aligned);

    private readonly Option<bool> _audit = new("--audit") { Description = "Also tell whether the name server (WINS) may be switched off, as 'audit' does of one capture." };

    private readonly Option<Ipv4Subnet[]> _subnets = Choices.Several<Ipv4Subnet>("--subnet", "A.B.C.D/N", "A subnet, a broadcast area of its own, for --audit; may be given several times.", (text, _) => Ipv4Subnet.Parse(text));

    public void AddTo(Command command)
    {
        command.Add(_clocks);
        command.Add(_audit);
        command.Add(_subnets);
        command.Refuse("--subnet is for --audit.", result => result.GetValue(_subnets) is { Length: > 0 } && !result.GetValue(_audit));
    }

    public ArchiveClocks Clocks(ParseResult parsed) => parsed.GetValue(_clocks);

    public bool Audit(ParseResult parsed) => parsed.GetValue(_audit);

    public ImmutableArray<Ipv4Subnet> Subnets(ParseResult parsed) => [.. parsed.GetValue(_subnets) ?? []];
}
