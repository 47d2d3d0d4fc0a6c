using System.CommandLine;
using System.CommandLine.Parsing;
using NbnsSim.Conformance;
using NbnsSim.Conformance.Reports;
using NbnsSim.Files;
using NbnsSim.Wire;

namespace NbnsSim.Cli.Commands;

/// <summary><c>conform ADDRESS [CLAUSE…]</c>: holds a peer against conformance cases.</summary>
internal static class ConformCommand
{
    public static Command Create(Terminal terminal)
    {
        var words = new Argument<string[]>("ADDRESS[:PORT] [CLAUSE[/N]]") { HelpName = "ADDRESS[:PORT] [CLAUSE[/N]]", Description = "The peer, then clauses (s5.1.1) or cases (s5.1.1.5/1); all cases if none is given.", Arity = ArgumentArity.ZeroOrMore };
        var role = Text("--role", "ROLE", "As what it is tested: node, server, client or both (node and server); without it what it shows itself to be.");
        var profile = Choices.OneOf<ConformanceProfile>("--profile", "PROFILE", "By whose documents: rfc (the default), windows or samba.", "rfc, windows or samba");
        var strict = Flag("--strict", "A recommendation that is not followed, and a dialect that is not the profile's, is a failure.");
        var (list, dryRun) = (Flag("--list", "List the cases, their levels and rules, and test nobody."), Flag("--dry-run", "Say what would be sent, to whom and for how long at most, and send nothing."));
        var simulate = Text("--simulate", "DIALECT", "Test our own machine of this dialect in the simulator; no ADDRESS is given then.");
        var from = Text("--from", "FILE", "Judge ADDRESS by a capture of it, in place of asking it: those cases that the capture happens to contain. Nothing is sent.");
        var type = Choices.OneOf<OwnerNodeType>("--type", "B|P|M|H", "The peer's node type, where its node status does not tell; B in the simulator.", "B, P, M or H");
        var stations = Text("--stations", "A,B,…", "The runner's own addresses, up to four: 127.0.0.51,127.0.0.52,127.0.0.53,127.0.0.54.");
        var broadcast = Choices.Host("--broadcast", "Where to broadcast; without it nothing is, and cases that broadcast are not applicable.");
        var (unique, group) = (Text("--unique", "NAME<20>,…", "Unique names that it holds, where its node status does not tell."), Text("--group", "NAME<00>,…", "Groups that it is in, likewise."));
        var (serverName, start) = (Text("--server-name", "NAME<20>", "A name of the machine that its name server is on."), Text("--start", "COMMAND", "The shell command that is the peer, in the foreground; {type} and {server} in it become node type and name server. Client cases need it."));
        var tell = Choices.Several<string>("--tell", "VERB=COMMAND", "The shell command by which a client is told to query, status, register or release; {name}, {suffix} and {address} in it become what the case says. May be given for each.", static (text, _) => text);
        var (patience, seed) = (Choices.Number<uint>("--patience", "SECONDS", "How long a case may wait in one step: 30.", 86_400, text => $"--patience is 0 to 86400 seconds, not '{text}'."), Choices.Number("--seed", "NUMBER", "What ids and fresh names follow from; a new one for each run, or 1 where nobody is asked.", ulong.MaxValue, text => $"'{text}' is not a number from 0 to {ulong.MaxValue}."));
        var (lab, verbose) = (Flag("--lab", "Test on a network that others may be on; else only loopback and a network namespace of one's own."), Flag("--verbose", "Draw the ladders of all cases, not of failures alone.", "-v"));
        var (junit, html, capture) = (Text("--junit", "OUT.xml", "Also write it as JUnit's XML."), Text("--html", "OUT.html", "Also write it as one HTML page."), Text("--capture", "OUT.pcapng", "Also write the datagrams of all cases, with comments."));
        var json = Choices.Json();
        var command = new Command("conform", "Hold a peer against conformance cases of RFC 1001, RFC 1002 and what Windows documents.")
        {
            words, role, profile, strict, list, dryRun, simulate, from, type, stations, broadcast, unique, group, serverName, start, tell, patience, seed, lab, junit, html, capture, verbose, json,
        };
        ConformanceRequest Request(CommandResult given) => new()
        {
            Words = given.GetValue(words) ?? [],
            IsList = given.GetValue(list),
            Simulate = given.GetValue(simulate),
            From = given.GetValue(from),
            Role = given.GetValue(role),
            NodeType = given.GetValue(type),
            Profile = given.GetValue(profile) ?? ConformanceProfile.Rfc,
            Strict = given.GetValue(strict),
            Stations = given.GetValue(stations),
            Broadcast = given.GetValue(broadcast),
            Unique = given.GetValue(unique),
            Group = given.GetValue(group),
            ServerName = given.GetValue(serverName),
            Start = given.GetValue(start),
            Tell = given.GetValue(tell) ?? [],
            Patience = given.GetValue(patience),
            Seed = given.GetValue(seed),
            IsLab = given.GetValue(lab),
            IsVerbose = given.GetValue(verbose),
        };
        command.Refuse(result => Request(result).Mistakes);
        command.SetAction(parsed =>
        {
            var (request, asJson) = (Request(parsed.CommandResult), parsed.GetValue(json));
            if (request.IsList || parsed.GetValue(dryRun))
            {
                terminal.Print(request.IsList ? new CaseList(request.Cases) : request.Plan(), asJson);
                return ExitCode.Done;
            }

            OutputStream.Check(parsed.GetValue(junit), parsed.GetValue(html), parsed.GetValue(capture));
            terminal.Say(request.Warnings);
            using var stop = new CancellationTokenSource();
            using var interrupts = Interrupts.Do(stop.Cancel);
            if (!request.TryRun(asJson ? null : terminal.Report, out var report, out string? problem, stop.Token))
                throw new BadInputException(problem);
            if (asJson)
                report.Write(terminal.Ndjson);
            OutputStream.WriteText(parsed.GetValue(junit), report.WriteJUnit);
            OutputStream.WriteText(parsed.GetValue(html), report.WritePage);
            OutputStream.WriteOctets(parsed.GetValue(capture), report.WriteCapture);
            terminal.Say(report.Complaints);
            return report.HasFailures ? ExitCode.No : report.IsInterrupted ? ExitCode.Interrupted : report.Complaints.Count > 0 ? ExitCode.BadInput : report.IsInconclusive ? ExitCode.CannotTell : ExitCode.Done;
        });
        return command;
    }

    private static Option<bool> Flag(string name, string description, params string[] aliases) => new(name, aliases) { Description = description };

    private static Option<string?> Text(string name, string helpName, string description) => new(name) { HelpName = helpName, Description = description };
}
